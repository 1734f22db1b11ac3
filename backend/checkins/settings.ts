import { DEFAULT_POLICY, Form, Policy } from '../contract/checkins.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/** The policy that holds for people of a department: its own, or that of the nearest department above, or the company's. */
export async function policyOf(db: Db, orgId: string, departmentId: string): Promise<Policy> {
  const row = await db.first<{ value: unknown }>(sql`
    with recursive up as (
      select d.id, d.parent_id, 0 as depth
      from departments d
      where d.org_id = ${orgId} and d.id = ${departmentId}
      union all
      select d.id, d.parent_id, up.depth + 1
      from departments d
        join up on d.id = up.parent_id
      where d.org_id = ${orgId} and up.depth < 50
    )
    select s.value
    from (
      select distinct on (s.key) s.key, s.value
      from checkin_settings s
      where s.org_id = ${orgId} and s.kind = 'policy'
      order by s.key, s.at desc, s.id desc
    ) s
      left join up on up.id = s.key
    where s.value is not null and (up.id is not null or s.key = '')
    order by coalesce(up.depth, 1000)
    limit 1`)
  return policyIn(row?.value)
}

/** What was stored by an older program may lack what came later. */
export function policyIn(value: unknown): Policy {
  const kept = Policy.safeParse({ ...DEFAULT_POLICY, ...(typeof value === 'object' ? value : {}) })
  return kept.success ? kept.data : DEFAULT_POLICY
}

/** The policies as they were set, the company's first. */
export const listPolicies = (db: Db, orgId: string) =>
  db.many<{ departmentId: string; department: string | null; policy: unknown }>(sql`
    select s.key as "departmentId", d.name as department, s.value as policy
    from (
      select distinct on (s.key) s.key, s.value
      from checkin_settings s
      where s.org_id = ${orgId} and s.kind = 'policy'
      order by s.key, s.at desc, s.id desc
    ) s
      left join departments d on d.org_id = ${orgId} and d.id = s.key
    where s.value is not null
    order by s.key`)

/** The newest version of each form, those put aside included. */
export async function listForms(db: Db, orgId: string): Promise<Form[]> {
  const rows = await db.many<{ value: unknown }>(sql`
    select s.value
    from (
      select distinct on (s.key) s.key, s.value
      from checkin_settings s
      where s.org_id = ${orgId} and s.kind = 'form'
      order by s.key, s.at desc, s.id desc
    ) s
    where s.value is not null
    order by s.value ->> 'name', s.key`)
  return rows.flatMap(({ value }) => {
    const form = Form.safeParse(value)
    return form.success ? [form.data] : []
  })
}

/** One version of a form, also an old one: what was filled in is read by it. */
export async function findForm(db: Db, orgId: string, id: string): Promise<Form | null> {
  const row = await db.first<{ value: unknown }>(sql`
    select s.value
    from checkin_settings s
    where s.org_id = ${orgId} and s.kind = 'form' and s.id = ${id}::uuid`)
  const form = Form.safeParse(row?.value)
  return form.success ? form.data : null
}

export interface Setting {
  orgId: string
  id: string
  kind: 'policy' | 'form'
  key: string
  value: object | null
  at: number
  by: string
}

export const insertSetting = (db: Db, setting: Setting) =>
  db.run(sql`
    insert into checkin_settings (org_id, id, kind, key, value, at, by_id)
    values (${setting.orgId}, ${setting.id}::uuid, ${setting.kind}, ${setting.key},
      ${setting.value === null ? null : JSON.stringify(setting.value)}::jsonb,
      to_timestamp(${setting.at}::float8 / 1000), ${setting.by})
    on conflict do nothing`)
