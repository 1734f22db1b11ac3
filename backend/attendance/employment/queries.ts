import type { Employee } from '../../contract/employment.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

export interface AskedEmployees {
  orgId: string
  below?: readonly string[] | undefined // departments
  q?: string | undefined // part of a name or account
  personIds?: readonly string[] | undefined
  after?: string | undefined // id of the last one before
  limit: number
}

/** Everybody the company has known, with when he is employed. */
export const listEmployees = (
  db: Db,
  { orgId, below, q = '', personIds, after = '', limit }: AskedEmployees,
) =>
  // prettier-ignore
  db.many<Employee>(sql`
    select p.id as "personId", coalesce(p.user_id, p.id) as "userId", p.name, d.name as department, p.active, p.employments as periods
    from people p
      join departments d on d.org_id = ${orgId} and d.id = p.department_id
    where p.org_id = ${orgId} and p.id > ${after}
      and (${below === undefined}::boolean or p.department_id = any (${below ?? []}::text[]))
      and (${personIds === undefined}::boolean or p.id = any (${personIds ?? []}::text[]))
      and (strpos(lower(p.name), lower(${q}::text)) > 0 or strpos(lower(p.id), lower(${q}::text)) > 0)
    order by p.id
    limit ${limit}`)
