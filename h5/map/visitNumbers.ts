import type { Segment } from '../../backend/contract/days.ts'
import { STAY_RULES } from '../../geo/index.ts'

type Told = Pick<Segment, 'kind' | 'from' | 'to' | 'customerId'>

/**
 * The number that a stay at a customer carries on map, ribbon and list: the place of its visit in
 * the day's visits. Pieces at one customer that follow each other are one visit, inferred time and
 * both halves of a split included; inferred time itself shows no number where a stay can show it.
 */
export function visitNumbers(segments: readonly Told[]): (number | null)[] {
  const numbers = new Array<number | null>(segments.length).fill(null)
  let count = 0
  for (const visit of visitsIn(segments)) {
    const pieces = visit.map((index) => ({ index, segment: segments[index] }))
    const long = pieces.reduce((ms, { segment }) => ms + lengthOf(segment), 0)
    if (long < STAY_RULES.stayMs) continue
    count += 1
    const stays = pieces.filter(({ segment }) => segment?.kind === 'stay')
    for (const { index } of stays.length > 0 ? stays : pieces.slice(0, 1)) numbers[index] = count
  }
  return numbers
}

/** Indices of the pieces of each visit. */
function visitsIn(segments: readonly Told[]): number[][] {
  const visits: number[][] = []
  segments.forEach(({ customerId, from }, index) => {
    if (customerId === undefined) return
    const before = segments[index - 1]
    const goesOn = before?.customerId === customerId && before.to === from
    if (goesOn) visits.at(-1)?.push(index)
    else visits.push([index])
  })
  return visits
}

const lengthOf = (segment: Told | undefined) => (segment ? segment.to - segment.from : 0)
