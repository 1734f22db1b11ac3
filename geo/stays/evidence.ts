import { fadingOf, keptAfter, lostAfter, type Fading } from './fading.ts'
import { moves } from './moves.ts'
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

const { memories, believed, leastVariance, mostVariance, accuracyVariance } = NOISE_RULES
const [LOG_LEAST, LOG_MOST] = [Math.log(leastVariance), Math.log(mostVariance)]
const LOG_SIGMA = Math.log(NOISE_RULES.leastSigmaMetres)
const LOG_PER_ACCURACY = Math.log(NOISE_RULES.sigmaPerAccuracy)
const FADINGS = memories.map(fadingOf)
const PER_MEMORY = 5 // weight, weighted x, weighted y, weighted square, log determinant
const OF_ACCURACY = PER_MEMORY * memories.length // its logarithm and the square of that

const ROW = OF_ACCURACY + 2
const OWN = 4 // weight, weighted x, weighted y, weighted square of a point that nothing came before

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
 * All sums lie in one array, and nothing is made on the way: the search asks some ten thousand times a day.
 */
export class Evidence {
  private readonly sums: Float64Array
  private readonly own: Float64Array
  private readonly moves: Float64Array
  private best = 0 // where the numbers of the memory are that explained the stay asked last

  constructor(points: Points) {
    const sigmas = points.accuracy.map(sigmaOf)
    this.sums = sumsOf(points, sigmas)
    this.own = ownOf(points, sigmas)
    this.moves = moves(points, sigmas)
  }

  /** The cost of moving from the first point to this one; differences are the cost of a part of the way. */
  moveTo(i: number): number {
    return valueAt(this.moves, i)
  }

  /** The place at which one would stay from one point to another, both inclusive. */
  placeOf(first: number, last: number): PlaceFit {
    const cost = this.stay(first, last)
    const [from, to, own] = [
      (first + 1) * ROW + this.best,
      (last + 1) * ROW + this.best,
      first * OWN,
    ]
    const sum = (k: number) =>
      valueAt(this.sums, to + k) - valueAt(this.sums, from + k) + valueAt(this.own, own + k)
    const [weight, x, y] = [sum(0), sum(1) / sum(0), sum(2) / sum(0)]
    const seen = Math.max(0, sum(3) - weight * (x * x + y * y)) + believed
    const variance = seen / (2 * (last - first) + believed)
    const kept = Math.min(mostVariance, Math.max(leastVariance, variance))
    return { cost, x, y, variance: kept / weight }
  }

  /** The cost of staying from one point to another, both inclusive. */
  stay(first: number, last: number): number {
    const { sums, own } = this
    const [from, to] = [(first + 1) * ROW, (last + 1) * ROW]
    const hops = last - first
    const [degrees, shape] = [2 * hops + believed, hops + believed / 2]
    const [low, high] = [leastVariance * degrees, mostVariance * degrees]
    const [w, wx, wy] = [
      valueAt(own, first * OWN),
      valueAt(own, first * OWN + 1),
      valueAt(own, first * OWN + 2),
    ]
    const ws = valueAt(own, first * OWN + 3)
    let best = Infinity
    let k = this.best // the memory that explains the neighbours is asked first: others soon have no chance
    for (let asked = 0; asked < memories.length; asked++, k = nextMemory(k)) {
      const weight = valueAt(sums, to + k) - valueAt(sums, from + k) + w
      const x = valueAt(sums, to + k + 1) - valueAt(sums, from + k + 1) + wx
      const y = valueAt(sums, to + k + 2) - valueAt(sums, from + k + 2) + wy
      const square = valueAt(sums, to + k + 3) - valueAt(sums, from + k + 3) + ws
      const off = square - (x * x + y * y) / weight
      const seen = off > 0 ? off + believed : believed
      let cost = valueAt(sums, to + k + 4) - valueAt(sums, from + k + 4)
      if (seen <= low) cost += (seen / leastVariance - believed) / 2 + shape * LOG_LEAST
      else if (seen >= high) cost += (seen / mostVariance - believed) / 2 + shape * LOG_MOST
      else if (cost + hops + shape * lnAtLeast(seen / degrees) >= best) continue
      else cost += hops + shape * Math.log(seen / degrees)
      if (!(cost < best)) continue
      best = cost
      this.best = k
    }
    return best + this.unsteadiness(from - ROW, to, hops + 1)
  }

