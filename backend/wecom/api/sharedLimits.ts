import { z } from 'zod'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import { handfulOf, quotasOf, slotEnd, taking, type Limits, type Windows } from './limits.ts'

/** Calls taken out of the quota and not made yet; they are void when their slot is over. */
interface Handful {
  left: number
  taken: number
  until: number // epoch ms
}

/**
 * Limits that all processes of a company share through its database. A quiet process takes its calls one
 * by one; a busy one twice as many each time, up to a fortieth of the quota, so that a burst of a
 * thousand calls costs some twenty transactions.
 */
export function limitsIn(db: Db, orgId: string): Limits {
  const handfuls = new Map<string, Handful>()
  const lines = new Map<string, Promise<unknown>>() // one asks the database, the others wait for him
  async function take(api: string, now: number): Promise<number> {
    const held = handfuls.get(api)
    const isFresh = held !== undefined && now < held.until
    if (isFresh && held.left > 0) {
      held.left -= 1
      return 0
    }
    const wanted = Math.min(handfulOf(api), isFresh ? held.taken * 2 : 1)
    const { calls, waitMs } = await takeShared(db, orgId, { api, now, wanted })
    if (calls > 0) handfuls.set(api, { left: calls - 1, taken: calls, until: slotEnd(api, now) })
    return waitMs
  }
  return {
    take(api, now) {
      if (quotasOf(api).length === 0) return Promise.resolve(0)
      const mine = (lines.get(api) ?? Promise.resolve()).then(() => take(api, now))
      lines.set(
        api,
        mine.catch(() => undefined),
      )
      return mine
    },
  }
}

const Stored = z.array(z.tuple([z.number(), z.array(z.tuple([z.number(), z.number()]))]))

/** The row is locked from its reading to its writing: two processes never count on the same room. */
function takeShared(db: Db, orgId: string, ask: { api: string; now: number; wanted: number }) {
  return db.transact(async (tx) => {
    const row = await tx.first<{ counted: unknown }>(sql`
      insert into wecom_quotas (org_id, api) values (${orgId}, ${ask.api})
      on conflict (org_id, api) do update set api = excluded.api
      returning counted`)
    const taken = taking(ask.api, windowsOf(row?.counted), ask.now, ask.wanted)
    if (taken.calls > 0)
      await tx.run(sql`
        update wecom_quotas set counted = ${textOf(taken.windows)}::jsonb
        where org_id = ${orgId} and api = ${ask.api}`)
    return taken
  })
}

const windowsOf = (stored: unknown): Windows =>
  new Map((Stored.safeParse(stored).data ?? []).map(([ms, slots]) => [ms, new Map(slots)]))

const textOf = (windows: Windows) =>
  JSON.stringify([...windows].map(([ms, slots]) => [ms, [...slots]]))
