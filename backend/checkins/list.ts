import type { CheckinKind, Decision, Standing, Whereabouts } from '../contract/checkins.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'

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

/** The newest score of `c`, and the last word of a supervisor about it. */
export const judged = (orgId: string): Sql => sql`
  left join lateral (
    select s.score, s.signals, s.version
    from checkin_scores s
    where s.org_id = ${orgId} and s.person_id = c.person_id and s.checkin_id = c.id
    order by s.version desc
    limit 1
  ) s on true
  left join lateral (
    select r.kind, r.at
    from checkin_reviews r
    where r.org_id = ${orgId} and r.person_id = c.person_id and r.checkin_id = c.id
      and r.kind in ('accept', 'reject')
    order by r.at desc, r.id desc
    limit 1
  ) r on true`

/** The threshold is the company's default here: a department's own shows in its queue. */
export const standing = (reviewBelow: Sql): Sql => sql`
  case
    when r.kind = 'accept' then 'counts'
    when r.kind = 'reject' or c.decision = 'rejected' then 'refused'
    when coalesce(s.score, (c.evidence ->> 'score')::int) < ${reviewBelow} then 'waiting'
    else 'counts'
  end`

export const LISTED = sql`
  c.id, c.person_id as "personId", c.kind, c.at, c.received_at as "receivedAt", c.date,
  c.customer_id as "customerId", c.workplace_id as "workplaceId", c.place, c.lng, c.lat, c.accuracy,
  c.found as "where", c.metres, c.note, c.decision, c.hash,
  array(select photo ->> 'id' from jsonb_array_elements(c.photos) photo) as "photoIds",
  coalesce(s.score, (c.evidence ->> 'score')::int) as score`

export interface CheckinRange {
  orgId: string
  personIds: readonly string[]
  from: number // epoch ms, of `at`
  to: number // excluded
}

/** Check-ins and punches of these people within a time, by (person, at, id); those refused are among them. */
export const listCheckins = (db: Db, { orgId, personIds, from, to }: CheckinRange) =>
  db.many<ListedCheckin>(sql`
    select ${LISTED}, ${standing(sql`60`)} as standing
    from checkins c
      ${judged(orgId)}
    where c.org_id = ${orgId}
      and c.person_id = any (${personIds}::text[])
      and c.at >= to_timestamp(${from}::float8 / 1000)
      and c.at < to_timestamp(${to}::float8 / 1000)
    order by c.person_id, c.at, c.id`)
