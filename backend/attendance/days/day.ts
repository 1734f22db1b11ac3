import { z } from 'zod'
import { datesOfMonth } from '../../contract/closing.ts'
import { DayInput, DayLedger } from '../../contract/attendance.ts'
import { DayFacts, type AttendanceDay } from '../../contract/months.ts'
import type { CounterRule, Rules } from '../../contract/ruleSets.ts'
import { listApproved } from '../../approvals/index.ts'
import type { Db } from '../../core/db.ts'
import { found } from '../../core/errors.ts'
import { graceGranted, lockedMonths } from '../closing/index.ts'
import { dateAfter } from '../clock.ts'
import { overtimeCounted, overtimeRuleOf } from '../overtime.ts'
import { ruleSetOn } from '../resolve.ts'
import { loadCompanyRules, type CompanyRules } from '../rules/book.ts'
import { refreshDays, type Means } from './keep.ts'
import type { Member } from './members.ts'
import { findDay, listMonthDays } from './queries.ts'
import { countersOf } from './totals.ts'

const Stored = z.object({ facts: DayFacts, input: DayInput, ledger: DayLedger })

/** A person's day as it stands now, with all that made it; of a locked month as it was locked. */
export async function dayOf(
  means: Means,
  { orgId, member, date }: { orgId: string; member: Member; date: string },
): Promise<AttendanceDay> {
  const { db } = means
  await refreshDays(means, { orgId, members: [member], from: date, to: date })
  const rules = await loadCompanyRules(db, orgId)
  const kept = found(await findDay(db, orgId, member.id, date), 'this day')
  const { facts, input, ledger } = Stored.parse(kept.day)
  const set = ruleSetOf(rules, facts) ?? ruleSetOn(rules, member, date)
  const rule = overtimeRuleOf(set.rules, facts.dayType)
  const month = date.slice(0, 7)
  const asked = { orgId, personIds: [member.id], from: datesOfMonth(month).from, to: date }
  return {
    ...facts,
    ...{ personId: member.id, date, zone: kept.zone, marks: kept.marks, ledger, input },
    engineVersion: kept.engineVersion,
    computedAt: kept.computedAt,
    closed: kept.closed,
    locked: (await lockedMonths(db, orgId, [month])).has(month),
    overtime: { countedMin: overtimeCounted(rule, ledger.minutes.overtime), as: rule.as, factor: rule.factor }, // prettier-ignore
    counters: countersOf(set.rules, await listMonthDays(db, asked)).map(counterOf),
    corrections: await correctionsOf(db, set.rules, { orgId, personId: member.id, date }),
  }
}

/** The version that the day was made with. */
const ruleSetOf = ({ sets }: CompanyRules, { ruleSet }: DayFacts) => sets.find(({ id, version }) => id === ruleSet.id && version === ruleSet.version) // prettier-ignore

const counterOf = ({ rule, count, times }: { rule: CounterRule; count: number; times: number }) => {
  const { counts, every, free, makes } = rule
  return { counts, every, free, makes, count, times }
}

/** How many corrections are left in the day's month, and until when one may be asked for. */
async function correctionsOf(
  db: Db,
  { corrections }: Rules,
  { orgId, personId, date }: { orgId: string; personId: string; date: string },
): Promise<AttendanceDay['corrections']> {
  const { from, to } = datesOfMonth(date.slice(0, 7))
  const approved = await listApproved(db, { orgId, personIds: [personId], from, to })
  const used = approved.corrections.filter((each) => each.date >= from && each.date <= to).length
  const { perMonth } = corrections
  return {
    left: perMonth === null ? null : Math.max(0, perMonth - used),
    until: later(deadlineOf(corrections, date), await graceGranted(db, orgId, date.slice(0, 7))),
  }
}

const later = (end: string | null, granted: string | null) =>
  end === null || granted === null || granted < end ? end : granted

/** The last date on which a correction of a day may be asked for; null when there is none. */
export function deadlineOf(
  { withinDays, untilDay }: Rules['corrections'],
  date: string,
): string | null {
  const { to } = datesOfMonth(date.slice(0, 7))
  const ends = [
    ...(withinDays === null ? [] : [dateAfter(date, withinDays)]),
    ...(untilDay === null ? [] : [dateAfter(to, untilDay)]),
  ]
  return ends.sort()[0] ?? null
}
