import type { ReportShare, ReportWish } from '../contract/reports.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

interface Key {
  orgId: string
  personId: string
}

export async function insertShare(
  db: Db,
  { orgId, personId }: Key,
  share: { id: string; wish: ReportWish; tokenHash: string; madeAt: number; expiresAt: number },
): Promise<void> {
  await db.run(sql`
    insert into report_shares (org_id, person_id, id, wish, token_hash, made_at, expires_at)
    values (${orgId}, ${personId}, ${share.id}::uuid, ${JSON.stringify(share.wish)}::jsonb, ${share.tokenHash},
      to_timestamp(${share.madeAt}::float8 / 1000), to_timestamp(${share.expiresAt}::float8 / 1000))`)
}

/** Those made since then, newest first, each with how often it was looked at. */
export async function listShares(db: Db, { orgId, personId }: Key, since: number) {
  return db.many<ReportShare>(sql`
    select s.id, s.wish, (extract(epoch from s.made_at) * 1000)::float8 as "madeAt",
      (extract(epoch from s.expires_at) * 1000)::float8 as "expiresAt",
      (extract(epoch from s.revoked_at) * 1000)::float8 as "revokedAt",
      coalesce(l.looks, 0)::int as looks, l.last as "lastLookAt"
    from report_shares s
      left join (
        select l.share_id, count(*) as looks, (extract(epoch from max(l.at)) * 1000)::float8 as last
        from report_looks l
        where l.org_id = ${orgId} and l.person_id = ${personId}
        group by l.share_id
      ) l on l.share_id = s.id
    where s.org_id = ${orgId} and s.person_id = ${personId}
      and s.made_at >= to_timestamp(${since}::float8 / 1000)
    order by s.made_at desc, s.id
    limit 200`)
}

/** @returns how many had not been revoked before: 0 or 1 */
export async function revokeShare(db: Db, { orgId, personId }: Key, id: string, at: number) {
  const rows = await db.many<{ id: string }>(sql`
    update report_shares set revoked_at = coalesce(revoked_at, to_timestamp(${at}::float8 / 1000))
    where org_id = ${orgId} and person_id = ${personId} and id = ${id}::uuid
    returning id`)
  return rows.length
}

export interface FoundShare {
  id: string
  personId: string // who made it
  wish: unknown
  expiresAt: number
}

/** The link that is good at this moment, by its token's hash. */
export async function findShare(db: Db, orgId: string, tokenHash: string, at: number) {
  return db.first<FoundShare>(sql`
    select s.id, s.person_id as "personId", s.wish,
      (extract(epoch from s.expires_at) * 1000)::float8 as "expiresAt"
    from report_shares s
    where s.org_id = ${orgId} and s.token_hash = ${tokenHash} and s.revoked_at is null
      and s.expires_at > to_timestamp(${at}::float8 / 1000)`)
}

export async function insertLook(
  db: Db,
  { orgId, personId }: Key,
  look: { id: string; shareId: string; at: number; address: string },
): Promise<void> {
  await db.run(sql`
    insert into report_looks (org_id, person_id, id, share_id, at, address)
    values (${orgId}, ${personId}, ${look.id}::uuid, ${look.shareId}::uuid,
      to_timestamp(${look.at}::float8 / 1000), ${look.address})`)
}

/** Forgets links, with who opened them, that ended before then. @returns how many */
export async function deleteEnded(db: Db, orgId: string, before: number): Promise<number> {
  const rows = await db.many<{ id: string }>(sql`
    delete from report_shares
    where org_id = ${orgId} and expires_at < to_timestamp(${before}::float8 / 1000)
    returning id`)
  return rows.length
}
