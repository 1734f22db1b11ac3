import type { DaySpan, Half, Span } from '../contract/approvals.ts'

/** Minutes from midnight of a work date on the person's clock, half-open; `to` may pass 24 h. */
export interface MinuteSpan {
  from: number
  to: number
}

/** What somebody has to work on a date; no sections: nothing. */
export interface WorkDate {
  date: string // YYYY-MM-DD
  sections: readonly (MinuteSpan & { rests: readonly MinuteSpan[] })[]
}

const DAY = 1440
const NOON = 720

/** Minutes since 1970 as if the clock were UTC's: differences are those of the clock's face. */
export const faceMinute = (local: string): number => Date.parse(`${local}Z`) / 60_000

/** The inverse: `2026-03-10T09:00`. */
export const localAt = (minute: number): string =>
  new Date(minute * 60_000).toISOString().slice(0, 16)

/** `minutes` after midnight of `date`, as a local time. */
export const localOn = (date: string, minutes: number): string =>
  localAt(faceMinute(`${date}T00:00`) + minutes)

/** The date `days` after `date`; less than 0 before. */
export const dateAfter = (date: string, days: number): string =>
  localAt(faceMinute(`${date}T00:00`) + days * DAY).slice(0, 10)

/** Every date from the first to the last. */
export function datesBetween(from: string, to: string): string[] {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
  return Array.from({ length: Math.max(0, days) }, (_, index) => dateAfter(from, index))
}

/** First and last work date of a span. */
export const firstDate = (span: Span) => span.from.slice(0, 10)
export const lastDate = (span: Span) =>
  span.by === 'days' ? span.to : localAt(faceMinute(span.to) - 1).slice(0, 10)

/** What of a work date a span of days takes: nothing, a half, or all of it. */
export function partOn(span: DaySpan, date: string): 'none' | 'whole' | Half {
  if (date < span.from || date > span.to) return 'none'
  const morning = date !== span.from || span.fromHalf === 'am'
  const afternoon = date !== span.to || span.toHalf === 'pm'
  if (morning && afternoon) return 'whole'
  if (morning) return 'am'
  return afternoon ? 'pm' : 'none'
}

/** Sections without their rests, in order. */
export const requiredOf = ({ sections }: WorkDate): MinuteSpan[] =>
  sections.flatMap((section) => without(section, section.rests))

/** Required minutes of a date. */
export const minutesOf = (work: WorkDate): number =>
  requiredOf(work).reduce((sum, { from, to }) => sum + to - from, 0)

function without(span: MinuteSpan, rests: readonly MinuteSpan[]): MinuteSpan[] {
  const pieces: MinuteSpan[] = []
  let from = span.from
  for (const rest of [...rests].sort((a, b) => a.from - b.from)) {
    if (rest.from > from) pieces.push({ from, to: Math.min(rest.from, span.to) })
    from = Math.max(from, rest.to)
  }
  if (from < span.to) pieces.push({ from, to: span.to })
  return pieces
}

/**
 * The minute that cuts a work date into its halves: the beginning of the break that leaves them most
 * alike, of work without a break its middle, of a date without work noon.
 */
export function middleOf(work: WorkDate): number {
  const pieces = requiredOf(work)
  const total = minutesOf(work)
  let before = 0
  let best = { off: Infinity, at: NOON }
  for (const piece of pieces.slice(0, -1)) {
    before += piece.to - piece.from
    const off = Math.abs(total - 2 * before)
    if (off < best.off) best = { off, at: piece.to }
  }
  const [first] = pieces
  return pieces.length === 1 && first ? Math.floor((first.from + first.to) / 2) : best.at
}

/**
 * What a span covers of a work date, in minutes from its midnight; null when nothing. A day taken
 * whole reaches over all of its work, also past midnight.
 */
export function coverOn(span: Span, work: WorkDate): MinuteSpan | null {
  if (span.by === 'clock') {
    const midnight = faceMinute(`${work.date}T00:00`)
    const [from, to] = [faceMinute(span.from) - midnight, faceMinute(span.to) - midnight]
    return to > 0 && from < 2 * DAY ? { from, to } : null
  }
  const part = partOn(span, work.date)
  if (part === 'none') return null
  const end = Math.max(DAY, ...work.sections.map((section) => section.to))
  const middle = middleOf(work)
  return { from: part === 'pm' ? middle : 0, to: part === 'am' ? middle : end }
}

/**
 * How much a span takes, in minutes. Of days: `minutesPerDay` for each, half of it for a half;
 * `workdays` leaves out those without work. Of clock times: the required minutes among them.
 * @param work each of the span's dates
 */
export function costOf(
  span: Span,
  work: readonly WorkDate[],
  { counts, minutesPerDay }: { counts: 'workdays' | 'calendar'; minutesPerDay: number },
): number {
  const costs = work.map((each) => {
    if (span.by === 'clock') return Math.min(minutesPerDay, requiredIn(span, each))
    const part = partOn(span, each.date)
    if (part === 'none' || (counts === 'workdays' && minutesOf(each) === 0)) return 0
    return part === 'whole' ? minutesPerDay : Math.round(minutesPerDay / 2)
  })
  return costs.reduce((sum, cost) => sum + cost, 0)
}

function requiredIn(span: Span, work: WorkDate): number {
  const cover = coverOn(span, work)
  if (!cover) return 0
  return requiredOf(work).reduce(
    (sum, { from, to }) => sum + Math.max(0, Math.min(to, cover.to) - Math.max(from, cover.from)),
    0,
  )
}

/** A span on the person's clock, half-open; halves are cut where their date's work is. */
export function boundsOf(span: Span, work: readonly WorkDate[]): { from: string; to: string } {
  if (span.by === 'clock') return { from: span.from, to: span.to }
  const cut = (date: string) =>
    localOn(date, middleOf(work.find((each) => each.date === date) ?? { date, sections: [] }))
  return {
    from: span.fromHalf === 'am' ? `${span.from}T00:00` : cut(span.from),
    to: span.toHalf === 'pm' ? `${dateAfter(span.to, 1)}T00:00` : cut(span.to),
  }
}
