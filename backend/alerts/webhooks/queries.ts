import type { z } from 'zod'
import type { DeadLetter, Webhook } from '../../contract/webhooks.ts'
import type { Db } from '../../core/db.ts'
import { countedBy } from '../../core/queues.ts'
import { sql } from '../../core/sql.ts'
import type { Before } from '../../core/pages.ts'

const moment = (at: number | null) => sql`to_timestamp(${at}::float8 / 1000)`

export const listWebhooks = (db: Db, orgId: string) =>
  db.many<z.infer<typeof Webhook>>(sql`
    select w.id, w.url, w.active, w.made_at as "madeAt", s.delivered as "deliveredAt",
      coalesce(s.waiting, 0) as waiting, coalesce(s.dead, 0) as dead,
      case when l.reason is null then null
        else json_build_object('reason', l.reason, 'status', l.status) end as last
    from alert_webhooks w
      left join (
        select d.webhook_id, max(d.delivered_at) as delivered, count(d.next_at) as waiting, count(d.dead_at) as dead
        from alert_deliveries d
        where d.org_id = ${orgId}
        group by d.webhook_id) s on s.webhook_id = w.id
      left join (
        select distinct on (f.webhook_id) f.webhook_id, f.reason, f.status
        from alert_deliveries f
        where f.org_id = ${orgId} and f.next_at is not null and f.reason is not null
        order by f.webhook_id, f.event_id desc) l on l.webhook_id = w.id
    where w.org_id = ${orgId}
    order by w.made_at, w.id`)

export interface NewWebhook {
  orgId: string
  id: string
  url: string
  active: boolean
  sealed: string
  by: string
  at: number
  most: number
}

/** @returns false when the company has as many as it may. */
export async function insertWebhook(tx: Db, hook: NewWebhook): Promise<boolean> {
  const rows = await tx.many(sql`
    insert into alert_webhooks (org_id, id, url, active, sealed, made_by, made_at)
    select ${hook.orgId}, ${hook.id}::uuid, ${hook.url}, ${hook.active}, ${hook.sealed}, ${hook.by}, ${moment(hook.at)}
    where (select count(*) from alert_webhooks w where w.org_id = ${hook.orgId}) < ${hook.most}::int
    returning id`)
  return rows.length > 0
}

export interface HookKey {
  orgId: string
  id: string
}

/** @returns whether there is such a one; so also below. */
export const updateWebhook = async (
  db: Db,
  { orgId, id }: HookKey,
  { url, active }: { url: string; active: boolean },
) =>
  // prettier-ignore
  (await db.run(sql`
    update alert_webhooks set url = ${url}, active = ${active}
    where org_id = ${orgId} and id = ${id}::uuid`)) > 0

/** The one before stays good until `beforeUntil`. */
export const renewSecret = async (
  db: Db,
  { orgId, id }: HookKey,
  { sealed, beforeUntil }: { sealed: string; beforeUntil: number },
) =>
  (await db.run(sql`
    update alert_webhooks
    set sealed_before = sealed, before_until = ${moment(beforeUntil)}, sealed = ${sealed}
    where org_id = ${orgId} and id = ${id}::uuid`)) > 0

/** With what waits for it. */
export async function removeWebhook(tx: Db, { orgId, id }: HookKey): Promise<boolean> {
  await tx.run(sql`
    delete from alert_deliveries where org_id = ${orgId} and webhook_id = ${id}::uuid`)
  return (await tx.run(sql`
    delete from alert_webhooks where org_id = ${orgId} and id = ${id}::uuid`)) > 0 // prettier-ignore
}

export const listActive = (db: Db, orgId: string) =>
  db.many<{ id: string }>(sql`
    select w.id from alert_webhooks w where w.org_id = ${orgId} and w.active`)

export interface NewDelivery {
  orgId: string
  personId: string
  eventId: string
  webhookId: string
  type: string
  body: string
  at: number
}

export const insertDelivery = (tx: Db, each: NewDelivery) =>
  tx.run(sql`
    insert into alert_deliveries (org_id, person_id, event_id, webhook_id, type, body, made_at, attempts, next_at)
    values (${each.orgId}, ${each.personId}, ${each.eventId}::uuid, ${each.webhookId}::uuid, ${each.type}, ${each.body},
      ${moment(each.at)}, 0, ${moment(each.at)})
    on conflict do nothing`)

export const countDeliveries = (db: Db, orgId: string) =>
  countedBy(
    db,
    sql`
    select w.waiting, w.since, f.dead
    from
      (select count(*)::int as waiting, min(d.made_at) as since from alert_deliveries d
        where d.org_id = ${orgId} and d.next_at is not null) w,
      (select count(*)::int as dead from alert_deliveries g
        where g.org_id = ${orgId} and g.dead_at is not null) f`,
  )

/** Addresses for which something is due. */
export const listDueHooks = (db: Db, orgId: string, now: number) =>
  db.many<{ id: string }>(sql`
    select w.id
    from alert_webhooks w
    where w.org_id = ${orgId}
      and w.active
      and exists (
        select 1 from alert_deliveries d
        where d.org_id = ${orgId} and d.webhook_id = w.id and d.next_at <= ${moment(now)})`)

