import { valueAt, type Points } from './points.ts'

const RULES = {
  shortestMs: 1000, // fixes of one instant are judged as if a second apart
  memoryMs: 180_000, // hops are explained by the way made, not by sparkling errors
  driftMetresPerSecond: 1.5, // scale of the speeds while moving, with a heavy tail
  straight: 2, // how much more likely a way goes on than back
  turnNoise: 2, // times the noise's variance: steps shorter than that have no direction
  paceMetresPerSecond: 0.6, // slower than that, a steady way is rather no way …
  steadyShare: 0.5, // … and a fast one is steady so often
  turn: 0.07, // acceleration density per squared speed
  calm: 0.02, // m²/s³, at least …
  wild: 10, // … and at most
  startSpeedVariance: 100, // (10 m/s)²
} as const

/** Share of the error of the point before that is still there. */
export function keptAfter(points: Points, i: number, memory: number): number {
  const ms = valueAt(points.at, i) - valueAt(points.at, i - 1)
  return memory === 0 ? 0 : Math.exp(-Math.max(RULES.shortestMs, ms) / memory)
}

/**
 * Prefix sums of what it costs, as a negative log-likelihood, that each point was reached on a move. Each is
 * foretold from those before by two guesses, mixed by the speed: a hop of heavy-tailed length that rather
 * goes on than turns back, and a steady way seen through errors of the claimed size, which alone explains how
 * somebody walks slowly through noise wider than his steps.
 */
export function moves(points: Points, sigmas: Float64Array): Float64Array {
  const sums = new Float64Array(points.length)
  const hop = { east: 0, north: 0, length: 0 }
  const walker = walkerAt(points, sigmas)
  for (let i = 1; i < points.length; i++) {
    const hopping = hopCost(points, sigmas, i, hop)
    const share = shareOf(walker)
    const steady = walk(walker, points, sigmas, i)
    const mixed = (1 - share) * Math.exp(steady - hopping) + share
    sums[i] = valueAt(sums, i - 1) + (mixed < Infinity ? steady - Math.log(mixed) : hopping)
  }
  return sums
}

interface Hop {
  east: number
  north: number
  length: number
}

/** The cost of the hop to point i; `before` becomes this hop. */
function hopCost(points: Points, sigmas: Float64Array, i: number, before: Hop): number {
  const east = valueAt(points.x, i) - valueAt(points.x, i - 1)
  const north = valueAt(points.y, i) - valueAt(points.y, i - 1)
  const length = Math.sqrt(east * east + north * north)
  const [sigma, sigmaBefore] = [valueAt(sigmas, i), valueAt(sigmas, i - 1)]
  const fresh = 1 - keptAfter(points, i, RULES.memoryMs)
  const noise = (sigma * sigma + sigmaBefore * sigmaBefore) * fresh
  const seconds = (valueAt(points.at, i) - valueAt(points.at, i - 1)) / 1000
  const spread = noise + (RULES.driftMetresPerSecond * seconds) ** 2
  const both = length * before.length
  const whole = both + noise * RULES.turnNoise
  const turn = (east * before.east + north * before.north) / whole
  const clear = (RULES.straight * both) / whole
  before.east = east
  before.north = north
  before.length = length
  return (
    Math.log(spread) +
    2 * Math.log(1 + (length * length) / (2 * spread)) -
    RULES.straight * turn +
    (clear * clear) / 4 // ln I₀, so that the likelihood of all directions is one
  )
}

/** Place and velocity of somebody on a steady way, with the covariance of each axis (a Kalman filter). */
interface Walker {
  x: number
  y: number
  vx: number
  vy: number
  pp: number
  pv: number
  vv: number
}

const walkerAt = ({ x, y }: Points, sigmas: Float64Array): Walker => ({
  ...{ x: valueAt(x, 0), y: valueAt(y, 0), vx: 0, vy: 0 },
  ...{ pp: valueAt(sigmas, 0) ** 2, pv: 0, vv: RULES.startSpeedVariance },
})

/** How likely somebody of this speed is on a steady way. */
function shareOf({ vx, vy }: Walker): number {
  const square = vx * vx + vy * vy
  return (RULES.steadyShare * square) / (square + RULES.paceMetresPerSecond ** 2)
}

/** The cost of point i on the steady way, which it corrects. */
function walk(w: Walker, points: Points, sigmas: Float64Array, i: number): number {
  const t = Math.max(RULES.shortestMs, valueAt(points.at, i) - valueAt(points.at, i - 1)) / 1000
  const square = w.vx * w.vx + w.vy * w.vy
  const q = Math.min(RULES.wild, Math.max(RULES.calm, RULES.turn * square))
  const pp = w.pp + 2 * t * w.pv + t * t * w.vv + (q * t * t * t) / 3
  const pv = w.pv + t * w.vv + (q * t * t) / 2
  const sum = pp + valueAt(sigmas, i) ** 2
  const [gain, drive] = [pp / sum, pv / sum]
  const [dx, dy] = [valueAt(points.x, i) - w.x - t * w.vx, valueAt(points.y, i) - w.y - t * w.vy]
  w.x += t * w.vx + gain * dx
  w.y += t * w.vy + gain * dy
  w.vx += drive * dx
  w.vy += drive * dy
  w.vv += q * t - drive * pv
  w.pp = (1 - gain) * pp
  w.pv = (1 - gain) * pv
  return Math.log(sum) + (dx * dx + dy * dy) / (2 * sum)
}
