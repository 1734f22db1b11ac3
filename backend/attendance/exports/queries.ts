import type { Db } from '../../core/db.ts'
import { found } from '../../core/errors.ts'
import { sql } from '../../core/sql.ts'
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

export const listPositions = (db: Db, orgId: string, personIds: readonly string[]) =>
  db.many<{ id: string; position: string | null }>(sql`
    select p.id, p.position from people p where p.org_id = ${orgId} and p.id = any (${personIds}::text[])`)

/** Kept days with what files tell of them; each stored day is unpacked once. */
export const listExportDays = (
  db: Db,
  asked: { orgId: string; personIds: readonly string[]; from: string; to: string },
) =>
  db.many<ExportDay & { personId: string }>(sql`
    select a.person_id as "personId", a.date, a.marks, a.cell, a.minutes, a.overtime,
      x.day #>> '{facts,dayType}' as "dayType", x.day #>> '{facts,dayName}' as "dayName",
      x.day #>> '{facts,shift,name}' as shift,
      (x.day #>> '{facts,ruleSet,name}') || ' v' || (x.day #>> '{facts,ruleSet,version}') as rules,
      x.day #> '{ledger,due}' as due, x.day #> '{ledger,punches}' as punches
    from attendance_days a
      cross join lateral (select a.day || '{}'::jsonb as day offset 0) x
    where a.org_id = ${asked.orgId}
      and a.person_id = any (${asked.personIds}::text[])
      and a.date between ${asked.from}::date and ${asked.to}::date
    order by a.person_id, a.date`)
