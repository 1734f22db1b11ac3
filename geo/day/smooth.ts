import { valueAt, type Points } from '../stays/points.ts'

const RULES = {
  sigmaPerAccuracy: 1 / 1.51, // of a 68 % radius, per axis
  smallestSigmaMetres: 2,
  speedWindowMs: 20_000, // to both sides: long enough for noise to vanish against the way made
  turn: 0.07, // acceleration density per squared speed: a corner every ~100 m on foot, ~400 m by car …
  expected: 1, // … known as well as so many hops would tell …
  seen: 2, // … beside the one just seen to turn or not
  mostChange: 20, // times more or less
  calm: 0.02, // m²/s³, of a person standing
  wild: 10, // m²/s³
  startSpeedVariance: 400, // (20 m/s)²
  leastDeterminant: 1e-9,
} as const

/** What the filter knew at each point: place, velocity, their covariance (pp, pv, vv), and what led there. */
interface States {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly vx: Float64Array
  readonly vy: Float64Array
  readonly pp: Float64Array
  readonly pv: Float64Array
  readonly vv: Float64Array
  readonly seconds: Float64Array // since the point before
  readonly wildness: Float64Array // acceleration density since then
}

/** A way, in metres on the points' plane, one entry per point. */
export interface Way {
  readonly x: Float64Array
  readonly y: Float64Array
}

/**
 * The likely way through noisy points from `first` to `last` (inclusive): a constant-velocity Kalman filter
 * with the Rauch–Tung–Striebel smoother (1965), both axes sharing one covariance. Who drives goes straight
 * and then turns at once, so it runs twice: the second time the way may bend where the first saw it bend, and
 * not where it did not (a scale mixture of the accelerations, one step of expectation–maximisation).
 */
export function smoothed(points: Points, first: number, last: number): Way {
  const wildness = wildnessOf(points, first, last)
  adapt(wildness, bothWays(points, first, wildness))
  return bothWays(points, first, wildness)
}

function bothWays(points: Points, first: number, wildness: Float64Array): States {
  const states = filtered(points, first, wildness)
  for (let i = wildness.length - 2; i >= 0; i--) smoothBack(states, i)
  return states
}

/** Sets how suddenly one may turn by how suddenly one did: by the change of velocity over each hop. */
function adapt(wildness: Float64Array, { vx, vy, seconds }: States): void {
  const { expected, seen, mostChange } = RULES
  for (let i = 1; i < wildness.length; i++) {
    const [east, north] = [valueAt(vx, i) - valueAt(vx, i - 1), valueAt(vy, i) - valueAt(vy, i - 1)]
    const usual = valueAt(wildness, i)
    const ratio = (east * east + north * north) / (2 * usual * Math.max(1, valueAt(seconds, i)))
    const change = (expected + seen * ratio) / (expected + 1)
    wildness[i] = usual * Math.min(mostChange, Math.max(1 / mostChange, change))
  }
}

function filtered(points: Points, first: number, wildness: Float64Array): States {
  const { length } = wildness
  const array = () => new Float64Array(length)
  const s: States = {
    ...{ x: array(), y: array(), vx: array(), vy: array() },
    ...{ pp: array(), pv: array(), vv: array(), seconds: array(), wildness },
  }
  s.x[0] = valueAt(points.x, first)
  s.y[0] = valueAt(points.y, first)
  s.pp[0] = varianceOf(points, first)
  s.vv[0] = RULES.startSpeedVariance
  for (let i = 1; i < length; i++) {
    s.seconds[i] = (valueAt(points.at, first + i) - valueAt(points.at, first + i - 1)) / 1000
    step(points, first, s, i)
  }
  return s
}

function varianceOf(points: Points, i: number): number {
  const sigma = valueAt(points.accuracy, i) * RULES.sigmaPerAccuracy
  return Math.max(RULES.smallestSigmaMetres, sigma) ** 2
}

