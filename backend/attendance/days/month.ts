import type { z } from 'zod'
import { datesOfMonth } from '../../contract/closing.ts'
import type { AttendanceMonth, MonthQuery, MonthRow } from '../../contract/months.ts'
import { loadStanding } from '../closing/index.ts'
import { dateAfter, datesFrom, minuteAt } from '../clock.ts'
import { factsOn, ruleSetOn } from '../resolve.ts'
import { loadCompanyRules, type CompanyRules } from '../rules/book.ts'
import { listRoster } from '../rules/queries.ts'
import { refreshDays, type Means } from './keep.ts'
import { countMembers, cursorOf, listMembers, type Member, type WantedMembers } from './members.ts' // prettier-ignore
import { listMonthDays, type StoredDay } from './queries.ts'
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
  const members = await listMembers(db, { ...asked, after: query.after, limit: query.limit }, from)
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
    people: await countMembers(db, asked, from),
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
export async function rowsOf(
  means: Means,
  rules: CompanyRules,
  wanted: Wanted,
): Promise<MonthRow[]> {
  const { orgId, members, from, to, today } = wanted
  const personIds = members.map(({ id }) => id)
  const asked = { orgId, personIds, from, to }
  const past = { from, to: to < today ? to : today }
  const stored = await completed(means, { asked, members, past })
  const roster = new Map(
    (await listRoster(means.db, orgId, personIds, { from, to })).map(({ personId, date, shiftId }) => [`${personId} ${date}`, shiftId]), // prettier-ignore
  )
  return members.map((member) => {
    const mine = (stored.get(member.id) ?? []).filter(({ date }) => worksOn(member, date))
    const kept = new Map(mine.map((day) => [day.date, day.cell]))
    const cells = datesFrom(from, to).map(
      (date) => kept.get(date) ?? plannedCell(member, rules, { date, roster, from: today }),
    )
    const set = ruleSetOn(rules, member, past.to)
    const { id: personId, name, departmentId, department } = member
    return { personId, name, departmentId, department, cells, totals: totalsOf(set.rules, mine) }
  })
}

/** Until his last day somebody has days. */
const worksOn = ({ leftOn }: Pick<Member, 'leftOn'>, date: string) => leftOn === null || date <= leftOn // prettier-ignore

/** The kept days by person; those that lack are computed first. */
async function completed(
  means: Means,
  { asked, members, past }: { asked: Parameters<typeof listMonthDays>[1]; members: readonly Member[]; past: { from: string; to: string } }, // prettier-ignore
): Promise<Map<string, StoredDay[]>> {
  const stored = byPerson(await listMonthDays(means.db, asked))
  const dates = past.to < past.from ? [] : datesFrom(past.from, past.to)
  const lacking = members.filter(({ id, leftOn }) => {
    const due = dates.filter((date) => worksOn({ leftOn }, date)).length
    const kept = (stored.get(id) ?? []).filter(({ date }) => date <= past.to && worksOn({ leftOn }, date)) // prettier-ignore
    return kept.length < due
  })
  if (lacking.length === 0) return stored
  await refreshDays(means, { orgId: asked.orgId, members: lacking, ...past })
  return byPerson(await listMonthDays(means.db, asked))
}

function byPerson(days: readonly StoredDay[]): Map<string, StoredDay[]> {
  const found = new Map<string, StoredDay[]>()
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
  if (date < from || !worksOn(member, date)) return ''
  const set = ruleSetOn(rules, member, date)
  const facts = factsOn(date, set, rules.calendar(set.rules.calendar), roster.get(`${member.id} ${date}`)) // prettier-ignore
  if (facts.dayType === 'workday') return facts.makeUp ? 'w' : ''
  return facts.dayType === 'holiday' ? 'h' : 'r'
}
