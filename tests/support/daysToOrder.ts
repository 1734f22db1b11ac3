import type { Place, Problem } from '../../backend/visits/order/route.ts'
import { randomOf } from '../../fixtures/random.ts'

export const KINDS = ['free', 'hours', 'appointments'] as const
type Kind = (typeof KINDS)[number]

/** A day in a city of 8 km, by a seed. */
export function dayOf(seed: string, count: number, kind: Kind): Problem {
  const random = randomOf('order', seed, kind, String(count))
  const points = Array.from({ length: count + 1 }, () => [random.between(0, 8), random.between(0, 8)] as const) // prettier-ignore
  const minutes = (a = points[0], b = points[0]) =>
    a && b ? 1 + 5 * Math.hypot(a[0] - b[0], a[1] - b[1]) : 0
  const [start, ...stops] = points
  return {
    places: stops.map((_, index) => placeOf(kind, { index, count }, random.between(0, 1))),
    fromStart: stops.map((stop) => minutes(start, stop)),
    between: stops.map((a) => stops.map((b) => (a === b ? 0 : minutes(a, b)))),
    startMinute: 540,
  }
}

function placeOf(
  kind: Kind,
  { index, count }: { index: number; count: number },
  chance: number,
): Place {
  const minutes = 5 + chance * (280 / count)
  const half = Math.round(chance * 4) * 30
  const spans = [
    { from: 540 + half, to: 720 },
    { from: 840, to: 1020 + half },
  ]
  const open = kind !== 'free' && index % 2 === 0 ? spans : null
  const isFixed = kind === 'appointments' && index % 10 === 1
  const fixed = isFixed ? 600 + Math.floor(index / 10) * 150 + Math.round(chance * 60) : null
  return { minutes, open, fixed }
}
