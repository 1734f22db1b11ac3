import { metresBetween } from '../distance.ts'
import type { TrackFix } from '../types.ts'

export type Flag = 'inaccurate' | 'jump' | 'stale' | 'mock' | 'clock'

/** A fix and what is doubtful about it. Nothing is deleted: who draws or measures decides. */
export interface Flagged {
  readonly fix: TrackFix
  readonly flags: readonly Flag[]
  readonly used: boolean // its position is believed: it may be part of a line
}

/** What is assumed of a fix that came without an accuracy: an urban phone, metres, 68 % radius. */
export const UNKNOWN_ACCURACY_METRES = 40

const RULES = {
  inaccurateMetres: 100,
  betterWithinMs: 2 * 60_000,
  jumpMetresPerSecond: 60,
  shortestHopMs: 1000, // two fixes of one instant are judged as if a second apart
  burst: 5, // fixes; so many in a row may be one jump (a cell tower answers for a while)
  detour: 2, // by way of a jump it is more than twice as far as past it: a fast train is no jump
  frozenFixes: 3, // identical positions
  frozenMetresPerSecond: 1,
} as const

/**
 * Orders fixes by (at, id), drops repeated ids and non-finite positions, and flags the rest.
 * @param fixes in any order, repeated or not: the answer depends only on the set.
 * @returns each kept fix once, in order. `inaccurate`, `jump` and `stale` ones are no part of a line.
 */
export function clean(fixes: readonly TrackFix[]): Flagged[] {
  const inOrder = ordered(fixes)
  const inaccurate = flagInaccurate(inOrder)
  const good = inOrder.filter((fix) => !inaccurate.has(fix))
  const stale = flagStale(good)
  const jump = flagJumps(good.filter((fix) => !stale.has(fix)))
  return inOrder.map((fix) => {
    const flags: Flag[] = []
    if (inaccurate.has(fix)) flags.push('inaccurate')
    if (stale.has(fix)) flags.push('stale')
    if (jump.has(fix)) flags.push('jump')
    const used = flags.length === 0
    if (fix.mock === true) flags.push('mock')
    if (fix.clock === true) flags.push('clock')
    return { fix, flags, used }
  })
}

/** Fixes by (at, id), each id once. A repeated id with other content: the first by content is kept. */
export function ordered(fixes: readonly TrackFix[]): TrackFix[] {
  const finite = fixes.filter(
    ({ at, lng, lat }) => Number.isFinite(at) && Number.isFinite(lng) && Number.isFinite(lat),
  )
  const isInOrder = finite.every((fix, i) => isBefore(finite[i - 1], fix))
  if (!isInOrder) finite.sort(byTimeAndContent)
  const seen = new Set<string>()
  return finite.filter(({ id }) => seen.size < seen.add(id).size)
}

/** A usable accuracy in metres: an absent or senseless one becomes the assumed one. */
export function accuracyOf({ accuracy }: Pick<TrackFix, 'accuracy'>): number {
  return knownAccuracy(accuracy) ?? UNKNOWN_ACCURACY_METRES
}

/** Null when it is absent or senseless. */
export const knownAccuracy = (accuracy: number | null): number | null =>
  accuracy !== null && accuracy >= 0 && accuracy < Infinity ? accuracy : null

const isBefore = (a: TrackFix | undefined, b: TrackFix) => !a || a.at < b.at

