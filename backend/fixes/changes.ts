import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/**
 * Says that a day has new facts, for a room that keeps facts of its own about days: call it in the
 * transaction that writes them. Whoever else says so of the same day waits for that one's end.
 * @param at epoch ms
 */
export const countUpDay = (
  db: Db,
  { orgId, personId, date }: { orgId: string; personId: string; date: string },
  at: number,
) =>
  db.run(sql`
    insert into day_changes as c (org_id, person_id, date, changed_at)
    values (${orgId}, ${personId}, ${date}::date, to_timestamp(${at}::float8 / 1000))
    on conflict (org_id, person_id, date) do update
    set version = c.version + 1, changed_at = excluded.changed_at`)
