import type { z } from 'zod'
import { datesOfMonth } from '../../contract/closing.ts'
import type { AttendanceMonth, MonthQuery, MonthRow } from '../../contract/months.ts'
import { loadStanding } from '../closing/index.ts'
import type { Db } from '../../core/db.ts'
import { employedOn } from '../../people/index.ts'
import { dateAfter, datesFrom, minuteAt } from '../clock.ts'
import { factsOn, ruleSetOn } from '../resolve.ts'
import { loadCompanyRules, type CompanyRules } from '../rules/book.ts'
import { listRoster } from '../rules/queries.ts'
import { refreshDays, type Means } from './keep.ts'
import { countMembers, cursorOf, listMembers, type Member, type WantedMembers } from './members.ts' // prettier-ignore
import { listMonthDays, listStalePeople, type PersonDates, type StoredDay } from './queries.ts'
import { totalsOf } from './totals.ts'

export type Scope = Pick<WantedMembers, 'orgId' | 'departments' | 'personIds'>

/** The date on the clock of a zone. */
export function todayIn(zone: string, now: number): string {
  const utc = new Date(now).toISOString().slice(0, 10)
  return dateAfter(utc, Math.floor(minuteAt(now, zone, utc) / 1440))
}

/** A page of a month's matrix, people by department. What is not kept yet is computed. */
export async function monthOf(
  means: Means,
  scope: Scope & { below?: readonly string[] | undefined; zone: string },
  month: string,
  query: z.infer<typeof MonthQuery>,
): Promise<AttendanceMonth> {
  const { db } = means
  const { from, to } = datesOfMonth(month)
  const { zone, ...people } = scope
  const asked = { ...people, q: query.q, ...(query.only && { anomalous: { from, to } }) }
  const dates = people.personIds ? null : { from, to } // who is asked for by name is shown in any month
  const members = await listMembers(db, { ...asked, after: query.after, limit: query.limit }, dates)
  const rules = await loadCompanyRules(db, scope.orgId)
  const days = datesFrom(from, to)
  const last = members.at(-1)
  const calendar = rules.calendar(ruleSetOn(rules, members[0] ?? NOBODY, to).rules.calendar)
  const { state, lockedAt, lockedBy, graceUntil, reason } = await loadStanding(db, scope.orgId, month, means.now()) // prettier-ignore
  return {
    month,
    days: days.map((date) => {
      const { type, name, makeUp } = calendar.dayOf(date)
      return { date, type, name, makeUp }
    }),
    rows: await rowsOf(means, rules, { ...scope, members, from, to, today: todayIn(zone, means.now()) }), // prettier-ignore
    people: await countMembers(db, asked, dates),
    next: last && members.length === query.limit ? cursorOf(last) : null,
    lock: { month, state, lockedAt, lockedBy, graceUntil, reason },
  }
}

const NOBODY = { id: '', departmentId: '', tags: [] }

interface Wanted {
  readonly orgId: string
  readonly members: readonly Member[]
  readonly from: string
  readonly to: string
  readonly today: string
}

/** Each person's month. @param wanted.today from tomorrow on only what is planned is told */
export const rowsOf = async (means: Means, rules: CompanyRules, wanted: Wanted) =>
  monthRows(means.db, rules, wanted, await keptDays(means, wanted, listMonthDays))

/** Each person's month out of his kept days. */
export async function monthRows(
  db: Db,
  rules: CompanyRules,
  wanted: Wanted,
  stored: ReadonlyMap<string, readonly Omit<StoredDay, 'zone'>[]>,
): Promise<MonthRow[]> {
  const { orgId, members, from, to, today } = wanted
  const personIds = members.map(({ id }) => id)
  const roster = new Map(
    (await listRoster(db, orgId, personIds, { from, to })).map(({ personId, date, shiftId }) => [`${personId} ${date}`, shiftId]), // prettier-ignore
  )
  return members.map((member) => {
    const mine = stored.get(member.id) ?? []
    const kept = new Map(mine.map((day) => [day.date, day.cell]))
    const cells = datesFrom(from, to).map(
      (date) => kept.get(date) ?? plannedCell(member, rules, { date, roster, from: today }),
    )
    const set = ruleSetOn(rules, member, to < today ? to : today)
    const { id: personId, name, departmentId, department } = member
    return { personId, name, departmentId, department, cells, totals: totalsOf(set.rules, mine) }
  })
}

/**
 * The kept days by person. Those that lack, and those whose facts changed since, are computed first: a list is never
 * older than a day's page.
 * @param read which of their columns are wanted
 */
export async function keptDays<Day extends { personId: string; date: string }>(
  means: Means,
  { orgId, members, from, to, today }: Wanted,
  read: (db: Db, asked: PersonDates) => Promise<Day[]>,
): Promise<Map<string, Day[]>> {
  const asked = { orgId, personIds: members.map(({ id }) => id), from, to }
  const past = { from, to: to < today ? to : today }
  const stored = byPerson(await read(means.db, asked))
  const dates = past.to < past.from ? [] : datesFrom(past.from, past.to)
  const waiting = new Set(
    (await listStalePeople(means.db, { ...asked, ...past }, means.now())).map(
      ({ personId }) => personId,
    ),
  )
  const lacking = members.filter(({ id }) => {
    const kept = (stored.get(id) ?? []).filter(({ date }) => date <= past.to)
    return waiting.has(id) || kept.length < dates.length
  })
  if (lacking.length === 0) return stored
  await refreshDays(means, { orgId, members: lacking, ...past })
  return byPerson(await read(means.db, asked))
}

function byPerson<Day extends { personId: string }>(days: readonly Day[]): Map<string, Day[]> {
  const found = new Map<string, Day[]>()
  for (const day of days) {
    const mine = found.get(day.personId)
    if (mine) mine.push(day)
    else found.set(day.personId, [day])
  }
  return found
}

/** A day that has not come: rest and holidays are known, work shows nothing. */
function plannedCell(
  member: Member,
  rules: CompanyRules,
  {
    date,
    roster,
    from,
  }: { date: string; roster: ReadonlyMap<string, string | null>; from: string },
): string {
  if (date < from) return ''
  if (!employedOn(member.employed, date)) return 'x'
  const set = ruleSetOn(rules, member, date)
  const facts = factsOn(date, set, rules.calendar(set.rules.calendar), roster.get(`${member.id} ${date}`)) // prettier-ignore
  if (facts.dayType === 'workday') return facts.makeUp ? 'w' : ''
  return facts.dayType === 'holiday' ? 'h' : 'r'
}
