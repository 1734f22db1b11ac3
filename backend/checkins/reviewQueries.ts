import type { Checkin, Review, Standing } from '../contract/checkins.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { Before } from '../core/pages.ts'
import { inScope } from '../people/index.ts'
import type { Finding } from './finding.ts'
import { judged, LISTED, newestScore, scoreNow, standing } from './list.ts'
import { belowOf, joinThresholds, type movedBetween, type Threshold } from './thresholds.ts'

interface Scope {
  orgId: string
  departments: readonly string[] | 'all'
}

interface QueueWanted {
  standing: Standing
  departmentId?: string | undefined
  before: Before
  since: number
  thresholds: readonly Threshold[]
  limit: number
}

/** Check-ins of people that may be seen, newest first. */
export function listQueue(db: Db, scope: Scope, wanted: QueueWanted) {
  return db.many<Checkin>(sql`
    select q.*
    from (
      select ${LISTED}, p.name as person, ${standing(belowOf(wanted.thresholds))} as standing
      from checkins c
        join people p on p.org_id = ${scope.orgId} and p.id = c.person_id
        ${joinThresholds(wanted.thresholds)}
        ${judged(scope.orgId)}
      where c.org_id = ${scope.orgId}
        and (c.at, c.id::text) < (to_timestamp(${wanted.before.at}::float8 / 1000), ${wanted.before.key})
        and c.at >= to_timestamp(${wanted.since}::float8 / 1000)
        and ${inScope(scope)}
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
      ${standing(belowOf(thresholds))} as standing
    from checkins c
      join people p on p.org_id = ${orgId} and p.id = c.person_id
      ${joinThresholds(thresholds)}
      ${judged(orgId)}
    where c.org_id = ${orgId} and c.person_id = ${personId} and c.id = ${id}::uuid`)

/** Check-ins since a moment that a moved threshold judges anew: those whose newest score lies between the two. */
export const listRejudged = (
  db: Db,
  orgId: string,
  { moved, since }: { moved: ReturnType<typeof movedBetween>; since: number },
) =>
  db.many<{ id: string; personId: string; at: number; date: string }>(sql`
    select c.id, c.person_id as "personId", c.at, c.date
    from checkins c
      join people p on p.org_id = ${orgId} and p.id = c.person_id
      join json_to_recordset(${JSON.stringify(moved)}::json) as m ("departmentId" text, low int, high int)
        on m."departmentId" = p.department_id
      ${newestScore(orgId)}
    where c.org_id = ${orgId}
      and c.at >= to_timestamp(${since}::float8 / 1000)
      and ${scoreNow} >= m.low and ${scoreNow} < m.high
    order by c.at, c.id`)

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
