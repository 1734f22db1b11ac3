import { listApproved, type Approved } from '../../approvals/index.ts'
import { listCheckins, type ListedCheckin } from '../../checkins/index.ts'
import type { Db } from '../../core/db.ts'
import { dateAfter } from '../clock.ts'
import type { CompanyRules } from '../rules/book.ts'
import { listRoster } from '../rules/queries.ts'
import type { PersonEvidence, TimedPunch, TimedVisit } from './compute.ts'
import type { Member } from './members.ts'
import { listPunches, listStates, type DayState, type PersonDates } from './queries.ts'

/** Proven visits of people, asked for only where rules count them as outing. */
export type ListVisits = (
  db: Db,
  asked: PersonDates,
) => Promise<(TimedVisit & { personId: string })[]>

const DAY_MS = 86_400_000

/**
 * What is known of people around dates, and what is kept of their days: read first, before rules and evidence,
 * so that whatever changes meanwhile, a rule too, waits on and is not taken for settled.
 */
export async function gather(
  db: Db,
  {
    orgId,
    members,
    from,
    to,
  }: { orgId: string; members: readonly Member[]; from: string; to: string },
  { rulesOf, visits }: { rulesOf: () => Promise<CompanyRules>; visits: ListVisits },
): Promise<{ evidence: PersonEvidence[]; states: DayState[]; rules: CompanyRules }> {
  const personIds = members.map(({ id }) => id)
  const asked = { orgId, personIds, from: dateAfter(from, -2), to: dateAfter(to, 2) }
  const span = { from: Date.parse(asked.from) - DAY_MS, to: Date.parse(asked.to) + 2 * DAY_MS }
  const states = await listStates(db, asked)
  const rules = await rulesOf()
  const roster = byPerson(await listRoster(db, orgId, personIds, asked))
  const told = byPerson(await listPunches(db, asked, span))
  const checkins = byPerson(await listCheckins(db, { orgId, personIds, ...span }))
  const approved = await listApproved(db, asked)
  const counted = rules.sets.some((set) => set.rules.outside.visit === 'outing')
  const visited = byPerson(counted ? await visits(db, asked) : [])
  const granted = { absences: byPerson(approved.absences), corrections: byPerson(approved.corrections), overtime: byPerson(approved.overtime) } // prettier-ignore
  const kept = byPerson(states)
  const evidence = members.map((member) => ({
    member,
    ...begunAs(kept.get(member.id) ?? []),
    roster: new Map((roster.get(member.id) ?? []).map(({ date, shiftId }) => [date, shiftId])),
    punches: [
      ...(told.get(member.id) ?? []).map(toldPunch),
      ...(checkins.get(member.id) ?? []).filter(counts).map(checkinPunch),
    ].sort((a, b) => a.at - b.at),
    visits: visited.get(member.id) ?? [],
    approved: approvedOf(granted, member.id),
  }))
  return { evidence, states, rules }
}

function byPerson<Row extends { personId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const mine = found.get(row.personId)
    if (mine) mine.push(row)
    else found.set(row.personId, [row])
  }
  return found
}

/** Zone and department of days that were begun: they keep them. */
const begunAs = (states: readonly DayState[]) => ({
  zones: new Map(states.flatMap(({ date, zone }) => (zone ? [[date, zone]] : []))),
  departments: new Map(states.flatMap(({ date, departmentId }) => (departmentId ? [[date, departmentId]] : []))), // prettier-ignore
})

/** What a supervisor refused proves nothing. */
const counts = ({ standing }: ListedCheckin) => standing !== 'refused'

const toldPunch = ({
  id,
  at,
  source,
}: {
  id: string
  at: number
  source: 'device' | 'wecom' | 'import'
}): TimedPunch =>
  // prettier-ignore
  ({ id, at, source, customer: false, outside: false })

const checkinPunch = ({ id, at, customerId, where }: ListedCheckin): TimedPunch => ({
  ...{ id, at },
  source: 'checkin',
  customer: customerId !== null,
  outside: customerId === null && where === 'outside',
})

const approvedOf = (
  granted: { [K in keyof Approved]: Map<string, Approved[K]> },
  id: string,
): Approved => ({
  // prettier-ignore
  absences: granted.absences.get(id) ?? [],
  corrections: granted.corrections.get(id) ?? [],
  overtime: granted.overtime.get(id) ?? [],
})
