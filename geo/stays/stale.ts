import { isBeyond } from '../distance.ts'
import { accuracyOf } from './accuracy.ts'
import { isDetour } from './jumps.ts'
import { valueAt } from './points.ts'
import type { TrackFix } from '../types.ts'

const RULES = {
  withinMs: 4 * 60_000, // from the fix before to the fix after
  frozenFixes: 3, // identical positions
  frozenMetresPerSecond: 1,
  few: 32, // runs that were away and back: so many places are looked for one by one
} as const

/** Fixes with exactly the same coordinates in a row: indices, `end` exclusive. */
interface Run {
  readonly start: number
  readonly end: number
}

/**
 * A cached position told again: the exact coordinates of an earlier place, or frozen while speeding.
 * @param fixes in order. @returns the indices of those that are stale.
 */
export function staleAmong(fixes: readonly TrackFix[]): number[] {
  const words = wordsOf(fixes)
  const [back, long]: [Run[], Run[]] = [[], []]
  for (let start = 0, end = 0; start < fixes.length; start = end) {
    end = endOfRun(words, start)
    if (isBackAfter(fixes, start, end)) back.push({ start, end })
    else if (end - start >= RULES.frozenFixes) long.push({ start, end })
  }
  const firstOf = back.length <= RULES.few ? (word: number) => words.indexOf(word) : finder(words)
  const found: number[] = []
  for (const run of back)
    if (firstOf(valueAt(words, run.start)) < run.start) pushAll(found, run)
    else long.push(run)
  for (const run of long) pushFrozen(found, fixes, run)
  return found
}

/** One number for exact coordinates: 4096 and the digits of a double keep different places apart. */
function wordsOf(fixes: readonly TrackFix[]): Float64Array {
  const words = new Float64Array(fixes.length)
  fixes.forEach((fix, i) => (words[i] = fix.lng * 4096 + fix.lat))
  return words
}

function endOfRun(words: Float64Array, start: number): number {
  let end = start + 1
  while (end < words.length && words[end] === words[start]) end++
  return end
}

/** Finds the first index of a word among many, at once. */
function finder(words: Float64Array): (word: number) => number {
  const first = new Map<number, number>()
  words.forEach((word, i) => {
    if (!first.has(word)) first.set(word, i)
  })
  return (word) => Number(first.get(word))
}

/** Two-sided as a jump is, but exact coordinates are evidence, so that no impossible speed is asked. */
function isBackAfter(fixes: readonly TrackFix[], start: number, end: number): boolean {
  const before = start > 0 ? fixes[start - 1] : undefined
  const first = fixes[start]
  if (!before || !first || !isAway(before, first)) return false
  const [last, after] = [fixes[end - 1], fixes[end]]
  if (!last || !after || !isAway(after, first)) return false
  return after.at - before.at <= RULES.withinMs && isDetour([before, first, last, after])
}

const isAway = (a: TrackFix, b: TrackFix) => isBeyond(accuracyOf(a) + accuracyOf(b), a, b)

function pushAll(found: number[], { start, end }: Run): void {
  for (let i = start; i < end; i++) found.push(i)
}

function pushFrozen(found: number[], fixes: readonly TrackFix[], { start, end }: Run): void {
  if (end - start < RULES.frozenFixes) return
  fixes.slice(start + 1, end).forEach(({ speed }, i) => {
    if ((speed ?? 0) > RULES.frozenMetresPerSecond) found.push(start + 1 + i)
  })
}
