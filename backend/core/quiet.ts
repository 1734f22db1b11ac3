import { Temporal } from 'temporal-polyfill'

/** Hours of a person's day in which nothing wakes him, as `22:00` to `07:00`. */
export interface QuietHours {
  from: string
  to: string
}

export const QUIET: QuietHours = { from: '22:00', to: '07:00' }

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/

/** Whether a moment lies in somebody's quiet hours. */
export function isQuiet(now: number, zone: string, { from, to }: QuietHours): boolean {
  const time = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainTime()
  return within(time, Temporal.PlainTime.from(from), Temporal.PlainTime.from(to))
}

/** A company's own hours; the usual ones where they are missing or no times of day. */
export const quietHoursOf = (given: { from: string | null; to: string | null }): QuietHours =>
  TIME.test(given.from ?? '') && TIME.test(given.to ?? '')
    ? { from: given.from ?? QUIET.from, to: given.to ?? QUIET.to }
    : QUIET

/**
 * When a message that is not urgent may go out: after the quiet hours, and not in the minutes 0 and
 * 30 of an hour, when WeCom is busy (developer.work.weixin.qq.com/document/path/90236).
 * @param now epoch ms
 * @returns epoch ms, `now` or later.
 */
export function dueAt(now: number, zone: string, quiet: QuietHours): number {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const time = local.toPlainTime()
  const from = Temporal.PlainTime.from(quiet.from)
  const to = Temporal.PlainTime.from(quiet.to)
  if (!within(time, from, to)) return afterBusyMinute(now)
  const before = Temporal.PlainTime.compare(time, to) < 0
  const day = local.toPlainDate().add({ days: before ? 0 : 1 })
  const end = day.toZonedDateTime({ timeZone: zone, plainTime: to }).epochMilliseconds
  return afterBusyMinute(Math.max(now, end))
}

/** Over midnight when it ends before it begins; the same twice means never. */
function within(time: Temporal.PlainTime, from: Temporal.PlainTime, to: Temporal.PlainTime) {
  const afterFrom = Temporal.PlainTime.compare(time, from) >= 0
  const beforeTo = Temporal.PlainTime.compare(time, to) < 0
  const order = Temporal.PlainTime.compare(from, to)
  if (order === 0) return false
  return order < 0 ? afterFrom && beforeTo : afterFrom || beforeTo
}

const MINUTE = 60_000

function afterBusyMinute(at: number): number {
  const minute = Math.floor(at / MINUTE)
  return minute % 30 === 0 ? (minute + 1) * MINUTE : at // zones differ by half and quarter hours
}
