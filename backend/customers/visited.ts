import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/**
 * Tells customers when each was visited last, in the transaction of what shows it. Told anew whenever
 * that changes, also to an earlier time or to none: the newest word counts, not the latest time.
 * @param visits `at` in epoch ms; null: never
 */
export async function noteVisited(
  tx: Db,
  orgId: string,
  visits: readonly { customerId: string; at: number | null }[],
): Promise<void> {
  if (visits.length === 0) return
  await tx.run(sql`
    update customers c
    set last_visited_at = to_timestamp(v.at / 1000)
    from json_to_recordset(${JSON.stringify(visits)}::json) as v ("customerId" uuid, at float8)
    where c.org_id = ${orgId} and c.id = v."customerId"
      and c.last_visited_at is distinct from to_timestamp(v.at / 1000)`)
}
