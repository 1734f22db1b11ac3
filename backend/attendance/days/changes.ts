import type { Db } from '../../core/db.ts'
import { dateAfter } from '../clock.ts'
import { countedBy } from '../../core/queues.ts'
import { sql } from '../../core/sql.ts'

let newest = 0

/** Microseconds of the change, and never twice the same: what is noted later in this process has a greater one. */
const versionOf = (at: number) => (newest = Math.max(newest + 1, at * 1000))

/** Takes days off the queue, unless they changed again since. */
export const settleChanges = (
  db: Db,
  orgId: string,
  days: readonly { personId: string; date: string; version: number }[],
) =>
  db.run(sql`
    delete from attendance_changes c
    using (
      select w.person_id, w.date
      from attendance_changes w
        join json_to_recordset(${JSON.stringify(days)}::json) as d ("personId" text, date date, version bigint)
          on w.person_id = d."personId" and w.date = d.date and w.version <= d.version
      where w.org_id = ${orgId}
      order by w.person_id, w.date -- as those who mark days take them: else each could wait for the other
      for update of w
    ) as settled
    where c.org_id = ${orgId} and c.person_id = settled.person_id and c.date = settled.date`)

/**
 * Puts days onto the queue: call it in the transaction of the fact, with its time. The version is above that of
 * the kept day, also when a clock was set back: a computation under way, which knows less, can not write over
 * the one that this change causes, nor take this change off the queue. All who write the queue take its rows by person
 * and date, so that none waits for one who waits for him.
 */
export const markDays = (
  db: Db,
  orgId: string,
  days: readonly { personId: string; date: string }[],
  change: { cause: Cause; at: number },
) =>
  db.run(sql`
    insert into attendance_changes as c (org_id, person_id, date, version, cause)
    select distinct ${orgId}, d."personId", d.date, greatest(${versionOf(change.at)}::bigint, a.version + 1), ${change.cause}
    from json_to_recordset(${JSON.stringify(days)}::json) as d ("personId" text, date date)
      left join attendance_days a
        on a.org_id = ${orgId} and a.person_id = d."personId" and a.date = d.date
    order by 2, 3
    on conflict (org_id, person_id, date) do update
    set version = greatest(c.version + 1, excluded.version), cause = excluded.cause`)

export type Cause =
  'evidence' | 'request' | 'rules' | 'roster' | 'calendar' | 'engine' | 'employment'

/** A day and those beside it: neighbouring shifts share the punches between them, and an evening the next morning. */
export const daysAround = ({ personId, date }: { personId: string; date: string }) =>
  [-1, 0, 1].map((days) => ({ personId, date: dateAfter(date, days) }))

/** Puts every kept day from a date on onto the queue, as `markDays`, and the one before it: shifts share the punches between them. */
export const markKept = (
  db: Db,
  orgId: string,
  from: string,
  change: { cause: Cause; at: number },
) =>
  // prettier-ignore
  db.run(sql`
    insert into attendance_changes as c (org_id, person_id, date, version, cause)
    select ${orgId}, a.person_id, a.date, greatest(${versionOf(change.at)}::bigint, a.version + 1), ${change.cause}
    from attendance_days a
    where a.org_id = ${orgId} and a.date >= ${from}::date - 1
    order by 2, 3
    on conflict (org_id, person_id, date) do update
    set version = greatest(c.version + 1, excluded.version), cause = excluded.cause`)

/** The same of some people, each from a date of his own. */
export const markFrom = (
  db: Db,
  orgId: string,
  people: readonly { personId: string; from: string }[],
  change: { cause: Cause; at: number },
) =>
  // prettier-ignore
  db.run(sql`
    insert into attendance_changes as c (org_id, person_id, date, version, cause)
    select ${orgId}, a.person_id, a.date, greatest(${versionOf(change.at)}::bigint, a.version + 1), ${change.cause}
    from attendance_days a
      join json_to_recordset(${JSON.stringify(people)}::json) as d ("personId" text, "from" date)
        on a.person_id = d."personId" and a.date >= d."from" - 1
    where a.org_id = ${orgId}
    order by 2, 3
    on conflict (org_id, person_id, date) do update
    set version = greatest(c.version + 1, excluded.version), cause = excluded.cause`)

/** Days that wait, the newest dates first, or that time alone changes now. Those that have not come wait on. */
export const listWaiting = (
  db: Db,
  orgId: string,
  { now, limit }: { now: number; limit: number },
) =>
  db.many<{ personId: string; date: string }>(sql`
    select w.person_id as "personId", w.date
    from (
      select c.person_id, c.date from attendance_changes c
        join orgs o on o.id = ${orgId}
      where c.org_id = ${orgId}
        and c.date <= (to_timestamp(${now}::float8 / 1000) at time zone o.zone)::date
      union
      select a.person_id, a.date
      from attendance_days a
      where a.org_id = ${orgId} and a.recheck_at <= to_timestamp(${now}::float8 / 1000)
    ) w
    order by w.date desc, w.person_id
    limit ${limit}`)

/** Days on the queue whose date has come; a version is the microsecond of the change. */
export const countWaiting = (db: Db, orgId: string, now: number) =>
  countedBy(
    db,
    sql`
    select count(*)::int as waiting, to_timestamp(min(c.version)::float8 / 1000000) as since
    from attendance_changes c
      join orgs o on o.id = ${orgId}
    where c.org_id = ${orgId}
      and c.date <= (to_timestamp(${now}::float8 / 1000) at time zone o.zone)::date`,
  )

/** Active people without a kept day of a date. */
export const listWithoutDay = (db: Db, orgId: string, date: string, limit: number) =>
  db.many<{ personId: string }>(sql`
    select p.id as "personId"
    from people p
    where p.org_id = ${orgId} and p.active
      and not exists (
        select from attendance_days a
        where a.org_id = ${orgId} and a.person_id = p.id and a.date = ${date}::date)
    order by p.id
    limit ${limit}`)

/** Check-ins that came in since, for what a process that died did not tell. */
export const listCheckinDays = (db: Db, orgId: string, since: number) =>
  db.many<{ personId: string; at: number }>(sql`
    select c.person_id as "personId", c.at
    from checkins c
    where c.org_id = ${orgId} and c.received_at >= to_timestamp(${since}::float8 / 1000)
    order by c.received_at`)
