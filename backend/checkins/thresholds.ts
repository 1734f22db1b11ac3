import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import { listPolicies, policyIn } from './settings.ts'

/** Below which score people of a department wait for a review. */
export interface Threshold {
  departmentId: string
  below: number
}

/** Of every department that differs from the company, itself or by one above it; '' is the company's. */
export async function thresholdsOf(db: Db, orgId: string): Promise<Threshold[]> {
  const policies = await listPolicies(db, orgId)
  const own = new Map(policies.map(({ departmentId, policy }) => [departmentId, policyIn(policy).reviewBelow])) // prettier-ignore
  const company = own.get('') ?? policyIn(null).reviewBelow
  if (own.size === 0) return [{ departmentId: '', below: company }]
  const departments = await db.many<{ id: string; parentId: string | null }>(sql`
    select d.id, d.parent_id as "parentId" from departments d where d.org_id = ${orgId}`)
  const parents = new Map(departments.map(({ id, parentId }) => [id, parentId]))
  const inherited = (id: string | null | undefined, left = 50): number =>
    id && left > 0 ? (own.get(id) ?? inherited(parents.get(id), left - 1)) : company
  return [
    { departmentId: '', below: company },
    ...departments.map(({ id }) => ({ departmentId: id, below: inherited(id) })),
  ]
}

/** `below` of the department of `p`, as a table `t`. */
export const joinThresholds = (thresholds: readonly Threshold[]): Sql => sql`
  left join json_to_recordset(${JSON.stringify(thresholds)}::json) as t ("departmentId" text, below int)
    on t."departmentId" = p.department_id`

/** That of `p`, of the joined table `t`. */
export const belowOf = (thresholds: readonly Threshold[]): Sql =>
  sql`coalesce(t.below, ${companyBelow(thresholds)}::int)`

const companyBelow = (thresholds: readonly Threshold[]) => thresholds[0]?.below ?? 60

/** The score under which check-ins of a department's people wait. */
export const belowIn = (thresholds: readonly Threshold[], departmentId: string | null): number =>
  thresholds.find((each) => each.departmentId === departmentId)?.below ?? companyBelow(thresholds)

/** Departments whose threshold moved, and between which scores. */
export const movedBetween = (before: readonly Threshold[], after: readonly Threshold[]) =>
  [...new Set([...before, ...after].map(({ departmentId }) => departmentId))].flatMap(
    (departmentId) => {
      const [was, below] = [belowIn(before, departmentId), belowIn(after, departmentId)]
      return was === below ? [] : [{ departmentId, low: Math.min(was, below), high: Math.max(was, below) }] // prettier-ignore
    },
  )
