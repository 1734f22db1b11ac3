import chineseDays from 'chinese-days' // CommonJS: Node sees no named exports
import { Temporal } from 'temporal-polyfill'
import type { DutyWindow } from './duty.ts'

/** A shift: minutes after local midnight of the work date; `to` may pass 24 h. */
export interface Shift {
  from: number
  to: number
  days: 'workdays' | 'every'
}

/** What a Chinese company means by default: 09:00–18:00 on workdays, make-up Saturdays included. */
export const STANDARD: Shift = { from: 9 * 60, to: 18 * 60, days: 'workdays' }
export const ROUND_THE_CLOCK: Shift = { from: 0, to: 24 * 60, days: 'every' }

/**
 * The duty windows of a shift for `days` dates from `first` on, in `zone`. Wall-clock minutes are
 * counted on the zone's clock, so a day with a clock change keeps its hours of the clock.
 */
export function windowsOf(shift: Shift, first: string, days: number, zone: string): DutyWindow[] {
  const start = Temporal.PlainDate.from(first)
  return Array.from({ length: days }, (_, index) => start.add({ days: index }))
    .filter((date) => shift.days === 'every' || chineseDays.isWorkday(date.toString()))
    .map((date) => ({
      date: date.toString(),
      zone,
      from: instantOf(date, shift.from, zone),
      to: instantOf(date, shift.to, zone),
    }))
}

function instantOf(date: Temporal.PlainDate, minutes: number, zone: string): number {
  const day = date.add({ days: Math.floor(minutes / 1440) })
  const time = Temporal.PlainTime.from({
    hour: Math.floor((minutes % 1440) / 60),
    minute: minutes % 60,
  })
  return day.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds
}

/** The date that a clock in `zone` shows at `at`. */
export const dateAt = (at: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()
