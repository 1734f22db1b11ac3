import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import type { Outcome } from './outcomes.ts'

/** A row in the hands of one process, until `LEASE_MS` from when it was taken. */
export interface Taken {
  personId: string
  key: string
  kind: 'record' | 'correction'
  userId: string // what WeCom calls the person now
  body: unknown
  attempts: number
  looks: number
  most: number
  errcode: number | null
}

const LEASE_MS = 60_000

interface Taking {
  orgId: string
  now: number
}

/** Records for one call: those that are due, as many as may travel together. */
export const takeRecords = (db: Db, { orgId, now }: Taking) =>
  db.many<Taken>(sql`
    with head as (
      select most from wecom_punches
      where org_id = ${orgId} and kind = 'record' and state = 'waiting'
        and next_at <= to_timestamp(${now}::float8 / 1000)
      order by next_at, key
      limit 1),
    due as (
      select person_id, key from wecom_punches
      where org_id = ${orgId} and kind = 'record' and state = 'waiting'
        and next_at <= to_timestamp(${now}::float8 / 1000) and most = (select most from head)
      order by next_at, key
      limit (select most from head)
      for update skip locked)
    update wecom_punches p
    set state = 'sending', attempts = p.attempts + 1, looks = 0,
      next_at = to_timestamp(${now + LEASE_MS}::float8 / 1000)
    from due
      left join people w on w.org_id = ${orgId} and w.id = due.person_id
    where p.org_id = ${orgId} and p.person_id = due.person_id and p.key = due.key
    returning p.person_id as "personId", p.key, p.kind, coalesce(w.user_id, p.person_id) as "userId", p.body,
      p.attempts, p.looks, p.most, p.errcode`)

/** The next correction that is due. */
export const takeCorrection = (db: Db, { orgId, now }: Taking) =>
  db.first<Taken>(sql`
    with due as (
      select person_id, key from wecom_punches
      where org_id = ${orgId} and kind = 'correction' and state = 'waiting'
        and next_at <= to_timestamp(${now}::float8 / 1000)
      order by next_at, key
      limit 1
      for update skip locked)
    update wecom_punches p
    set state = 'sending', attempts = p.attempts + 1, looks = 0,
      next_at = to_timestamp(${now + LEASE_MS}::float8 / 1000)
    from due
      left join people w on w.org_id = ${orgId} and w.id = due.person_id
    where p.org_id = ${orgId} and p.person_id = due.person_id and p.key = due.key
    returning p.person_id as "personId", p.key, p.kind, coalesce(w.user_id, p.person_id) as "userId", p.body,
      p.attempts, p.looks, p.most, p.errcode`)

/** What is to be looked for in WeCom. Who takes them and dies leaves them to the next. */
export const takeDoubtful = (db: Db, { orgId, now }: Taking) =>
  db.many<Taken>(sql`
    with due as (
      select person_id, key from wecom_punches
      where org_id = ${orgId} and state = 'doubtful' and next_at <= to_timestamp(${now}::float8 / 1000)
      order by next_at, key
      limit 200
      for update skip locked)
    update wecom_punches p
    set next_at = to_timestamp(${now + LEASE_MS}::float8 / 1000)
    from due
      left join people w on w.org_id = ${orgId} and w.id = due.person_id
    where p.org_id = ${orgId} and p.person_id = due.person_id and p.key = due.key
    returning p.person_id as "personId", p.key, p.kind, coalesce(w.user_id, p.person_id) as "userId", p.body,
      p.attempts, p.looks, p.most, p.errcode`)

/** Whoever sent these is gone: nobody knows whether WeCom has them. */
export const doubtAbandoned = (db: Db, { orgId, now }: Taking) =>
  db.run(sql`
    update wecom_punches
    set state = 'doubtful', errcode = null
    where org_id = ${orgId} and state = 'sending' and next_at <= to_timestamp(${now}::float8 / 1000)`)

interface Settling extends Taking {
  rows: readonly Pick<Taken, 'personId' | 'key'>[]
  outcome: Outcome
  looked?: boolean
}

/** Keeps what became of rows, of those still in the state in which they were taken. */
export async function settle(db: Db, { orgId, now, rows, outcome, looked = false }: Settling) {
  const nextAt = 'nextAt' in outcome ? outcome.nextAt : now
  const errcode = 'errcode' in outcome ? outcome.errcode : null
  const most = outcome.state === 'doubtful' ? outcome.most : null
  const settled = !('nextAt' in outcome)
  await db.run(sql`
    update wecom_punches p
    set state = ${outcome.state}, errcode = ${errcode}::int, most = coalesce(${most}::int, p.most),
      looks = p.looks + ${looked ? 1 : 0}::int, next_at = to_timestamp(${nextAt}::float8 / 1000),
      settled_at = case when ${settled}::bool then to_timestamp(${now}::float8 / 1000) end
    from unnest(${rows.map(({ personId }) => personId)}::text[], ${rows.map(({ key }) => key)}::text[])
      as r (person_id, key)
    where p.org_id = ${orgId} and p.person_id = r.person_id and p.key = r.key
      and p.state = ${looked ? 'doubtful' : 'sending'}`)
}

/** The look failed: it did not count, and comes again. */
export const lookLater = (db: Db, { orgId, now }: Taking, rows: Settling['rows']) =>
  db.run(sql`
    update wecom_punches p
    set next_at = to_timestamp(${now + 5 * LEASE_MS}::float8 / 1000)
    from unnest(${rows.map(({ personId }) => personId)}::text[], ${rows.map(({ key }) => key)}::text[])
      as r (person_id, key)
    where p.org_id = ${orgId} and p.person_id = r.person_id and p.key = r.key and p.state = 'doubtful'`)
