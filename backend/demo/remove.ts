import { raw } from 'sql-template-tag'
import { demoCompany } from '../../fixtures/company.ts'
import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import { sql, type Sql } from '../core/sql.ts'
import { PERSONAL } from '../personal.ts'
import { counted, eraseRows, noteErasure, removeFiles } from '../privacy/index.ts'

/**
 * What of a company is the demo's. The ids of its people and customers are fixed by its seed; each counts by id and
 * name, since somebody's real userid may be the same, and a customer may have been made into a real one. Whoever asks
 * for the removal stays, with all that is his, and so does a customer of the demo that somebody real was at.
 */
export interface DemoPart {
  readonly orgId: string
  readonly people: readonly string[] // ids of those who are there still, by their names
}

type Named = readonly { readonly id: string; readonly name: string }[]
const namesOf = (all: Named) => JSON.stringify(all.map(({ id, name }) => ({ id, name })))
const idsOf = (all: Named) => all.map(({ id }) => id)

/** A condition on `people p`: somebody of the demo, by id and name. */
export const ofDemo = (): Sql => sql`
  exists (
    select from json_to_recordset(${namesOf(demoCompany().people)}::json) as d (id text, name text)
    where d.id = p.id and d.name = p.name)`

/** A condition on `customers c`: one of the demo, by id and name. */
export const customerOfDemo = (): Sql => sql`
  c.id = any (${idsOf(demoCompany().customers)}::uuid[]) and exists (
    select from json_to_recordset(${namesOf(demoCompany().customers)}::json) as d (id uuid, name text)
    where d.id = c.id and d.name = c.name)`

/** A condition on `customers c`: nobody but these has been there, or sold anything there. */
const metByNobodyBut = ({ orgId, people }: DemoPart): Sql => sql`
  not exists (
    select from checkins k
    where k.org_id = ${orgId} and k.customer_id = c.id and k.person_id <> all (${people}::text[]))
  and not exists (
    select from visits v
    where v.org_id = ${orgId} and v.customer_id = c.id and v.person_id <> all (${people}::text[]))
  and not exists (
    select from sales_entries s
    where s.org_id = ${orgId} and s.customer_id = c.id and s.person_id <> all (${people}::text[]))`

/**
 * Where none of the demo's customers is, whose ids are nobody else's, the demo never was, or is gone: an employee who
 * happens to have such a userid and name is real. They go last, together with the people.
 * @param stays id of who asks, of that company; '' where he is of another
 */
export async function demoIn(db: Db, orgId: string, stays: string): Promise<DemoPart> {
  const all = { orgId, people: idsOf(demoCompany().people) }
  const rows = await db.many<{ id: string; name: string }>(sql`
    select p.id, p.name from people p
    where p.org_id = ${orgId} and p.id <> ${stays} and ${ofDemo()}
      and exists (
        select from customers c
        where c.org_id = ${orgId} and ${customerOfDemo()} and ${metByNobodyBut(all)})
    order by p.id`)
  return { orgId, people: idsOf(rows) }
}

/** @returns how many customers of the demo go with these people */
export async function demoCustomersIn(db: Db, part: DemoPart): Promise<number> {
  const row = await db.first<{ n: number }>(sql`
    select count(*)::int as n from customers c
    where c.org_id = ${part.orgId} and ${customerOfDemo()} and ${metByNobodyBut(part)}`)
  return row?.n ?? 0
}

/** From now on nothing is computed for them, planned with them, or sent to them; their sessions go with their rows. */
export const dismiss = (db: Db, { orgId, people }: DemoPart, now: number) =>
  changed(db, 'people', sql`
    set active = false, left_at = to_timestamp(${now}::float8 / 1000), employments = '[]'
    where org_id = ${orgId} and id = any (${people}::text[])`) // prettier-ignore

/**
 * The demo's check-ins go before all else. When nobody else has checked in, the whole chain goes with them: the next
 * check-in begins a new one, as in a new company. When a real one hangs on it, the demo's links stay as an erasure
 * leaves them: place and hashes, nothing of what they said, and the erasure is on record, so that `verify-chain` follows
 * it still and counts them as erased. The lock lets no check-in begin on a head that is being taken away.
 */
export async function removeChain(
  db: Db,
  { orgId, people }: DemoPart,
  by: { personId: string; now: number },
): Promise<void> {
  await db.transact(async (tx) => {
    await tx.run(sql`lock table checkin_chains in exclusive mode`)
    const others = await tx.first(sql`
      select c.id from checkins c
      where c.org_id = ${orgId} and c.person_id <> all (${people}::text[]) limit 1`)
    const theirs = sql`where org_id = ${orgId} and person_id = any (${people}::text[])`
    const unsaid = PERSONAL.find(({ name }) => name === 'checkins')?.rewrite
    if (others && unsaid) {
      const linked = await tx.many<{ personId: string }>(sql`
        select distinct c.person_id as "personId" from checkins c
        where c.org_id = ${orgId} and c.person_id = any (${people}::text[])`)
      for (const { personId } of linked)
        await noteErasure(tx, { orgId, personId }, by.personId, by.now)
      await changed(tx, 'checkins', sql`set ${unsaid.set} ${theirs} and ${unsaid.where}`)
      return
    }
    // a chain without links that are the demo's has lost some: that stays to be seen
    if ((await gone(tx, 'checkins', theirs)) > 0)
      await gone(tx, 'checkin_chains', sql`where org_id = ${orgId}`)
  })
}

