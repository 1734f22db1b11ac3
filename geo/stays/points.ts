import { accuracyOf, knownAccuracy, UNKNOWN_ACCURACY_METRES } from './accuracy.ts'
import { metresPerDegree, turned } from '../distance.ts'
import type { TrackFix } from '../types.ts'

/** Usable fixes of one window, ordered by time, on a plane: x and y in metres, accuracy in metres. */
export interface Points {
  readonly length: number
  readonly at: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
  readonly accuracy: Float64Array
  readonly positionOf: (x: number, y: number) => [lng: number, lat: number]
}

const GUESS_RULES = {
  apartMs: 8_000, // fixes nearer in time share their error, and hide it
  nearMs: 60_000, // fixes further apart tell of the way, not of the noise
  least: 12, // so many threes of fixes must tell
  share: 2, // errors resemble their neighbours: they are larger than they shine
} as const

const BEST_ACCURACY_METRES = 5 // phones that claim less are not believed
const WORST_ACCURACY_METRES = 100_000 // says nothing already; its powers stay numbers

const NULL_ISLAND = { lng: 0, lat: 0 }

/** @param fixes ordered and usable. The plane's origin is the first one. */
export function pointsOf(fixes: readonly TrackFix[]): Points {
  const { length } = fixes
  const [origin = NULL_ISLAND] = fixes
  const { east, north } = metresPerDegree(origin.lat)
  const [at, accuracy] = [new Float64Array(length), new Float64Array(length)]
  const [x, y] = [new Float64Array(length), new Float64Array(length)]
  fixes.forEach((fix, i) => {
    at[i] = fix.at
    x[i] = turned(fix.lng - origin.lng) * east
    y[i] = (fix.lat - origin.lat) * north
    const claimed = Math.min(WORST_ACCURACY_METRES, accuracyOf(fix))
    accuracy[i] = Math.max(BEST_ACCURACY_METRES, claimed)
  })
  const positionOf = (x: number, y: number): [number, number] => [
    degrees(origin.lng + x / east),
    degrees(origin.lat + y / north),
  ]
  return { length, at, x, y, accuracy, positionOf }
}

/**
 * The points of fixes, where those that came without any accuracy (recorded tracks) get the one that their
 * own scatter tells: of three fixes in a row, how far is the middle one off the way between the others?
 * @param fixes as of `pointsOf`.
 */
export function guessedPointsOf(fixes: readonly TrackFix[]): Points {
  const points = pointsOf(fixes)
  if (!fixes.some(isUnknownAt)) return points
  const isUnknown = fixes.map(isUnknownAt)
  const guess = guessed(points, isUnknown)
  isUnknown.forEach((unknown, i) => {
    if (unknown) points.accuracy[i] = guess
  })
  return points
}

const isUnknownAt = ({ accuracy }: TrackFix) => knownAccuracy(accuracy) === null

/** The 68 % radius of unknown fixes by the median of their scatter, never more than is assumed of any. */
function guessed(points: Points, isUnknown: readonly boolean[]): number {
  const offs: number[] = []
  const row: number[] = []
  for (const [i, unknown] of isUnknown.entries()) {
    const last = row.at(-1)
    if (!unknown) continue
    if (
      last !== undefined &&
      valueAt(points.at, i) - valueAt(points.at, last) < GUESS_RULES.apartMs
    )
      continue
    row.push(i)
    if (row.length > 3) row.shift()
    const off = offBetween(points, row)
    if (off !== null) offs.push(off)
  }
  if (offs.length < GUESS_RULES.least) return UNKNOWN_ACCURACY_METRES
  const middle = Number(offs.sort((a, b) => a - b)[offs.length >> 1])
  const radius = GUESS_RULES.share * middle
  return Math.min(UNKNOWN_ACCURACY_METRES, Math.max(BEST_ACCURACY_METRES, radius))
}

/** How far the middle of three points is off the even way between the others, by the error of one. */
function offBetween({ at, x, y }: Points, [a, b, c]: readonly number[]): number | null {
  if (a === undefined || b === undefined || c === undefined) return null
  const whole = valueAt(at, c) - valueAt(at, a)
  if (whole > 2 * GUESS_RULES.nearMs) return null
  const share = (valueAt(at, b) - valueAt(at, a)) / whole
  const off = (v: Float64Array) =>
    valueAt(v, b) - valueAt(v, a) - share * (valueAt(v, c) - valueAt(v, a))
  return Math.hypot(off(x), off(y)) / Math.sqrt(1 + share ** 2 + (1 - share) ** 2)
}

/** Some of the points, by index. */
export function pickedFrom(points: Points, indices: Float64Array): Points {
  const { length } = indices
  const empty = () => new Float64Array(length)
  const some = { at: empty(), x: empty(), y: empty(), accuracy: empty() }
  for (let i = 0; i < length; i++) {
    const index = valueAt(indices, i)
    some.at[i] = valueAt(points.at, index)
    some.x[i] = valueAt(points.x, index)
    some.y[i] = valueAt(points.y, index)
    some.accuracy[i] = valueAt(points.accuracy, index)
  }
  return { ...some, length, positionOf: points.positionOf }
}

const degrees = (value: number) => Math.round(value * 1e7) / 1e7 // 1 cm

/** The number at an index; not a number beyond the ends. */
export const valueAt = (values: Float64Array, i: number): number => values[i] ?? NaN

/** Metres between two points. */
export function metresApart({ x, y }: Points, i: number, j: number): number {
  const [east, north] = [valueAt(x, i) - valueAt(x, j), valueAt(y, i) - valueAt(y, j)]
  return Math.sqrt(east * east + north * north)
}