/** Predicts the state before up to point i, and corrects it by what was seen there. */
function step(points: Points, first: number, s: States, i: number): void {
  const [t, q] = [valueAt(s.seconds, i), valueAt(s.wildness, i)]
  const [vx, vy] = [valueAt(s.vx, i - 1), valueAt(s.vy, i - 1)]
  const [x, y] = [valueAt(s.x, i - 1) + t * vx, valueAt(s.y, i - 1) + t * vy]
  const [pv0, vv0] = [valueAt(s.pv, i - 1), valueAt(s.vv, i - 1)]
  const pp = valueAt(s.pp, i - 1) + 2 * t * pv0 + t * t * vv0 + (q * t * t * t) / 3
  const pv = pv0 + t * vv0 + (q * t * t) / 2
  const sum = pp + varianceOf(points, first + i)
  const [gain, drive] = [pp / sum, pv / sum]
  const [dx, dy] = [valueAt(points.x, first + i) - x, valueAt(points.y, first + i) - y]
  s.x[i] = x + gain * dx
  s.y[i] = y + gain * dy
  s.vx[i] = vx + drive * dx
  s.vy[i] = vy + drive * dy
  s.pp[i] = (1 - gain) * pp
  s.pv[i] = (1 - gain) * pv
  s.vv[i] = vv0 + q * t - drive * pv
}

/** Pulls the state at i towards what the later points said. The covariance stays the filter's. */
function smoothBack(s: States, i: number): void {
  const [t, q] = [valueAt(s.seconds, i + 1), valueAt(s.wildness, i + 1)]
  const [pp0, pv0, vv0] = [valueAt(s.pp, i), valueAt(s.pv, i), valueAt(s.vv, i)]
  const pp = pp0 + 2 * t * pv0 + t * t * vv0 + (q * t * t * t) / 3
  const pv = pv0 + t * vv0 + (q * t * t) / 2
  const vv = vv0 + q * t
  const determinant = Math.max(RULES.leastDeterminant, pp * vv - pv * pv)
  const [a, c] = [pp0 + t * pv0, pv0 + t * vv0] // of P·Fᵀ, whose other column is pv0, vv0
  const [g11, g12] = [(a * vv - pv0 * pv) / determinant, (pv0 * pp - a * pv) / determinant]
  const [g21, g22] = [(c * vv - vv0 * pv) / determinant, (vv0 * pp - c * pv) / determinant]
  const [vx, vy] = [valueAt(s.vx, i), valueAt(s.vy, i)]
  const [dvx, dvy] = [valueAt(s.vx, i + 1) - vx, valueAt(s.vy, i + 1) - vy]
  const dx = valueAt(s.x, i + 1) - valueAt(s.x, i) - t * vx
  const dy = valueAt(s.y, i + 1) - valueAt(s.y, i) - t * vy
  s.x[i] = valueAt(s.x, i) + g11 * dx + g12 * dvx
  s.y[i] = valueAt(s.y, i) + g11 * dy + g12 * dvy
  s.vx[i] = vx + g21 * dx + g22 * dvx
  s.vy[i] = vy + g21 * dy + g22 * dvy
}

/** How suddenly one may turn at each point, by the speed: the way made between the ends of a minute around it. */
function wildnessOf({ at, x, y }: Points, first: number, last: number): Float64Array {
  const wildness = new Float64Array(last - first + 1)
  let [from, to] = [first, first]
  for (let i = first; i <= last; i++) {
    const now = valueAt(at, i)
    while (from < i && valueAt(at, from + 1) <= now - RULES.speedWindowMs) from++
    while (to < last && valueAt(at, to) < now + RULES.speedWindowMs) to++
    const [east, north] = [valueAt(x, to) - valueAt(x, from), valueAt(y, to) - valueAt(y, from)]
    const seconds = Math.max(1, (valueAt(at, to) - valueAt(at, from)) / 1000)
    const square = (east * east + north * north) / (seconds * seconds)
    wildness[i - first] = Math.min(RULES.wild, Math.max(RULES.calm, RULES.turn * square))
  }
  return wildness
}
