import type { Payslip, PayslipImport, PayslipItem } from '../../contract/payslips.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

export interface SlipKey {
  orgId: string
  personId: string
  month: string // YYYY-MM
}

const firstOf = (month: string) => `${month}-01`

/** A person's slip of a month: of the newest import that has one for him and was not taken back. */
export const findPayslip = (db: Db, { orgId, personId, month }: SlipKey) =>
  db.first<Omit<Payslip, 'totals' | 'month'> & { importId: string }>(sql`
    select s.items, i.at as "handedOutAt", s.import_id as "importId"
    from payslips s
      join payslip_imports i on i.org_id = ${orgId} and i.id = s.import_id
    where s.org_id = ${orgId}
      and s.person_id = ${personId}
      and s.month = ${firstOf(month)}::date
      and i.withdrawn_at is null
    order by i.at desc, i.id desc
    limit 1`)

export const hasPayslip = async (db: Db, key: SlipKey) => (await findPayslip(db, key)) !== null

/** The months a person has slips of, newest first. */
export const listPayslips = (db: Db, orgId: string, personId: string) =>
  db.many<{ month: string; at: number }>(sql`
    select to_char(s.month, 'YYYY-MM') as month, max(i.at) as at
    from payslips s
      join payslip_imports i on i.org_id = ${orgId} and i.id = s.import_id
    where s.org_id = ${orgId} and s.person_id = ${personId} and i.withdrawn_at is null
    group by s.month
    order by s.month desc`)

export const noteSeen = (db: Db, { orgId, personId }: SlipKey, importId: string, now: number) =>
  db.run(sql`
    update payslips
    set seen_at = coalesce(seen_at, to_timestamp(${now}::float8 / 1000))
    where org_id = ${orgId} and person_id = ${personId} and import_id = ${importId}::uuid`)

/** HR's imports of a month: how many people, never how much. */
export const listImports = (db: Db, orgId: string, month: string) =>
  db.many<PayslipImport>(sql`
    select i.id, i.at, p.name as by, i.file_name as "fileName", i.people, i.withdrawn_at as "withdrawnAt",
      (select count(s.seen_at)::int from payslips s where s.org_id = ${orgId} and s.import_id = i.id) as seen
    from payslip_imports i
      join people p on p.org_id = ${orgId} and p.id = i.made_by
    where i.org_id = ${orgId} and i.month = ${firstOf(month)}::date
    order by i.at desc, i.id desc`)

export interface NewImport {
  orgId: string
  id: string
  month: string
  at: number
  by: string // userid
  fileName: string
  slips: readonly { personId: string; items: readonly PayslipItem[] }[]
}

/** Call it in a transaction: an import is kept as a whole, or nothing of it. */
export async function insertImport(tx: Db, given: NewImport): Promise<void> {
  await tx.run(sql`
    insert into payslip_imports (org_id, id, month, at, made_by, file_name, people)
    values (${given.orgId}, ${given.id}::uuid, ${firstOf(given.month)}::date,
      to_timestamp(${given.at}::float8 / 1000), ${given.by}, ${given.fileName}, ${given.slips.length}::int)`)
  await tx.run(sql`
    insert into payslips (org_id, person_id, import_id, month, items)
    select ${given.orgId}, s."personId", ${given.id}::uuid, ${firstOf(given.month)}::date, s.items
    from json_to_recordset(${JSON.stringify(given.slips)}::json) as s ("personId" text, items jsonb)`)
}

/** @returns whether there was one to take back. */
export const withdrawImport = async (
  db: Db,
  key: { orgId: string; id: string; month: string },
  act: { by: string; at: number },
) =>
  (await db.run(sql`
    update payslip_imports
    set withdrawn_at = coalesce(withdrawn_at, to_timestamp(${act.at}::float8 / 1000)),
      withdrawn_by = coalesce(withdrawn_by, ${act.by})
    where org_id = ${key.orgId} and id = ${key.id}::uuid and month = ${firstOf(key.month)}::date`)) ===
  1

/** Everybody of the company, those who left too, as a payroll file may name him. */
export const listPayees = (db: Db, orgId: string) =>
  db.many<{ id: string; userId: string; name: string; active: boolean }>(sql`
    select p.id, coalesce(p.user_id, p.id) as "userId", p.name, p.active
    from people p
    where p.org_id = ${orgId}
    order by p.id`)
