import { pointAt, type Points } from './points.ts'

const RULES = {
  sigmaPerAccuracy: 1 / 1.51, // of a 68 % radius, per axis
  smallestSigmaMetres: 2,
  speedWindowMs: 30_000, // to both sides: long enough for noise to vanish against the way made
  turn: 0.03, // acceleration density per squared speed: a corner every ~100 m on foot, ~400 m by car
  calm: 0.02, // m²/s³, of a person standing
  wild: 10, // m²/s³
  startSpeedVariance: 400, // (20 m/s)²
} as const

/**
 * The likely way through noisy points from `first` to `last` (inclusive): a constant-velocity Kalman filter
 * with the Rauch–Tung–Striebel smoother (1965), both axes sharing one covariance.
 * @returns x and y in metres on the points' plane, one entry per point.
 */
export function smoothed(
  points: Points,
  first: number,
  last: number,
): { x: number[]; y: number[] } {
  const states = filtered(points, first, last)
  const [x, y]: [number[], number[]] = [[], []]
  let next: State | undefined
  for (const state of states.toReversed()) {
    next = next ? smoothedBy(state, next) : state
    x.push(next.x)
    y.push(next.y)
  }
  return { x: x.reverse(), y: y.reverse() }
}

/** Position, velocity and their covariance (pp, pv, vv); `ahead` is the prediction the next step began with. */
interface State {
  readonly x: number
  readonly y: number
  readonly vx: number
  readonly vy: number
  readonly pp: number
  readonly pv: number
  readonly vv: number
  readonly seconds: number // since the state before
  readonly noise: number
}

function filtered(points: Points, first: number, last: number): State[] {
  const states: State[] = []
  const speeds = speedsOf(points, first, last)
  let state: State | undefined
  for (let i = first; i <= last; i++) {
    const point = pointAt(points, i)
    const sigma = Math.max(RULES.smallestSigmaMetres, point.accuracy * RULES.sigmaPerAccuracy)
    const variance = sigma * sigma
    if (!state) {
      const { x, y } = point
      const vv = RULES.startSpeedVariance
      state = { x, y, vx: 0, vy: 0, pp: variance, pv: 0, vv, seconds: 0, noise: 0 }
    } else {
      const speed = speeds[i - first] ?? 0
      const noise = Math.min(RULES.wild, Math.max(RULES.calm, RULES.turn * speed * speed))
      const seconds = (point.at - pointAt(points, i - 1).at) / 1000
      state = updated(predicted(state, seconds, noise), point, variance)
    }
    states.push(state)
  }
  return states
}

function predicted(s: State, t: number, noise: number): State {
  return {
    x: s.x + t * s.vx,
    y: s.y + t * s.vy,
    vx: s.vx,
    vy: s.vy,
    pp: s.pp + 2 * t * s.pv + t * t * s.vv + (noise * t * t * t) / 3,
    pv: s.pv + t * s.vv + (noise * t * t) / 2,
    vv: s.vv + noise * t,
    seconds: t,
    noise,
  }
}

function updated(s: State, seen: { x: number; y: number }, variance: number): State {
  const gain = s.pp / (s.pp + variance)
  const drive = s.pv / (s.pp + variance)
  const [dx, dy] = [seen.x - s.x, seen.y - s.y]
  return {
    x: s.x + gain * dx,
    y: s.y + gain * dy,
    vx: s.vx + drive * dx,
    vy: s.vy + drive * dy,
    pp: (1 - gain) * s.pp,
    pv: (1 - gain) * s.pv,
    vv: s.vv - drive * s.pv,
    seconds: s.seconds,
    noise: s.noise,
  }
}

/** Pulls a filtered state towards what the later points said. The covariance stays the filter's. */
function smoothedBy(s: State, next: State): State {
  const t = next.seconds
  const ahead = predicted(s, t, next.noise)
  const determinant = ahead.pp * ahead.vv - ahead.pv * ahead.pv
  if (!(determinant > 1e-9)) return s
  const [a, b] = [s.pp + t * s.pv, s.pv] // rows of P·Fᵀ
  const [c, d] = [s.pv + t * s.vv, s.vv]
  const g11 = (a * ahead.vv - b * ahead.pv) / determinant
  const g12 = (b * ahead.pp - a * ahead.pv) / determinant
  const g21 = (c * ahead.vv - d * ahead.pv) / determinant
  const g22 = (d * ahead.pp - c * ahead.pv) / determinant
  const [dx, dy] = [next.x - ahead.x, next.y - ahead.y]
  const [dvx, dvy] = [next.vx - ahead.vx, next.vy - ahead.vy]
  return {
    ...s,
    x: s.x + g11 * dx + g12 * dvx,
    y: s.y + g11 * dy + g12 * dvy,
    vx: s.vx + g21 * dx + g22 * dvx,
    vy: s.vy + g21 * dy + g22 * dvy,
  }
}

/** Speed around each point in m/s: the way made between the ends of a minute around it. */
function speedsOf(points: Points, first: number, last: number): number[] {
  const speeds: number[] = []
  let [from, to] = [first, first]
  for (let i = first; i <= last; i++) {
    const { at } = pointAt(points, i)
    while (from < i && pointAt(points, from + 1).at <= at - RULES.speedWindowMs) from++
    while (to < last && pointAt(points, to).at < at + RULES.speedWindowMs) to++
    const [a, b] = [pointAt(points, from), pointAt(points, to)]
    const metres = Math.hypot(b.x - a.x, b.y - a.y)
    speeds.push(metres / Math.max(1, (b.at - a.at) / 1000))
  }
  return speeds
}
