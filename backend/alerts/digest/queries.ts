import type { z } from 'zod'
import { AlertDigest, NO_DIGEST, type AlertKind } from '../../contract/alerts.ts'
import type { Db } from '../../core/db.ts'
import { countedBy } from '../../core/queues.ts'
import { sql } from '../../core/sql.ts'

export interface Receiver {
  orgId: string
  personId: string
}

/** What somebody chose, and the zone of his day. */
export async function loadDigest(db: Db, { orgId, personId }: Receiver) {
  const row = await db.first<{ zone: string; hours: unknown; kinds: unknown }>(sql`
    select coalesce(p.zone, o.zone) as zone, d.hours, d.kinds
    from people p
      join orgs o on o.id = ${orgId}
      left join alert_digests d on d.org_id = ${orgId} and d.person_id = p.id
    where p.org_id = ${orgId} and p.id = ${personId}`)
  const kept = AlertDigest.safeParse(row)
  return { zone: row?.zone ?? 'Asia/Shanghai', ...(kept.success ? kept.data : NO_DIGEST) }
}

export const saveDigest = (
  db: Db,
  { orgId, personId }: Receiver,
  { hours, kinds, at }: z.output<typeof AlertDigest> & { at: number },
) =>
  db.run(sql`
    insert into alert_digests (org_id, person_id, hours, kinds, changed_at)
    values (${orgId}, ${personId}, ${hours}::text[], ${kinds}::text[], to_timestamp(${at}::float8 / 1000))
    on conflict (org_id, person_id) do update
    set hours = excluded.hours, kinds = excluded.kinds, changed_at = excluded.changed_at`)

export const addItem = (
  tx: Db,
  { orgId, personId }: Receiver,
  { aboutId, alertId, dueAt }: { aboutId: string; alertId: string; dueAt: number },
) =>
  tx.run(sql`
    insert into alert_digest_items (org_id, person_id, about_id, alert_id, due_at)
    values (${orgId}, ${personId}, ${aboutId}, ${alertId}::uuid, to_timestamp(${dueAt}::float8 / 1000))
    on conflict do nothing`)

export const countItems = (db: Db, orgId: string, now: number) =>
  countedBy(
    db,
    sql`
    select count(*)::int as waiting,
      min(i.due_at) filter (where i.due_at <= to_timestamp(${now}::float8 / 1000)) as since
    from alert_digest_items i
    where i.org_id = ${orgId}`,
  )

export const listDueReceivers = (db: Db, orgId: string, now: number) =>
  db.many<{ personId: string }>(sql`
    select distinct i.person_id as "personId"
    from alert_digest_items i
    where i.org_id = ${orgId} and i.due_at <= to_timestamp(${now}::float8 / 1000)
    order by 1`)

/**
 * Takes what is due of a receiver out of the waiting line: two processes that ask at once never get the same.
 * @returns those that are open still, by person
 */
export async function takeItems(tx: Db, { orgId, personId }: Receiver, now: number) {
  const taken = await tx.many<{ aboutId: string; alertId: string }>(sql`
    delete from alert_digest_items
    where org_id = ${orgId} and person_id = ${personId} and due_at <= to_timestamp(${now}::float8 / 1000)
    returning about_id as "aboutId", alert_id as "alertId"`)
  const open = await tx.many<{ kind: AlertKind; name: string }>(sql`
    select a.kind, p.name
    from json_to_recordset(${JSON.stringify(taken)}::json) as t ("aboutId" text, "alertId" uuid)
      join alerts a on a.org_id = ${orgId} and a.person_id = t."aboutId" and a.id = t."alertId"
      join people p on p.org_id = ${orgId} and p.id = a.person_id
    where a.heard_at is null and a.closed_at is null
    order by a.kind, a.raised_at, a.id`)
  return { taken: taken.length, open }
}
