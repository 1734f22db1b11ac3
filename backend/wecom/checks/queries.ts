import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import type { Door } from '../callback/queries.ts'

/** When WeCom last told something at each of the two addresses, epoch ms. Old events are not kept. */
export async function lastTold(db: Db, orgId: string): Promise<ReadonlyMap<Door, number>> {
  const rows = await db.many<{ door: Door; at: number }>(sql`
    select door, (extract(epoch from max(received_at)) * 1000)::float8 as at
    from wecom_events
    where org_id = ${orgId}
    group by door`)
  return new Map(rows.map(({ door, at }) => [door, Math.round(at)]))
}
