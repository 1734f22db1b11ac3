import { accuracyOf } from './clean.ts'
import { metresBetween, type Place } from './distance.ts'
import type { TrackFix } from './types.ts'

/** Time at one place, as places in the list of fixes it was found in: both ends included. */
export interface Stay extends Place {
  readonly first: number
  readonly last: number
  readonly from: number // epoch ms
  readonly to: number
}

const LEAST_MS = 5 * 60_000 // shorter is a red light
const REACH = 35 // metres: how far indoor fixes wander around a place beyond their own accuracy
const CONFIRM = 3 // fixes elsewhere in a row before a place counts as left

/**
 * @param fixes used ones, ordered by time.
 * @returns stays in order, never overlapping; empty when there were none.
 */
export function findStays(fixes: readonly TrackFix[]): Stay[] {
  const stays: Stay[] = []
  let start = 0
  while (start < fixes.length) {
    const cluster = grow(fixes, start)
    const from = fixes[start]?.at ?? 0
    const to = fixes[cluster.last]?.at ?? 0
    if (to - from >= LEAST_MS) {
      stays.push({ first: start, last: cluster.last, from, to, lng: cluster.lng, lat: cluster.lat })
      start = cluster.last + 1
    } else start++
  }
  return merged(stays)
}

/** Takes fixes in as long as they are near the weighted centre; some elsewhere in a row end it. */
function grow(fixes: readonly TrackFix[], start: number) {
  const centre = new Centre()
  let last = start
  let away = 0
  for (let index = start; index < fixes.length && away < CONFIRM; index++) {
    const fix = fixes[index]
    if (!fix) break
    if (index === start || isNear(centre, fix)) {
      centre.take(fix)
      last = index
      away = 0
    } else away++
  }
  return { last, lng: centre.lng, lat: centre.lat }
}

const isNear = (centre: Centre, fix: TrackFix) =>
  metresBetween(centre, fix) <= Math.max(REACH + accuracyOf(fix), 50)

/** Two stays at the same place with little between them are one. */
function merged(stays: readonly Stay[]): Stay[] {
  const result: Stay[] = []
  for (const stay of stays) {
    const before = result.at(-1)
    if (before && stay.from - before.to < LEAST_MS && metresBetween(before, stay) < REACH)
      result[result.length - 1] = { ...before, last: stay.last, to: stay.to }
    else result.push(stay)
  }
  return result
}

/** The mean of places, each weighted by one over its accuracy squared. */
export class Centre implements Place {
  #weight = 0
  #lng = 0
  #lat = 0
  get lng() {
    return this.#lng / this.#weight
  }
  get lat() {
    return this.#lat / this.#weight
  }
  take(fix: TrackFix) {
    const weight = 1 / Math.max(accuracyOf(fix), 5) ** 2
    this.#weight += weight
    this.#lng += fix.lng * weight
    this.#lat += fix.lat * weight
  }
}
