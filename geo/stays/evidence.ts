import { keptAfter, moves } from './moves.ts'
import { valueAt, type Points } from './points.ts'

const NOISE_RULES = {
  memories: Float64Array.of(0, 40_000, 180_000), // ms: errors are independent, or forget within so long
  leastSigmaMetres: 4, // per axis; phones that claim less are not believed
  sigmaPerAccuracy: 1 / 1.51, // of a 68 % radius
  leastVariance: 0.25, // of the claimed one …
  mostVariance: 4, // … phones err by up to a factor of two in what they claim
  believed: 20, // coordinates that a claimed accuracy counts as
  accuracyVariance: 0.03, // of the logarithm of the accuracy at one place
  accuracyErratic: 20, // times that: then it says nothing more
} as const

const { memories, believed, leastVariance, mostVariance, accuracyVariance } = NOISE_RULES
const [LOG_LEAST, LOG_MOST] = [Math.log(leastVariance), Math.log(mostVariance)]
const PER_MEMORY = 5 // weight, weighted x, weighted y, weighted square, log determinant
const OF_ACCURACY = PER_MEMORY * memories.length // its logarithm and the square of that

const ROW = OF_ACCURACY + 2

/** How well a run of points is explained by one place; x, y in metres, `variance` of the centre per axis. */
export interface PlaceFit {
  readonly cost: number
  readonly x: number
  readonly y: number
  readonly variance: number
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
 *
 * All sums lie in one array, and what depends on the beginning alone may be kept by who asks often (a row, see
 * `begin`): the search asks some thirty thousand times a day.
 */
export class Evidence {
  private readonly points: Points
  private readonly sigmas: Float64Array
  private readonly sums: Float64Array
  private readonly moves: Float64Array
  private readonly own = new Float64Array(ROW)
  private best = 0 // where the numbers of the memory are that explained the stay asked last

  constructor(points: Points) {
    this.points = points
    this.sigmas = points.accuracy.map(sigmaOf)
    this.sums = sumsOf(points, this.sigmas)
    this.moves = moves(points, this.sigmas)
  }

  /** The cost of moving from the first point to this one; differences are the cost of a part of the way. */
  moveTo(i: number): number {
    return valueAt(this.moves, i)
  }

  /** The cost of staying from one point to another, both inclusive. */
  stay(first: number, last: number): number {
    this.begin(first, this.own)
    return this.stayFrom(this.own, last - first, last)
  }

  /** The place at which one would stay from one point to another. */
  placeOf(first: number, last: number): PlaceFit {
    const cost = this.stay(first, last)
    const to = (last + 1) * ROW + this.best
    const sum = (k: number) => valueAt(this.sums, to + k) - valueAt(this.own, this.best + k)
    const [weight, x, y] = [sum(0), sum(1) / sum(0), sum(2) / sum(0)]
    const seen = Math.max(0, sum(3) - weight * (x * x + y * y)) + believed
    const variance = seen / (2 * (last - first) + believed)
    const kept = Math.min(mostVariance, Math.max(leastVariance, variance))
    return { cost, x, y, variance: kept / weight }
  }

  /** What a stay that begins at a point takes from the sums at any end: `ROW` numbers. */
  begin(first: number, row = new Float64Array(ROW)): Float64Array {
    const from = (first + 1) * ROW
    const [x, y] = [valueAt(this.points.x, first), valueAt(this.points.y, first)]
    const own = 1 / valueAt(this.sigmas, first) ** 2 // its error is like no other: nothing came before
    for (let k = 0; k < OF_ACCURACY; k += PER_MEMORY) {
      row[k] = valueAt(this.sums, from + k) - own
      row[k + 1] = valueAt(this.sums, from + k + 1) - own * x
      row[k + 2] = valueAt(this.sums, from + k + 2) - own * y
      row[k + 3] = valueAt(this.sums, from + k + 3) - own * (x * x + y * y)
      row[k + 4] = valueAt(this.sums, from + k + 4)
    }
    for (let k = OF_ACCURACY; k < ROW; k++) row[k] = valueAt(this.sums, from - ROW + k)
    return row
  }

