import type { PlanDay } from '../../../backend/contract/plans.ts'
import type { CoverageRow } from '../../../backend/contract/visits.ts'

/** A customer that nobody has been at for longer than its tier allows. */
export interface OverdueCustomer {
  readonly id: string
  readonly name: string
  readonly address: string | null
  readonly tier: string | null
  readonly overdueDays: number | null // beyond its interval; null: never visited
  readonly planned: readonly string[] // dates of the week that have it already
}

/** Customers beyond their interval with the days that have them already; never visited first, then most overdue. */
export function overdueCustomers(
  rows: readonly CoverageRow[],
  days: readonly PlanDay[],
): OverdueCustomer[] {
  return rows
    .map(({ customerId: id, customer: name, days: since, everyDays, address, tier }) => ({
      ...{ id, name, address, tier },
      overdueDays: since === null ? null : since - everyDays,
      planned: days
        .filter((day) => day.stops.some((stop) => stop.customerId === id))
        .map((day) => day.date)
        .sort(),
    }))
    .sort((a, b) => (b.overdueDays ?? Infinity) - (a.overdueDays ?? Infinity) || 0) // two never visited: as they came
}
