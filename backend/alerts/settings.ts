import { AlertRules, DEFAULT_RULES, type AlertRule } from '../contract/alerts.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/** The rules of a company, as it set them or as they come. */
export async function loadRules(db: Db, orgId: string): Promise<readonly AlertRule[]> {
  const row = await db.first<{ rules: unknown }>(sql`
    select r.rules
    from alert_rules r
    where r.org_id = ${orgId}
    order by r.made_at desc, r.id desc
    limit 1`)
  const kept = AlertRules.safeParse({ rules: row?.rules })
  return kept.success ? kept.data.rules : DEFAULT_RULES
}

export interface NewRules {
  orgId: string
  id: string
  rules: readonly AlertRule[]
  by: string
  at: number
}

export const insertRules = (db: Db, { orgId, id, rules, by, at }: NewRules) =>
  db.run(sql`
    insert into alert_rules (org_id, id, rules, made_by, made_at)
    values (${orgId}, ${id}::uuid, ${JSON.stringify(rules)}::jsonb, ${by},
      to_timestamp(${at}::float8 / 1000))`)

/**
 * The rules for people of a department: of each kind that of the nearest department above, else the company's.
 * @param lineage the department and those above it, itself first
 */
export function rulesFor(rules: readonly AlertRule[], lineage: readonly string[]): AlertRule[] {
  const distance = ({ departmentId }: AlertRule) =>
    departmentId === '' ? lineage.length : lineage.indexOf(departmentId)
  const nearest = new Map<string, AlertRule>()
  for (const rule of rules.filter((each) => distance(each) >= 0)) {
    const known = nearest.get(rule.kind)
    if (!known || distance(rule) < distance(known)) nearest.set(rule.kind, rule)
  }
  return [...nearest.values()]
}
