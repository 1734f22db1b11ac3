import { isBeyond, metresBetween } from '../distance.ts'
import { accuracyOf } from './accuracy.ts'
import type { TrackFix } from '../types.ts'

const RULES = {
  metresPerSecond: 60,
  shortestHopMs: 1000, // two fixes of one instant are judged as if a second apart
  burst: 5, // fixes; so many in a row may be one jump (a cell tower answers for a while)
  detour: 2, // by way of a jump it is more than twice as far as past it: a fast train is no jump
} as const

/**
 * Two-sided: impossible to reach and impossible to leave, while the way past it is a way people go.
 * @param fixes in order. @returns the indices of those that jumped.
 */
export function jumpsAmong(fixes: readonly TrackFix[]): number[] {
  const found: number[] = []
  let last: TrackFix | undefined
  let end = 0 // of the newest jump; the fix there is believed
  for (let i = 0; i < fixes.length; i++) {
    if (last && i > end) end = i + burstAt(fixes, i, last)
    if (i < end) found.push(i)
    else last = fixes[i]
  }
  return found
}

/** How many fixes from `start` on are one jump away from `last`; 0 when none. */
function burstAt(fixes: readonly TrackFix[], start: number, last: TrackFix): number {
  const first = fixes[start]
  if (!first || !isImpossible(last, first)) return 0
  let end = first
  for (let length = 1; length <= RULES.burst; length++) {
    const next = fixes[start + length]
    if (!next) return 0
    if (isImpossible(end, next) && isDetour([last, first, end, next])) return length
    end = next
  }
  return 0
}

function isImpossible(a: TrackFix, b: TrackFix): boolean {
  const seconds = Math.max(RULES.shortestHopMs, Math.abs(b.at - a.at)) / 1000
  const reach = accuracyOf(a) + accuracyOf(b)
  return isBeyond(Math.max(reach, RULES.metresPerSecond * seconds), a, b)
}

/** Whether it is more than twice as far by way of `first` … `end` than past them. */
export function isDetour(way: readonly [TrackFix, TrackFix, TrackFix, TrackFix]): boolean {
  const [last, first, end, next] = way
  const around = metresBetween(last, first) + metresBetween(end, next)
  return around > RULES.detour * metresBetween(last, next)
}
