import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { Who } from './gate.ts'
import type { Judged } from './judge.ts'
import type { Outcome } from './store.ts'

const MARGIN_MS = 2 * 86_400_000 // as far as a stored fix's corrected time may lie from the one told now

/** What would become of the judged fixes if they were stored now: which are known. */
export async function weighed(db: Db, who: Who, { fixes }: Judged): Promise<Outcome> {
  const span = { from: Infinity, to: -Infinity }
  for (const { at } of fixes) {
    span.from = Math.min(span.from, at)
    span.to = Math.max(span.to, at)
  }
  if (fixes.length === 0) return { known: new Set(), refused: new Set() }
  const rows = await db.many<{ id: string }>(sql`
    select f.id
    from fixes f
    where f.org_id = ${who.orgId}
      and f.person_id = ${who.personId}
      and f.id = any (${fixes.map(({ id }) => id)}::uuid[])
      and f.at >= to_timestamp(${span.from - MARGIN_MS}::float8 / 1000)
      and f.at <= to_timestamp(${span.to + MARGIN_MS}::float8 / 1000)`)
  return { known: new Set(rows.map(({ id }) => id)), refused: new Set() }
}
