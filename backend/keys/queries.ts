import type { ApiKey, ApiScope } from '../contract/apiKeys.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/** Keys that are good, and for so many days those that are not any more. */
const SHOWN_DAYS = 90

export const listKeys = (db: Db, orgId: string, now: number) =>
  db.many<ApiKey>(sql`
    select k.id, k.name, k.tail, k.scopes, coalesce(p.name, k.made_by) as "madeBy", k.made_at as "madeAt",
      k.expires_at as "expiresAt", k.used_at as "usedAt", k.revoked_at as "revokedAt"
    from api_keys k
      left join people p on p.org_id = ${orgId} and p.id = k.made_by
    where k.org_id = ${orgId}
      and least(k.expires_at, k.revoked_at) >
        to_timestamp(${now}::float8 / 1000) - ${SHOWN_DAYS} * interval '1 day'
    order by k.made_at desc, k.id desc`)

export interface NewKey {
  orgId: string
  id: string
  hash: string
  name: string
  tail: string
  scopes: readonly ApiScope[]
  by: string
  at: number
  expiresAt: number
  most: number // good ones at one time
}

/** False when there are too many. */
export const insertKey = async (tx: Db, key: NewKey): Promise<boolean> => {
  const made = await tx.many(sql`
    insert into api_keys (key_hash, org_id, id, name, tail, scopes, made_by, made_at, expires_at)
    select ${key.hash}, ${key.orgId}, ${key.id}::uuid, ${key.name}, ${key.tail}, ${key.scopes}::text[], ${key.by},
      to_timestamp(${key.at}::float8 / 1000), to_timestamp(${key.expiresAt}::float8 / 1000)
    where (
      select count(*) from api_keys k
      where k.org_id = ${key.orgId} and k.revoked_at is null
        and k.expires_at > to_timestamp(${key.at}::float8 / 1000)) < ${key.most}
    returning id`)
  return made.length > 0
}

/** Answers the hashes that are not good any more; a key that was revoked before stays as it is. */
export const revokeKey = (db: Db, key: { orgId: string; id: string; by: string; at: number }) =>
  db.first<{ hash: string }>(sql`
    update api_keys
    set revoked_at = coalesce(revoked_at, to_timestamp(${key.at}::float8 / 1000)),
      revoked_by = coalesce(revoked_by, ${key.by})
    where org_id = ${key.orgId} and id = ${key.id}::uuid
    returning key_hash as hash`)

export interface FoundKey {
  orgId: string
  id: string
  name: string
  scopes: ApiScope[]
}

/** By the hash alone: how long the look-up takes says nothing about a key. */
export const findKey = (db: Db, hash: string, now: number) =>
  db.first<FoundKey>(sql`
    select k.org_id as "orgId", k.id, k.name, k.scopes
    from api_keys k
    where k.key_hash = ${hash}
      and k.revoked_at is null
      and k.expires_at > to_timestamp(${now}::float8 / 1000)`)

/** At most a write a minute. */
export const noteUse = (db: Db, hash: string, now: number) =>
  db.run(sql`
    update api_keys set used_at = to_timestamp(${now}::float8 / 1000)
    where key_hash = ${hash}
      and (used_at is null or used_at <= to_timestamp(${now - 60_000}::float8 / 1000))`)
