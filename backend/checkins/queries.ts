import type { CheckinKind, Decision, FormAnswers, Whereabouts } from '../contract/checkins.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { Evidence } from './evidence.ts'

/** What is kept of a check-in: the content of a link. Every field counts for its hash. */
export interface Content {
  orgId: string
  personId: string
  id: string
  kind: CheckinKind
  at: number
  phoneAt: number
  sentAt: number | null
  receivedAt: number
  clock: { offsetMs: number; movedMs: number; ageMs: number | null; notBefore: number | null }
  date: string
  zone: string
  customerId: string | null
  workplaceId: string | null
  place: string | null
  lng: number | null
  lat: number | null
  rawLng: number | null
  rawLat: number | null
  datum: string | null
  accuracy: number | null
  fixAt: number | null
  mock: boolean | null
  source: string | null
  found: Whereabouts | null
  metres: number | null
  note: string | null
  form: FormAnswers | null
  photos: { id: string; sha256: string }[]
  device: string | null
  wifi: string | null
  decision: Decision
  evidence: Evidence
  chainDate: string
  seq: number
}

export interface Link extends Content {
  prev: string
  hash: string
}

export interface Key {
  orgId: string
  personId: string
  id: string
}

/** The columns of `c` as `Link` names them. */
export const LINK = sql`
  c.org_id as "orgId", c.person_id as "personId", c.id, c.kind, c.at, c.phone_at as "phoneAt",
  c.sent_at as "sentAt", c.received_at as "receivedAt", c.clock, c.date, c.zone,
  c.customer_id as "customerId", c.workplace_id as "workplaceId", c.place, c.lng, c.lat,
  c.raw_lng as "rawLng", c.raw_lat as "rawLat", c.datum, c.accuracy, c.fix_at as "fixAt", c.mock,
  c.source, c.found, c.metres, c.note, c.form, c.photos, c.device, c.wifi, c.decision, c.evidence,
  c.chain_date as "chainDate", c.seq, c.prev_hash as prev, c.hash`

export const findLink = (db: Db, { orgId, personId, id }: Key) =>
  db.first<Link>(sql`
    select ${LINK}
    from checkins c
    where c.org_id = ${orgId} and c.person_id = ${personId} and c.id = ${id}::uuid`)

/** The same act of the same person at the same place within moments: what a double tap made first. */
export const findTwin = (db: Db, content: Omit<Content, 'chainDate' | 'seq'>, withinMs: number) =>
  db.first<Link>(sql`
    select ${LINK}
    from checkins c
    where c.org_id = ${content.orgId}
      and c.person_id = ${content.personId}
      and c.kind = ${content.kind}
      and c.customer_id is not distinct from ${content.customerId}::uuid
      and c.workplace_id is not distinct from ${content.workplaceId}::uuid
      and c.at > to_timestamp(${content.at - withinMs}::float8 / 1000)
      and c.at < to_timestamp(${content.at + withinMs}::float8 / 1000)
    order by c.at, c.id
    limit 1`)

export const insertLink = (db: Db, link: Link) =>
  db.run(sql`
    insert into checkins (org_id, person_id, id, kind, at, phone_at, sent_at, received_at, clock, date,
      zone, customer_id, workplace_id, place, lng, lat, raw_lng, raw_lat, datum, accuracy, fix_at, mock,
      source, found, metres, note, form, photos, device, wifi, decision, evidence, chain_date, seq,
      prev_hash, hash)
    values (${link.orgId}, ${link.personId}, ${link.id}::uuid, ${link.kind}, ${time(link.at)},
      ${time(link.phoneAt)}, ${time(link.sentAt)}, ${time(link.receivedAt)}, ${json(link.clock)},
      ${link.date}::date, ${link.zone}, ${link.customerId}::uuid, ${link.workplaceId}::uuid, ${link.place},
      ${link.lng}::float8, ${link.lat}::float8, ${link.rawLng}::float8, ${link.rawLat}::float8,
      ${link.datum}, ${link.accuracy}::float8, ${time(link.fixAt)}, ${link.mock}::boolean, ${link.source},
      ${link.found}, ${link.metres}::float8, ${link.note}, ${json(link.form)}, ${json(link.photos)},
      ${link.device}, ${link.wifi}, ${link.decision}, ${json(link.evidence)}, ${link.chainDate}::date,
      ${link.seq}::int, ${link.prev}, ${link.hash})`)

const time = (at: number | null) => sql`to_timestamp(${at}::float8 / 1000)`
const json = (value: unknown) => sql`${value === null ? null : JSON.stringify(value)}::jsonb`

export interface Head {
  seq: number
  head: string
}

/** Locks the day's chain until the transaction ends and tells its newest link; a new day follows the last one. */
export async function lockChain(
  tx: Db,
  orgId: string,
  date: string,
  genesis: string,
): Promise<Head> {
  await tx.run(sql`
    insert into checkin_chains (org_id, chain_date, seq, head, origin)
    select ${orgId}, ${date}::date, 0, last.head, last.head
    from (
      select coalesce(
        (
          select k.head
          from checkin_chains k
          where k.org_id = ${orgId} and k.chain_date < ${date}::date
          order by k.chain_date desc
          limit 1
        ),
        ${genesis}) as head
    ) last
    on conflict (org_id, chain_date) do nothing`)
  const locked = await tx.first<Head>(sql`
    select k.seq, k.head
    from checkin_chains k
    where k.org_id = ${orgId} and k.chain_date = ${date}::date
    for update`)
  if (!locked) throw new Error('the chain of the day is gone')
  return locked
}

export const moveHead = (tx: Db, orgId: string, date: string, { seq, head }: Head) =>
  tx.run(sql`
    update checkin_chains
    set seq = ${seq}::int, head = ${head}
    where org_id = ${orgId} and chain_date = ${date}::date`)

export const rememberDevice = (
  tx: Db,
  { orgId, personId, device, at }: { orgId: string; personId: string; device: string; at: number },
) =>
  tx.run(sql`
    insert into devices as d (org_id, person_id, device, first_at, last_at)
    values (${orgId}, ${personId}, ${device}, ${time(at)}, ${time(at)})
    on conflict (org_id, person_id, device) do update
    set first_at = least(d.first_at, excluded.first_at), last_at = greatest(d.last_at, excluded.last_at)`)

/** What he arrived at and has not left, if it was within the last day. */
export const findOpen = (db: Db, { orgId, personId }: { orgId: string; personId: string }) =>
  db.first<{ id: string; kind: CheckinKind; at: number; customerId: string | null; workplaceId: string | null; place: string | null }>(sql`
    select c.id, c.kind, c.at, c.customer_id as "customerId", c.workplace_id as "workplaceId", c.place
    from (
      select c.*
      from checkins c
      where c.org_id = ${orgId}
        and c.person_id = ${personId}
        and c.kind in ('in', 'out')
        and c.decision <> 'rejected'
      order by c.at desc, c.id desc
      limit 1
    ) c
    where c.kind = 'in'`) // prettier-ignore

export async function findOrgZone(db: Db, orgId: string): Promise<string> {
  const row = await db.first<{ zone: string }>(sql`select o.zone from orgs o where o.id = ${orgId}`)
  return row?.zone ?? 'Asia/Shanghai'
}

export const departmentExists = (db: Db, orgId: string, id: string) =>
  db.first<{ id: string }>(sql`
    select d.id from departments d where d.org_id = ${orgId} and d.id = ${id} and d.active`)
