import { dateAt, windowsOf, type DutyWindow } from '../people/index.ts'

const HOUR = 3_600_000
export const HISTORY_DAYS = 30

/** How the demo's people worked on the days before today: 08:30–18:30, every day. */
export const pastWindows = (today: string, zone: string): DutyWindow[] =>
  windowsOf(
    { from: 8 * 60 + 30, to: 18 * 60 + 30, days: 'every' },
    daysBefore(today, HISTORY_DAYS),
    HISTORY_DAYS,
    zone,
  )

/** The date `days` before `date`. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * 86_400_000).toISOString().slice(0, 10)
}

/**
 * The next window of somebody whose demo must be alive at `now`: a plain day shift by day; at other
 * hours a shift that began five hours ago, so that there is a ribbon to look at; afterwards one
 * that follows the last without a gap.
 * @param last the end of his last window, null for none.
 * @returns null while the last one still covers the next two hours.
 */
export function coveringWindow(now: number, last: number | null, zone: string): DutyWindow | null {
  if (last !== null && last > now + 2 * HOUR) return null
  if (last !== null && last > now - 5 * HOUR) return windowFrom(last, last + 10 * HOUR, zone)
  const [day] = windowsOf(
    { from: 8 * 60 + 30, to: 18 * 60 + 30, days: 'every' },
    dateAt(now, zone),
    1,
    zone,
  )
  if (day && now >= day.from + HOUR / 2 && now < day.to - 2 * HOUR) return day
  const hour = now - (now % HOUR)
  return windowFrom(Math.max(hour - 5 * HOUR, last ?? 0), hour + 6 * HOUR, zone)
}

const windowFrom = (from: number, to: number, zone: string): DutyWindow => ({
  date: dateAt(from, zone),
  zone,
  from,
  to,
})
