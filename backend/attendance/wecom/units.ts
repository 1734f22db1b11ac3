import type { WallClock } from '../../contract/attendance.ts'

const DAY = 86_400 // seconds
const MOST_FLEX = 21_600 // six hours, the most that WeCom's flexible hours take

/** Seconds after midnight as a time of the clock; over 24:00 on the next day. Seconds within a minute are dropped. */
export function clockOf(seconds: number): WallClock {
  const minutes = Math.min(2880, Math.max(0, Math.floor(seconds / 60)))
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

export const minutesOf = (seconds: number): number => Math.max(0, Math.round(seconds / 60))

/**
 * Minutes of a length that WeCom tells in milliseconds where it is read and takes in seconds where it is
 * written: whatever is above six hours in seconds is in milliseconds. -1 and 0 are none.
 */
export const flexMinutes = (value: number): number =>
  value <= 0 ? 0 : Math.round(value > MOST_FLEX ? value / 60_000 : value / 60)

/** The date of UTC+8 at epoch seconds. */
export const dateAt = (seconds: number): string =>
  new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 10)

/** Degrees of WeCom's millionths. */
export const degrees = (micro: number): number => micro / 1_000_000

/** 1–6 are Monday to Saturday, 0 (and 7) Sunday; here Monday is 0. */
export const weekdayIndex = (weekday: number): number => (weekday + 6) % 7

/** The latest second of a day's punches where a rule does not limit them: four in the morning. */
export const NIGHT_ENDS = DAY + 4 * 3600
