import { accuracyOf } from './clean.ts'
import { planeAt } from './distance.ts'
import type { TrackFix } from './types.ts'

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

/** @param fixes ordered and usable. The plane's origin is the first one. */
export function pointsOf(fixes: readonly TrackFix[]): Points {
  const origin = { lng: fixes[0]?.lng ?? 0, lat: fixes[0]?.lat ?? 0 }
  const plane = planeAt(origin)
  const [east, north] = plane({ lng: origin.lng + 1, lat: origin.lat + 1 }) // metres per degree
  const places = fixes.map(plane)
  return {
    length: fixes.length,
    at: Float64Array.from(fixes, (fix) => fix.at),
    x: Float64Array.from(places, ([x]) => x),
    y: Float64Array.from(places, ([, y]) => y),
    accuracy: Float64Array.from(fixes, (fix) => Math.max(BEST_ACCURACY_METRES, accuracyOf(fix))),
    positionOf: (x, y) => [degrees(origin.lng + x / east), degrees(origin.lat + y / north)],
  }
}

const degrees = (value: number) => Math.round(value * 1e7) / 1e7 // 1 cm

/** One point as plain numbers. */
export function pointAt({ at, x, y, accuracy }: Points, i: number) {
  return { at: at[i] ?? 0, x: x[i] ?? 0, y: y[i] ?? 0, accuracy: accuracy[i] ?? 0 }
}

/** Accuracy-weighted mean and scatter of points, kept up point by point. */
export class Cloud {
  count = 0
  x = 0
  y = 0
  private weight = 0
  private weighted = 0 // squared metres
  private accuracies = 0

  add(point: { x: number; y: number; accuracy: number }): void {
    const weight = 1 / (point.accuracy * point.accuracy)
    const [dx, dy] = [point.x - this.x, point.y - this.y]
    this.count += 1
    this.weight += weight
    this.accuracies += point.accuracy
    const share = weight / this.weight
    this.x += dx * share
    this.y += dy * share
    this.weighted += weight * (1 - share) * (dx * dx + dy * dy)
  }

  /** Metres from the mean. */
  off(point: { x: number; y: number }): number {
    return Math.hypot(point.x - this.x, point.y - this.y)
  }

  /** Seen 68 % radius in metres: 1.07 × the root mean square of a 2-D Gaussian. */
  get scatter(): number {
    return this.weight > 0 ? 1.07 * Math.sqrt(this.weighted / this.weight) : 0
  }

  /** Mean claimed accuracy, metres. */
  get claimed(): number {
    return this.count > 0 ? this.accuracies / this.count : 0
  }
}
