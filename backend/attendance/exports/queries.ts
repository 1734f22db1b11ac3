import type { Db } from '../../core/db.ts'
import { found } from '../../core/errors.ts'
import { sql } from '../../core/sql.ts'
import type { PersonDates, StoredDay } from '../days/queries.ts'
import type { ExportDay } from './source.ts'

export const findOrg = async (db: Db, orgId: string) =>
  found(
    await db.first<{ name: string; zone: string }>(sql`
      select o.name, o.zone from orgs o where o.id = ${orgId}`),
    'the company',
  )

export const listNamed = (db: Db, orgId: string, departmentId: string) =>
  db.first<{ name: string }>(sql`
    select d.name from departments d where d.org_id = ${orgId} and d.id = ${departmentId}`)

export const listNames = (db: Db, orgId: string, personIds: readonly string[]) =>
  db.many<{ id: string; userId: string; position: string | null }>(sql`
    select p.id, coalesce(p.user_id, p.id) as "userId", p.position
    from people p where p.org_id = ${orgId} and p.id = any (${personIds}::text[])`)

/** A punch that WeCom took, with what was odd about it. */
export interface ToldPunch {
  readonly personId: string
  readonly id: string
  readonly at: number
  readonly place: string | null
  readonly outing: boolean
  readonly odd: readonly string[] | null // 地点异常 …
  readonly address: string | null
  readonly note: string | null
  readonly photos: number
}

/** Punches of WeCom's that were outside or odd, around dates, by (person, time). */
export const listOdd = (db: Db, { orgId, personIds, from, to }: PersonDates) =>
  db.many<ToldPunch>(sql`
    select p.person_id as "personId", p.id, p.at, p.place, p.detail -> 'odd' as odd,
      coalesce(p.detail ->> 'type' = '外出打卡', false) as outing, p.detail ->> 'address' as address,
      p.detail ->> 'note' as note, coalesce(jsonb_array_length(p.detail -> 'mediaIds'), 0) as photos
    from punches p
    where p.org_id = ${orgId}
      and p.person_id = any (${personIds}::text[])
      and p.source = 'wecom'
      and (p.detail ? 'odd' or p.detail ->> 'type' = '外出打卡')
      and p.at >= ${from}::date - interval '2 days'
      and p.at < ${to}::date + interval '3 days'
    order by p.person_id, p.at, p.id`)

/** A kept day with all that a month and its files tell of it. */
export type FiledDay = ExportDay & Pick<StoredDay, 'personId'>

/** Most days have nothing granted, and say so in a word. */
const GRANTED = sql`
  case when x.day #> '{input,leaves}' <> '[]' or x.day #> '{input,outings}' <> '[]' or x.day #> '{input,overtime}' <> '[]'
    then jsonb_build_object('leaves', x.day #> '{input,leaves}', 'outings', x.day #> '{input,outings}',
      'overtime', x.day #> '{input,overtime}', 'pieces', x.day #> '{ledger,pieces}')
  end`

/** Kept days, each unpacked once. @param granted whether leave, outings and overtime are wanted, too */
export const listExportDays = (granted: boolean) => (db: Db, asked: PersonDates) =>
  db.many<FiledDay>(sql`
    select a.person_id as "personId", a.date, a.marks, a.cell, a.due_days as "dueDays", a.minutes, a.overtime,
      x.day #>> '{facts,dayType}' as "dayType", x.day #>> '{facts,dayName}' as "dayName",
      x.day #>> '{facts,shift,name}' as shift,
      (x.day #>> '{facts,ruleSet,name}') || ' v' || (x.day #>> '{facts,ruleSet,version}') as rules,
      x.day #> '{ledger,due}' as due, x.day #> '{ledger,punches}' as punches,
      ${granted ? GRANTED : sql`null::jsonb`} as granted
    from attendance_days a
      cross join lateral (select a.day || '{}'::jsonb as day offset 0) x
    where a.org_id = ${asked.orgId}
      and a.person_id = any (${asked.personIds}::text[])
      and a.date between ${asked.from}::date and ${asked.to}::date
    order by a.person_id, a.date`)
