import { metresBetween } from '../../geo/distance.ts'
import type { Due, PlanRules, Proposals } from '../contract/plans.ts'

const DAY_MS = 86_400_000

/** A customer of the person's with when somebody was there last. */
export interface OwnCustomer {
  readonly customerId: string
  readonly customer: string
  readonly tier: string | null
  readonly lng: number | null
  readonly lat: number | null
  readonly lastVisit: string | null // date
}

export interface Week {
  readonly from: string // date
  /** Dates that can take stops, and how many more. */
  readonly days: readonly { readonly date: string; readonly room: number }[]
  readonly rules: PlanRules
}

/** In days; customers without a tier are visited as C. */
export function everyDaysOf(rules: PlanRules, tier: string | null): number {
  if (tier === 'A') return rules.everyDaysA
  return tier === 'B' ? rules.everyDaysB : rules.everyDaysC
}

const dateAfter = (date: string, days: number) =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)

/** Those due by the end of the seven days, most overdue first. */
export function dueBy(customers: readonly OwnCustomer[], from: string, rules: PlanRules): Due[] {
  const end = dateAfter(from, 6)
  return customers
    .map((customer) => {
      const last = customer.lastVisit
      const dueOn = last === null ? null : dateAfter(last, everyDaysOf(rules, customer.tier))
      const overdueDays = Math.round((Date.parse(end) - Date.parse(dueOn ?? from)) / DAY_MS)
      return { ...customer, dueOn, overdueDays }
    })
    .filter((customer) => customer.overdueDays >= 0)
    .sort((a, b) => b.overdueDays - a.overdueDays || (a.customerId < b.customerId ? -1 : 1))
}

const CHOICE = 3 // times a day's room: among so many of the most overdue the near ones are chosen

/**
 * Fills the days of a week: each begins with the most overdue customer left and takes those of the
 * most overdue that are nearest to it. Pure; no customer twice.
 */
export function proposeWeek(customers: readonly OwnCustomer[], week: Week): Proposals {
  const left = dueBy(customers, week.from, week.rules)
  const days = week.days.map(({ date, room }) => {
    const seed = left[0]
    if (!seed || room <= 0) return { date, due: [] }
    const near = left
      .slice(0, CHOICE * room)
      .map((each, rank) => ({ each, rank, metres: metresApart(seed, each) }))
      .sort((a, b) => a.metres - b.metres || a.rank - b.rank)
      .slice(0, room)
      .map(({ each }) => each)
    for (const each of near) left.splice(left.indexOf(each), 1)
    return { date, due: near }
  })
  return { days, left }
}

function metresApart(a: Due, b: Due): number {
  if (a === b) return 0
  if (a.lng === null || a.lat === null || b.lng === null || b.lat === null) return Infinity
  return metresBetween({ lng: a.lng, lat: a.lat }, { lng: b.lng, lat: b.lat })
}
