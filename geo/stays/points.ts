import { accuracyOf } from './clean.ts'
import { planeAt } from '../distance.ts'
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

const BEST_ACCURACY_METRES = 5 // phones that claim less are not believed
const WORST_ACCURACY_METRES = 100_000 // says nothing already; its powers stay numbers

const NULL_ISLAND = { lng: 0, lat: 0 }

/** @param fixes ordered and usable. The plane's origin is the first one. */
export function pointsOf(fixes: readonly TrackFix[]): Points {
  const { length } = fixes
  const [origin = NULL_ISLAND] = fixes
  const plane = planeAt(origin)
  const [east, north] = plane({ lng: origin.lng + 1, lat: origin.lat + 1 }) // metres per degree
  const [at, accuracy] = [new Float64Array(length), new Float64Array(length)]
  const [x, y] = [new Float64Array(length), new Float64Array(length)]
  for (const [i, fix] of fixes.entries()) {
    at[i] = fix.at
    ;[x[i], y[i]] = plane(fix)
    const claimed = Math.min(WORST_ACCURACY_METRES, accuracyOf(fix))
    accuracy[i] = Math.max(BEST_ACCURACY_METRES, claimed)
  }
  const positionOf = (x: number, y: number): [number, number] => [
    degrees(origin.lng + x / east),
    degrees(origin.lat + y / north),
  ]
  return { length, at, x, y, accuracy, positionOf }
}

/** Some of the points, by index. */
export function pickedFrom(points: Points, indices: Float64Array): Points {
  const picked = (values: Float64Array) => {
    const some = new Float64Array(indices.length)
    indices.forEach((index, i) => (some[i] = valueAt(values, index)))
    return some
  }
  return {
    length: indices.length,
    at: picked(points.at),
    x: picked(points.x),
    y: picked(points.y),
    accuracy: picked(points.accuracy),
    positionOf: points.positionOf,
  }
}

const degrees = (value: number) => Math.round(value * 1e7) / 1e7 // 1 cm

/** The number at an index; not a number beyond the ends. */
export const valueAt = (values: Float64Array, i: number): number => values[i] ?? NaN

/** Metres between two points. */
export function metresApart({ x, y }: Points, i: number, j: number): number {
  const [east, north] = [valueAt(x, i) - valueAt(x, j), valueAt(y, i) - valueAt(y, j)]
  return Math.sqrt(east * east + north * north)
}
