import type { Checkin, Review, Standing } from '../contract/checkins.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import type { Finding } from './finding.ts'
import { judged, LISTED, standing } from './list.ts'
import { listPolicies, policyIn } from './settings.ts'

interface Scope {
  orgId: string
  departments: readonly string[] | 'all'
}

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
  const belowOf = (id: string | null | undefined, left = 50): number =>
    id && left > 0 ? (own.get(id) ?? belowOf(parents.get(id), left - 1)) : company
  return [
    { departmentId: '', below: company },
    ...departments.map(({ id }) => ({ departmentId: id, below: belowOf(id) })),
  ]
}

/** `below` of the department of `p`, as a table `t`. */
const joinThresholds = (thresholds: readonly Threshold[]): Sql => sql`
  left join json_to_recordset(${JSON.stringify(thresholds)}::json) as t ("departmentId" text, below int)
    on t."departmentId" = p.department_id`

const companyBelow = (thresholds: readonly Threshold[]) => thresholds[0]?.below ?? 60

interface QueueWanted {
  standing: Standing
  departmentId?: string | undefined
  before: number
  since: number
  thresholds: readonly Threshold[]
  limit: number
}

/** Check-ins of people that may be seen, newest first. */
export function listQueue(db: Db, scope: Scope, wanted: QueueWanted) {
  const all = scope.departments === 'all'
  const keys = all ? [] : scope.departments
  const below = sql`coalesce(t.below, ${companyBelow(wanted.thresholds)}::int)`
  return db.many<Checkin>(sql`
    select q.*
    from (
      select ${LISTED}, p.name as person, ${standing(below)} as standing
      from checkins c
        join people p on p.org_id = ${scope.orgId} and p.id = c.person_id
        ${joinThresholds(wanted.thresholds)}
        ${judged(scope.orgId)}
      where c.org_id = ${scope.orgId}
        and c.at < to_timestamp(${wanted.before}::float8 / 1000)
        and c.at >= to_timestamp(${wanted.since}::float8 / 1000)
        and (${all}::boolean or p.department_id = any (${keys}::text[]) or p.circles && ${keys}::text[])
        and (${wanted.departmentId ?? null}::text is null or p.department_id = ${wanted.departmentId ?? null})
    ) q
    where q.standing = ${wanted.standing}
    order by q.at desc, q.id desc
    limit ${wanted.limit}`)
}

/** One check-in as it stands now, with the signals of its newest score. */
export const findJudged = (
  db: Db,
  orgId: string,
  { personId, id }: { personId: string; id: string },
  thresholds: readonly Threshold[],
) =>
  db.first<Checkin & { signals: Finding[] }>(sql`
    select ${LISTED}, p.name as person, coalesce(s.signals, c.evidence -> 'signals') as signals,
      ${standing(sql`coalesce(t.below, ${companyBelow(thresholds)}::int)`)} as standing
    from checkins c
      join people p on p.org_id = ${orgId} and p.id = c.person_id
      ${joinThresholds(thresholds)}
      ${judged(orgId)}
    where c.org_id = ${orgId} and c.person_id = ${personId} and c.id = ${id}::uuid`)

/** Which of these photos of his can be shown. */
export const listReadable = (
  db: Db,
  { orgId, personId }: { orgId: string; personId: string },
  ids: readonly string[],
) =>
  db.many<{ id: string; readable: boolean }>(sql`
    select p.id, p.thumb is not null as readable
    from photos p
    where p.org_id = ${orgId} and p.person_id = ${personId} and p.id = any (${ids}::uuid[])
    order by p.received_at, p.id`)

interface Path {
  orgId: string
  personId: string
  id: string
}

export const listReviews = (db: Db, { orgId, personId, id }: Path) =>
  db.many<Review>(sql`
    select r.id, r.at, r.by_id as by, coalesce(p.name, r.by_id) as name, r.kind, r.text
    from checkin_reviews r
      left join people p on p.org_id = ${orgId} and p.id = r.by_id
    where r.org_id = ${orgId} and r.person_id = ${personId} and r.checkin_id = ${id}::uuid
    order by r.at, r.id`)

interface NewReview {
  orgId: string
  personId: string
  id: string
  checkinId: string
  at: number
  by: string
  kind: Review['kind']
  text: string
}

/** @returns whether it was added; false when its id was there. */
export async function insertReview(tx: Db, review: NewReview): Promise<boolean> {
  const rows = await tx.many(sql`
    insert into checkin_reviews (org_id, person_id, id, checkin_id, at, by_id, kind, text)
    values (${review.orgId}, ${review.personId}, ${review.id}::uuid, ${review.checkinId}::uuid,
      to_timestamp(${review.at}::float8 / 1000), ${review.by}, ${review.kind}, ${review.text})
    on conflict do nothing
    returning id`)
  return rows.length > 0
}
