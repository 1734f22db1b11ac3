import { raw } from 'sql-template-tag'
import { demoCompany } from '../../fixtures/company.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import { PERSONAL } from '../personal.ts'
import { counted, eraseRows, noteErasure } from '../privacy/index.ts'

/**
 * What of a company is the demo's. The ids of its people and customers are fixed by its seed; a person counts by id
 * and name, since somebody's real userid may be the same. Whoever asks for the removal stays, with all that is his.
 */
export interface DemoPart {
  readonly orgId: string
  readonly people: readonly string[] // ids of those who are there still, by their names
}

const namesOf = (all: readonly { id: string; name: string }[]) =>
  JSON.stringify(all.map(({ id, name }) => ({ id, name })))

/** Ids and names of the demo's people, as JSON. */
export const DEMO_PEOPLE = () => namesOf(demoCompany().people)
/** Ids of the demo's customers. */
export const DEMO_CUSTOMERS = () => demoCompany().customers.map(({ id }) => id)

/** A condition on `people p`: somebody of the demo who goes. */
const goes = (stays: string): Sql => sql`
  p.id <> ${stays} and exists (
    select from json_to_recordset(${DEMO_PEOPLE()}::json) as d (id text, name text)
    where d.id = p.id and d.name = p.name)`

/** @param stays id of who asks, of that company; '' where he is of another */
export async function demoIn(db: Db, orgId: string, stays: string): Promise<DemoPart> {
  const rows = await db.many<{ id: string }>(sql`
    select p.id from people p where p.org_id = ${orgId} and ${goes(stays)} order by p.id`)
  return { orgId, people: rows.map(({ id }) => id) }
}

/** @returns how many customers of the demo a company has */
export async function demoCustomersIn(db: Db, orgId: string): Promise<number> {
  const row = await db.first<{ n: number }>(sql`
    select count(*)::int as n from customers c
    where c.org_id = ${orgId} and c.id = any (${DEMO_CUSTOMERS()}::uuid[])`)
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
    await gone(tx, 'checkins', theirs)
    await gone(tx, 'checkin_chains', sql`where org_id = ${orgId}`)
  })
}

const LAST = new Set(['people', 'checkins', 'erasures'])

/** All rows of one person but himself and his check-ins, table by table: each is gone by itself, so it can be gone on with. */
export async function removeRowsOf(db: Db, orgId: string, personId: string): Promise<string[]> {
  const files: string[] = []
  for (const { rewrite: _, ...table } of PERSONAL) {
    if (LAST.has(table.name)) continue
    files.push(...(await eraseRows(db, table, { orgId, personId }, null)).files)
  }
  return files
}

/** What is left when all rows of all of them are gone: what names them, the customers, they themselves, their departments. */
export async function removeRest(db: Db, { orgId, people }: DemoPart): Promise<void> {
  const customers = DEMO_CUSTOMERS()
  const departments = namesOf(demoCompany().departments)
  const by = (column: string) =>
    sql`where org_id = ${orgId} and ${raw(column)} = any (${people}::text[])`
  const ofCustomers = (column: string) =>
    sql`where org_id = ${orgId} and ${raw(column)} = any (${customers}::uuid[])`
  await db.transact(async (tx) => {
    for (const table of ['handovers', 'delegations']) await gone(tx, table, by('to_id'))
    await gone(tx, 'announcement_receipts', sql`
      where org_id = ${orgId} and announcement_id in (
        select a.id from announcements a where a.org_id = ${orgId} and a.made_by = any (${people}::text[]))`) // prettier-ignore
    await gone(tx, 'announcements', by('made_by'))
    await gone(tx, 'customer_transfers', by('done_by'))
    for (const table of ['customer_history', 'customer_proposals', 'opening_hours'])
      await gone(tx, table, ofCustomers('customer_id'))
    await gone(tx, 'customers', ofCustomers('id'))
    await changed(tx, 'customers', sql`set owner_id = null ${by('owner_id')}`) // real ones, into the pool
    await removePeople(tx, { orgId, people })
    // twice: the teams, then what they were below of
    for (let level = 0; level < 2; level++)
      await gone(tx, 'departments', sql`
        where org_id = ${orgId} and id in (
          select d.id from departments d
            join json_to_recordset(${departments}::json) as f (id text, name text) on f.id = d.id and f.name = d.name
          where d.org_id = ${orgId}
            and not exists (select from people p where p.org_id = ${orgId} and p.department_id = d.id)
            and not exists (select from departments b where b.org_id = ${orgId} and b.parent_id = d.id))`) // prettier-ignore
  })
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
