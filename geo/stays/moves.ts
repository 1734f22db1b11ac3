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

/** Share of an error that is still there after a time, by its memory (0: none). */
export const keptAfter = (ms: number, memoryMs: number): number =>
  memoryMs === 0 ? 0 : Math.exp(-Math.max(RULES.shortestMs, ms) / memoryMs)

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
    const share = shareOf(walker)
    const hopping = hopTo(points, sigmas, i, hop)
    const steady = walkTo(walker, points, sigmas, i)
    sums[i] = valueAt(sums, i - 1) - Math.log((1 - share) * hopping + share * steady)
  }
  return sums
}

/** The hop to a point. */
interface Hop {
  east: number
  north: number
  length: number
}

/** The likelihood of the hop to point i, never nothing; `before` becomes this hop. */
function hopTo({ at, x, y }: Points, sigmas: Float64Array, i: number, before: Hop): number {
  const east = valueAt(x, i) - valueAt(x, i - 1)
  const north = valueAt(y, i) - valueAt(y, i - 1)
  const square = east * east + north * north
  const length = Math.sqrt(square)
  const [sigma, sigmaBefore] = [valueAt(sigmas, i), valueAt(sigmas, i - 1)]
  const ms = valueAt(at, i) - valueAt(at, i - 1)
  const noise = (sigma * sigma + sigmaBefore * sigmaBefore) * (1 - keptAfter(ms, RULES.memoryMs))
  const drift = (RULES.driftMetresPerSecond * ms) / 1000
  const spread = noise + drift * drift
  const both = length * before.length
  const whole = both + noise * RULES.turnNoise
  const turn = (east * before.east + north * before.north) / whole
  const clear = (RULES.straight * both) / whole
  const far = 1 + square / (2 * spread)
  before.east = east
  before.north = north
  before.length = length
  // (clear / 2)² is ln I₀ of it, so that the likelihood of all directions is one
  return Math.exp(RULES.straight * turn - (clear * clear) / 4) / (spread * far * far)
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

const walkerAt = ({ x, y }: Points, sigmas: Float64Array): Walker => {
  const pp = valueAt(sigmas, 0) ** 2
  return {
    x: valueAt(x, 0),
    y: valueAt(y, 0),
    vx: 0,
    vy: 0,
    pp,
    pv: 0,
    vv: RULES.startSpeedVariance,
  }
}

/** How likely somebody of this speed is on a steady way. */
function shareOf({ vx, vy }: Walker): number {
  const square = vx * vx + vy * vy
  return (RULES.steadyShare * square) / (square + RULES.paceMetresPerSecond ** 2)
}

/** The likelihood of point i on the steady way, which it corrects. */
function walkTo(w: Walker, points: Points, sigmas: Float64Array, i: number): number {
  const t = Math.max(RULES.shortestMs, valueAt(points.at, i) - valueAt(points.at, i - 1)) / 1000
  const square = w.vx * w.vx + w.vy * w.vy
  const q = Math.min(RULES.wild, Math.max(RULES.calm, RULES.turn * square))
  const pp = w.pp + 2 * t * w.pv + t * t * w.vv + (q * t * t * t) / 3
  const pv = w.pv + t * w.vv + (q * t * t) / 2
  const sum = pp + valueAt(sigmas, i) ** 2
  const gain = pp / sum
  const drive = pv / sum
  const dx = valueAt(points.x, i) - w.x - t * w.vx
  const dy = valueAt(points.y, i) - w.y - t * w.vy
  w.x += t * w.vx + gain * dx
  w.y += t * w.vy + gain * dy
  w.vx += drive * dx
  w.vy += drive * dy
  w.vv += q * t - drive * pv
  w.pp = (1 - gain) * pp
  w.pv = (1 - gain) * pv
  return Math.exp((dx * dx + dy * dy) / (-2 * sum)) / sum
}
