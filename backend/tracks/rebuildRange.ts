import { setImmediate as breathe } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { EditedDay } from '../../geo/day/edits.ts'
import type { Db } from '../core/db.ts'
import { loadDutyOn } from '../people/index.ts'
import { derivedFrom, type Plan } from './derive.ts'
import { datesOf, type DayRange } from './locks/index.ts'
import { listDaysIn } from './locks/queries.ts'
import { findDay, upsertDay, type StoredDay, type WantedDay } from './queries.ts'

/** What a day came to, in figures. */
export interface DaySums {
  algorithmVersion: string
  segments: number
  movedMetres: number
  visits: number
}

/** What became of one day; `before` is null where none was stored. */
export interface RebuiltDay {
  personId: string
  date: string
  outcome: 'same' | 'changed' | 'locked'
  before: DaySums | null
  after: DaySums
}

/**
 * Derives each day of the range anew, stored or not, current or not, and tells what differs. Locked
 * days stay. Works beside a running server: whoever wrote newer facts wins.
 * @param how.dryRun nothing is written
 * @throws Fault `bad_input`
 */
export async function rebuildDays(
  db: Db,
  range: DayRange,
  how: { now: number; dryRun: boolean; tell: (day: RebuiltDay) => void },
): Promise<void> {
  datesOf(range)
  for (const wanted of await listDaysIn(db, range)) {
    how.tell(await rebuilt(db, { ...wanted, orgId: range.orgId }, how))
    await breathe()
  }
}

async function rebuilt(
  db: Db,
  { orgId, personId, date, zone }: WantedDay & { orgId: string },
  { now, dryRun }: { now: number; dryRun: boolean },
): Promise<RebuiltDay> {
  const key = { orgId, personId, date }
  const stored = await findDay(db, key)
  if (stored?.day && stored.lockedAt !== null) {
    const sums = sumsOf(stored.day)
    return { personId, date, outcome: 'locked', before: sums, after: sums }
  }
  const windows = await loadDutyOn(db, orgId, personId, date)
  const plan: Plan = { key, zone: windows[0]?.zone ?? zone, windows, now }
  const derived = await derivedFrom(db, plan, stored)
  if (!dryRun) await upsertDay(db, key, derived)
  return {
    personId,
    date,
    outcome: isSame(stored, derived.day) ? 'same' : 'changed',
    before: stored?.day ? sumsOf(stored.day) : null,
    after: sumsOf(derived.day),
  }
}

/** As it was stored, where the version of the algorithm is not looked at. */
function isSame(stored: StoredDay | null, day: EditedDay): boolean {
  if (!stored?.day) return false
  const after: unknown = JSON.parse(JSON.stringify({ ...day, algorithmVersion: '' }))
  return isDeepStrictEqual({ ...stored.day, algorithmVersion: '' }, after)
}

const sumsOf = ({ algorithmVersion, segments, totals, visits }: EditedDay): DaySums => ({
  algorithmVersion,
  segments: segments.length,
  movedMetres: totals.movedMetres,
  visits: visits.length,
})
