import type { Balance, LeaveKind, LeaveKinds, NewGrant } from '../contract/approvalSettings.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { balanceOf, type Lot, type Use } from './balances.ts'
import type { Grantee } from './grantTable.ts'
import { dateAfter } from './spans.ts'

interface Facts {
  lots: Map<string, Lot[]> // by kind of leave
  uses: Map<string, Use[]>
  overtime: { date: string; minutes: number }[]
}

/** What somebody has of each kind of leave that has a balance, on a date. */
export async function balancesOf(
  db: Db,
  who: { orgId: string; personIds: readonly string[] },
  { leave, date }: { leave: LeaveKinds; date: string },
): Promise<Map<string, Balance[]>> {
  const facts = await factsOf(db, who)
  const kinds = leave.kinds.filter((kind) => kind.balance !== 'none')
  const of = (personId: string) => {
    const known = facts.get(personId) ?? emptyFacts()
    return kinds.map((kind) => {
      const lots = [...(known.lots.get(kind.key) ?? []), ...overtimeLots(kind, known.overtime)]
      const uses = known.uses.get(kind.key) ?? []
      return balanceOf(kind, { lots, uses }, { date, minutesPerDay: leave.minutesPerDay })
    })
  }
  return new Map(who.personIds.map((personId) => [personId, of(personId)]))
}

const emptyFacts = (): Facts => ({ lots: new Map(), uses: new Map(), overtime: [] })

/** Each approved overtime may be taken off until so many months after it. */
const overtimeLots = (kind: LeaveKind, overtime: Facts['overtime']): Lot[] =>
  kind.balance === 'overtime'
    ? overtime.map(({ date, minutes }) => ({
        minutes,
        from: date,
        to: monthsAfter(date, kind.lastsMonths),
      }))
    : []

/** The day before the same day so many months later; of a month that is shorter its last. */
function monthsAfter(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  const same = new Date(Date.UTC(year, month - 1 + months, Math.min(day, last)))
  return dateAfter(same.toISOString().slice(0, 10), -1)
}

interface FactRow {
  personId: string
  what: 'grant' | 'use' | 'overtime'
  leaveKind: string
  minutes: number
  from: string
  to: string
  pending: boolean
}

async function factsOf(
  db: Db,
  { orgId, personIds }: { orgId: string; personIds: readonly string[] },
): Promise<Map<string, Facts>> {
  const rows = await db.many<FactRow>(sql`
    select g.person_id as "personId", 'grant' as what, g.leave_kind as "leaveKind", g.minutes,
      g.from_date as "from", g.to_date as "to", false as pending
    from leave_grants g
    where g.org_id = ${orgId} and g.person_id = any (${personIds}::text[])
    union all
    select r.person_id, case r.kind when 'leave' then 'use' else 'overtime' end,
      coalesce(r.details ->> 'leaveKind', ''), r.minutes, r.from_date, r.to_date, s.state = 'pending'
    from requests r
      join request_states s on s.org_id = ${orgId} and s.person_id = r.person_id and s.request_id = r.id
    where r.org_id = ${orgId}
      and r.person_id = any (${personIds}::text[])
      and (r.kind = 'leave' and s.state in ('pending', 'approved', 'revoking')
        or r.kind = 'overtime' and s.state in ('approved', 'revoking') and r.details ->> 'as' = 'compensatory')`)
  const byPerson = new Map<string, Facts>()
  for (const row of rows) {
    const facts = byPerson.get(row.personId) ?? emptyFacts()
    byPerson.set(row.personId, facts)
    note(facts, row)
  }
  return byPerson
}

function note(facts: Facts, { what, leaveKind, minutes, from, to, pending }: FactRow): void {
  if (what === 'overtime') facts.overtime.push({ date: from, minutes })
  else if (what === 'grant') push(facts.lots, leaveKind, { minutes, from, to })
  else push(facts.uses, leaveKind, { minutes, date: from, pending })
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/**
 * Gives somebody leave, or takes it back. Sent again it changes nothing.
 * @throws Fault `bad_input` for a kind without a balance or a stranger, `conflict` when the id is another's
 */
export const grantLeave = (db: Db, who: Giver, given: Given): Promise<void> =>
  db.transact((tx) => insertGrant(tx, who, given))

interface Giver {
  orgId: string
  id: string
}
interface Given {
  grant: NewGrant
  leave: LeaveKinds
  now: number
}

/** The same in the transaction of many. */
export async function insertGrant(tx: Db, who: Giver, { grant, leave, now }: Given): Promise<void> {
  const kind = leave.kinds.find((each) => each.key === grant.leaveKind)
  if (!kind || kind.balance === 'none')
    throw new Fault('bad_input', 'leaveKind: there is no such kind of leave with a balance')
  const { orgId } = who
  const there = await tx.first(sql`
    select p.id from people p where p.org_id = ${orgId} and p.id = ${grant.personId} and p.active`)
  if (!there) throw new Fault('bad_input', 'personId: there is no such colleague')
  const added = await tx.run(sql`
    insert into leave_grants (org_id, person_id, id, leave_kind, minutes, from_date, to_date, note, made_by, made_at)
    values (${orgId}, ${grant.personId}, ${grant.id}::uuid, ${grant.leaveKind}, ${grant.minutes},
      ${grant.from}::date, ${grant.to}::date, ${grant.note}, ${who.id}, to_timestamp(${now}::float8 / 1000))
    on conflict do nothing`)
  if (added > 0) return
  const known = await tx.first<{ same: boolean }>(sql`
    select g.leave_kind = ${grant.leaveKind} and g.minutes = ${grant.minutes} and g.from_date = ${grant.from}::date
      and g.to_date = ${grant.to}::date as same
    from leave_grants g
    where g.org_id = ${orgId} and g.person_id = ${grant.personId} and g.id = ${grant.id}::uuid`)
  if (!known?.same) throw new Fault('conflict', 'id: another grant has it already')
}

/** Everybody who is here, as a file of leave may name him. */
export const listGrantees = (db: Db, orgId: string) =>
  db.many<Grantee>(sql`
    select p.id, coalesce(p.user_id, p.id) as "userId", p.name
    from people p
    where p.org_id = ${orgId} and p.active
    order by p.id`)

/** People by name with their department, for lists that go on after `after`. */
export const listPeopleFrom = (
  db: Db,
  orgId: string,
  page: { text: string; after: string; limit: number },
) =>
  db.many<{ id: string; name: string; department: string }>(sql`
    select p.id, p.name, d.name as department
    from people p
      join departments d on d.org_id = ${orgId} and d.id = p.department_id
    where p.org_id = ${orgId}
      and p.active
      and p.id > ${page.after}
      and (${page.text} = '' or p.name ilike ${`%${page.text.replaceAll(/[\\%_]/g, '\\$&')}%`} or p.id = ${page.text})
    order by p.id
    limit ${page.limit}`)