  private unsteadiness(from: number, to: number, count: number): number {
    const k = OF_ACCURACY
    const sum = valueAt(this.sums, to + k) - valueAt(this.sums, from + k)
    const square = valueAt(this.sums, to + k + 1) - valueAt(this.sums, from + k + 1)
    const ratio = (square - (sum * sum) / count) / (count * accuracyVariance)
    if (!(ratio > 1)) return 0
    return (count / 2) * Math.log(Math.min(NOISE_RULES.accuracyErratic, ratio))
  }
}

/** A bound below the natural logarithm, within 1 % for a factor of up to two, and quicker. */
const lnAtLeast = (ratio: number) =>
  ratio < 1 ? (ratio - 1 / ratio) / 2 : (2 * (ratio - 1)) / (ratio + 1)

const nextMemory = (k: number) => (k + PER_MEMORY < OF_ACCURACY ? k + PER_MEMORY : 0)

const sigmaOf = (accuracy: number) =>
  Math.max(NOISE_RULES.leastSigmaMetres, accuracy * NOISE_RULES.sigmaPerAccuracy)

/** What the error of each point weighs when it is like no other: at the beginning of a stay. */
function ownOf({ length, x, y }: Points, sigmas: Float64Array): Float64Array {
  const own = new Float64Array(length * OWN)
  for (let i = 0, to = 0; i < length; i++, to += OWN) {
    const [east, north, sigma] = [valueAt(x, i), valueAt(y, i), valueAt(sigmas, i)]
    const weight = 1 / (sigma * sigma)
    own[to] = weight
    own[to + 1] = weight * east
    own[to + 2] = weight * north
    own[to + 3] = weight * (east * east + north * north)
  }
  return own
}

/** Prefix sums, `ROW` numbers per point: of the innovations by each memory, and of the accuracy. */
function sumsOf(points: Points, sigmas: Float64Array): Float64Array {
  const sums = new Float64Array((points.length + 1) * ROW)
  const scaled = scaledBy(points, sigmas)
  FADINGS.forEach((fading, k) => {
    sumInnovations(sums, scaled, fading, k * PER_MEMORY)
  })
  let [levels, squares] = [0, 0]
  for (let i = 0, to = ROW + OF_ACCURACY; i < points.length; i++, to += ROW) {
    const level = valueAt(scaled.level, i)
    sums[to] = levels += level
    sums[to + 1] = squares += level * level
  }
  return sums
}

/** Points in units of their own error. */
interface Scaled {
  readonly at: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
  readonly one: Float64Array // a metre
  readonly level: Float64Array // ln of the accuracy
  readonly size: Float64Array // ln σ²
}

function scaledBy({ at, x, y, accuracy, length }: Points, sigmas: Float64Array): Scaled {
  const empty = () => new Float64Array(length)
  const scaled = { at, x: empty(), y: empty(), one: empty(), level: empty(), size: empty() }
  for (let i = 0; i < length; i++) {
    const one = 1 / valueAt(sigmas, i)
    scaled.one[i] = one
    scaled.x[i] = one * valueAt(x, i)
    scaled.y[i] = one * valueAt(y, i)
    const level = Math.log(valueAt(accuracy, i))
    scaled.level[i] = level
    scaled.size[i] = 2 * Math.max(LOG_SIGMA, level + LOG_PER_ACCURACY)
  }
  return scaled
}

function sumInnovations(sums: Float64Array, points: Scaled, fading: Fading, k: number): void {
  const { at, x, y, one, size } = points
  let [weights, xs, ys, squares, logs] = [0, 0, 0, 0, 0]
  for (let i = 1, to = 2 * ROW + k; i < at.length; i++, to += ROW) {
    const ms = valueAt(at, i) - valueAt(at, i - 1)
    const kept = keptAfter(fading, ms)
    const perVariance = 1 / (1 - kept * kept)
    const weight = valueAt(one, i) - kept * valueAt(one, i - 1)
    const east = valueAt(x, i) - kept * valueAt(x, i - 1)
    const north = valueAt(y, i) - kept * valueAt(y, i - 1)
    sums[to] = weights += weight * weight * perVariance
    sums[to + 1] = xs += weight * east * perVariance
    sums[to + 2] = ys += weight * north * perVariance
    sums[to + 3] = squares += (east * east + north * north) * perVariance
    sums[to + 4] = logs += valueAt(size, i) + lostAfter(fading, ms)
  }
}
