import { Temporal } from 'temporal-polyfill'

export const AHEAD_DAYS = 30

/**
 * The days of a year that come next, today first, with how many days they are away. Who was born on a leap day has
 * his birthday on 28 February of other years.
 * @param today YYYY-MM-DD
 */
export function comingDays(today: string, days = AHEAD_DAYS): Map<string, number> {
  const first = Temporal.PlainDate.from(today)
  const coming = new Map<string, number>()
  for (let away = 0; away <= days; away++) {
    const day = first.add({ days: away })
    coming.set(day.toString().slice(5), away)
    const isEnd = day.month === 2 && day.day === 28 && !day.inLeapYear
    if (isEnd) coming.set('02-29', away)
  }
  return coming
}
