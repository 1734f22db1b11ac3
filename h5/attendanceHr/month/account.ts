import { MinuteClass, type LedgerMinutes } from '../../../backend/contract/attendance.ts'

/** A minute of a work date as a time of day; past midnight with the day beside it. */
export function clock(minute: number): string {
  const within = ((minute % 1440) + 1440) % 1440
  const day = Math.floor(minute / 1440)
  const time = `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`
  return day === 0 ? time : `${time}${day > 0 ? `+${day}` : day}`
}

/** The classes of a day's minutes that are not empty: together they are what was required. */
export const sumOf = (minutes: LedgerMinutes) =>
  MinuteClass.options.map((kind) => ({ kind, n: minutes[kind] })).filter(({ n }) => n > 0)
