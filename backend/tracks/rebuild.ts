import { setImmediate as breathe } from 'node:timers/promises'
import { ALGORITHM_VERSION } from '../../geo/index.ts'
import type { Chore, Kit } from '../core/kit.ts'
import { listOrgIds, listOutdated, listUnfinished, type WantedDay } from './queries.ts'
import type { DayReader } from './readDay.ts'

const SETTLED_MS = 20_000 // a day is rebuilt when its facts have been quiet for so long
const OVERLAP_MS = 60_000 // looked at again, for writes that were committed late
const BATCH = 200 // days of one org in one go
const UNFINISHED_MS = 5 * 60_000

/**
 * Keeps stored days near the facts, so that lists have ribbons without deriving. Nothing depends on
 * it: whoever reads a day derives it when it is outdated.
 */
export function rebuildChores(kit: Kit, days: DayReader): Chore[] {
  const seenUntil = new Map<string, number>()
  const rebuild = async (orgId: string, wanted: readonly WantedDay[]) => {
    for (const each of wanted) {
      await readQuietly(kit, days, { ...each, orgId })
      await breathe()
    }
  }
  const rebuildChanged = async () => {
    const to = kit.clock.now() - SETTLED_MS
    for (const { id } of await listOrgIds(kit.db)) {
      const from = seenUntil.get(id) ?? 0
      const wanted = { from, to, algorithm: ALGORITHM_VERSION, limit: BATCH }
      const outdated = await listOutdated(kit.db, id, wanted)
      await rebuild(id, outdated)
      if (outdated.length < BATCH) seenUntil.set(id, to - OVERLAP_MS)
    }
  }
  const rebuildUnfinished = async () => {
    const wanted = { before: kit.clock.now() - UNFINISHED_MS, limit: BATCH }
    for (const { id } of await listOrgIds(kit.db))
      await rebuild(id, await listUnfinished(kit.db, id, wanted))
  }
  return [
    { name: 'rebuild changed days', everyMs: 10_000, run: rebuildChanged },
    { name: 'grow unfinished days', everyMs: UNFINISHED_MS, run: rebuildUnfinished },
  ]
}

/** One day that can not be derived must not hold up the others. */
async function readQuietly(kit: Kit, days: DayReader, day: WantedDay & { orgId: string }) {
  try {
    await days.read({ orgId: day.orgId, personId: day.personId, date: day.date }, day.zone)
  } catch (error) {
    kit.log.error({ err: error, date: day.date }, 'a day could not be rebuilt')
  }
}
