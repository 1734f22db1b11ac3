import type { Kit } from '../core/kit.ts'
import { dateAfter } from './clock.ts'
import { markDays } from './days/changes.ts'
import { insertPunches, type NewPunch } from './days/queries.ts'

/**
 * Keeps punches that a time clock, WeCom or a file tells; a day follows within seconds. Strangers' are left out,
 * and one that is known already changes nothing.
 * @returns how many are new
 */
export async function importPunches(
  { db, clock }: Pick<Kit, 'db' | 'clock'>,
  orgId: string,
  punches: readonly NewPunch[],
): Promise<number> {
  if (punches.length === 0) return 0
  const at = clock.now()
  return db.transact(async (tx) => {
    const fresh = await insertPunches(tx, orgId, punches, at)
    const days = fresh.flatMap(({ personId, at: punchedAt }) => {
      const date = new Date(punchedAt).toISOString().slice(0, 10) // of UTC: with those beside it every zone's
      return [-2, -1, 0, 1].map((by) => ({ personId, date: dateAfter(date, by) }))
    })
    await markDays(tx, orgId, days, { cause: 'evidence', at })
    return fresh.length
  })
}
