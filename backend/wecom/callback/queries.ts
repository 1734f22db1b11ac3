import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

export type Door = 'app' | 'contacts'

export interface KeptEvent {
  orgId: string
  id: string
  door: Door
  name: string
  toldAt: number // epoch ms, as all times here
  body: string
}

/** @returns whether it was new. */
export async function keepEvent(db: Db, event: KeptEvent, now: number): Promise<boolean> {
  const rows = await db.run(sql`
    insert into wecom_events (org_id, id, door, name, told_at, received_at, body, due_at)
    values (${event.orgId}, ${event.id}::uuid, ${event.door}, ${event.name},
      to_timestamp(${event.toldAt}::float8 / 1000), to_timestamp(${now}::float8 / 1000), ${event.body},
      to_timestamp(${now}::float8 / 1000))
    on conflict (org_id, id) do nothing`)
  return rows === 1
}

export interface DueEvent {
  id: string
  name: string
  body: string
  attempts: number // with this one
}

interface Taking {
  orgId: string
  now: number
  leaseMs: number
  most: number
  contacts: boolean // what changes the contacts or who is visible to the app, or all others
}

/**
 * Takes what is due, oldest first. Until `leaseMs` from now nobody else takes it; who dies meanwhile
 * leaves it to the next.
 */
export const takeDue = (db: Db, { orgId, now, leaseMs, most, contacts }: Taking) =>
  db.many<DueEvent>(sql`
    with due as (
      select id from wecom_events
      where org_id = ${orgId} and due_at <= to_timestamp(${now}::float8 / 1000)
        and (starts_with(name, 'event/change_contact')
          or name in ('event/subscribe', 'event/unsubscribe')) = ${contacts}::bool
      order by told_at, received_at
      limit ${most}::int
      for update skip locked),
    taken as (
      update wecom_events e
      set due_at = to_timestamp(${now + leaseMs}::float8 / 1000), attempts = attempts + 1
      from due
      where e.org_id = ${orgId} and e.id = due.id
      returning e.id, e.name, e.body, e.attempts, e.told_at, e.received_at)
    select id, name, coalesce(body, '') as body, attempts
    from taken
    order by told_at, received_at`)

/** `unheard`: of a known kind, but nobody listens. `failed`: given up. */
export type Outcome = 'handled' | 'unheard' | 'unknown' | 'failed'

export interface Settled {
  id: string
  outcome: Outcome
  keepBody: boolean
}

/** Nothing is left to do about these. */
export const settleEvents = (db: Db, orgId: string, settled: readonly Settled[]) =>
  db.run(sql`
    update wecom_events e
    set due_at = null, outcome = s.outcome, body = case when s.keep then e.body end
    from unnest(${settled.map(({ id }) => id)}::uuid[], ${settled.map(({ outcome }) => outcome)}::text[],
      ${settled.map(({ keepBody }) => keepBody)}::bool[]) as s (id, outcome, keep)
    where e.org_id = ${orgId} and e.id = s.id`)

/** They did not go well: again at their times. */
export const postponeEvents = (
  db: Db,
  orgId: string,
  later: readonly { id: string; dueAt: number }[],
) =>
  db.run(sql`
    update wecom_events e
    set due_at = to_timestamp(l.due_at / 1000)
    from unnest(${later.map(({ id }) => id)}::uuid[], ${later.map(({ dueAt }) => dueAt)}::float8[])
      as l (id, due_at)
    where e.org_id = ${orgId} and e.id = l.id and e.due_at is not null`)

/** Forgets what was received before; WeCom has long stopped repeating it. */
export const forgetEvents = (db: Db, orgId: string, before: number) =>
  db.run(sql`
    delete from wecom_events
    where org_id = ${orgId} and received_at < to_timestamp(${before}::float8 / 1000)
      and due_at is null`)
