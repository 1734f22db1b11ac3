import { interpolate, metresBetween, type Place } from '../distance.ts'
import { chanceIn, edgesBetween, type Area } from './fence.ts'

/** A fix against one fence. */
export interface Seen extends Place {
  readonly at: number
  readonly accuracy: number
  readonly off: number // metres from the edge, negative inside
  readonly chance: number // of being inside
}

/** When an edge was crossed: on the way between the fixes at `earliest` and `latest`. */
export interface Moment {
  readonly at: number
  readonly earliest: number
  readonly latest: number
}

/** A way through a fence that nobody was seen inside of. */
export interface Passing extends Moment {
  readonly since: number
  readonly from: readonly Place[] // who comes back to there …
  readonly metres: number // … has not gone so far: the fixes behind the fence went astray
  readonly fixes: number // so many speak for it
}

export const PASSAGE_RULES = {
  longestMs: 5 * 60_000, // a straight line over a longer silence is no way that somebody went
  metresPerSecond: 45, // faster ways are those of trains, or of fixes gone astray
  likely: 0.5, // probability of having been inside, where the way is deepest in the fence
} as const

/** A fence passed and at once passed back is a fix gone astray. */
export function nextPassing(
  passing: Passing | null,
  through: Passing | null,
  seen: Seen,
): Passing | null {
  if (!passing) return through
  const isBack = passing.from.some((place) => metresBetween(place, seen) < passing.metres / 2)
  return through || isBack ? null : { ...passing, fixes: passing.fixes + 1 }
}

export function passage(
  area: Area,
  before: Seen | null,
  after: Seen,
  from: readonly Place[],
): Passing | null {
  if (!before || from.length < 2) return null
  const [ms, metres] = [after.at - before.at, metresBetween(before, after)]
  const slack = before.accuracy + after.accuracy
  const reach = slack + (PASSAGE_RULES.metresPerSecond * ms) / 1000
  if (ms > PASSAGE_RULES.longestMs || metres > reach) return null
  const edges = edgesBetween(area, before, after)
  if (deepest(area, before, after, edges) < PASSAGE_RULES.likely) return null
  const timeAt = (share: number) => Math.round(before.at + share * ms)
  const [since, at] = [timeAt(Math.min(...edges)), timeAt(Math.max(...edges))]
  const [earliest, latest] = [before.at, after.at]
  return { since, at, earliest, latest, from, metres, fixes: 1 }
}

/** The best probability of being inside on the way between two fixes. */
function deepest(area: Area, before: Seen, after: Seen, edges: readonly number[]): number {
  const accuracy = Math.max(before.accuracy, after.accuracy)
  const chances = edges.slice(1).map((edge, i) => {
    const middle = interpolate(before, after, (edge + Number(edges[i])) / 2)
    return chanceIn(area, middle, accuracy)
  })
  return Math.max(0, ...chances)
}
