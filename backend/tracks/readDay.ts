import { ALGORITHM_VERSION } from '../../geo/index.ts'
import type { EditedDay } from '../../geo/day/edits.ts'
import type { Day } from '../contract/days.ts'
import type { Kit } from '../core/kit.ts'
import { loadDutyOn } from '../people/index.ts'
import { derivedFrom, hasDutyOf, type Plan } from './derive.ts'
import { findDay, upsertDay, type DayKey, type StoredDay } from './queries.ts'

/** A day that is still going on grows by itself: what was derived so long ago is derived anew. */
const GROWS_MS = 10_000

export interface DayReader {
  /** The day as its facts say now; a locked one as it was locked. @param zone IANA, for a date without duty. */
  read(key: DayKey, zone: string): Promise<Day>
}

/**
 * Reading is deriving, with a memory: a stored day is served while facts, duty windows and algorithm
 * are those it was made from. Whoever asks for a day that is being derived waits for that one.
 */
export function createDayReader(kit: Pick<Kit, 'db' | 'clock' | 'facts'>): DayReader {
  const underWay = new Map<string, Promise<Day>>()
  return {
    async read(key, zone) {
      const [windows, stored] = await Promise.all([
        loadDutyOn(kit.db, key.orgId, key.personId, key.date),
        findDay(kit.db, key),
      ])
      const plan: Plan = { key, zone: windows[0]?.zone ?? zone, windows, now: kit.clock.now() }
      const known = servable(stored, plan)
      if (known) return known
      const name = JSON.stringify([key, stored?.changes, windows])
      const running = underWay.get(name)
      if (running) return running
      const work = deriveAndKeep(kit, plan, stored)
      underWay.set(name, work)
      return work.finally(() => underWay.delete(name))
    },
  }
}

/** What is stored, where it needs no derivation. */
function servable(stored: StoredDay | null, plan: Plan): Day | null {
  if (!stored?.day) return null
  if (stored.lockedAt !== null) return { ...stored.day, locked: true }
  return isCurrent(stored, stored.day, plan) ? stored.day : null
}

/** Facts, duty and algorithm are those the stored day was made from. */
export function isCurrent(
  stored: Omit<StoredDay, 'day' | 'base'>,
  day: Pick<EditedDay, 'duty'>,
  plan: Plan,
): boolean {
  if (stored.version !== stored.changes || stored.algorithmVersion !== ALGORITHM_VERSION)
    return false
  if (!hasDutyOf(plan, day)) return false
  return stored.final === true || (stored.derivedAt ?? 0) > plan.now - GROWS_MS
}

async function deriveAndKeep(
  kit: Pick<Kit, 'db' | 'facts'>,
  plan: Plan,
  stored: StoredDay | null,
): Promise<Day> {
  const derived = await derivedFrom(kit.db, plan, stored)
  if (derived.version === 0 && plan.windows.length === 0) return derived.day // nothing ever happened on that date
  if (await upsertDay(kit.db, plan.key, derived)) {
    kit.facts.publish('dayDerived', plan.key)
    return derived.day
  }
  const other = await findDay(kit.db, plan.key) // newer facts, or a lock, came in between
  return other?.day && other.lockedAt !== null ? { ...other.day, locked: true } : derived.day
}
