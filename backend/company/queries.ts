import type { Announcement, AnnouncementInput, Receipts, SentAnnouncement } from '../contract/announcements.ts' // prettier-ignore
import type { Db } from '../core/db.ts'
import { countedBy } from '../core/queues.ts'
import { sql } from '../core/sql.ts'
import type { Before } from '../core/pages.ts'

export interface NewAnnouncement extends AnnouncementInput {
  orgId: string
  by: string
  at: number
  receivers: readonly string[] | null // departments; null: everybody
}

/** Writes it down with a receipt for everybody it is for, but who wrote it. @returns whether it is new */
export async function insertAnnouncement(tx: Db, said: NewAnnouncement): Promise<boolean> {
  const added = await tx.many(sql`
    insert into announcements (org_id, id, title, body, department_ids, remind_hours, made_by, made_at)
    values (${said.orgId}, ${said.id}::uuid, ${said.title}, ${said.body}, ${said.departmentIds}::text[],
      ${said.remindHours}::int, ${said.by}, to_timestamp(${said.at}::float8 / 1000))
    on conflict do nothing
    returning id`)
  if (added.length === 0) return false
  await tx.run(sql`
    insert into announcement_receipts (org_id, person_id, announcement_id, made_at)
    select ${said.orgId}, p.id, ${said.id}::uuid, to_timestamp(${said.at}::float8 / 1000)
    from people p
    where p.org_id = ${said.orgId} and p.active and p.id <> ${said.by}
      and (${said.receivers}::text[] is null or p.department_id = any (${said.receivers}::text[]))
    on conflict do nothing`)
  return true
}

/** One page of what somebody is to read, newest first; what was withdrawn is gone. @param wanted.id null: all of it */
export const listReceived = (
  db: Db,
  orgId: string,
  wanted: { personId: string; id: string | null; before: Before; limit: number },
) =>
  db.many<Announcement>(sql`
    select a.id, a.title, a.body, p.name as by, a.made_at as at, r.read_at as "readAt",
      a.withdrawn_at as "withdrawnAt"
    from announcement_receipts r
      join announcements a on a.org_id = ${orgId} and a.id = r.announcement_id and a.withdrawn_at is null
      join people p on p.org_id = ${orgId} and p.id = a.made_by
    where r.org_id = ${orgId} and r.person_id = ${wanted.personId}
      and (${wanted.id}::uuid is null or a.id = ${wanted.id}::uuid)
      and (a.made_at, a.id::text) < (to_timestamp(${wanted.before.at}::float8 / 1000), ${wanted.before.key})
    order by a.made_at desc, a.id desc
    limit ${wanted.limit}`)

export async function countUnread(db: Db, orgId: string, personId: string): Promise<number> {
  const row = await db.first<{ n: number }>(sql`
    select count(*)::int as n
    from announcement_receipts r
      join announcements a on a.org_id = ${orgId} and a.id = r.announcement_id and a.withdrawn_at is null
    where r.org_id = ${orgId} and r.person_id = ${personId} and r.read_at is null`)
  return row?.n ?? 0
}

/** Notes that somebody read it; the first time stays. @returns whether there is something of his to read */
export async function noteRead(
  tx: Db,
  orgId: string,
  read: { personId: string; id: string; at: number },
): Promise<boolean> {
  const rows = await tx.many(sql`
    update announcement_receipts r
    set read_at = coalesce(r.read_at, to_timestamp(${read.at}::float8 / 1000))
    from announcements a
    where r.org_id = ${orgId} and r.person_id = ${read.personId} and r.announcement_id = ${read.id}::uuid
      and a.org_id = ${orgId} and a.id = r.announcement_id and a.withdrawn_at is null
    returning r.person_id`)
  return rows.length > 0
}

/** @param by who sent it; null: anybody. @param id null: all of them */
export const listSent = (
  db: Db,
  orgId: string,
  wanted: { by: string | null; id: string | null; before: Before; limit: number },
) =>
  db.many<SentAnnouncement & { madeBy: string }>(sql`
    select a.id, a.title, a.body, a.made_by as "madeBy", p.name as by, a.made_at as at,
      a.withdrawn_at as "withdrawnAt", a.remind_hours as "remindHours", c.receivers, c.read,
      array(
        select d.name from departments d
        where d.org_id = ${orgId} and d.id = any (a.department_ids) order by d.sort, d.id) as departments
    from announcements a
      join people p on p.org_id = ${orgId} and p.id = a.made_by
      cross join lateral (
        select count(*)::int as receivers, count(r.read_at)::int as read
        from announcement_receipts r
          join people q on q.org_id = ${orgId} and q.id = r.person_id and q.active
        where r.org_id = ${orgId} and r.announcement_id = a.id) c
    where a.org_id = ${orgId}
      and (${wanted.by}::text is null or a.made_by = ${wanted.by})
      and (${wanted.id}::uuid is null or a.id = ${wanted.id}::uuid)
      and (a.made_at, a.id::text) < (to_timestamp(${wanted.before.at}::float8 / 1000), ${wanted.before.key})
    order by a.made_at desc, a.id desc
    limit ${wanted.limit}`)

