import type { z } from 'zod'
import type { Anomaly } from '../../contract/months.ts'
import type { Db } from '../../core/db.ts'
import type { EmploymentPeriod } from '../../contract/employment.ts'
import { sql, type Sql } from '../../core/sql.ts'

/** Somebody whose days are computed. */
export interface Member {
  id: string
  userId: string // what the directory calls him now
  name: string
  departmentId: string
  department: string
  zone: string // IANA, his own or the company's
  tags: MemberTag[]
  employed: EmploymentPeriod[] // outside of these nothing is due; none: since ever
}

/** A tag and when it holds, both ends included; null: open. */
export interface MemberTag {
  tag: string
  from: string | null
  to: string | null
}

/** Whom a viewer may see, and which of them are asked for. */
export interface WantedMembers {
  orgId: string
  departments: readonly string[] | 'all'
  personIds?: readonly string[] | undefined
  below?: readonly string[] | undefined // departments: only people of these
  q?: string | undefined
  after?: string | undefined // cursor of the page before: `cursorOf` its last one
  anomalous?: { from: string; to: string } | undefined // only who has something wrong within
  limit: number
}

/** After somebody, in the order of `listMembers`. */
export const cursorOf = ({ departmentId, id }: Member) => `${departmentId} ${id}` // an id has no space

const SOMETHING_WRONG = '[asmlek]'

const wanted = (asked: Omit<WantedMembers, 'limit' | 'after'>): Sql => {
  const { orgId, departments, personIds, below, q = null, anomalous } = asked
  const seen =
    departments === 'all'
      ? sql`true`
      : sql`(p.department_id = any (${departments}::text[]) or p.circles && ${departments}::text[])`
  const named = personIds ? sql`p.id = any (${personIds}::text[])` : sql`true`
  const under = below ? sql`p.department_id = any (${below}::text[])` : sql`true`
  const wrong = anomalous
    ? sql`exists (
        select from attendance_days w
        where w.org_id = ${orgId} and w.person_id = p.id and w.marks ~ ${SOMETHING_WRONG}
          and w.date between ${anomalous.from}::date and ${anomalous.to}::date)`
    : sql`true`
  return sql`${seen} and ${named} and ${under} and ${wrong}
      and (${q}::text is null or strpos(lower(p.name), lower(${q}::text)) > 0
        or strpos(lower(p.id), lower(${q}::text)) > 0)`
}

/** Dates, both included. */
export interface Dates {
  from: string
  to: string
}

/** Who is employed on a date of these, whether or not the directory still knows him. */
const employedIn = (dates: Dates | null): Sql =>
  dates === null
    ? sql`true`
    : sql`(case
    when p.employments = '[]' then p.active or (p.left_at at time zone coalesce(p.zone, o.zone))::date >= ${dates.from}::date
    else exists (
      select from jsonb_to_recordset(p.employments) as e ("from" date, "to" date)
      where coalesce(e."from", '-infinity') <= ${dates.to}::date and coalesce(e."to", 'infinity') >= ${dates.from}::date) end)`

/** People of a scope by department and id. @param dates who is employed on one of them; null: whenever */
export const listMembers = (db: Db, asked: WantedMembers, dates: Dates | null) => {
  const cut = asked.after?.lastIndexOf(' ') ?? 0
  const last = { department: asked.after?.slice(0, cut) ?? null, id: asked.after?.slice(cut + 1) }
  return db.many<Member>(sql`
    select p.id, coalesce(p.user_id, p.id) as "userId", p.name, p.department_id as "departmentId", d.name as department,
      coalesce(p.zone, o.zone) as zone,
      coalesce((
        select json_agg(json_build_object('tag', t.tag, 'from', t.from_on, 'to', t.to_on) order by t.tag)
        from attendance_tags t where t.org_id = ${asked.orgId} and t.person_id = p.id
      ), '[]') as tags,
      case when p.employments <> '[]' or p.left_at is null then p.employments
        else jsonb_build_array(jsonb_build_object(
          'from', null, 'to', (p.left_at at time zone coalesce(p.zone, o.zone))::date)) end as employed
    from people p
      join departments d on d.org_id = ${asked.orgId} and d.id = p.department_id
      join orgs o on o.id = ${asked.orgId}
    where p.org_id = ${asked.orgId}
      and ${wanted(asked)}
      and ${employedIn(dates)}
      and (${last.department}::text is null
        or (p.department_id, p.id) > (${last.department}::text, ${last.id ?? ''}::text))
    order by p.department_id, p.id
    limit ${asked.limit}`)
}

export const countMembers = async (
  db: Db,
  asked: Omit<WantedMembers, 'limit'>,
  dates: Dates | null,
) =>
  // prettier-ignore
  (
    await db.first<{ people: number }>(sql`
      select count(*)::int as people
      from people p
        join orgs o on o.id = ${asked.orgId}
      where p.org_id = ${asked.orgId} and ${wanted(asked)} and ${employedIn(dates)}`)
  )?.people ?? 0

/** Days with something wrong of people in scope, the newest first. @param after date and person of the last one before */
export const listAnomalies = (
  db: Db,
  asked: Omit<WantedMembers, 'after'>,
  span: { from: string; to: string },
  after: { date: string; personId: string } | null,
) =>
  db.many<z.infer<typeof Anomaly>>(sql`
    select a.person_id as "personId", p.name, p.department_id as "departmentId", d.name as department, a.date,
      a.marks, a.cell
    from attendance_days a
      join people p on p.org_id = ${asked.orgId} and p.id = a.person_id
      join departments d on d.org_id = ${asked.orgId} and d.id = p.department_id
    where a.org_id = ${asked.orgId}
      and a.date between ${span.from}::date and ${span.to}::date
      and a.marks ~ ${SOMETHING_WRONG}
      and ${wanted(asked)}
      and (${after?.date ?? null}::date is null
        or (a.date, a.person_id) < (${after?.date ?? null}::date, ${after?.personId ?? ''}::text))
    order by a.date desc, a.person_id desc
    limit ${asked.limit}`)
