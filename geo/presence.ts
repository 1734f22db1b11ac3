import { accuracyOf, ordered } from './clean.ts'
import { metresBetween } from './distance.ts'
import { Centre } from './stays.ts'
import type { TrackFix } from './types.ts'

const WINDOW_MS = 15 * 60_000
const REACH = 40 // metres
const LEAST_MS = 2 * 60_000

/**
 * Whether somebody is still now: since when all his newest fixes lie around one place, or null while
 * he moves. Independent of the order of `recent`.
 * @param recent fixes of one person, any order; only the newest 15 minutes count.
 */
export function restOf(recent: readonly TrackFix[]): {
  stillSince: number | null
  lng: number
  lat: number
} {
  const fixes = ordered(recent)
  const newest = fixes.at(-1)
  if (!newest) return { stillSince: null, lng: 0, lat: 0 }
  const centre = new Centre()
  let since = newest.at
  let away = 0
  for (const fix of fixes.reverse()) {
    if (fix.at < newest.at - WINDOW_MS || away === 2) break
    if (fix !== newest && metresBetween(centre, fix) > Math.max(REACH, accuracyOf(fix))) {
      away++
      continue
    }
    away = 0
    since = fix.at
    centre.take(fix)
  }
  const still = newest.at - since >= LEAST_MS
  return { stillSince: still ? since : null, lng: centre.lng, lat: centre.lat }
}
