import { isInPolygon, lengthOf, metresOutsidePolygon, type Polygon } from '../../geo/index.ts'
import type { Segment } from '../contract/days.ts'

/** So far beyond the border one is out: a street that follows it, and a phone between houses, are not. */
export const BORDER_METRES = 200

/** A time outside; `to` null while it lasts. */
export interface Excursion {
  readonly from: number // epoch ms
  readonly to: number | null
}

/**
 * When the cleaned day was outside of a territory, by its stays and the lines of its moves; what a silence hides
 * is told neither way. Times within a move are those of its even pace: the line carries none.
 * @param now the last excursion lasts when nothing else is known up to the end of the ribbon
 */
export function excursionsOf(
  segments: readonly Pick<Segment, 'kind' | 'from' | 'to' | 'place' | 'line'>[],
  territory: Polygon,
): Excursion[] {
  const found: { from: number; to: number | null }[] = []
  let open = false
  for (const { at, place } of segments.flatMap(momentsOf)) {
    const out = isOut(place, territory, open)
    const last = found.at(-1)
    if (out && !open) found.push({ from: at, to: null })
    if (!out && open && last) last.to = at
    open = out
  }
  return found
}

interface Moment {
  at: number
  place: { lng: number; lat: number }
}

function momentsOf({
  kind,
  from,
  to,
  place,
  line = [],
}: Pick<Segment, 'kind' | 'from' | 'to' | 'place' | 'line'>): Moment[] {
  if (kind === 'silent') return []
  if (place) return [{ at: from, place }]
  const whole = lengthOf(line)
  let passed = 0
  return line.map(([lng, lat], index) => {
    const before = line[index - 1]
    if (before) passed += lengthOf([before, [lng, lat]])
    const share = whole === 0 ? 0 : passed / whole
    return { at: Math.round(from + share * (to - from)), place: { lng, lat } }
  })
}

/** Out at so far beyond the border, in again at the border itself: nobody is told twice for walking along it. */
function isOut(place: Moment['place'], territory: Polygon, wasOut: boolean): boolean {
  if (isInPolygon(place, territory)) return false
  return wasOut || metresOutsidePolygon(place, territory) > BORDER_METRES
}
