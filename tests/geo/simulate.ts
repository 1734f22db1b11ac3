import type { TrackFix } from '../../geo/index.ts'

/** A small deterministic world on a plane around Futian: x, y in metres east and north. */
export const ORIGIN = { lng: 114.02, lat: 22.53 }
export const EIGHT = Date.UTC(2026, 10, 23, 0)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

const METRES_PER_DEGREE = 111_195.08

export const placeAt = (x: number, y: number) => ({
  lng: ORIGIN.lng + x / (METRES_PER_DEGREE * Math.cos((ORIGIN.lat * Math.PI) / 180)),
  lat: ORIGIN.lat + y / METRES_PER_DEGREE,
})

/** Uniform numbers in 0 … 1 by seed (mulberry32). */
export function randomBy(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function gaussianBy(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export interface Leg {
  readonly x: number
  readonly y: number
  readonly minutes: number // to get there, or to stay when it is where one is
}

export interface Noise {
  readonly seed: number
  readonly sigma: number // metres per axis
  readonly every: number // seconds
  readonly correlation?: number // seconds: time constant; 0 = independent
  readonly rogue?: number // share of fixes some 200 to 1200 m off
  readonly accuracy?: number | null
}

/** Fixes of somebody who follows the legs from (0, 0), as a noisy phone tells them. */
export function walked(legs: readonly Leg[], noise: Noise): TrackFix[] {
  const random = randomBy(noise.seed)
  const gaussian = gaussianBy(random)
  const { every, sigma, correlation = 0, rogue = 0 } = noise
  const kept = correlation > 0 ? Math.exp(-every / correlation) : 0
  const fresh = Math.sqrt(1 - kept * kept) * sigma
  const fixes: TrackFix[] = []
  const end = legs.reduce((sum, leg) => sum + leg.minutes * 60, 0)
  let error = { x: gaussian() * sigma, y: gaussian() * sigma }
  for (let second = 0; second <= end; second += every) {
    const { x, y } = positionAt(legs, second)
    error = { x: kept * error.x + fresh * gaussian(), y: kept * error.y + fresh * gaussian() }
    const angle = random() * 2 * Math.PI
    const off = random() < rogue ? 200 + 1000 * random() : 0
    const at = placeAt(x + error.x + off * Math.cos(angle), y + error.y + off * Math.sin(angle))
    const accuracy = noise.accuracy === undefined ? sigma * 1.51 : noise.accuracy
    fixes.push({
      id: `f${String(second).padStart(6, '0')}`,
      at: EIGHT + second * 1000,
      ...at,
      accuracy,
    })
  }
  return fixes
}

function positionAt(legs: readonly Leg[], second: number) {
  let [x, y, start] = [0, 0, 0]
  for (const leg of legs) {
    const share = Math.min(1, (second - start) / (leg.minutes * 60))
    const here = { x: x + (leg.x - x) * share, y: y + (leg.y - y) * share }
    if (share < 1) return here
    ;[x, y, start] = [leg.x, leg.y, start + leg.minutes * 60]
  }
  return { x, y }
}

/** The facts of one window of duty around fixes. */
export const dayOf = (fixes: readonly TrackFix[], hours: number) => ({
  date: '2026-11-23',
  zone: 'Asia/Shanghai',
  duty: [{ from: EIGHT, to: EIGHT + hours * HOUR }],
  fixes,
  silences: [],
  sites: [],
})
