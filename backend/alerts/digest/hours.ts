import { Temporal } from 'temporal-polyfill'

/**
 * The next of some times of a person's day.
 * @param now epoch ms
 * @param hours HH:MM, one or more
 * @returns epoch ms, later than `now`
 */
export function nextHour(now: number, zone: string, hours: readonly string[]): number {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
  const moments = [0, 1].flatMap((days) =>
    hours.map((hour) => {
      const plainTime = Temporal.PlainTime.from(hour)
      return today.add({ days }).toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds
    }),
  )
  return Math.min(...moments.filter((at) => at > now))
}