/** Of those who still work here; who has not read it comes first. */
export const listReceipts = (db: Db, orgId: string, id: string) =>
  db.many<Receipts['receipts'][number]>(sql`
    select p.id as "personId", p.name, d.name as department, r.read_at as "readAt",
      r.reminded_at as "remindedAt"
    from announcement_receipts r
      join people p on p.org_id = ${orgId} and p.id = r.person_id and p.active
      join departments d on d.org_id = ${orgId} and d.id = p.department_id
    where r.org_id = ${orgId} and r.announcement_id = ${id}::uuid
    order by r.read_at is not null, d.sort, d.id, p.name, p.id`)

export const withdrawAnnouncement = (tx: Db, orgId: string, id: string, at: number) =>
  tx.run(sql`
    update announcements set withdrawn_at = coalesce(withdrawn_at, to_timestamp(${at}::float8 / 1000))
    where org_id = ${orgId} and id = ${id}::uuid`)

/** Whom it was told so far, for cards that are to say that it is withdrawn. */
export const listTold = (tx: Db, orgId: string, id: string) =>
  tx.many<{ personId: string }>(sql`
    select r.person_id as "personId"
    from announcement_receipts r
    where r.org_id = ${orgId} and r.announcement_id = ${id}::uuid and r.told_at is not null
      and r.read_at is null
    order by r.person_id`)

/** A message that is due. */
export interface DueReceipt {
  personId: string
  id: string
  title: string
  body: string
  by: string
}

/** Takes receipts of which nobody was told; of people who left and of what was withdrawn nothing is told. */
export const countUntold = (db: Db, orgId: string) =>
  countedBy(
    db,
    sql`
    select count(*)::int as waiting, min(r.made_at) as since
    from announcement_receipts r
    where r.org_id = ${orgId} and r.told_at is null`,
  )

export const takeUntold = (tx: Db, orgId: string, now: number, limit: number) =>
  tx.many<DueReceipt & { silent: boolean }>(sql`
    update announcement_receipts r set told_at = to_timestamp(${now}::float8 / 1000)
    from announcements a, people p, people w
    where r.org_id = ${orgId} and a.org_id = ${orgId} and a.id = r.announcement_id
      and p.org_id = ${orgId} and p.id = r.person_id and w.org_id = ${orgId} and w.id = a.made_by
      and (r.person_id, r.announcement_id) in (
        select u.person_id, u.announcement_id
        from announcement_receipts u
        where u.org_id = ${orgId} and u.told_at is null
        order by u.made_at, u.person_id
        limit ${limit}
        for update skip locked)
    returning r.person_id as "personId", a.id, a.title, a.body, w.name as by,
      (a.withdrawn_at is not null or r.read_at is not null or not p.active) as silent`)

/** Takes those who have not read it, were told, and are to be told once more: by its hours, or of one by hand. */
export const takeUnread = (
  tx: Db,
  orgId: string,
  wanted: { id: string | null; now: number; limit: number },
) =>
  tx.many<DueReceipt>(sql`
    update announcement_receipts r set reminded_at = to_timestamp(${wanted.now}::float8 / 1000)
    from announcements a, people w
    where r.org_id = ${orgId} and a.org_id = ${orgId} and a.id = r.announcement_id
      and w.org_id = ${orgId} and w.id = a.made_by
      and (r.person_id, r.announcement_id) in (
        select u.person_id, u.announcement_id
        from announcement_receipts u
          join announcements b on b.org_id = ${orgId} and b.id = u.announcement_id and b.withdrawn_at is null
          join people p on p.org_id = ${orgId} and p.id = u.person_id and p.active
        where u.org_id = ${orgId} and u.told_at is not null and u.read_at is null and u.reminded_at is null
          and (${wanted.id}::uuid is null or u.announcement_id = ${wanted.id}::uuid)
          and (${wanted.id}::uuid is not null
            or b.made_at + make_interval(hours => b.remind_hours) <= to_timestamp(${wanted.now}::float8 / 1000))
        order by u.made_at, u.person_id
        limit ${wanted.limit}
        for update of u skip locked)
    returning r.person_id as "personId", a.id, a.title, a.body, w.name as by`)