function byTimeAndContent(a: TrackFix, b: TrackFix): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.id !== b.id) return a.id < b.id ? -1 : 1
  const [left, right] = [contentOf(a), contentOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function contentOf({ lng, lat, accuracy, speed, mock, clock }: TrackFix): string {
  return JSON.stringify([lng, lat, accuracy, speed, mock, clock])
}

function flagInaccurate(fixes: readonly TrackFix[]): Set<TrackFix> {
  const isPoor = (fix: TrackFix) => accuracyOf(fix) > RULES.inaccurateMetres
  const flagged = new Set<TrackFix>()
  if (!fixes.some(isPoor)) return flagged
  for (const order of [fixes, fixes.toReversed()]) {
    let good = NaN
    for (const fix of order) {
      if (!isPoor(fix)) good = fix.at
      else if (Math.abs(fix.at - good) <= RULES.betterWithinMs) flagged.add(fix)
    }
  }
  return flagged
}

/** Two-sided: impossible to reach and impossible to leave, while the way past it is a way people go. */
function flagJumps(fixes: readonly TrackFix[]): Set<TrackFix> {
  const flagged = new Set<TrackFix>()
  let last: TrackFix | undefined
  let end = 0 // of the newest jump; the fix there is believed
  for (const [i, fix] of fixes.entries()) {
    if (last && i > end) end = i + burstAt(fixes, i, last)
    if (i < end) flagged.add(fix)
    else last = fix
  }
  return flagged
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

const MOST_METRES_PER_DEGREE = 112_000 // in any direction

function isImpossible(a: TrackFix, b: TrackFix): boolean {
  const seconds = Math.max(RULES.shortestHopMs, Math.abs(b.at - a.at)) / 1000
  const possible = RULES.jumpMetresPerSecond * seconds
  const degrees = Math.abs(a.lng - b.lng) + Math.abs(a.lat - b.lat)
  if (degrees * MOST_METRES_PER_DEGREE < possible) return false
  const metres = metresBetween(a, b)
  const reach = accuracyOf(a) + accuracyOf(b)
  return metres > reach && metres > possible
}

function isDetour([last, first, end, next]: readonly [TrackFix, TrackFix, TrackFix, TrackFix]) {
  const around = metresBetween(last, first) + metresBetween(end, next)
  return around > RULES.detour * metresBetween(last, next)
}

/** A cached position told again: the exact coordinates of an earlier place, or frozen while speeding. */
function flagStale(fixes: readonly TrackFix[]): Set<TrackFix> {
  const flagged = new Set<TrackFix>()
  const known = new Set<number>()
  for (let [i, end] = [0, 0]; i < fixes.length; i = end) {
    end = endOfRun(fixes, i)
    const place = wordOf(fixes[i])
    const isKnown = known.size === known.add(place).size
    if (!isKnown && end - i < RULES.frozenFixes) continue
    const run = fixes.slice(i, end)
    const isBack = isKnown && cameBack(fixes[i - 1], run, fixes[end])
    for (const fix of isBack ? run : frozen(run)) flagged.add(fix)
  }
  return flagged
}

/** One number for exact coordinates: 4096 and the digits of a double keep different places apart. */
const wordOf = (fix: TrackFix | undefined) => (fix ? fix.lng * 4096 + fix.lat : NaN)

/** The end of the fixes from `start` on that have exactly the same coordinates. */
function endOfRun(fixes: readonly TrackFix[], start: number): number {
  const place = wordOf(fixes[start])
  let end = start + 1
  while (wordOf(fixes[end]) === place) end++
  return end
}

/** Two-sided as a jump is, but the exact coordinates are evidence, so that no impossible speed is asked. */
function cameBack(
  before: TrackFix | undefined,
  run: readonly TrackFix[],
  after: TrackFix | undefined,
): boolean {
  const [first, end] = [run[0], run.at(-1)]
  if (!before || !first || !end || !after || after.at - before.at > 2 * RULES.betterWithinMs)
    return false
  const isAway = (fix: TrackFix) => metresBetween(fix, first) > accuracyOf(fix) + accuracyOf(first)
  return isAway(before) && isAway(after) && isDetour([before, first, end, after])
}

function frozen(run: readonly TrackFix[]): readonly TrackFix[] {
  if (run.length < RULES.frozenFixes) return []
  return run.slice(1).filter((fix) => (fix.speed ?? 0) > RULES.frozenMetresPerSecond)
}
