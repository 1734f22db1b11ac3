import type { DayType, Shift } from '../contract/attendance.ts'
import { dateOf, planOf } from './engine/plan.ts'

/** Minutes in which a day's punches count, ends included, and where its work lies. */
export interface Reach {
  readonly opens: number
  readonly closes: number
  readonly begins: number
  readonly ends: number
}

/** @returns null for a day that requires nothing: it has no windows of its own. */
export function reachOf(dayType: DayType, shift: Shift | null): Reach | null {
  if (!shift || dayType !== 'workday') return null
  if (shift.kind === 'free') {
    const { from, to } = dateOf(shift)
    return { opens: from, closes: to - 1, begins: from, ends: to }
  }
  const sections = planOf(shift)
  const [first, last] = [sections[0], sections.at(-1)]
  if (!first || !last) return null
  return { opens: first.opens, closes: last.closes, begins: first.in, ends: last.out }
}

const DAY = 1440

const moved = (reach: Reach | null, by: number): Reach | null =>
  reach && {
    opens: reach.opens + by,
    closes: reach.closes + by,
    begins: reach.begins + by,
    ends: reach.ends + by,
  }

/**
 * Which punches are a work date's, so that none is two days': those of its windows and, outside of every window,
 * those of the date on the clock. Where two days' windows meet, each has up to the middle between their work; the
 * middle minute is the earlier day's, as between sections.
 * @returns a test for minutes from midnight of the date
 */
export function ownedBy(reach: {
  before: Reach | null
  own: Reach | null
  after: Reach | null
}): (at: number) => boolean {
  const before = moved(reach.before, -DAY)
  const after = moved(reach.after, DAY)
  const mine = reach.own && partOf(reach.own, before, after)
  return (at) => {
    if (mine && isIn(mine, at)) return true
    const theirs = [before, after].some((each) => each !== null && isIn(each, at))
    return !theirs && at >= 0 && at < DAY
  }
}

type Window = Pick<Reach, 'opens' | 'closes'>

const isIn = ({ opens, closes }: Window, at: number) => at >= opens && at <= closes

/** What neighbours leave of a day's windows. */
const partOf = (own: Reach, before: Reach | null, after: Reach | null): Window => ({
  opens: before && before.closes >= own.opens ? cut(before, own) + 1 : own.opens,
  closes: after && own.closes >= after.opens ? cut(own, after) : own.closes,
})

/** The last minute of the earlier of two days whose windows meet. */
function cut(earlier: Reach, later: Reach): number {
  const middle = Math.floor((earlier.ends + later.begins) / 2)
  return Math.min(earlier.closes, Math.max(later.opens - 1, middle))
}
