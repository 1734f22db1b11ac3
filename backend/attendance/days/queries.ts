import type { LedgerMinutes } from '../../contract/attendance.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

export interface PersonDates {
  orgId: string
  personIds: readonly string[]
  from: string // both included
  to: string
}

/** Punches that other systems told, by (person, at, id). */
export const listPunches = (
  db: Db,
  { orgId, personIds }: PersonDates,
  span: { from: number; to: number },
) =>
  // prettier-ignore
  db.many<{ personId: string; id: string; at: number; source: 'device' | 'wecom' | 'import' }>(sql`
    select p.person_id as "personId", p.id, p.at, p.source
    from punches p
    where p.org_id = ${orgId}
      and p.person_id = any (${personIds}::text[])
      and p.at >= to_timestamp(${span.from}::float8 / 1000)
      and p.at < to_timestamp(${span.to}::float8 / 1000)
    order by p.person_id, p.at, p.id`)

/** What is kept of these days, and the newest change that waits. */
export const listStates = (db: Db, { orgId, personIds, from, to }: PersonDates) =>
  db.many<DayState>(sql`
    select coalesce(a.person_id, c.person_id) as "personId", coalesce(a.date, c.date) as date, a.zone,
      a.department_id as "departmentId",      a.version, c.version as waiting, c.cause, a.marks, a.minutes, a.digest, coalesce(a.closed, false) as closed
    from (
      select d.person_id, d.date, d.zone, d.department_id, d.version, d.marks, d.minutes, d.digest, d.closed
      from attendance_days d
      where d.org_id = ${orgId} and d.person_id = any (${personIds}::text[])
        and d.date between ${from}::date and ${to}::date
    ) a
      full join (
        select q.person_id, q.date, q.version, q.cause
        from attendance_changes q
        where q.org_id = ${orgId} and q.person_id = any (${personIds}::text[])
          and q.date between ${from}::date and ${to}::date
      ) c on c.person_id = a.person_id and c.date = a.date`)

/** Whose days of some dates are not as they would come out now: a change waits, or time has changed them. */
export const listStalePeople = (db: Db, { orgId, personIds, from, to }: PersonDates, now: number) =>
  // prettier-ignore
  db.many<{ personId: string }>(sql`
    select c.person_id as "personId"
    from attendance_changes c
    where c.org_id = ${orgId} and c.person_id = any (${personIds}::text[])
      and c.date between ${from}::date and ${to}::date
    union
    select a.person_id
    from attendance_days a
    where a.org_id = ${orgId} and a.person_id = any (${personIds}::text[])
      and a.date between ${from}::date and ${to}::date
      and a.recheck_at <= to_timestamp(${now}::float8 / 1000)`)

export interface DayState {
  personId: string
  date: string
  zone: string | null // null: not kept yet
  departmentId: string | null
  version: number | null
  waiting: number | null // version of the change that is not in it
  cause: string | null
  marks: string | null
  minutes: LedgerMinutes | null
  digest: string | null
  closed: boolean
}

/** A day as it is kept. */
export interface KeptDay {
  personId: string
  date: string
  zone: string
  departmentId: string
  version: number
  ruleSetId: string
  ruleVersion: number
  engineVersion: string
  marks: string
  cell: string
  dueDays: number
  minutes: LedgerMinutes
  overtime: number
  day: unknown
  digest: string
  closed: boolean
  recheckAt: number | null
}

