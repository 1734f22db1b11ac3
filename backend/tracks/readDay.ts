import { ALGORITHM_VERSION, deriveDay } from '../../geo/index.ts'
import type { Site, TrackFix } from '../../geo/types.ts'
import type { Day } from '../contract/days.ts'
import type { Kit } from '../core/kit.ts'
import { loadSites } from '../customers/index.ts'
import { loadDutyOn, type DutyWindow } from '../people/index.ts'
import {
  findDay,
  listFixes,
  listSilentPeriods,
  upsertDay,
  type DayKey,
  type StoredDay,
} from './queries.ts'

/** A day that is still going on grows by itself: what was derived so long ago is derived anew. */
const GROWS_MS = 10_000

export interface DayReader {
  /** The day as its facts say now. @param zone IANA, for a date without duty. */
  read(key: DayKey, zone: string): Promise<Day>
}

/**
 * Reading is deriving, with a memory: a stored day is served while facts, duty windows and algorithm
 * are those it was made from. Whoever asks for a day that is being derived waits for that one.
 */
export function createDayReader(kit: Pick<Kit, 'db' | 'clock'>): DayReader {
  const underWay = new Map<string, Promise<Day>>()
  return {
    async read(key, zone) {
      const windows = await loadDutyOn(kit.db, key.orgId, key.personId, key.date)
      const plan: Plan = { key, zone: windows[0]?.zone ?? zone, windows, now: kit.clock.now() }
      const stored = await findDay(kit.db, key)
      if (stored?.day && isCurrent(stored, plan)) return stored.day
      const name = JSON.stringify([key, stored?.changes, windows])
      const running = underWay.get(name)
      if (running) return running
      const work = deriveAndKeep(kit, plan, stored?.changes ?? 0)
      underWay.set(name, work)
      return work.finally(() => underWay.delete(name))
    },
  }
}

interface Plan {
  key: DayKey
  zone: string
  windows: DutyWindow[]
  now: number
}

function isCurrent(stored: StoredDay, { windows, now }: Plan): boolean {
  if (stored.version !== stored.changes || stored.algorithmVersion !== ALGORITHM_VERSION)
    return false
  if (!sameWindows(stored.day?.duty ?? [], windows)) return false
  return stored.final === true || (stored.derivedAt ?? 0) > now - GROWS_MS
}

const sameWindows = (left: Day['duty'], right: Day['duty']) =>
  left.length === right.length &&
  left.every((window, i) => window.from === right[i]?.from && window.to === right[i]?.to)

/** `version` was read before the facts: facts that come in between make the next reading derive again. */
async function deriveAndKeep(kit: Pick<Kit, 'db'>, plan: Plan, version: number): Promise<Day> {
  const day = derive(plan, await factsOf(kit, plan))
  if (version === 0 && plan.windows.length === 0) return day // nothing ever happened on that date
  await upsertDay(kit.db, plan.key, {
    version,
    algorithmVersion: ALGORITHM_VERSION,
    derivedAt: plan.now,
    final: plan.windows.every((window) => window.to <= plan.now),
    day,
  })
  return day
}

type Facts = Pick<Parameters<typeof deriveDay>[0], 'fixes' | 'silences' | 'sites'>

async function factsOf(kit: Pick<Kit, 'db'>, { key, windows }: Plan): Promise<Facts> {
  if (windows.length === 0) return { fixes: [], silences: [], sites: [] }
  const span = {
    from: Math.min(...windows.map((window) => window.from)),
    to: Math.max(...windows.map((window) => window.to)),
  }
  const fixes = await listFixes(kit.db, key, span)
  const silences = await listSilentPeriods(kit.db, key, span)
  return { fixes, silences, sites: await sitesNear(kit, key.orgId, fixes) }
}

function derive({ key, zone, windows, now }: Plan, facts: Facts): Day {
  const duty = windows.map(({ from, to }) => ({ from, to }))
  return deriveDay({ date: key.date, zone, duty, now, ...facts })
}

const MARGIN_DEGREES = 0.06 // more than the largest circle's 5 km, up to 40 degrees of latitude

async function sitesNear(
  kit: Pick<Kit, 'db'>,
  orgId: string,
  fixes: readonly TrackFix[],
): Promise<Site[]> {
  if (fixes.length === 0) return []
  const box = { west: 180, south: 90, east: -180, north: -90 }
  for (const { lng, lat } of fixes) {
    box.west = Math.min(box.west, lng)
    box.east = Math.max(box.east, lng)
    box.south = Math.min(box.south, lat)
    box.north = Math.max(box.north, lat)
  }
  return loadSites(kit.db, orgId, [
    box.west - MARGIN_DEGREES,
    box.south - MARGIN_DEGREES,
    box.east + MARGIN_DEGREES,
    box.north + MARGIN_DEGREES,
  ])
}
