import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

export interface PhotoKey {
  orgId: string
  personId: string
  id: string
}

export interface PhotoRow extends PhotoKey {
  receivedAt: number
  source: string
  type: string
  sha256: string // of the bytes that came
  bytes: number
  width: number | null
  height: number | null
  kept: string // hash of the copy in the file store
  thumb: string | null // null: the type can not be decoded here
  phash: string | null
}

export const findPhoto = (db: Db, { orgId, personId, id }: PhotoKey) =>
  db.first<Pick<PhotoRow, 'id' | 'sha256' | 'kept' | 'thumb' | 'type' | 'receivedAt'>>(sql`
    select p.id, p.sha256, p.kept, p.thumb, p.type, p.received_at as "receivedAt"
    from photos p
    where p.org_id = ${orgId} and p.person_id = ${personId} and p.id = ${id}::uuid`)

/** One whose id is there already is left alone. */
export const insertPhoto = (db: Db, photo: PhotoRow) =>
  db.run(sql`
    insert into photos (org_id, person_id, id, received_at, source, type, sha256, bytes, width, height,
      kept, thumb, phash)
    values (${photo.orgId}, ${photo.personId}, ${photo.id}::uuid,
      to_timestamp(${photo.receivedAt}::float8 / 1000), ${photo.source}, ${photo.type}, ${photo.sha256},
      ${photo.bytes}::int, ${photo.width}::int, ${photo.height}::int, ${photo.kept}, ${photo.thumb},
      ${photo.phash}::text::bit(64))
    on conflict do nothing`)

/** The check-in that a photo belongs to, for its watermark. */
export const findMarked = (db: Db, { orgId, personId, id }: PhotoKey) =>
  db.first<{ at: number; zone: string; place: string | null; accuracy: number | null; name: string }>(sql`
    select c.at, c.zone, c.place, c.accuracy, p.name
    from checkins c
      join people p on p.org_id = ${orgId} and p.id = c.person_id
    where c.org_id = ${orgId}
      and c.person_id = ${personId}
      and c.photos @> jsonb_build_array(jsonb_build_object('id', ${id}::text))
    order by c.at
    limit 1`) // prettier-ignore
