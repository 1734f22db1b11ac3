import { v7 as uuid } from 'uuid'
import type { Erasure } from '../contract/privacy.ts'
import type { Db } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'
import { eraseRows, remaining, removeFiles, type Person } from './erase.ts'
import type { PersonalTable } from './personal.ts'

export const DAY_MS = 86_400_000
/** What wages were paid for must be shown for two years: 工资支付暂行规定 (1994), article 6. */
const PROOF_DAYS = 730

/**
 * Erases a person who has left: at once what proves nothing of work and wages, the rest as soon as it need not be
 * proven any more. Asked again, it goes on from where it is. Throws Fault `not_found`, `conflict`.
 */
export async function erasePerson(
  kit: Kit,
  tables: readonly PersonalTable[],
  who: Person,
  byId: string,
): Promise<Erasure> {
  const person = await kit.db.first<{ active: boolean }>(sql`
    select p.active from people p where p.org_id = ${who.orgId} and p.id = ${who.personId}`)
  if (found(person, 'this person').active)
    throw new Fault('conflict', 'id: they still work here; take them out of the contacts first')
  await noteErasure(kit.db, who, byId, kit.clock.now())
  return goOn(kit, tables, who)
}

/** Puts an erasure on record, once: what is left of somebody in a chain can be told from a forgery by it. */
export const noteErasure = (db: Db, who: Person, byId: string, now: number) =>
  db.run(sql`
    insert into erasures (org_id, person_id, id, at, by_id)
    select ${who.orgId}, ${who.personId}, ${uuid()}::uuid, to_timestamp(${now}::float8 / 1000), ${byId}
    where not exists (
      select from erasures e where e.org_id = ${who.orgId} and e.person_id = ${who.personId})`)

/** What may go by now goes. */
async function goOn(kit: Kit, tables: readonly PersonalTable[], who: Person): Promise<Erasure> {
  const days = await proofDays(kit.db, who.orgId)
  const before = kit.clock.now() - days * DAY_MS
  const { erased, files } = await kit.db.transact(async (tx) => {
    const changes = []
    for (const table of ordered(tables)) {
      const done = await eraseRows(tx, table, who, table.erase === 'now' ? null : before)
      changes.push({ table: table.name, ...done })
    }
    return { erased: changes, files: changes.flatMap((each) => each.files) }
  })
  await removeFiles(kit.files, files)
  const kept = await listKept(kit.db, tables, who, days)
  if (kept.length === 0) await finish(kit, tables, who)
  kit.facts.publish('personChanged', who)
  return {
    erased: erased.flatMap(({ table, rows }) => (rows > 0 ? [{ table, rows }] : [])),
    kept,
  }
}

/** The tables that an erasure goes through by itself, in the order of the data map. */
export const ordered = (tables: readonly PersonalTable[]) =>
  tables.filter(({ erase }) => erase === 'now' || erase === 'proof')

async function listKept(
  db: Db,
  tables: readonly PersonalTable[],
  who: Person,
  days: number,
): Promise<Erasure['kept']> {
  const kept: Erasure['kept'] = []
  for (const table of ordered(tables)) {
    const { rows, newest } = await remaining(db, table, who)
    if (rows > 0) kept.push({ table: table.name, rows, until: (newest ?? 0) + days * DAY_MS })
  }
  return kept
}

async function finish(kit: Kit, tables: readonly PersonalTable[], who: Person): Promise<void> {
  await kit.db.transact(async (tx) => {
    for (const table of tables) if (table.erase === 'last') await eraseRows(tx, table, who, null)
    await tx.run(sql`
      update erasures set finished_at = to_timestamp(${kit.clock.now()}::float8 / 1000)
      where org_id = ${who.orgId} and person_id = ${who.personId} and finished_at is null`)
  })
}

/** For how many days work and wages must be proven, by the company's own word if it says more or less. */
export async function proofDays(db: Db, orgId: string): Promise<number> {
  const org = await db.first<{ days: number }>(sql`
    select coalesce((o.settings ->> 'proofRetentionDays')::int, ${PROOF_DAYS}::int) as days
    from orgs o where o.id = ${orgId}`)
  return org?.days ?? PROOF_DAYS
}

/** What had to be kept of those whose erasure was asked for, and has come of age by now, goes. */
export async function goOnWithAll(kit: Kit, tables: readonly PersonalTable[], orgId: string) {
  const open = await kit.db.many<Person>(sql`
    select e.org_id as "orgId", e.person_id as "personId"
    from erasures e where e.org_id = ${orgId} and e.finished_at is null`)
  for (const who of open) await goOn(kit, tables, who)
}
