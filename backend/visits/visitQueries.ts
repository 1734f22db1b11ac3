import type { Step, VisitEntry } from '../contract/visits.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/** Which visit, and whose. */
export interface VisitKey {
  orgId: string
  personId: string
  visitId: string
}

export type StoredEntry = VisitEntry & { madeAt: number; madeBy: string }

export const listEntries = async (db: Db, { orgId, personId, visitId }: VisitKey) => {
  const rows = await db.many<{ content: VisitEntry; madeAt: number; madeBy: string }>(sql`
    select e.content, e.made_at as "madeAt", e.made_by as "madeBy"
    from visit_entries e
    where e.org_id = ${orgId} and e.person_id = ${personId} and e.visit_id = ${visitId}::uuid
    order by e.made_at, e.id`)
  return rows.map(({ content, madeAt, madeBy }): StoredEntry => ({ ...content, madeAt, madeBy }))
}

export interface NewEntry extends VisitKey {
  customerId: string
  date: string
  at: number | null
  madeAt: number
  madeBy: string
  entry: VisitEntry
}

export const insertEntry = (db: Db, said: NewEntry) =>
  db.run(sql`
    insert into visit_entries (org_id, person_id, id, visit_id, customer_id, date, kind, at, made_at,
      made_by, content)
    values (${said.orgId}, ${said.personId}, ${said.entry.id}::uuid, ${said.visitId}::uuid,
      ${said.customerId}::uuid, ${said.date}::date, ${said.entry.kind},
      to_timestamp(${said.at}::float8 / 1000), to_timestamp(${said.madeAt}::float8 / 1000),
      ${said.madeBy}, ${JSON.stringify(said.entry)}::jsonb)
    on conflict do nothing`)

export const listSteps = (db: Db, { orgId, personId, visitId }: VisitKey) =>
  db.many<Step>(sql`
    select s.id, s.text, s.due_at as "dueAt", s.done_at as "doneAt"
    from next_steps s
    where s.org_id = ${orgId} and s.person_id = ${personId} and s.visit_id = ${visitId}::uuid
    order by s.due_at, s.id`)

export const insertStep = (
  db: Db,
  step: VisitKey & { id: string; customerId: string; text: string; dueAt: number; madeAt: number },
) =>
  db.run(sql`
    insert into next_steps (org_id, person_id, id, visit_id, customer_id, text, due_at, made_at)
    values (${step.orgId}, ${step.personId}, ${step.id}::uuid, ${step.visitId}::uuid,
      ${step.customerId}::uuid, ${step.text}, to_timestamp(${step.dueAt}::float8 / 1000),
      to_timestamp(${step.madeAt}::float8 / 1000))
    on conflict do nothing`)

export const finishStep = (
  db: Db,
  { orgId, personId, visitId }: VisitKey,
  id: string,
  at: number,
) =>
  db.run(sql`
    update next_steps set done_at = coalesce(done_at, to_timestamp(${at}::float8 / 1000))
    where org_id = ${orgId} and person_id = ${personId} and visit_id = ${visitId}::uuid
      and id = ${id}::uuid`)

export interface DueStep {
  personId: string
  id: string
  visitId: string
  customer: string
  text: string
}

/** Steps whose time has come and that nobody was told of. */
export const takeDueSteps = (tx: Db, orgId: string, now: number, limit: number) =>
  tx.many<DueStep>(sql`
    update next_steps s set told_at = to_timestamp(${now}::float8 / 1000)
    from customers c
    where s.org_id = ${orgId} and s.told_at is null and s.done_at is null
      and s.due_at <= to_timestamp(${now}::float8 / 1000)
      and c.org_id = ${orgId} and c.id = s.customer_id
      and s.id in (
        select d.id from next_steps d
        where d.org_id = ${orgId} and d.told_at is null and d.done_at is null
          and d.due_at <= to_timestamp(${now}::float8 / 1000)
        order by d.due_at
        limit ${limit})
    returning s.person_id as "personId", s.id, s.visit_id as "visitId", c.name as customer, s.text`)

