import type { DelegationView, NewDelegation } from '../contract/approvalSettings.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { sql, type Sql } from '../core/sql.ts'

const instant = (at: number): Sql => sql`to_timestamp(${at}::float8 / 1000)`

const standing = (orgId: string): Sql => sql`
  d.ends is null
  and not exists (
    select 1 from delegations e
    where e.org_id = ${orgId} and e.person_id = d.person_id and e.ends = d.id)`

/** For whom somebody decides at `at`: himself, and those he stands in for, theirs included. */
export async function standsInFor(db: Db, orgId: string, personId: string, at: number) {
  const rows = await db.many<{ id: string }>(sql`
    with recursive acting as (
      select ${personId}::text as id
      union
      select d.person_id
      from acting a
        join delegations d on d.org_id = ${orgId} and d.to_id = a.id
      where d.from_at <= ${instant(at)} and d.to_at > ${instant(at)} and ${standing(orgId)}
    )
    select id from acting`)
  return rows.map((row) => row.id)
}

/** Who stands in for these people at some moment of [from, to], by their ids; theirs included. */
export async function standInsOf(
  db: Db,
  orgId: string,
  asked: { personIds: readonly string[]; from: number; to: number },
): Promise<Map<string, string[]>> {
  const rows = await db.many<{ personId: string; toId: string }>(sql`
    with recursive stand as (
      select d.person_id as origin, d.to_id
      from delegations d
      where d.org_id = ${orgId} and d.person_id = any (${asked.personIds}::text[])
        and d.from_at <= ${instant(asked.to)} and d.to_at > ${instant(asked.from)} and ${standing(orgId)}
      union
      select s.origin, d.to_id
      from stand s
        join delegations d on d.org_id = ${orgId} and d.person_id = s.to_id
      where d.from_at <= ${instant(asked.to)} and d.to_at > ${instant(asked.from)} and ${standing(orgId)}
    )
    select s.origin as "personId", s.to_id as "toId"
    from stand s
      join people p on p.org_id = ${orgId} and p.id = s.to_id and p.active
    order by 1, 2`)
  const found = new Map<string, string[]>()
  for (const { personId, toId } of rows) found.set(personId, [...(found.get(personId) ?? []), toId])
  return found
}

/** Mine, and those to me, that are not long over; newest first. */
export const listDelegations = (db: Db, viewer: { orgId: string; id: string }, now: number) =>
  db.many<DelegationView>(sql`
    select d.id, d.person_id as "personId", p.name as person, d.to_id as "toId", t.name as to,
      d.from_at as "from", d.to_at as until,
      exists (
        select 1 from delegations e
        where e.org_id = ${viewer.orgId} and e.person_id = d.person_id and e.ends = d.id) as ended
    from delegations d
      join people p on p.org_id = ${viewer.orgId} and p.id = d.person_id
      join people t on t.org_id = ${viewer.orgId} and t.id = d.to_id
    where d.org_id = ${viewer.orgId}
      and (d.person_id = ${viewer.id} or d.to_id = ${viewer.id})
      and d.ends is null
      and d.to_at > ${instant(now - 90 * 86_400_000)}
    order by d.from_at desc, d.id desc
    limit 100`)

/**
 * Lets somebody decide in one's place for a time. Sent again it changes nothing.
 * @throws Fault `bad_input` for oneself, somebody who is not there, or when it would go round in a circle
 */
export async function delegate(
  db: Db,
  who: { orgId: string; id: string },
  { id, toId, from, until }: NewDelegation,
  now: number,
): Promise<void> {
  if (toId === who.id) throw new Fault('bad_input', 'toId: must be somebody else')
  if (until <= now) throw new Fault('bad_input', 'until: lies in the past')
  await db.transact(async (tx) => {
    await tx.first(sql`select o.id from orgs o where o.id = ${who.orgId} for no key update`) // two halves of a circle at once
    const known = await tx.first<{ personId: string }>(sql`
      select d.person_id as "personId" from delegations d where d.org_id = ${who.orgId} and d.id = ${id}::uuid`)
    if (known?.personId === who.id) return
    if (known) throw new Fault('conflict', 'id: another delegation has it already')
    const there = await tx.first(sql`
      select p.id from people p where p.org_id = ${who.orgId} and p.id = ${toId} and p.active`)
    if (!there) throw new Fault('bad_input', 'toId: there is no such colleague')
    const span = { personIds: [toId], from, to: until - 1 }
    const beyond = (await standInsOf(tx, who.orgId, span)).get(toId) ?? []
    if (beyond.includes(who.id))
      throw new Fault('bad_input', 'toId: circular: you stand in for this colleague at that time')
    await insert(tx, who, { id, toId, from, until, ends: null }, now)
  })
}

/** Ends a delegation of one's own now. @throws Fault `not_found` */
export async function endDelegation(
  db: Db,
  who: { orgId: string; id: string },
  { id, endId, now }: { id: string; endId: string; now: number },
): Promise<void> {
  await db.transact(async (tx) => {
    const known = await tx.first<{ toId: string; from: number; until: number }>(sql`
      select d.to_id as "toId", d.from_at as "from", d.to_at as until
      from delegations d
      where d.org_id = ${who.orgId} and d.person_id = ${who.id} and d.id = ${id}::uuid and d.ends is null`)
    if (!known) throw new Fault('not_found', 'this delegation does not exist')
    await insert(tx, who, { ...known, id: endId, ends: id }, now)
  })
}

const insert = (
  tx: Db,
  who: { orgId: string; id: string },
  row: { id: string; toId: string; from: number; until: number; ends: string | null },
  now: number,
) =>
  tx.run(sql`
    insert into delegations (org_id, person_id, id, to_id, from_at, to_at, made_at, made_by, ends)
    values (${who.orgId}, ${who.id}, ${row.id}::uuid, ${row.toId}, ${instant(row.from)}, ${instant(row.until)},
      ${instant(now)}, ${who.id}, ${row.ends}::uuid)
    on conflict do nothing`)
