import type { EditedDay } from '../../../geo/day/edits.ts'
import type { Db } from '../../core/db.ts'
import { sql, type Sql } from '../../core/sql.ts'
import type { DayRange } from './index.ts'
import type { StoredDay, WantedDay } from '../queries.ts'

/** A person's work dates. */
export interface PersonDays {
  orgId: string
  personId: string
  zone: string // IANA
  from: string // YYYY-MM-DD
  to: string
}

const wanted = (personIds: readonly string[] | undefined, column: Sql): Sql =>
  personIds ? sql`${column} = any (${personIds}::text[])` : sql`true`

/** Everybody of the company, those who left included: their days count, too. */
export const listPeopleOf = (db: Db, { orgId, personIds }: Omit<DayRange, 'from' | 'to'>) =>
  db.many<{ id: string; zone: string }>(sql`
    select p.id, coalesce(p.zone, o.zone) as zone
    from people p
      join orgs o on o.id = ${orgId}
    where p.org_id = ${orgId} and ${wanted(personIds, sql`p.id`)}
    order by p.id`)

/** Somebody for whom the last date, or a duty of the range, is still going on. */
export const findNotOver = (db: Db, { orgId, from, to, personIds }: DayRange, now: number) =>
  db.first<{ id: string }>(sql`
    select p.id
    from people p
      join orgs o on o.id = ${orgId}
    where p.org_id = ${orgId}
      and ${wanted(personIds, sql`p.id`)}
      and (
        ${to}::date >= (to_timestamp(${now}::float8 / 1000) at time zone coalesce(p.zone, o.zone))::date
        or exists (
          select
          from duty_windows w
          where w.org_id = ${orgId}
            and w.person_id = p.id
            and w.work_date between ${from}::date and ${to}::date
            and w.to_at > to_timestamp(${now}::float8 / 1000)))
    order by p.id
    limit 1`)

/** What is stored of a date, but for the ribbon. */
export type StoredDate = Omit<StoredDay, 'day' | 'base'> & Pick<EditedDay, 'date' | 'duty'>

export const listStoredDays = (db: Db, { orgId, personId, from, to }: PersonDays) =>
  db.many<StoredDate>(sql`
    select t.date, t.version, t.algorithm_version as "algorithmVersion",
      t.derived_at as "derivedAt", t.final, t.fixes, t.locked_at as "lockedAt",
      t.day -> 'duty' as duty, coalesce(c.version, 0)::bigint as changes
    from track_days t
      left join day_changes c on c.org_id = ${orgId} and c.person_id = ${personId} and c.date = t.date
    where t.org_id = ${orgId}
      and t.person_id = ${personId}
      and t.date between ${from}::date and ${to}::date`)

/**
 * Locks the stored days whose facts have not moved on; facts that come in at this moment wait.
 * @returns how many it locked, and how many of the stored ones are left unlocked
 */
export const lockStored = (db: Db, { orgId, personId, from, to }: PersonDays, now: number) =>
  db.transact(async (tx) => {
    await tx.many(sql`
      select c.date
      from day_changes c
      where c.org_id = ${orgId}
        and c.person_id = ${personId}
        and c.date between ${from}::date and ${to}::date
      order by c.date
      for update`)
    const done = await tx.many(sql`
      update track_days t
      set locked_at = to_timestamp(${now}::float8 / 1000)
      where t.org_id = ${orgId}
        and t.person_id = ${personId}
        and t.date between ${from}::date and ${to}::date
        and t.locked_at is null
        and t.version = coalesce(
          (
            select c.version
            from day_changes c
            where c.org_id = ${orgId} and c.person_id = ${personId} and c.date = t.date
          ),
          0)
      returning t.date`)
    const rest = await tx.first<{ left: number }>(sql`
      select count(*)::int as left
      from track_days t
      where t.org_id = ${orgId}
        and t.person_id = ${personId}
        and t.date between ${from}::date and ${to}::date
        and t.locked_at is null`)
    return { done: done.length, left: rest?.left ?? 0 }
  })

/** @returns how many days were locked. */
export async function unlockStored(db: Db, { orgId, from, to, personIds }: DayRange) {
  const rows = await db.many(sql`
    update track_days t
    set locked_at = null
    where t.org_id = ${orgId}
      and ${wanted(personIds, sql`t.person_id`)}
      and t.date between ${from}::date and ${to}::date
      and t.locked_at is not null
    returning t.date`)
  return rows.length
}

/** Days of the range that are stored, or of which there is duty or a fact; the oldest first. */
export const listDaysIn = (db: Db, { orgId, from, to, personIds }: DayRange) =>
  db.many<WantedDay>(sql`
    select d.person_id as "personId", d.date, coalesce(p.zone, o.zone) as zone
    from (
      select w.person_id, w.work_date as date
      from duty_windows w
      where w.org_id = ${orgId} and w.work_date between ${from}::date and ${to}::date
      union
      select c.person_id, c.date
      from day_changes c
      where c.org_id = ${orgId} and c.date between ${from}::date and ${to}::date
      union
      select t.person_id, t.date
      from track_days t
      where t.org_id = ${orgId} and t.date between ${from}::date and ${to}::date
    ) d
      join orgs o on o.id = ${orgId}
      join people p on p.org_id = ${orgId} and p.id = d.person_id
    where ${wanted(personIds, sql`d.person_id`)}
    order by d.date, d.person_id`)
