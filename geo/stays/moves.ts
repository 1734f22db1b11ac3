import { fadingOf, keptAfter } from './fading.ts'
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

const FADING = fadingOf(RULES.memoryMs)

/**
 * Prefix sums of what it costs, as a negative log-likelihood, that each point was reached on a move. Each is
 * foretold from those before by two guesses, mixed by the speed: a hop of heavy-tailed length that rather
 * goes on than turns back, and a steady way seen through errors of the claimed size, which alone explains how
 * somebody walks slowly through noise wider than his steps.
 */
export function moves(points: Points, sigmas: Float64Array): Float64Array {
  const sums = new Float64Array(points.length)
  const hop = { east: 0, north: 0, length: 0, lean: 0, spread: 0 }
  const walker = walkerAt(points, sigmas)
  let sum = 0
  for (let i = 1; i < points.length; i++) {
    const share = shareOf(walker)
    hopTo(points, sigmas, i, hop)
    walkTo(walker, points, sigmas, i)
    // ln of (1 − share) · eˡᵉᵃⁿ / spread + share · eᵒᶠᶠ / doubt, by one power only
    const steady = share * hop.spread * Math.exp(walker.off - hop.lean)
    const both = ((1 - share) * walker.doubt + steady) / (hop.spread * walker.doubt)
    sums[i] = sum -= hop.lean + Math.log(both)
  }
  return sums
}

/** The hop to a point; its likelihood is eˡᵉᵃⁿ / spread, never nothing. */
interface Hop {
  east: number
  north: number
  length: number
  lean: number
  spread: number
}

/** Turns the hop before point i into the one to it. */
function hopTo({ at, x, y }: Points, sigmas: Float64Array, i: number, hop: Hop): void {
  const east = valueAt(x, i) - valueAt(x, i - 1)
  const north = valueAt(y, i) - valueAt(y, i - 1)
  const square = east * east + north * north
  const length = Math.sqrt(square)
  const [sigma, sigmaBefore] = [valueAt(sigmas, i), valueAt(sigmas, i - 1)]
  const ms = valueAt(at, i) - valueAt(at, i - 1)
  const noise = (sigma * sigma + sigmaBefore * sigmaBefore) * (1 - keptAfter(FADING, ms))
  const drift = RULES.driftMetresPerSecond * ms * 0.001
  const spread = noise + drift * drift
  const both = length * hop.length
  const per = RULES.straight / (both + noise * RULES.turnNoise)
  const clear = both * per
  const far = spread + square / 2
  hop.lean = (east * hop.east + north * hop.north) * per - (clear * clear) / 4 // ln I₀, so that all directions are one
  hop.spread = (far * far) / spread
  hop.east = east
  hop.north = north
  hop.length = length
}

/**
 * Place and velocity of somebody on a steady way, with the covariance of each axis (a Kalman filter). The
 * likelihood of the point reached last is eᵒᶠᶠ / doubt.
 */
interface Walker {
  x: number
  y: number
  vx: number
  vy: number
  pp: number
  pv: number
  vv: number
  off: number
  doubt: number
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
    off: 0,
    doubt: pp,
  }
}

/** How likely somebody of this speed is on a steady way. */
function shareOf({ vx, vy }: Walker): number {
  const square = vx * vx + vy * vy
  return (RULES.steadyShare * square) / (square + RULES.paceMetresPerSecond ** 2)
}

/** Goes the steady way on to point i, and corrects it by that. */
function walkTo(w: Walker, points: Points, sigmas: Float64Array, i: number): void {
  const t = Math.max(RULES.shortestMs, valueAt(points.at, i) - valueAt(points.at, i - 1)) * 0.001
  const square = w.vx * w.vx + w.vy * w.vy
  const q = Math.min(RULES.wild, Math.max(RULES.calm, RULES.turn * square)) * t
  const faster = t * w.vv
  const pp = w.pp + t * (2 * w.pv + faster + (q * t) / 3)
  const pv = w.pv + faster + (q * t) / 2
  const sigma = valueAt(sigmas, i)
  w.doubt = pp + sigma * sigma
  const per = 1 / w.doubt
  const gain = pp * per
  const drive = pv * per
  const dx = valueAt(points.x, i) - w.x - t * w.vx
  const dy = valueAt(points.y, i) - w.y - t * w.vy
  w.off = (dx * dx + dy * dy) * per * -0.5
  w.x += t * w.vx + gain * dx
  w.y += t * w.vy + gain * dy
  w.vx += drive * dx
  w.vy += drive * dy
  w.vv += q - drive * pv
  w.pp = (1 - gain) * pp
  w.pv = (1 - gain) * pv
}
