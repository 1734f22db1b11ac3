import { createHash } from 'node:crypto'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import { followEmployments } from '../employment.ts'
import { makeOrg } from './ledger.ts'
import type { Diff, Stored, StoredDepartment, StoredPerson } from './diff.ts'

const BATCH = 1_000 // rows a statement

/**
 * Locks the company against others who change its people by the directory. The row of the company
 * is made with the first sync.
 */
export async function lockContacts(tx: Db, orgId: string): Promise<void> {
  await makeOrg(tx, orgId)
  await tx.run(sql`insert into contact_states (org_id) values (${orgId}) on conflict do nothing`)
  await tx.run(sql`select org_id from contact_states where org_id = ${orgId} for update`)
}

/** Departments and people as far as the directory has a say. */
export async function loadStored(db: Db, orgId: string): Promise<Stored> {
  const departments = await db.many<StoredDepartment>(sql`
    select id, parent_id as "parentId", name, sort, active
    from departments
    where org_id = ${orgId}
    order by id collate "C"`)
  const people = await db.many<StoredPerson>(sql`
    select id, user_id as "userId", name, position, department_id as "departmentId", circles, leads,
      role, active
    from people
    where org_id = ${orgId}
    order by id collate "C"`)
  return { departments, people }
}

/**
 * Writes a difference. Leavers keep all their data; their sessions end, and their duty with `now`.
 * @param tx of a transaction that holds the lock.
 */
export async function applyDiff(
  tx: Db,
  orgId: string,
  { diff, before }: { diff: Diff; before: Stored },
  now: number,
): Promise<void> {
  for (const rows of batchesOf(diff.departments)) await writeDepartments(tx, orgId, rows)
  for (const rows of batchesOf(diff.people)) await writePeople(tx, orgId, rows, now)
  await nameOrg(tx, orgId, diff)
  const left = leaversOf(diff, before)
  await followEmployments(tx, orgId, { came: comersOf(diff, before), left }, now)
  await endDuty(tx, orgId, left, now)
}

/** Ids of those who are active before and not after. */
export function leaversOf(diff: Diff, before: Stored): string[] {
  const active = new Set(before.people.filter((each) => each.active).map((each) => each.id))
  return diff.people.filter((each) => !each.active && active.has(each.id)).map((each) => each.id)
}

/** Ids of those who are active after and not before. */
function comersOf(diff: Diff, before: Stored): string[] {
  const active = new Set(before.people.filter((each) => each.active).map((each) => each.id))
  return diff.people.filter((each) => each.active && !active.has(each.id)).map((each) => each.id)
}

/** The same for the same difference, and for no other. */
export const fingerprintOf = ({ departments, people }: Diff) =>
  createHash('sha256').update(JSON.stringify({ departments, people })).digest('hex')

function* batchesOf<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH)
}

const writeDepartments = (tx: Db, orgId: string, rows: readonly StoredDepartment[]) =>
  tx.run(sql`
    insert into departments (org_id, id, parent_id, name, sort, active)
    select ${orgId}, d.id, d."parentId", d.name, d.sort, d.active
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as d (id text, "parentId" text, name text, sort bigint, active boolean)
    on conflict (org_id, id) do update
    set parent_id = excluded.parent_id, name = excluded.name, sort = excluded.sort,
      active = excluded.active`)

/** HR and admins were made here meanwhile, perhaps: their role is never written. */
const writePeople = (tx: Db, orgId: string, rows: readonly StoredPerson[], now: number) =>
  tx.run(sql`
    insert into people as p (org_id, id, user_id, name, position, department_id, circles, leads, role,
      active, left_at, changed_at)
    select ${orgId}, r.id, r."userId", r.name, r.position, r."departmentId",
      array(select json_array_elements_text(r.circles)), array(select json_array_elements_text(r.leads)),
      r.role, r.active, case when r.active then null else to_timestamp(${now}::float8 / 1000) end,
      to_timestamp(${now}::float8 / 1000)
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r (id text, "userId" text, name text, position text, "departmentId" text, circles json,
        leads json, role text, active boolean)
    on conflict (org_id, id) do update
    set user_id = excluded.user_id, name = excluded.name, position = excluded.position,
      department_id = excluded.department_id, circles = excluded.circles, leads = excluded.leads,
      role = case when p.role in ('hr', 'admin') then p.role else excluded.role end,
      active = excluded.active, changed_at = excluded.changed_at,
      left_at = case when excluded.active then null else coalesce(p.left_at, excluded.left_at) end`)

/** A company that was never named is called as its top department. */
async function nameOrg(tx: Db, orgId: string, diff: Diff): Promise<void> {
  const top = diff.departments.find((each) => each.parentId === null && each.active)
  if (top) await tx.run(sql`update orgs set name = ${top.name} where id = ${orgId} and name = id`)
}

async function endDuty(tx: Db, orgId: string, personIds: readonly string[], now: number) {
  if (personIds.length === 0) return
  const at = sql`to_timestamp(${now}::float8 / 1000)`
  await tx.run(sql`
    update sessions set revoked_at = ${at}
    where org_id = ${orgId} and person_id = any (${personIds}::text[]) and revoked_at is null`)
  await tx.run(sql`
    delete from duty_windows
    where org_id = ${orgId} and person_id = any (${personIds}::text[]) and from_at >= ${at}`)
  await tx.run(sql`
    update duty_windows set to_at = ${at}
    where org_id = ${orgId} and person_id = any (${personIds}::text[]) and from_at < ${at} and to_at > ${at}`)
}

/**
 * Follows a userid that was changed: the person stays who he is. Nothing happens when the new one
 * is somebody's already.
 */
export const renameUserId = (tx: Db, orgId: string, from: string, to: string) =>
  tx.run(sql`
    update people p set user_id = ${to}
    where p.org_id = ${orgId}
      and lower(coalesce(p.user_id, p.id)) = lower(${from})
      and not exists (
        select from people o
        where o.org_id = ${orgId} and o.id <> p.id and lower(coalesce(o.user_id, o.id)) = lower(${to}))`)

/** Asks for everything to be read soon: what happened could not be followed by itself. */
export async function wantSync(db: Db, orgId: string, now: number): Promise<void> {
  await makeOrg(db, orgId)
  await db.run(sql`
    insert into contact_states (org_id, wanted_at) values (${orgId}, to_timestamp(${now}::float8 / 1000))
    on conflict (org_id) do update
    set wanted_at = coalesce(contact_states.wanted_at, excluded.wanted_at)`)
}
