import type { CheckinKind, Decision, Standing, Whereabouts } from '../contract/checkins.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import { belowOf, joinThresholds, thresholdsOf } from './thresholds.ts'

/** A check-in as other rooms see it. */
export interface ListedCheckin {
  id: string
  personId: string
  kind: CheckinKind
  at: number // epoch ms, honest
  receivedAt: number
  date: string // work date
  customerId: string | null
  workplaceId: string | null
  place: string | null
  lng: number | null // WGS-84
  lat: number | null
  accuracy: number | null // metres
  where: Whereabouts | null
  metres: number | null
  note: string | null
  photoIds: string[]
  decision: Decision
  score: number // by everything known now
  standing: Standing // `refused` ones prove nothing
  hash: string // of its link in the chain
}

/** The newest score of `c`, as `s`. */
export const newestScore = (orgId: string): Sql => sql`
  left join lateral (
    select s.version, s.score, s.signals, s.at
    from checkin_scores s
    where s.org_id = ${orgId} and s.person_id = c.person_id and s.checkin_id = c.id
    order by s.version desc
    limit 1
  ) s on true`

/** Its points now: those of the newest score, before there is one those of the moment. */
export const scoreNow = sql`coalesce(s.score, (c.evidence ->> 'score')::int)`

/** The newest score of `c`, the last word of a supervisor about it, and the last answer to that. */
export const judged = (orgId: string): Sql => sql`
  ${newestScore(orgId)}
  left join lateral (
    select r.kind, r.at
    from checkin_reviews r
    where r.org_id = ${orgId} and r.person_id = c.person_id and r.checkin_id = c.id
      and r.kind in ('accept', 'reject')
    order by r.at desc, r.id desc
    limit 1
  ) r on true
  left join lateral (
    select a.at
    from checkin_reviews a
    where a.org_id = ${orgId} and a.person_id = c.person_id and a.checkin_id = c.id
      and a.kind = 'answer'
    order by a.at desc
    limit 1
  ) a on true`

/** What was refused waits again once the person has answered. */
export const standing = (reviewBelow: Sql): Sql => sql`
  case
    when r.kind = 'accept' then 'counts'
    when r.kind = 'reject' or c.decision = 'rejected'
      then case when a.at >= coalesce(r.at, c.received_at) then 'waiting' else 'refused' end
    when ${scoreNow} < ${reviewBelow} then 'waiting'
    else 'counts'
  end`

export const LISTED = sql`
  c.id, c.person_id as "personId", c.kind, c.at, c.received_at as "receivedAt", c.date,
  c.customer_id as "customerId", c.workplace_id as "workplaceId", c.place, c.lng, c.lat, c.accuracy,
  c.found as "where", c.metres, c.note, c.decision, c.hash,
  array(select photo ->> 'id' from jsonb_array_elements(c.photos) photo) as "photoIds",
  ${scoreNow} as score`

export interface CheckinRange {
  orgId: string
  personIds: readonly string[]
  from: number // epoch ms, of `at`
  to: number // excluded
}

/** Check-ins and punches of these people within a time, by (person, at, id); those refused are among them. */
export async function listCheckins(db: Db, { orgId, personIds, from, to }: CheckinRange) {
  const thresholds = await thresholdsOf(db, orgId)
  return db.many<ListedCheckin>(sql`
    select ${LISTED}, ${standing(belowOf(thresholds))} as standing
    from checkins c
      join people p on p.org_id = ${orgId} and p.id = c.person_id
      ${joinThresholds(thresholds)}
      ${judged(orgId)}
    where c.org_id = ${orgId}
      and c.person_id = any (${personIds}::text[])
      and c.at >= to_timestamp(${from}::float8 / 1000)
      and c.at < to_timestamp(${to}::float8 / 1000)
    order by c.person_id, c.at, c.id`)
}

export type NamedCheckin = ListedCheckin & { person: string }

/** One person's check-ins of these work dates, newest first. */
export async function listNamed(
  db: Db,
  { orgId, personId }: { orgId: string; personId: string },
  { from, to }: { from: string; to: string },
) {
  const thresholds = await thresholdsOf(db, orgId)
  return db.many<NamedCheckin>(sql`
    select ${LISTED}, p.name as person, ${standing(belowOf(thresholds))} as standing
    from checkins c
      join people p on p.org_id = ${orgId} and p.id = c.person_id
      ${joinThresholds(thresholds)}
      ${judged(orgId)}
    where c.org_id = ${orgId}
      and c.person_id = ${personId}
      and c.date >= ${from}::date
      and c.date <= ${to}::date
    order by c.at desc, c.id desc
    limit 2000`)
}
