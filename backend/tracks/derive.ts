import { ALGORITHM_VERSION, apart, deriveDay } from '../../geo/index.ts'
import { editDay, type EditedDay } from '../../geo/day/edits.ts'
import type { Site, TrackFix } from '../../geo/types.ts'
import type { Db } from '../core/db.ts'
import { loadSites } from '../customers/index.ts'
import type { DutyWindow } from '../people/index.ts'
import { listIntentions } from './intentions.ts'
import {
  listEdits,
  listFixes,
  listSilentPeriods,
  type DayKey,
  type DerivedDay,
  type StoredDay,
} from './queries.ts'

/** A day to be derived, and the duty it is cut from. */
export interface Plan {
  key: DayKey
  zone: string // IANA
  windows: readonly DutyWindow[]
  now: number
}

/**
 * The day from the facts of this moment, with what its person says of it. Where retention has taken
 * fixes that it once was made of, it stays as it was then, and only its edits are applied anew.
 * @param stored read before, so that facts that come in meanwhile make the next reading derive again.
 */
export async function derivedFrom(
  db: Db,
  plan: Plan,
  stored: StoredDay | null,
): Promise<DerivedDay> {
  const [facts, edits] = await Promise.all([factsOf(db, plan), listEdits(db, plan.key)])
  const kept = keptDay(stored, plan, facts.fixes.length)
  const base = kept ?? derive(plan, facts)
  return {
    version: stored?.changes ?? 0,
    algorithmVersion: ALGORITHM_VERSION,
    derivedAt: plan.now,
    final: plan.windows.every((window) => window.to <= plan.now),
    day: editDay(base, edits),
    base: edits.length > 0 ? base : null,
    fixes: kept ? (stored?.fixes ?? 0) : facts.fixes.length,
  }
}

/** Fixes are never taken back: fewer of them in the same duty means that retention dropped some. */
function keptDay(stored: StoredDay | null, plan: Plan, fixes: number): EditedDay | null {
  if (!stored?.day || fixes >= (stored.fixes ?? 0) || !hasDutyOf(plan, stored.day)) return null
  return stored.base ?? stored.day
}

/** The day was cut from the duty that holds now. */
export function hasDutyOf({ windows }: Plan, day: Pick<EditedDay, 'duty'>): boolean {
  const duty = apart(windows)
  return (
    duty.length === day.duty.length &&
    duty.every(({ from, to }, i) => from === day.duty[i]?.from && to === day.duty[i]?.to)
  )
}

type Facts = Pick<Parameters<typeof deriveDay>[0], 'fixes' | 'silences' | 'sites' | 'intentions'>

async function factsOf(db: Db, { key, windows }: Plan): Promise<Facts> {
  if (windows.length === 0) return { fixes: [], silences: [], sites: [] }
  const span = spanOf(windows)
  const [fixes, silences, intentions] = await Promise.all([
    listFixes(db, key, span),
    listSilentPeriods(db, key, span),
    listIntentions(db, key),
  ])
  return { fixes, silences, intentions, sites: await sitesNear(db, key.orgId, fixes) }
}

/** From the first window's begin to the last one's end. */
export const spanOf = (windows: Plan['windows']) => ({
  from: Math.min(...windows.map((window) => window.from)),
  to: Math.max(...windows.map((window) => window.to)),
})

function derive({ key, zone, windows, now }: Plan, facts: Facts) {
  const duty = windows.map(({ from, to }) => ({ from, to }))
  return deriveDay({ date: key.date, zone, duty, now, ...facts })
}

const MARGIN_DEGREES = 0.06 // more than the largest circle's 5 km, up to 40 degrees of latitude

async function sitesNear(db: Db, orgId: string, fixes: readonly TrackFix[]): Promise<Site[]> {
  if (fixes.length === 0) return []
  const box = { west: 180, south: 90, east: -180, north: -90 }
  for (const { lng, lat } of fixes) {
    box.west = Math.min(box.west, lng)
    box.east = Math.max(box.east, lng)
    box.south = Math.min(box.south, lat)
    box.north = Math.max(box.north, lat)
  }
  return loadSites(db, orgId, [
    box.west - MARGIN_DEGREES,
    box.south - MARGIN_DEGREES,
    box.east + MARGIN_DEGREES,
    box.north + MARGIN_DEGREES,
  ])
}