const LAST = new Set(['people', 'checkins', 'erasures'])

/**
 * All rows of one person but himself and his check-ins, table by table: each is gone by itself, so it can be gone on
 * with. Files go before their rows are given up for good: killed between the two, the next round finds them again.
 */
export async function removeRowsOf(
  { db, files }: Pick<Kit, 'db' | 'files'>,
  who: { orgId: string; personId: string },
): Promise<void> {
  for (const { rewrite: _, ...table } of PERSONAL) {
    if (LAST.has(table.name)) continue
    await db.transact(async (tx) => {
      await removeFiles(files, (await eraseRows(tx, table, who, null)).files)
    })
  }
}

/** What is left when all rows of all of them are gone: what names them, the customers, they themselves, their departments. */
export async function removeRest(db: Db, part: DemoPart): Promise<void> {
  const { orgId, people } = part
  const by = (column: string) =>
    sql`where org_id = ${orgId} and ${raw(column)} = any (${people}::text[])`
  await db.transact(async (tx) => {
    // what was being computed when they were dismissed has been written by now
    for (const { name, key } of PERSONAL)
      if (!LAST.has(name)) await gone(tx, name, by(key ?? 'person_id'))
    for (const table of ['handovers', 'delegations']) await gone(tx, table, by('to_id'))
    await gone(tx, 'announcement_receipts', sql`
      where org_id = ${orgId} and announcement_id in (
        select a.id from announcements a where a.org_id = ${orgId} and a.made_by = any (${people}::text[]))`) // prettier-ignore
    await gone(tx, 'announcements', by('made_by'))
    await gone(tx, 'customer_transfers', by('done_by'))
    await removeCustomers(tx, part)
    await changed(tx, 'customers', sql`set owner_id = null ${by('owner_id')}`) // who stays goes into the pool
    await removePeople(tx, part)
    await removeDepartments(tx, orgId)
  })
}

async function removeCustomers(tx: Db, part: DemoPart): Promise<void> {
  const { orgId } = part
  const found = await tx.many<{ id: string }>(sql`
    select c.id from customers c
    where c.org_id = ${orgId} and ${customerOfDemo()} and ${metByNobodyBut(part)}`)
  const customers = found.map(({ id }) => id)
  for (const table of ['customer_history', 'customer_proposals', 'opening_hours'])
    await gone(tx, table, sql`where org_id = ${orgId} and customer_id = any (${customers}::uuid[])`)
  await gone(tx, 'customers', sql`where org_id = ${orgId} and id = any (${customers}::uuid[])`)
}

/** Those that nobody and nothing is in any more. Twice: the teams, then what they were below of. */
async function removeDepartments(tx: Db, orgId: string): Promise<void> {
  for (let level = 0; level < 2; level++)
    await gone(tx, 'departments', sql`
      where org_id = ${orgId} and id in (
        select d.id from departments d
          join json_to_recordset(${namesOf(demoCompany().departments)}::json) as f (id text, name text)
            on f.id = d.id and f.name = d.name
        where d.org_id = ${orgId}
          and not exists (select from people p where p.org_id = ${orgId} and p.department_id = d.id)
          and not exists (select from departments b where b.org_id = ${orgId} and b.parent_id = d.id)
          and not exists (select from customers c where c.org_id = ${orgId} and c.department_id = d.id)
          and not exists (select from workplaces w where w.org_id = ${orgId} and d.id = any (w.department_ids)))`) // prettier-ignore
}

/** Who has a link in a chain that real check-ins hang on stays as a row without a name, with the record of his erasure. */
async function removePeople(tx: Db, { orgId, people }: DemoPart): Promise<void> {
  const linked = sql`
    select c.person_id from checkins c where c.org_id = ${orgId} and c.person_id = any (${people}::text[])`
  for (const [table, id] of [['erasures', 'person_id'], ['people', 'id']] as const) // prettier-ignore
    await gone(tx, table, sql`
      where org_id = ${orgId} and ${raw(id)} = any (${people}::text[]) and ${raw(id)} not in (${linked})`) // prettier-ignore
  const nameless = PERSONAL.find(({ name }) => name === 'people')?.rewrite?.set
  if (nameless)
    await changed(tx, 'people', sql`set ${nameless} where org_id = ${orgId} and id = any (${people}::text[])`) // prettier-ignore
}

/** Names stand in statements as they are: they are written above. As with an erasure, the root sees all rooms' tables. */
const gone = (db: Db, table: string, where: Sql) =>
  counted(db, sql`delete from ${raw(table)} ${where} returning 1`)
const changed = (db: Db, table: string, what: Sql) =>
  counted(db, sql`update ${raw(table)} ${what} returning 1`)