export interface Claimed {
  personId: string
  eventId: string
  body: string
  attempts: number // this one included
  url: string
  sealed: string
  sealedBefore: string | null // only while it is good
}

/** Takes the oldest that is due; until `heldUntil` nobody else gets it. A process that is killed leaves it to the next. */
export async function claimDelivery(
  db: Db,
  { orgId, id }: HookKey,
  { now, heldUntil }: { now: number; heldUntil: number },
): Promise<Claimed | null> {
  const [claimed] = await db.many<Claimed>(sql`
    update alert_deliveries d
    set attempts = d.attempts + 1, next_at = ${moment(heldUntil)}
    from alert_webhooks w
    where d.org_id = ${orgId}
      and w.org_id = ${orgId}
      and w.id = ${id}::uuid
      and w.active
      and d.webhook_id = w.id
      and (d.person_id, d.event_id) = (
        select c.person_id, c.event_id
        from alert_deliveries c
        where c.org_id = ${orgId} and c.webhook_id = ${id}::uuid and c.next_at <= ${moment(now)}
        order by c.next_at, c.event_id
        limit 1
        for update skip locked)
    returning d.person_id as "personId", d.event_id as "eventId", d.body, d.attempts, w.url, w.sealed,
      case when w.before_until > ${moment(now)} then w.sealed_before end as "sealedBefore"`)
  return claimed ?? null
}

export interface DeliveryKey {
  orgId: string
  personId: string
  eventId: string
  webhookId: string
}

const thisOne = ({ personId, eventId, webhookId }: DeliveryKey) => sql`
  person_id = ${personId} and event_id = ${eventId}::uuid and webhook_id = ${webhookId}::uuid`

export const noteDelivered = (db: Db, key: DeliveryKey, at: number, status: number | null) =>
  db.run(sql`
    update alert_deliveries
    set delivered_at = ${moment(at)}, next_at = null, dead_at = null, status = ${status}::int, reason = null
    where org_id = ${key.orgId} and ${thisOne(key)}`)

/** @param nextAt null: it is given up */
export const noteFailed = (
  db: Db,
  key: DeliveryKey,
  { at, nextAt, status, reason }: { at: number; nextAt: number | null; status: number | null; reason: string }, // prettier-ignore
) =>
  db.run(sql`
    update alert_deliveries
    set next_at = ${moment(nextAt)}, dead_at = ${moment(nextAt === null ? at : null)}, status = ${status}::int,
      reason = ${reason}
    where org_id = ${key.orgId} and ${thisOne(key)} and delivered_at is null`)

/** A try that was ended by ourselves is none. */
export const releaseDelivery = (db: Db, key: DeliveryKey, at: number) =>
  db.run(sql`
    update alert_deliveries
    set attempts = attempts - 1, next_at = ${moment(at)}
    where org_id = ${key.orgId} and ${thisOne(key)} and delivered_at is null and next_at is not null`)

/** A key of one: an event goes to several addresses. */
export const letterKey = ({ eventId, webhookId }: { eventId: string; webhookId: string }) =>
  eventId + webhookId

export const listDead = (db: Db, orgId: string, before: Before, limit: number) =>
  db.many<z.infer<typeof DeadLetter>>(sql`
    select d.person_id as "personId", d.event_id as "eventId", d.webhook_id as "webhookId", w.url, d.type,
      d.body::json -> 'alert' ->> 'kind' as kind, p.name as person, d.made_at as "madeAt", d.dead_at as "deadAt",
      d.attempts, d.reason, d.status
    from alert_deliveries d
      join alert_webhooks w on w.org_id = ${orgId} and w.id = d.webhook_id
      join people p on p.org_id = ${orgId} and p.id = d.person_id
    where d.org_id = ${orgId}
      and (d.dead_at, d.event_id::text || d.webhook_id::text) < (${moment(before.at)}, ${before.key})
    order by d.dead_at desc, d.event_id desc, d.webhook_id desc
    limit ${limit}`)

/** Tries what was given up from the beginning. @returns how many */
export const sendAgain = (db: Db, { orgId, id }: HookKey, eventId: string | null, now: number) =>
  db.run(sql`
    update alert_deliveries
    set attempts = 0, dead_at = null, next_at = ${moment(now)}
    where org_id = ${orgId} and webhook_id = ${id}::uuid and dead_at is not null
      and (${eventId}::uuid is null or event_id = ${eventId}::uuid)`)

/** Takes away what has arrived or was given up long ago. */
export const removeOldDeliveries = (
  db: Db,
  orgId: string,
  { delivered, dead }: { delivered: number; dead: number },
) =>
  // prettier-ignore
  db.run(sql`
    delete from alert_deliveries
    where org_id = ${orgId} and (delivered_at < ${moment(delivered)} or dead_at < ${moment(dead)})`)
