import type { Segment } from '../contract/days.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { Span } from './episodes.ts'

/** One person's work date. */
export interface PersonDate {
  readonly personId: string
  readonly date: string // YYYY-MM-DD in the person's zone
}

/** Work dates of the people who are on duty at a moment. */
export const listOnDuty = (db: Db, orgId: string, now: number) =>
  db.many<PersonDate>(sql`
    select distinct w.person_id as "personId", w.work_date as date
    from duty_windows w
      join people p on p.org_id = ${orgId} and p.id = w.person_id and p.active and p.role = 'rep'
    where w.org_id = ${orgId}
      and w.from_at <= to_timestamp(${now}::float8 / 1000)
      and w.to_at > to_timestamp(${now}::float8 / 1000)
    order by 1, 2`)

/** What tracks, duty and the roster of people know of a person-day. */
export interface SceneRow extends PersonDate {
  readonly name: string
  readonly departmentId: string
  readonly zone: string // IANA
  readonly lastAt: number | null // epoch ms, newest fix of any day
  readonly duty: readonly Span[]
  readonly segments: readonly Segment[]
}

/** Person-days that wait to be looked at; of people who left, none. */
export const listSceneRows = (db: Db, orgId: string, days: readonly PersonDate[]) =>
  db.many<SceneRow>(sql`
    select p.id as "personId", w.date, p.name, p.department_id as "departmentId",
      coalesce(p.zone, o.zone) as zone, l.at as "lastAt",
      coalesce((
        select json_agg(json_build_object('from', (extract(epoch from d.from_at) * 1000)::bigint,
          'to', (extract(epoch from d.to_at) * 1000)::bigint) order by d.from_at)
        from duty_windows d
        where d.org_id = ${orgId} and d.person_id = p.id and d.work_date = w.date), '[]') as duty,
      coalesce(t.day -> 'segments', '[]') as segments
    from json_to_recordset(${JSON.stringify(days)}::json) as w ("personId" text, date date)
      join people p on p.org_id = ${orgId} and p.id = w."personId" and p.active
      join orgs o on o.id = ${orgId}
      left join last_positions l on l.org_id = ${orgId} and l.person_id = p.id
      left join track_days t on t.org_id = ${orgId} and t.person_id = p.id and t.date = w.date
    order by p.id, w.date`)

/** The departments above each one, itself first. */
export async function lineagesOf(db: Db, orgId: string): Promise<Map<string, string[]>> {
  const rows = await db.many<{ id: string; parentId: string | null }>(sql`
    select d.id, d.parent_id as "parentId" from departments d where d.org_id = ${orgId}`)
  const parents = new Map(rows.map(({ id, parentId }) => [id, parentId]))
  return new Map(
    rows.map(({ id }) => {
      const line = [id]
      for (let up = parents.get(id); up && !line.includes(up); up = parents.get(up)) line.push(up)
      return [id, line]
    }),
  )
}

/** Changed since, by the clock of the database's writers: what other processes and rooms have noted. */
export const listDirtySince = (db: Db, orgId: string, since: number) =>
  db.many<PersonDate>(sql`
    select t.person_id as "personId", t.date
    from track_days t
    where t.org_id = ${orgId} and t.derived_at >= to_timestamp(${since}::float8 / 1000)
    union
    select c.person_id, c.date
    from checkins c
    where c.org_id = ${orgId} and c.received_at >= to_timestamp(${since}::float8 / 1000)
    union
    select s.person_id, s.date
    from sos_calls s
    where s.org_id = ${orgId} and s.received_at >= to_timestamp(${since}::float8 / 1000)`)
