import type { Intention } from '../../geo/types.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { DayKey } from './queries.ts'

/**
 * Keeps whom a person means to visit on a date; the room of plans says it in the transaction of the plan. Days that
 * are derived already need not be looked at again: a stay is named by what was planned before it began.
 * @param said `id` is that of the plan; the same again changes nothing
 */
export const keepIntention = (
  tx: Db,
  { orgId, personId, date }: DayKey,
  said: Intention & { id: string },
) =>
  tx.run(sql`
    insert into intentions (org_id, person_id, date, id, made_at, customer_ids)
    values (${orgId}, ${personId}, ${date}::date, ${said.id}::uuid,
      to_timestamp(${said.madeAt}::float8 / 1000), ${said.customerIds}::text[])
    on conflict do nothing`)

export const listIntentions = (db: Db, { orgId, personId, date }: DayKey) =>
  db.many<Intention>(sql`
    select i.made_at as "madeAt", i.customer_ids as "customerIds"
    from intentions i
    where i.org_id = ${orgId} and i.person_id = ${personId} and i.date = ${date}::date`)