  /**
   * The cost of staying to `last`, by the row of the beginning.
   * @param hops from the first point to the last.
   */
  stayFrom(row: Float64Array, hops: number, last: number): number {
    const { sums } = this
    const to = (last + 1) * ROW
    const [degrees, shape] = [2 * hops + believed, hops + believed / 2]
    const [low, high] = [leastVariance * degrees, mostVariance * degrees]
    let best = Infinity
    let k = this.best // the memory that explains the neighbours is asked first: others soon have no chance
    for (let asked = 0; asked < memories.length; asked++, k = nextMemory(k)) {
      const weight = valueAt(sums, to + k) - valueAt(row, k)
      const x = valueAt(sums, to + k + 1) - valueAt(row, k + 1)
      const y = valueAt(sums, to + k + 2) - valueAt(row, k + 2)
      const square = valueAt(sums, to + k + 3) - valueAt(row, k + 3)
      const off = square - (x * x + y * y) / weight
      const seen = off > 0 ? off + believed : believed
      let cost = valueAt(sums, to + k + 4) - valueAt(row, k + 4)
      if (seen <= low) cost += (seen / leastVariance - believed) / 2 + shape * LOG_LEAST
      else if (seen >= high) cost += (seen / mostVariance - believed) / 2 + shape * LOG_MOST
      else if (cost + hops + shape * (1 - degrees / seen) >= best)
        continue // ≤ ln, and quicker
      else cost += hops + shape * Math.log(seen / degrees)
      if (!(cost < best)) continue
      best = cost
      this.best = k
    }
    return best + this.unsteadiness(row, hops + 1, to)
  }

  private unsteadiness(row: Float64Array, count: number, to: number): number {
    const sum = valueAt(this.sums, to + OF_ACCURACY) - valueAt(row, OF_ACCURACY)
    const square = valueAt(this.sums, to + OF_ACCURACY + 1) - valueAt(row, OF_ACCURACY + 1)
    const ratio = (square - (sum * sum) / count) / (count * accuracyVariance)
    if (!(ratio > 1)) return 0
    return (count / 2) * Math.log(Math.min(NOISE_RULES.accuracyErratic, ratio))
  }
}

const nextMemory = (k: number) => (k + PER_MEMORY < OF_ACCURACY ? k + PER_MEMORY : 0)

const sigmaOf = (accuracy: number) =>
  Math.max(NOISE_RULES.leastSigmaMetres, accuracy * NOISE_RULES.sigmaPerAccuracy)

/** Prefix sums, `ROW` numbers per point: of the innovations by each memory, and of the accuracy. */
function sumsOf(points: Points, sigmas: Float64Array): Float64Array {
  const sums = new Float64Array((points.length + 1) * ROW)
  for (let i = 0; i < points.length; i++) {
    const to = (i + 1) * ROW
    const level = Math.log(valueAt(points.accuracy, i))
    sums.copyWithin(to, to - ROW, to)
    sums[to + OF_ACCURACY] = valueAt(sums, to + OF_ACCURACY) + level
    sums[to + OF_ACCURACY + 1] = valueAt(sums, to + OF_ACCURACY + 1) + level * level
    if (i > 0) addInnovations(sums, points, sigmas, i)
  }
  return sums
}

function addInnovations(sums: Float64Array, points: Points, sigmas: Float64Array, i: number): void {
  const [before, sigma] = [valueAt(sigmas, i - 1), valueAt(sigmas, i)]
  const ms = valueAt(points.at, i) - valueAt(points.at, i - 1)
  const [x1, y1] = [valueAt(points.x, i) / sigma, valueAt(points.y, i) / sigma]
  const [x0, y0] = [valueAt(points.x, i - 1) / before, valueAt(points.y, i - 1) / before]
  for (let k = 0, to = (i + 1) * ROW; k < memories.length; k++, to += PER_MEMORY) {
    const kept = keptAfter(ms, valueAt(memories, k))
    const variance = 1 - kept * kept
    const weight = 1 / sigma - kept / before
    const [x, y] = [x1 - kept * x0, y1 - kept * y0]
    sums[to] = valueAt(sums, to) + (weight * weight) / variance
    sums[to + 1] = valueAt(sums, to + 1) + (weight * x) / variance
    sums[to + 2] = valueAt(sums, to + 2) + (weight * y) / variance
    sums[to + 3] = valueAt(sums, to + 3) + (x * x + y * y) / variance
    sums[to + 4] = valueAt(sums, to + 4) + Math.log(sigma * sigma * variance)
  }
}