export const insertShare = (
  db: Db,
  share: VisitKey & {
    id: string
    customerId: string
    tokenHash: string
    madeAt: number
    expiresAt: number
  },
) =>
  db.run(sql`
    insert into visit_shares (org_id, person_id, id, visit_id, customer_id, token_hash, made_at, expires_at)
    values (${share.orgId}, ${share.personId}, ${share.id}::uuid, ${share.visitId}::uuid,
      ${share.customerId}::uuid, ${share.tokenHash}, to_timestamp(${share.madeAt}::float8 / 1000),
      to_timestamp(${share.expiresAt}::float8 / 1000))`)

export const listShares = (db: Db, { orgId, personId, visitId }: VisitKey) =>
  db.many<{ expiresAt: number; answeredAt: number | null }>(sql`
    select h.expires_at as "expiresAt", h.answered_at as "answeredAt"
    from visit_shares h
    where h.org_id = ${orgId} and h.person_id = ${personId} and h.visit_id = ${visitId}::uuid
    order by h.made_at`)

export interface FoundShare {
  id: string
  checkinIds: string[] // of the visit, as it is seen now
  personId: string
  visitId: string
  customerId: string
  company: string
  person: string
  customer: string
  place: string
  at: number | null
  zone: string
  tookPlace: boolean | null // null: not answered
  rating: number | null
  comment: string | null
}

/** What a link that has not expired shows. */
export const findShare = (db: Db, orgId: string, tokenHash: string, now: number) =>
  db.first<FoundShare>(sql`
    select h.id, coalesce(v.checkin_ids, '{}') as "checkinIds", h.person_id as "personId", h.visit_id as "visitId", h.customer_id as "customerId",
      o.name as company, p.name as person, coalesce(c.name, '') as customer,
      coalesce(c.address, '') as place, v.from_at as at, coalesce(p.zone, o.zone) as zone,
      h.took_place as "tookPlace", h.rating, h.comment
    from visit_shares h
      join orgs o on o.id = ${orgId}
      join people p on p.org_id = ${orgId} and p.id = h.person_id
      left join customers c on c.org_id = ${orgId} and c.id = h.customer_id
      left join visits v on v.org_id = ${orgId} and v.person_id = h.person_id and v.id = h.visit_id
    where h.org_id = ${orgId} and h.token_hash = ${tokenHash}
      and h.expires_at > to_timestamp(${now}::float8 / 1000)`)

/** The customer's answer, the first one. @returns how many were open */
export const answerShare = (
  tx: Db,
  orgId: string,
  said: {
    tokenHash: string
    tookPlace: boolean
    rating: number | null
    comment: string
    at: number
  },
) =>
  tx.run(sql`
    update visit_shares
    set answered_at = to_timestamp(${said.at}::float8 / 1000), took_place = ${said.tookPlace},
      rating = ${said.rating}::int, comment = ${said.comment}
    where org_id = ${orgId} and token_hash = ${said.tokenHash} and answered_at is null
      and expires_at > to_timestamp(${said.at}::float8 / 1000)`)

export interface VisitPlace {
  address: string | null
  tier: string | null
  lng: number | null
  lat: number | null
  goal: string
}

/** What a visit's page tells of its customer, and the goal of its stop in the plan that counts. */
export const findVisitPlace = (
  db: Db,
  visit: VisitKey & { customerId: string; date: string; stopId: string | null },
) =>
  db.first<VisitPlace>(sql`
    select c.address, c.tier, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat,
      coalesce((
        select stop ->> 'goal'
        from plans n cross join lateral jsonb_array_elements(n.stops) as stop
        where n.org_id = ${visit.orgId} and n.person_id = ${visit.personId}
          and n.date = ${visit.date}::date and stop ->> 'id' = ${visit.stopId}::text
        order by n.made_at desc
        limit 1), '') as goal
    from customers c
    where c.org_id = ${visit.orgId} and c.id = ${visit.customerId}::uuid`)
