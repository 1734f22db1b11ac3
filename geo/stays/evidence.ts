import { keptAfter, moves } from './moves.ts'
import { valueAt, type Points } from './points.ts'

const NOISE_RULES = {
  memories: [0, 40_000, 180_000], // ms: errors are independent, or forget within so long
  leastSigmaMetres: 4, // per axis; phones that claim less are not believed
  sigmaPerAccuracy: 1 / 1.51, // of a 68 % radius
  leastVariance: 0.25, // of the claimed one …
  mostVariance: 4, // … phones err by up to a factor of two in what they claim
  believed: 20, // coordinates that a claimed accuracy counts as
  accuracyVariance: 0.03, // of the logarithm of the accuracy at one place
  accuracyErratic: 20, // times that: then it says nothing more
} as const

const STRIDE = 5 // weight, weighted x, weighted y, weighted square, log determinant

/** How well a run of points is explained by one place; x, y in metres, `variance` of the centre per axis. */
export interface PlaceFit {
  cost: number
  x: number
  y: number
  variance: number
}

/**
 * What points say for a stay or for a move, each as a negative log-likelihood that prefix sums give in
 * constant time for any run of points.
 *
 * A stay is a place μ seen through errors that resemble their neighbours, u = (z − μ) / σ being a
 * first-order autoregressive process per axis: each point adds one Gaussian innovation of which μ is the
 * linear regression. The memory of the errors is not known: the likeliest of a few. Nor is their true size:
 * the variance's ratio to the claimed one is estimated with the claim as prior. An accuracy that changes
 * within the run (exact outdoors, vague indoors) counts against one place.
 *
 * For moves see `moves`.
 */
export class Evidence {
  readonly fit: PlaceFit = { cost: 0, x: 0, y: 0, variance: 0 }
  private readonly points: Points
  private readonly precisions: Float64Array // 1 / σ² of each point
  private readonly sums: Float64Array[]
  private readonly moves: Float64Array
  private readonly levels: Float64Array
  private readonly squares: Float64Array

  constructor(points: Points) {
    const sigmas = points.accuracy.map(sigmaOf)
    this.points = points
    this.precisions = sigmas.map((sigma) => 1 / sigma ** 2)
    this.sums = NOISE_RULES.memories.map((memory) => innovations(points, sigmas, memory))
    this.moves = moves(points, sigmas)
    this.levels = new Float64Array(points.length + 1)
    this.squares = new Float64Array(points.length + 1)
    for (let i = 0; i < points.length; i++) {
      const level = Math.log(valueAt(points.accuracy, i))
      this.levels[i + 1] = valueAt(this.levels, i) + level
      this.squares[i + 1] = valueAt(this.squares, i) + level * level
    }
  }

  /** The cost of moving from the first point to this one; differences are the cost of a part of the way. */
  moveTo(i: number): number {
    return valueAt(this.moves, i)
  }

  /** The cost of staying from one point to another, both inclusive; leaves the place in `fit`. */
  stay(first: number, last: number): number {
    this.fit.cost = Infinity
    for (const sums of this.sums) this.consider(sums, first, last)
    this.fit.cost += this.unsteadiness(first, last)
    return this.fit.cost
  }

  private consider(sums: Float64Array, first: number, last: number): void {
    const { points, fit } = this
    const [from, to] = [(first + 1) * STRIDE, (last + 1) * STRIDE]
    const [x0, y0] = [valueAt(points.x, first), valueAt(points.y, first)]
    const own = valueAt(this.precisions, first)
    const weight = valueAt(sums, to) - valueAt(sums, from) + own
    const x = (valueAt(sums, to + 1) - valueAt(sums, from + 1) + own * x0) / weight
    const y = (valueAt(sums, to + 2) - valueAt(sums, from + 2) + own * y0) / weight
    const square = valueAt(sums, to + 3) - valueAt(sums, from + 3) + own * (x0 * x0 + y0 * y0)
    const seen = Math.max(0, square - weight * (x * x + y * y)) + believed
    const variance = varianceOf(seen, last - first)
    const shape = last - first + believed / 2
    const rest = valueAt(sums, to + 4) - valueAt(sums, from + 4) + (seen / variance - believed) / 2
    if (rest + shape * (1 - 1 / variance) >= fit.cost) return // ln v ≥ 1 − 1/v, which is quicker
    const cost = rest + shape * Math.log(variance)
    if (!(cost < fit.cost)) return
    fit.cost = cost
    fit.x = x
    fit.y = y
    fit.variance = variance / weight
  }

  private unsteadiness(first: number, last: number): number {
    const count = last - first + 1
    const sum = valueAt(this.levels, last + 1) - valueAt(this.levels, first)
    const square = valueAt(this.squares, last + 1) - valueAt(this.squares, first)
    const ratio = (square - (sum * sum) / count) / count / NOISE_RULES.accuracyVariance
    if (!(ratio > 1)) return 0
    return (count / 2) * Math.log(Math.min(NOISE_RULES.accuracyErratic, ratio))
  }
}

const { believed, leastVariance, mostVariance } = NOISE_RULES

const varianceOf = (seen: number, count: number) =>
  Math.min(mostVariance, Math.max(leastVariance, seen / (2 * count + believed)))

const sigmaOf = (accuracy: number) =>
  Math.max(NOISE_RULES.leastSigmaMetres, accuracy * NOISE_RULES.sigmaPerAccuracy)

/** Prefix sums of the innovations of errors with this memory, `STRIDE` numbers per point. */
function innovations(points: Points, sigmas: Float64Array, memory: number): Float64Array {
  const sums = new Float64Array((points.length + 1) * STRIDE)
  for (let i = 1; i < points.length; i++) {
    const [before, sigma] = [valueAt(sigmas, i - 1), valueAt(sigmas, i)]
    const kept = keptAfter(points, i, memory)
    const variance = 1 - kept * kept
    const share = kept / before
    const weight = 1 / sigma - share
    const x = valueAt(points.x, i) / sigma - share * valueAt(points.x, i - 1)
    const y = valueAt(points.y, i) / sigma - share * valueAt(points.y, i - 1)
    const to = (i + 1) * STRIDE
    sums[to] = valueAt(sums, to - 5) + (weight * weight) / variance
    sums[to + 1] = valueAt(sums, to - 4) + (weight * x) / variance
    sums[to + 2] = valueAt(sums, to - 3) + (weight * y) / variance
    sums[to + 3] = valueAt(sums, to - 2) + (x * x + y * y) / variance
    sums[to + 4] = valueAt(sums, to - 1) + Math.log(sigma * sigma * variance)
  }
  return sums
}
