import { metresBetween, type Polygon } from '../../geo/index.ts'
import { listDues } from '../attendance/index.ts'
import { listCheckins, type ListedCheckin } from '../checkins/index.ts'
import type { AlertRule } from '../contract/alerts.ts'
import type { Segment } from '../contract/days.ts'
import type { Workplace } from '../contract/workplaces.ts'
import type { Db } from '../core/db.ts'
import { listWorkplaces } from '../customers/index.ts'
import type { Scene, Span } from './episodes.ts'
import { lineagesOf, listSceneRows, type PersonDate, type SceneRow } from './queries.ts'
import { loadRules, rulesFor } from './settings.ts'
import { listCalls } from './sosQueries.ts'
import { listTerritories, polygonOf } from './territories.ts'
import { excursionsOf } from './territory.ts'

const DAY_MS = 86_400_000
const NEAR_METRES = 50 // of a workplace's circle: indoors positions are off by that much
const LITTLE = 60 // below such a score a check-in is in doubt, as checkins' default policy has it

/** A person-day with what is known of it and the rules that hold for it. */
export interface Look {
  readonly row: SceneRow
  readonly rules: readonly AlertRule[]
  readonly scene: Scene
}

/** Reads everything that rules look at, in one query a kind of fact for all the days. */
export async function gather(
  db: Db,
  orgId: string,
  { days, now }: { days: readonly PersonDate[]; now: number },
): Promise<Look[]> {
  const rules = await loadRules(db, orgId)
  const lineages = await lineagesOf(db, orgId)
  const areas = new Map(
    (await listTerritories(db, orgId)).map(({ departmentId, area }) => [departmentId, polygonOf(area)]), // prettier-ignore
  )
  const workplaces = await listWorkplaces(db, orgId)
  const dues = byDay(await listDues(db, orgId, days))
  const checkins = byDay(await listCheckins(db, { orgId, ...rangeOf(days) }))
  const calls = byDay(await listCalls(db, orgId, days, now))
  const rows = await listSceneRows(db, orgId, days)
  return rows.map((row) => {
    const key = keyOf(row)
    const lineage = lineages.get(row.departmentId) ?? []
    const territory = lineage.map((id) => areas.get(id)).find((area) => area !== undefined)
    const scene = {
      ...{ now, duty: row.duty, lastAt: row.lastAt, segments: row.segments },
      workplaces: stayedAt(row.segments, workplaces),
      outside: outsideOf(row.segments, territory),
      dues: dues.get(key) ?? [],
      checkins: (checkins.get(key) ?? []).filter(isDoubted).map(({ id, at, score, standing }) => ({ id, at, score, waits: standing === 'waiting' })), // prettier-ignore
      calls: calls.get(key) ?? [],
    }
    return { row, rules: rulesFor(rules, lineage), scene }
  })
}

export const keyOf = ({ personId, date }: PersonDate) => `${personId} ${date}`

function byDay<Row extends PersonDate>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const mine = found.get(keyOf(row))
    if (mine) mine.push(row)
    else found.set(keyOf(row), [row])
  }
  return found
}

/** Check-ins are asked for by time; the days of a look are near one another. */
function rangeOf(days: readonly PersonDate[]) {
  const midnights = days.map(({ date }) => Date.parse(date))
  return {
    personIds: [...new Set(days.map(({ personId }) => personId))],
    from: Math.min(...midnights) - DAY_MS,
    to: Math.max(...midnights) + 3 * DAY_MS,
  }
}

const isDoubted = ({ score, standing }: ListedCheckin) => score < LITTLE || standing === 'waiting'

function stayedAt(segments: readonly Segment[], workplaces: readonly Workplace[]): Span[] {
  return segments.filter(({ place }) => {
    if (!place) return false
    return workplaces.some((each) => metresBetween(place, each) <= each.radius + NEAR_METRES)
  })
}

const outsideOf = (segments: readonly Segment[], territory: Polygon | undefined) =>
  territory ? excursionsOf(segments, territory) : []
