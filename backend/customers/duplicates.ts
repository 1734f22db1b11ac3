import type { Duplicates } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
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

/**
 * Customers in use that may be the same as `suspect`, the likeliest first. Of those that the viewer may not see
 * he learns the name alone: enough to ask, too little to take.
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
    await tx.raw(`set local pg_trgm.similarity_threshold = ${ALIKE_NEAR}`)
    await tx.raw(`set local pg_trgm.word_similarity_threshold = ${ALIKE_ANYWHERE}`)
    return tx.many<Duplicates['duplicates'][number]>(sql`
      select c.id, c.name, case when ${customersSeen(access)} then c.address end as address,
        p.name as owner, c.alike, c.metres
      from (
        select c.*, similarity(c.name_key, ${key})::float8 as alike, st_distance(c.at, ${here}) as metres
        from customers c
        where c.org_id = ${orgId} and c.status = 'active' and c.id is distinct from ${suspect.id ?? null}::uuid
          and (c.name_key = ${key}
            or c.search_key %> ${key}
            or st_dwithin(c.at, ${here}, ${NEAR_METRES}))
      ) c
        left join people p on p.org_id = ${orgId} and p.id = c.owner_id
      where c.alike >= ${ALIKE_ANYWHERE} or (c.alike >= ${ALIKE_NEAR} and c.metres <= ${NEAR_METRES})
      order by c.alike desc, c.metres nulls last, c.id
      limit 10`)
  })
}
