import type { TrackFix } from '../../geo/index.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const BEFORE_MS = 95 * MINUTE
const AFTER_MS = 35 * MINUTE
const MAX_FIXES = 3000
const SAME_SPOT_DAYS = 60
const DEVICE_DAYS = 30
const PHOTO_DAYS = 180
const ALIKE_BITS = 5 // of 64; two photos of one shop differ by more than ten
const RETAKE_MS = 10 * MINUTE // his own photo so shortly before is another try

interface Act {
  orgId: string
  personId: string
  id: string
  at: number
}

const time = (at: number) => sql`to_timestamp(${at}::float8 / 1000)`

/** The person's fixes around a moment, as they are stored, in order of time. */
export const listTrack = (
  db: Db,
  { orgId, personId, at }: Pick<Act, 'orgId' | 'personId' | 'at'>,
) => listTrackBetween(db, { orgId, personId }, { from: at - BEFORE_MS, to: at + AFTER_MS })

/** The person's fixes of [from, to), as they are stored, in order of time. */
export const listTrackBetween = (
  db: Db,
  { orgId, personId }: Pick<Act, 'orgId' | 'personId'>,
  { from, to }: { from: number; to: number },
) =>
  db.many<TrackFix>(sql`
    select f.id, f.at, st_x(f.point) as lng, st_y(f.point) as lat, f.accuracy, f.speed, f.mock
    from fixes f
    where f.org_id = ${orgId} and f.datum <> ''
      and f.person_id = ${personId}
      and f.at >= ${time(from)}
      and f.at < ${time(to)}
    order by f.at, f.id
    limit ${MAX_FIXES}`)

/** The person's last check-in with a position before this moment. */
export const findProof = (db: Db, { orgId, personId, id, at }: Act) =>
  db.first<{ lng: number; lat: number; at: number }>(sql`
    select c.lng, c.lat, c.at
    from checkins c
    where c.org_id = ${orgId}
      and c.person_id = ${personId}
      and c.id <> ${id}::uuid
      and c.lng is not null
      and c.at <= ${time(at)}
      and c.at > ${time(at - DAY)}
    order by c.at desc, c.id
    limit 1`)

/** On how many other days he gave the very same coordinates. */
export async function countSameSpot(
  db: Db,
  { orgId, personId, at }: Act,
  spot: { date: string; rawLng: number; rawLat: number },
): Promise<number> {
  const row = await db.first<{ days: number }>(sql`
    select count(distinct c.date)::int as days
    from checkins c
    where c.org_id = ${orgId}
      and c.person_id = ${personId}
      and c.date < ${spot.date}::date
      and c.at > ${time(at - SAME_SPOT_DAYS * DAY)}
      and c.raw_lng = ${spot.rawLng}::float8
      and c.raw_lat = ${spot.rawLat}::float8`)
  return row?.days ?? 0
}

/** Whether a phone is his usual one, and how many people used it before he did, and lately. */
export async function findDevice(db: Db, { orgId, personId, at }: Act, device: string) {
  const row = await db.first<{ mine: number; known: boolean; others: number }>(sql`
    select
      (
        select count(*)::int from devices m
        where m.org_id = ${orgId} and m.person_id = ${personId} and m.first_at < ${time(at)}
      ) as mine,
      exists (
        select from devices m
        where m.org_id = ${orgId}
          and m.person_id = ${personId}
          and m.device = ${device}
          and m.first_at < ${time(at)}
      ) as known,
      (
        select count(*)::int from devices d
        where d.org_id = ${orgId}
          and d.device = ${device}
          and d.person_id <> ${personId}
          and d.last_at > ${time(at - DEVICE_DAYS * DAY)}
          and d.first_at <= coalesce(
            (
              select m.first_at from devices m
              where m.org_id = ${orgId} and m.person_id = ${personId} and m.device = ${device}
            ),
            ${time(at)})
      ) as others`)
  const { mine = 0, known = false, others = 0 } = row ?? {}
  return { usual: known || mine === 0, others }
}

export interface KnownPhoto {
  id: string
  sha256: string
  readable: boolean
  seenBy: 'other' | 'self' | null
  daysAgo: number
}

/** These photos of his, each with the first alike one that was there before; those that never came are absent. */
export const listPhotos = (db: Db, { orgId, personId, id }: Act, photoIds: readonly string[]) =>
  db.many<KnownPhoto>(sql`
    select p.id, p.sha256, p.thumb is not null as readable,
      case when q.person_id is null then null when q.person_id = p.person_id then 'self' else 'other' end
        as "seenBy",
      coalesce(extract(epoch from p.received_at - q.received_at) / 86400, 0)::int as "daysAgo"
    from photos p
      left join lateral (
        select q.person_id, q.received_at
        from photos q
        where q.org_id = ${orgId}
          and q.id <> p.id
          and q.received_at > p.received_at - make_interval(days => ${PHOTO_DAYS})
          and q.received_at <= p.received_at
          and (q.sha256 = p.sha256 or bit_count(q.phash # p.phash) <= ${ALIKE_BITS})
          and (
            q.person_id <> p.person_id
            or q.received_at < p.received_at - make_interval(secs => ${RETAKE_MS / 1000}))
          and not exists (
            select from checkins c
            where c.org_id = ${orgId}
              and c.person_id = q.person_id
              and c.id = ${id}::uuid
              and c.photos @> jsonb_build_array(jsonb_build_object('id', q.id)))
        order by q.received_at
        limit 1
      ) q on true
    where p.org_id = ${orgId}
      and p.person_id = ${personId}
      and p.id = any (${photoIds}::uuid[])
    order by p.id`)
