import type { Duplicates } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import type { Access } from './access.ts'
import { customersSeen } from './access.ts'
import { nameKey } from './keys.ts'

/** So near, and so much alike: likely the same. */
const NEAR_METRES = 300
const ALIKE_NEAR = 0.45
/** So much alike that the place does not matter, or is not known. */
const ALIKE_ANYWHERE = 0.7

export interface Suspect {
  name: string
  /** WGS-84 */
  at: { lng: number; lat: number } | null
  /** Itself, when it is kept already. */
  id?: string | undefined
}

/** Of names that thousands share no more are weighed than these: the nearest, and some of the others. */
const CANDIDATES = 500

/**
 * Customers in use that may be the same as `suspect`, the likeliest first. Of those that the viewer may not see
 * he learns the name alone: enough to ask, too little to take. Weighed are the nearest `CANDIDATES`, and as
 * many anywhere of the same name and of one that holds it: a chain of 100,000 branches costs no more.
 */
export async function findDuplicates(
  db: Db,
  access: Access,
  suspect: Suspect,
): Promise<Duplicates['duplicates']> {
  const { orgId } = access.viewer
  const key = nameKey(suspect.name)
  const here = sql`st_point(${suspect.at?.lng ?? null}::float8, ${suspect.at?.lat ?? null}::float8, 4326)::geography`
  return db.transact(async (tx) => {
    await tx.raw(`set local pg_trgm.word_similarity_threshold = ${ALIKE_ANYWHERE}`)
    return tx.many<Duplicates['duplicates'][number]>(sql`
      select c.id, c.name, case when ${customersSeen(access)} then c.address end as address,
        p.name as owner, c.alike, c.metres
      from (
        select c.*, similarity(c.name_key, ${key})::float8 as alike, st_distance(c.at, ${here}) as metres
        from (${candidates({ orgId, key, here, isPlaced: suspect.at !== null })}) one
          join customers c on c.org_id = ${orgId} and c.id = one.id
        where c.id is distinct from ${suspect.id ?? null}::uuid
      ) c
        left join people p on p.org_id = ${orgId} and p.id = c.owner_id
      where c.alike >= ${ALIKE_ANYWHERE} or (c.alike >= ${ALIKE_NEAR} and c.metres <= ${NEAR_METRES})
      order by c.alike desc, c.metres nulls last, c.id
      limit 10`)
  })
}

interface Sought {
  orgId: string
  key: string
  here: Sql
  isPlaced: boolean
}

/** Each way to a candidate ends at its limit, so that none reads a whole chain. */
function candidates({ orgId, key, here, isPlaced }: Sought): Sql {
  const inUse = sql`from customers c where c.org_id = ${orgId} and c.status = 'active'`
  // Names twice as long or half as long are not alike; their trigrams need not be compared.
  const long = sql`length(c.name_key) between ${key.length / 2}::float8 and ${key.length * 2}::float8`
  const nearest = sql`
    union (select c.id ${inUse} and c.at is not null order by c.at <-> ${here} limit ${CANDIDATES}::int)`
  return sql`
    (select c.id ${inUse} and c.name_key = ${key} limit ${CANDIDATES}::int)
    union (select c.id ${inUse} and ${long} and c.search_key %> ${key} limit ${CANDIDATES}::int)
    ${isPlaced ? nearest : sql``}`
}

/** A customer that a file would add. */
export interface Newcomer {
  readonly nameKey: string
  readonly place: { readonly lng: number; readonly lat: number } | null // WGS-84
}

/** Which newcomer, by its index, is like which customer. */
export interface Twin {
  index: number
  customerId: string
  customer: string
  alike: number
  metres: number | null
}

/** Whether a company had customers by then (epoch ms): in a first import nobody has a twin to look for. */
export const hadCustomers = async (db: Db, orgId: string, before: number): Promise<boolean> =>
  (await db.first(sql`
    select 1 as one from customers c
    where c.org_id = ${orgId} and c.created_at <= to_timestamp(${before}::float8 / 1000)
    limit 1`)) !== null

/**
 * For each newcomer the likeliest customer in use that may be the same: near and alike in name, or of the very
 * same name anywhere. Alike names far apart are branches of a chain; looking for them costs a second a row.
 * @param before epoch ms; only customers that were here by then
 */
export function findTwins(
  db: Db,
  orgId: string,
  newcomers: readonly Newcomer[],
  before: number,
): Promise<Twin[]> {
  if (newcomers.length === 0) return Promise.resolve([])
  const json = JSON.stringify(
    newcomers.map(({ nameKey: key, place }, index) => ({ index, key, ...place })),
  )
  const kept = sql`c.status = 'active' and c.created_at <= to_timestamp(${before}::float8 / 1000)`
  return db.many<Twin>(sql`
    select distinct on (t.index) t.index, t.id as "customerId", t.name as customer, t.alike, t.metres
    from (
      select r.index, c.id, c.name, 1::float8 as alike, st_distance(c.at, r.here) as metres
      from (${newcomersIn(json)}) r
        join customers c on c.org_id = ${orgId} and ${kept} and c.name_key = r.key
      union all
      select r.index, c.id, c.name, similarity(c.name_key, r.key)::float8, st_distance(c.at, r.here)
      from (${newcomersIn(json)}) r
        join customers c on c.org_id = ${orgId} and ${kept} and st_dwithin(c.at, r.here, ${NEAR_METRES})
      where similarity(c.name_key, r.key) >= ${ALIKE_NEAR}
    ) t
    order by t.index, t.alike desc, t.metres nulls last, t.id`)
}

const newcomersIn = (json: string) => sql`
  select r.index, r.key, st_point(r.lng, r.lat, 4326)::geography as here
  from json_to_recordset(${json}::json) as r (index int, key text, lng float8, lat float8)`
