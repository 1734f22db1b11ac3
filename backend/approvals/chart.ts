import type { Flow } from '../contract/approvalSettings.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { Chart } from './plan.ts'
import { namedIn } from './queries.ts'

const HIGHEST = 30 // departments above one another; a circle among them ends here

/** Who stands above somebody now. @param named whom the flow names. */
export async function loadChart(
  db: Db,
  { orgId, personId }: { orgId: string; personId: string },
  named: readonly string[],
): Promise<Chart> {
  const rows = await db.many<Row>(chartOf(orgId, personId, named))
  const idsOf = (part: Row['part']) => rows.filter((row) => row.part === part).map((row) => row.id)
  const chain = rows.filter((row) => row.part === 'chain')
  const levels = [...new Set(chain.map((row) => row.level))]
  return {
    personId,
    direct: idsOf('direct'),
    chain: levels.map((level) => chain.filter((row) => row.level === level).map((row) => row.id)),
    hr: idsOf('hr'),
    admins: idsOf('admin'),
    active: new Set(idsOf('named')),
  }
}

interface Row {
  part: 'chain' | 'direct' | 'hr' | 'admin' | 'named'
  level: number
  id: string
}

const chartOf = (orgId: string, personId: string, named: readonly string[]) => sql`
    with recursive up as (
      select d.id, d.parent_id, 1 as level
      from people p
        join departments d on d.org_id = ${orgId} and d.id = p.department_id
      where p.org_id = ${orgId} and p.id = ${personId}
      union all
      select d.id, d.parent_id, u.level + 1
      from up u
        join departments d on d.org_id = ${orgId} and d.id = u.parent_id
      where u.level < ${HIGHEST}
    )
    select 'chain' as part, u.level, l.id
    from up u
      join people l on l.org_id = ${orgId} and l.active and l.leads @> array[u.id]
    union all
    select 'direct', 0, l.id
    from people p
      join people l on l.org_id = ${orgId} and l.active and p.circles @> array['@' || l.id]
    where p.org_id = ${orgId} and p.id = ${personId}
    union all
    select p.role, 0, p.id
    from people p
    where p.org_id = ${orgId} and p.active and p.role in ('hr', 'admin')
    union all
    select 'named', 0, p.id
    from people p
    where p.org_id = ${orgId} and p.active and p.id = any (${named}::text[])
    order by 2, 3`

/** Everybody a flow names. */
export const namedOf = (flow: Flow): string[] => [
  ...new Set(flow.rules.flatMap((rule) => rule.steps.flatMap((step) => namedIn(step.by)))),
]
