import type { z } from 'zod'
import type { PlanRules } from '../contract/plans.ts'
import type { CoverageQuery, CoverageRow, Step, Visit } from '../contract/visits.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import { inScope, type Scope } from '../people/index.ts'
import { visitsWhere } from './queries.ts'

export interface CoverageAsked {
  scope: Scope
  self: string | null // only this person's customers
  query: z.infer<typeof CoverageQuery>
  rules: PlanRules
  now: number
}

/** A condition on `c`, with its owner `p`: a customer of the viewer's own people, or of the shared pool. */
function ofMine({ scope, self }: Pick<CoverageAsked, 'scope' | 'self'>): Sql {
  if (self !== null) return sql`c.owner_id = ${self}`
  const all = scope.departments === 'all'
  const keys = all ? [] : scope.departments
  return sql`(${all}::boolean or c.department_id = any (${keys}::text[]) or ${inScope(scope)}
    or (c.department_id is null and c.owner_id is null))`
}

/** Active customers with how long nobody was there, longest first, of all that match their number. */
export function listCoverage(db: Db, asked: CoverageAsked) {
  const { query, rules, now, scope } = asked
  const { orgId } = scope
  return db.many<CoverageRow & { total: number; customers: number }>(sql`
    select k.*, count(*) over ()::int as total
    from (
      select c.id as "customerId", c.name as customer, c.address, c.tier, c.owner_id as "ownerId",
        p.name as owner, d.name as department, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat,
        (c.last_visited_at at time zone o.zone)::date as "lastVisit",
        (to_timestamp(${now}::float8 / 1000) at time zone o.zone)::date
          - (c.last_visited_at at time zone o.zone)::date as days,
        case c.tier when 'A' then ${rules.everyDaysA}::int when 'B' then ${rules.everyDaysB}::int
          else ${rules.everyDaysC}::int end as "everyDays",
        count(*) over ()::int as customers
      from customers c
        join orgs o on o.id = ${orgId}
        left join people p on p.org_id = ${orgId} and p.id = c.owner_id
        left join departments d on d.org_id = ${orgId} and d.id = coalesce(c.department_id, p.department_id)
      where c.org_id = ${orgId} and c.status = 'active'
        and ${ofMine(asked)}
        and (${query.tier ?? null}::text is null or c.tier = ${query.tier ?? null}::text)
        and (${query.ownerId ?? null}::text is null or c.owner_id = ${query.ownerId ?? null}::text)
        and (${query.departmentId ?? null}::text is null
          or coalesce(c.department_id, p.department_id) = ${query.departmentId ?? null}::text)
    ) k
    where k.days is null or k.days >= coalesce(${query.days ?? null}::int, k."everyDays" + 1)
    order by k.days desc nulls first, k.customer, k."customerId"
    limit ${query.limit}`)
}

export interface TimelineAsked {
  scope: Scope
  self: string | null // only visits of this person, and all at customers of his own
  customerId: string
  before: string | null // date, excluded
  limit: number
}

/** Visits at a customer that the viewer may see, newest first, as they are kept. */
export const listVisitsAt = (db: Db, { scope, self, ...asked }: TimelineAsked) =>
  db.many<Visit>(sql`
    ${visitsWhere(
      scope.orgId,
      sql`v.customer_id = ${asked.customerId}::uuid
        and v.status <> 'planned'
        and (${asked.before}::date is null or v.date < ${asked.before}::date)
        and ${self === null ? inScope(scope) : sql`(p.id = ${self} or c.owner_id = ${self})`}`,
    )}
    order by v.date desc, v.from_at desc nulls last, v.id
    limit ${asked.limit}`)

/** Notes of visits, oldest first. */
export const listNotes = (db: Db, orgId: string, visitIds: readonly string[]) =>
  db.many<{ visitId: string; text: string; madeAt: number }>(sql`
    select e.visit_id as "visitId", e.content ->> 'text' as text, e.made_at as "madeAt"
    from visit_entries e
    where e.org_id = ${orgId} and e.visit_id = any (${visitIds}::uuid[]) and e.kind = 'note'
    order by e.made_at, e.id`)

export const listStepsOf = (db: Db, orgId: string, visitIds: readonly string[]) =>
  db.many<Step & { visitId: string }>(sql`
    select s.visit_id as "visitId", s.id, s.text, s.due_at as "dueAt", s.done_at as "doneAt"
    from next_steps s
    where s.org_id = ${orgId} and s.visit_id = any (${visitIds}::uuid[])
    order by s.due_at, s.id`)