export const upsertDays = (db: Db, orgId: string, days: readonly KeptDay[], now: number) =>
  db.run(sql`
    insert into attendance_days as a (org_id, person_id, date, zone, department_id, version, rule_set_id, rule_version,
      engine_version, marks, cell, due_days, minutes, overtime, day, digest, closed, recheck_at, computed_at)
    select ${orgId}, d."personId", d.date, d.zone, d."departmentId", d.version, d."ruleSetId", d."ruleVersion", d."engineVersion",
      d.marks, d.cell, d."dueDays", d.minutes, d.overtime, d.day, d.digest, d.closed,
      to_timestamp(d."recheckAt" / 1000), to_timestamp(${now}::float8 / 1000)
    from json_to_recordset(${JSON.stringify(days)}::json) as d ("personId" text, date date, zone text, "departmentId" text,
      version bigint, "ruleSetId" text, "ruleVersion" int, "engineVersion" text, marks text, cell text,
      "dueDays" real, minutes jsonb, overtime int, day jsonb, digest text, closed boolean, "recheckAt" float8)
    on conflict (org_id, person_id, date) do update
    set zone = excluded.zone, department_id = excluded.department_id, version = excluded.version, rule_set_id = excluded.rule_set_id,
      rule_version = excluded.rule_version, engine_version = excluded.engine_version, marks = excluded.marks,
      cell = excluded.cell, due_days = excluded.due_days, minutes = excluded.minutes,
      overtime = excluded.overtime, day = excluded.day, digest = excluded.digest, closed = excluded.closed,
      recheck_at = excluded.recheck_at, computed_at = excluded.computed_at
    where excluded.version >= a.version`)

export interface StoredDay {
  personId: string
  date: string
  zone: string
  marks: string
  cell: string
  dueDays: number
  minutes: LedgerMinutes
  overtime: number
  dayType: string
  due: { result: string; lateMin: number; corrected: boolean }[] // those that are plainly normal may lack
}

/** What a month's rows and sums are made of. */
export const listMonthDays = (db: Db, { orgId, personIds, from, to }: PersonDates) =>
  db.many<StoredDay>(sql`
    select a.person_id as "personId", a.date, a.zone, a.marks, a.cell, a.due_days as "dueDays", a.minutes,
      a.overtime, a.day -> 'facts' ->> 'dayType' as "dayType",
      coalesce(jsonb_path_query_array(a.day, '$.ledger.due[*] ? (@.result != "normal" || @.corrected == true)'), '[]') as due
    from attendance_days a
    where a.org_id = ${orgId}
      and a.person_id = any (${personIds}::text[])
      and a.date between ${from}::date and ${to}::date
    order by a.person_id, a.date`)

export const findDay = (db: Db, orgId: string, personId: string, date: string) =>
  db.first<{
    day: unknown
    zone: string
    marks: string
    computedAt: number
    closed: boolean
    engineVersion: string
  }>(sql`
    select a.day, a.zone, a.marks, a.computed_at as "computedAt", a.closed, a.engine_version as "engineVersion"
    from attendance_days a
    where a.org_id = ${orgId} and a.person_id = ${personId} and a.date = ${date}::date`)

/** A hash over each person's days of a month as they are kept. */
export const listDigests = (
  db: Db,
  { orgId, from, to }: Omit<PersonDates, 'personIds'>,
  personIds: readonly string[] | undefined,
) =>
  // prettier-ignore
  db.many<{ personId: string; digest: string }>(sql`
    select a.person_id as "personId",
      encode(sha256(convert_to(string_agg(a.date || ' ' || a.digest, ' ' order by a.date), 'UTF8')), 'hex') as digest
    from attendance_days a
    where a.org_id = ${orgId}
      and a.date between ${from}::date and ${to}::date
      and (${personIds === undefined}::boolean or a.person_id = any (${personIds ?? []}::text[]))
    group by a.person_id`)

export interface NewPunch {
  personId: string
  id: string // its reporter's
  at: number
  source: 'device' | 'wecom' | 'import'
  place?: string | undefined
  detail?: unknown
}

/** Keeps punches that are new. @returns those. */
export const insertPunches = (db: Db, orgId: string, punches: readonly NewPunch[], now: number) =>
  db.many<{ personId: string; at: number }>(sql`
    insert into punches (org_id, person_id, id, at, source, place, detail, received_at)
    select ${orgId}, p.id, n.id, to_timestamp(n.at / 1000), n.source, n.place, coalesce(n.detail, '{}'::jsonb),
      to_timestamp(${now}::float8 / 1000)
    from people p
      join json_to_recordset(${JSON.stringify(punches)}::json)
        as n ("personId" text, id text, at float8, source text, place text, detail jsonb) on n."personId" = p.id
    where p.org_id = ${orgId}
    on conflict do nothing
    returning person_id as "personId", at`)
