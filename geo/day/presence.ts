import { clean } from '../stays/clean.ts'
import { pointsOf, valueAt } from '../stays/points.ts'
import type { TrackFix } from '../types.ts'

const WINDOW_MS = 15 * 60_000
const REACH_METRES = 40
const LEAST_MS = 2 * 60_000
const CONFIRM_FIXES = 2 // elsewhere in a row: one alone is an outlier

/** `stillSince` epoch ms; lng, lat of the place one is still at, or of the newest fix. */
export interface Rest {
  stillSince: number | null
  lng: number
  lat: number
}

/**
 * Whether somebody is still now: since when all the newest fixes lie around one place, or null while
 * moving. Independent of the order of `recent`; without any fix the position is NaN.
 * @param recent fixes of one person, any order; only the newest 15 minutes count.
 */
export function restOf(recent: readonly TrackFix[]): Rest {
  const used = clean(recent).flatMap(({ fix, used }) => (used ? [fix] : []))
  const newest = used.at(-1)
  if (!newest) return { stillSince: null, lng: NaN, lat: NaN }
  const fixes = used.filter(({ at }) => at >= newest.at - WINDOW_MS).reverse()
  const points = pointsOf(fixes)
  const mean = { x: 0, y: 0, weight: 0 }
  let since = newest.at
  for (let i = 0, away = 0; i < fixes.length && away < CONFIRM_FIXES; i++) {
    const [east, north] = [valueAt(points.x, i) - mean.x, valueAt(points.y, i) - mean.y]
    const accuracy = valueAt(points.accuracy, i)
    if (i > 0 && Math.hypot(east, north) > Math.max(REACH_METRES, accuracy)) {
      away++
      continue
    }
    away = 0
    since = valueAt(points.at, i)
    const weight = 1 / accuracy ** 2
    mean.weight += weight
    mean.x += (east * weight) / mean.weight
    mean.y += (north * weight) / mean.weight
  }
  if (newest.at - since < LEAST_MS) return { stillSince: null, lng: newest.lng, lat: newest.lat }
  const [lng, lat] = points.positionOf(mean.x, mean.y)
  return { stillSince: since, lng, lat }
}
