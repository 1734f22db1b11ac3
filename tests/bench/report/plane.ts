import { planeAt, type Place } from '../../../geo/index.ts'
import { ORIGIN } from '../../geo/simulate.ts'

type Pair = readonly [number, number]

/** A window on the ground, metres east and south of its origin: what an SVG's viewBox is. */
export interface View {
  readonly west: number
  readonly north: number
  readonly width: number
  readonly height: number
  readonly unit: number // metres to a pixel, about
  /** A place as `x y` of the picture. */
  at(place: Place): string
  has(place: Place): boolean
}

const ASPECT = 4 / 3
const PIXELS = 300
const LEAST = 90 // metres wide, so that a still phone does not fill the picture

/** The window around these places. @param onRoads keeps the origin of the shared road map. */
export function viewOf(places: readonly Place[], onRoads: boolean): View {
  const plane = planeAt(onRoads ? ORIGIN : (places[0] ?? ORIGIN))
  const points = places.map(plane)
  const [west, east] = rangeOf(points.map(([x]) => x))
  const [south, north] = rangeOf(points.map(([, y]) => y))
  const width = Math.max((east - west) * 1.2, (north - south) * 1.2 * ASPECT, LEAST)
  const [middleX, middleY] = [(east + west) / 2, (south + north) / 2]
  const height = width / ASPECT
  const digits = width > 1500 ? 0 : 1
  const inside = ([x, y]: Pair) =>
    Math.abs(x - middleX) < width / 2 && Math.abs(y - middleY) < height / 2
  return {
    west: Math.round(middleX - width / 2),
    north: Math.round(-middleY - height / 2),
    width: Math.round(width),
    height: Math.round(height),
    unit: width / PIXELS,
    at(place) {
      const [x, y] = plane(place)
      return `${Number(x.toFixed(digits))} ${Number((-y).toFixed(digits))}`
    },
    has: (place) => inside(plane(place)),
  }
}

const rangeOf = (numbers: readonly number[]): Pair =>
  numbers.reduce<Pair>(
    ([least, most], each) => [Math.min(least, each), Math.max(most, each)],
    [Infinity, -Infinity],
  )

/** A line through places: one path, points that fall together left out. */
export function lineOf(view: View, places: readonly Place[]): string {
  const points = places
    .map((place) => view.at(place))
    .filter((point, i, all) => point !== all[i - 1])
  return points.length > 0 ? `M${points.join('L')}` : ''
}

/** A dot for each place: strokes without length, which round caps make visible. */
export const dotsOf = (view: View, places: readonly Place[]) =>
  [...new Set(places.map((place) => view.at(place)))].map((point) => `M${point}h0`).join('')
