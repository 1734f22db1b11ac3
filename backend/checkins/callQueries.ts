import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { judged, LISTED, standing } from './list.ts'
import { belowOf, joinThresholds, type Threshold } from './thresholds.ts'

/** A check-in that waits for a review. */
export interface Waiting {
  id: string
  personId: string
  person: string // name
  zone: string
  at: number
  place: string | null
  score: number
}

const MOST = 500

/** @param only these check-ins; null: all since then */
export function listWaiting(
  db: Db,
  orgId: string,
  wanted: { since: number; only: readonly string[] | null; thresholds: readonly Threshold[] },
) {
  return db.many<Waiting>(sql`
    select q.id, q."personId", q.person, q.zone, q.at, q.place, q.score
    from (
      select ${LISTED}, c.zone, p.name as person, ${standing(belowOf(wanted.thresholds))} as standing
      from checkins c
        join people p on p.org_id = ${orgId} and p.id = c.person_id
        ${joinThresholds(wanted.thresholds)}
        ${judged(orgId)}
      where c.org_id = ${orgId}
        and c.at >= to_timestamp(${wanted.since}::float8 / 1000)
        and (${wanted.only === null}::boolean or c.id = any (${wanted.only ?? []}::uuid[]))
    ) q
    where q.standing = 'waiting'
    order by q.at, q.id
    limit ${MOST}`)
}

/** Who reviews people's check-ins: of the departments above each the nearest that somebody leads, and direct leaders. */
export const listReviewers = (db: Db, orgId: string, personIds: readonly string[]) =>
  db.many<{ personId: string; receiverId: string }>(sql`
    with recursive up as (
      select p.id as person_id, d.id, d.parent_id, 1 as level
      from people p
        join departments d on d.org_id = ${orgId} and d.id = p.department_id
      where p.org_id = ${orgId} and p.id = any (${personIds}::text[])
      union all
      select u.person_id, d.id, d.parent_id, u.level + 1
      from up u
        join departments d on d.org_id = ${orgId} and d.id = u.parent_id
      where u.level < 50
    ), led as (
      select u.person_id, u.level, l.id as receiver_id
      from up u
        join people l on l.org_id = ${orgId} and l.active and l.role = 'supervisor'
          and l.leads @> array[u.id] and l.id <> u.person_id
    )
    select e.person_id as "personId", e.receiver_id as "receiverId"
    from led e
    where e.level = (select min(n.level) from led n where n.person_id = e.person_id)
    union
    select p.id, l.id
    from people p
      join people l on l.org_id = ${orgId} and l.active and l.role = 'supervisor'
        and p.circles @> array['@' || l.id] and l.id <> p.id
    where p.org_id = ${orgId} and p.id = any (${personIds}::text[])`)

/** Who was told of these check-ins, and when each of these receivers was told of anything last. */
export const listCalls = (
  db: Db,
  orgId: string,
  { ids, receiverIds }: { ids: readonly string[]; receiverIds: readonly string[] },
) =>
  db.many<{ checkinId: string; receiverId: string; toldAt: number }>(sql`
    select k.checkin_id as "checkinId", k.receiver_id as "receiverId", k.told_at as "toldAt"
    from review_calls k
    where k.org_id = ${orgId} and k.checkin_id = any (${ids}::uuid[])
    union
    select last.checkin_id, last.receiver_id, last.told_at
    from (
      select distinct on (k.receiver_id) k.checkin_id, k.receiver_id, k.told_at
      from review_calls k
      where k.org_id = ${orgId} and k.receiver_id = any (${receiverIds}::text[])
      order by k.receiver_id, k.told_at desc
    ) last`)

export const insertCalls = (
  tx: Db,
  orgId: string,
  { rows, receiverId, at }: { rows: readonly Waiting[]; receiverId: string; at: number },
) =>
  tx.run(sql`
    insert into review_calls (org_id, person_id, checkin_id, receiver_id, told_at)
    select ${orgId}, each.person_id, each.id, ${receiverId}, to_timestamp(${at}::float8 / 1000)
    from json_to_recordset(${JSON.stringify(rows.map(({ id, personId }) => ({ id, person_id: personId })))}::json)
      as each (id uuid, person_id text)
    on conflict do nothing`)
