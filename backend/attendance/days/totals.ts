import { LedgerMinutes } from '../../contract/attendance.ts'
import type { MonthTotals } from '../../contract/months.ts'
import type { CounterRule, Rules } from '../../contract/ruleSets.ts'
import type { StoredDay } from './queries.ts'

type CountedDay = Omit<StoredDay, 'personId' | 'zone' | 'cell'>

/** How far a counter is: `count` of what it counts, `times` it has struck. */
export interface CounterState {
  readonly rule: CounterRule
  readonly count: number
  readonly times: number
}

/**
 * "Three lates make half a day absent." Of the counted the first `free` are let pass, those of up to `freeMin`
 * minutes only where that is set; every full `every` of the rest strikes once. Weeks begin on Monday and count
 * each for itself.
 * @param days of one month, in any order
 */
export function countersOf(rules: Rules, days: readonly CountedDay[]): CounterState[] {
  return rules.counters.map((rule) => {
    const periods = new Map<string, { late: number; date: string }[]>()
    for (const day of [...days].sort((a, b) => (a.date < b.date ? -1 : 1)))
      for (const late of countedIn(rule, day)) {
        const period = rule.over === 'month' ? day.date.slice(0, 7) : mondayOf(day.date)
        periods.set(period, [...(periods.get(period) ?? []), { late, date: day.date }])
      }
    let [count, times] = [0, 0]
    for (const counted of periods.values()) {
      const left = afterFree(rule, counted)
      count += left
      times += Math.floor(left / rule.every)
    }
    return { rule, count, times }
  })
}

/** Minutes of each thing of a day that a rule counts. */
function countedIn({ counts }: CounterRule, { due }: CountedDay): number[] {
  return due
    .filter(({ result, corrected }) =>
      counts.some((each) => each === result || (each === 'corrected' && corrected)),
    ) // prettier-ignore
    .map(({ lateMin }) => lateMin)
}

function afterFree(rule: CounterRule, counted: readonly { late: number }[]): number {
  let free = rule.free
  return counted.filter(({ late }) => {
    const pass = free > 0 && (rule.freeMin === 0 || late <= rule.freeMin)
    if (pass) free -= 1
    return !pass
  }).length
}

const mondayOf = (date: string) =>
  new Date(Date.parse(date) - ((new Date(date).getUTCDay() + 6) % 7) * 86_400_000)
    .toISOString()
    .slice(0, 10)

/** A person's month in numbers. @param days its days, those that are not over too. */
export function totalsOf(rules: Rules, days: readonly CountedDay[]): MonthTotals {
  const counted = (result: string) => sum(days, (day) => day.due.filter((each) => each.result === result).length) // prettier-ignore
  const overtime = { workday: 0, restday: 0, holiday: 0 }
  for (const day of days) overtime[overtimeKind(day.dayType)] += day.overtime
  return {
    dueDays: round(sum(days, (day) => day.dueDays)),
    attendedDays: round(sum(days, attended)),
    normalDays: round(sum(days, (day) => (day.marks.includes('n') ? day.dueDays : 0))),
    minutes: minutesOf(days),
    late: counted('late'),
    seriousLate: counted('serious_late'),
    early: counted('early'),
    missing: counted('missing'),
    absentDays: round(sum(days, absent)),
    corrected: sum(days, (day) => day.due.filter((each) => each.corrected).length),
    overtime,
    lieu: lieuOf(rules, overtime),
    penalties: countersOf(rules, days)
      .filter(({ times }) => times > 0)
      .map(({ rule, times }) => ({ makes: rule.makes, times })),
  }
}

const overtimeKind = (dayType: string) => dayType === 'holiday' || dayType === 'workday' ? dayType : 'restday' // prettier-ignore

const sum = <T>(all: readonly T[], of: (each: T) => number) => all.reduce((total, each) => total + of(each), 0) // prettier-ignore
const round = (days: number) => Math.round(days * 100) / 100

const share = ({ dueDays, minutes }: CountedDay, part: number) =>
  minutes.required === 0 ? 0 : (dueDays * part) / minutes.required

const attended = (day: CountedDay) =>
  share(day, day.minutes.worked + day.minutes.outing + day.minutes.forgiven)

const absent = (day: CountedDay) => share(day, day.minutes.absent)

function minutesOf(days: readonly CountedDay[]): LedgerMinutes {
  const total = { ...EMPTY }
  for (const { minutes } of days) for (const kind of KINDS) total[kind] += minutes[kind]
  return total
}

const KINDS = LedgerMinutes.keyof().options
const EMPTY: LedgerMinutes = { required: 0, worked: 0, forgiven: 0, late: 0, early: 0, unproven: 0, absent: 0, leave: 0, outing: 0, short: 0, overtime: 0 } // prettier-ignore

/** Time off earned: of the kinds of overtime that are always given back so. */
const lieuOf = ({ overtime }: Rules, minutes: MonthTotals['overtime']) =>
  sum(['workday', 'restday', 'holiday'] as const, (kind) =>
    overtime[kind].as === 'leave' ? Math.round(minutes[kind] * overtime[kind].factor) : 0,
  )
