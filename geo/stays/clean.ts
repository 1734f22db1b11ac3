import { accuracyOf } from './accuracy.ts'
import { jumpsAmong } from './jumps.ts'
import { staleAmong } from './stale.ts'
import type { TrackFix } from '../types.ts'

export type Flag = 'inaccurate' | 'jump' | 'stale' | 'mock' | 'clock'

/** A fix and what is doubtful about it. Nothing is deleted: who draws or measures decides. */
export interface Flagged {
  readonly fix: TrackFix
  readonly flags: readonly Flag[]
  readonly used: boolean // its position is believed: it may be part of a line
}

/** Fixes in order, and for each the bits of what is doubtful about it. */
export interface Judged {
  readonly fixes: readonly TrackFix[]
  readonly marks: Uint8Array
}

const RULES = {
  inaccurateMetres: 100,
  betterWithinMs: 2 * 60_000,
} as const

const BITS = { inaccurate: 1, stale: 2, jump: 4, mock: 8, clock: 16 } as const
const UNUSED = BITS.inaccurate | BITS.stale | BITS.jump
const FLAGS = ['inaccurate', 'stale', 'jump', 'mock', 'clock'] as const

/**
 * Orders fixes by (at, id), drops repeated ids and non-finite positions, and flags the rest.
 * @param fixes in any order, repeated or not: the answer depends only on the set.
 * @returns each kept fix once, in order. `inaccurate`, `jump` and `stale` ones are no part of a line.
 */
export function clean(fixes: readonly TrackFix[]): Flagged[] {
  const { fixes: inOrder, marks } = judged(fixes)
  return inOrder.map((fix, i) => {
    const bits = bitsAt(marks, i)
    return { fix, flags: FLAGS.filter((flag) => bits & BITS[flag]), used: (bits & UNUSED) === 0 }
  })
}

/** The same in bits: whole days pass through here. */
export function judged(fixes: readonly TrackFix[]): Judged {
  const inOrder = ordered(fixes)
  const marks = new Uint8Array(inOrder.length)
  markInaccurate(inOrder, marks)
  markAmong(inOrder, marks, staleAmong, BITS.stale)
  markAmong(inOrder, marks, jumpsAmong, BITS.jump)
  inOrder.forEach(({ mock, clock }, i) => {
    if (mock === true) marks[i] = bitsAt(marks, i) | BITS.mock
    if (clock === true) marks[i] = bitsAt(marks, i) | BITS.clock
  })
  return { fixes: inOrder, marks }
}

/** The fixes whose position is believed, in order. */
export const usedOf = ({ fixes, marks }: Judged): TrackFix[] =>
  fixes.filter((_, i) => (bitsAt(marks, i) & UNUSED) === 0)

/** How many fixes bear each flag. */
export function countsOf({ marks }: Judged): Record<Flag, number> {
  const counts = { inaccurate: 0, jump: 0, stale: 0, mock: 0, clock: 0 }
  for (const bits of marks) {
    if (bits === 0) continue
    for (const flag of FLAGS) if (bits & BITS[flag]) counts[flag]++
  }
  return counts
}

/** Fixes by (at, id), each id once. A repeated id with other content: the first by content is kept. */
export function ordered(fixes: readonly TrackFix[]): readonly TrackFix[] {
  if (isOrdered(fixes)) return fixes
  const finite = fixes.filter(isFinite)
  if (!finite.every((fix, i) => isBefore(finite[i - 1], fix))) finite.sort(byTimeAndContent)
  const seen = new Set<string>()
  return finite.filter(({ id }) => seen.size < seen.add(id).size)
}

const bitsAt = (marks: Uint8Array, i: number) => Number(marks[i])

const isFinite = ({ at, lng, lat }: TrackFix) =>
  Number.isFinite(at) && Number.isFinite(lng) && Number.isFinite(lat)

const isBefore = (a: TrackFix | undefined, b: TrackFix) => !a || a.at < b.at

/** Whether nothing is to be done: times and ids rise together, as those that one phone made do. */
function isOrdered(fixes: readonly TrackFix[]): boolean {
  let last: TrackFix | undefined
  for (const fix of fixes) {
    if (!isFinite(fix) || !isBefore(last, fix) || (last && last.id >= fix.id)) return false
    last = fix
  }
  return true
}

function byTimeAndContent(a: TrackFix, b: TrackFix): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.id !== b.id) return a.id < b.id ? -1 : 1
  const [left, right] = [contentOf(a), contentOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function contentOf({ lng, lat, accuracy, speed, mock, clock }: TrackFix): string {
  return JSON.stringify([lng, lat, accuracy, speed, mock, clock])
}

const isPoor = (fix: TrackFix) => accuracyOf(fix) > RULES.inaccurateMetres

function markInaccurate(fixes: readonly TrackFix[], marks: Uint8Array): void {
  if (!fixes.some(isPoor)) return
  let good = NaN
  const judge = (fix: TrackFix, i: number) => {
    if (!isPoor(fix)) good = fix.at
    else if (Math.abs(fix.at - good) <= RULES.betterWithinMs) marks[i] = BITS.inaccurate
  }
  fixes.forEach(judge)
  good = NaN
  fixes.toReversed().forEach((fix, i) => {
    judge(fix, fixes.length - 1 - i)
  })
}

/** Marks those that a judge finds among the fixes without any mark yet. */
function markAmong(
  fixes: readonly TrackFix[],
  marks: Uint8Array,
  judge: (fixes: readonly TrackFix[]) => number[],
  bit: number,
): void {
  if (!marks.includes(1) && !marks.includes(2)) {
    for (const i of judge(fixes)) marks[i] = bit
    return
  }
  const unmarked = [...fixes.keys()].filter((i) => marks[i] === 0)
  const found = new Set(judge(fixes.filter((_, i) => marks[i] === 0)))
  unmarked.forEach((index, i) => {
    if (found.has(i)) marks[index] = bit
  })
}
