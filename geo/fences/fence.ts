import { accuracyOf } from '../stays/accuracy.ts'
import { metresBetween, planeAt, type Place } from '../distance.ts'
import {
  chanceInPolygon,
  metresOutsidePolygon,
  polygonEdgesBetween,
  squareMetresOf,
  type Polygon,
} from './polygon.ts'

export type Area = Circle | Polygon

export type Where = 'inside' | 'outside' | 'cannot_tell'

export interface Circle extends Place {
  readonly radius: number // metres
}

/** Sure is to be right nine times in ten. */
export const SURE = 0.9
const PER_SIGMA = Math.sqrt(-2 * Math.log(1 - 0.68)) // a 2-D Gaussian has 68 % within 1.51 sigma
const STEPS = 64 // of Simpson's rule; the error is below 1e-5, that of the Bessel function included

/**
 * Is somebody whose fix says `point` ± `accuracy` inside the circle or polygon?
 * @param accuracy metres, 68 % radius; less than 1 m counts as 1 m, unknown (null) as 40 m.
 */
export function whereIs(point: Place, accuracy: number | null, area: Area): Where {
  const chance = chanceIn(area, point, accuracyOf({ accuracy }))
  if (chance >= SURE) return 'inside'
  return chance <= 1 - SURE ? 'outside' : 'cannot_tell'
}

/** Probability of being in the area for somebody at `point` with a 68 % radius of `accuracy` metres, at least 1. */
export function chanceIn(area: Area, point: Place, accuracy: number): number {
  if ('radius' in area) return chanceInside(metresBetween(point, area), area.radius, accuracy)
  return chanceInPolygon(point, area, Math.max(accuracy, 1) / PER_SIGMA)
}

/** Metres from the edge, negative inside. */
export function metresOutside(area: Area, point: Place): number {
  if ('radius' in area) return metresBetween(point, area) - area.radius
  return metresOutsidePolygon(point, area)
}

/** Metres: the radius, or that of the circle with the polygon's area. */
export function sizeOf(area: Area): number {
  return 'radius' in area ? area.radius : Math.sqrt(squareMetresOf(area) / Math.PI)
}

/** Where the straight way from a (0) to b (1) crosses the edge, in order. */
export function edgesBetween(area: Area, a: Place, b: Place): number[] {
  if (!('radius' in area)) return polygonEdgesBetween(area, a, b)
  const plane = planeAt(area)
  const [ax, ay] = plane(a)
  const [bx, by] = plane(b)
  const [dx, dy] = [bx - ax, by - ay]
  const square = dx * dx + dy * dy
  const along = ax * dx + ay * dy
  const root = Math.sqrt(along * along - square * (ax * ax + ay * ay - area.radius * area.radius))
  return [(-along - root) / square, (-along + root) / square].filter(
    (share) => share >= 0 && share <= 1, // no number where there is no crossing
  )
}

/**
 * Probability that a 2-D Gaussian whose centre is `distance` from the circle's centre lies in it:
 * the Rice distribution's integral from 0 to `radius`.
 */
export function chanceInside(distance: number, radius: number, accuracy: number): number {
  const sigma = Math.max(accuracy, 1) / PER_SIGMA
  const d = distance / sigma
  const r = radius / sigma
  if (d - r > 8) return 0
  if (r - d > 8) return 1
  const from = Math.max(0, d - 8)
  const to = Math.min(r, d + 8)
  if (to <= from) return 0
  const step = (to - from) / STEPS
  let sum = density(from, d) + density(to, d)
  for (let i = 1; i < STEPS; i++) sum += density(from + i * step, d) * (i % 2 === 1 ? 4 : 2)
  return Math.min(1, (sum * step) / 3)
}

const density = (x: number, d: number) => x * Math.exp(-((x - d) ** 2) / 2) * scaledBessel(x * d)

/** exp(−x)·I0(x), Abramowitz & Stegun 9.8.1 and 9.8.2, |error| < 2e-7. */
function scaledBessel(x: number): number {
  if (x < 3.75) {
    const t = (x / 3.75) ** 2
    const terms = [1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813]
    return Math.exp(-x) * polynomial(terms, t)
  }
  const terms = [
    0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537,
    -0.01647633, 0.00392377,
  ]
  return polynomial(terms, 3.75 / x) / Math.sqrt(x)
}

const polynomial = (terms: readonly number[], t: number) =>
  terms.reduceRight((sum, term) => sum * t + term, 0)
