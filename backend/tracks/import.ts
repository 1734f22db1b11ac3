import { v5 as uuidOf } from 'uuid'
import { lengthOf } from '../../geo/index.ts'
import type { TrackImport } from '../contract/days.ts'
import { MAX_FIXES, type FixBatch, type Ingested } from '../contract/fixes.ts'
import type { Db } from '../core/db.ts'
import { loadDuty, type DutyWindow } from '../people/index.ts'
import { readRecorded, type RecordedPoint } from './recorded/index.ts'

/** Names the ids of imported points (RFC 9562, version 5); any uuid, always the same. */
const NAMESPACE = '5b6cf2d4-0f5d-4f0b-9c53-8f3e0a6e2c11'

export interface Who {
  orgId: string
  personId: string
}

/** How fixes come in, of the room that has them: `weigh` only says what `report` would answer. */
export interface ImportWays {
  report: (who: Who, batch: FixBatch) => Promise<Ingested>
  weigh: (who: Who, batch: FixBatch) => Promise<Ingested>
}

/**
 * Takes the positions of a file of another program (GPX, OwnTracks Recorder, Traccar) as fixes of a person, by the
 * rules of all reports: duty, consent and age count, and each is marked with where it came from. The same point has the same id whichever file it comes in, so that importing it
 * again changes nothing.
 * @throws Fault `bad_input`, `too_large`
 */
export async function importTrack(
  db: Db,
  ways: ImportWays,
  who: Who,
  { text, dryRun, device }: { text: string; dryRun: boolean; device?: string },
): Promise<TrackImport> {
  const { points, skipped, wrong, source } = readRecorded(text, device)
  const fixes = points.map((point) => fixOf(who, point, source))
  const own = [...new Map(fixes.map((fix) => [fix.id, fix])).values()]
  const told = { accepted: 0, duplicate: fixes.length - own.length }
  const rejected: Record<string, number> = {}
  const taken: Fix[] = []
  for (let first = 0; first < own.length; first += MAX_FIXES) {
    const batch = own.slice(first, first + MAX_FIXES)
    const answer = await (dryRun ? ways.weigh : ways.report)(who, { fixes: batch })
    told.accepted += answer.accepted
    told.duplicate += answer.duplicate
    for (const { code } of answer.rejected) rejected[code] = (rejected[code] ?? 0) + 1
    const refused = new Set(answer.rejected.map(({ index }) => index))
    taken.push(...batch.filter((_, index) => !refused.has(index)))
  }
  const days = await daysOf(db, who, taken)
  return { dryRun, points: points.length, skipped, wrong, ...told, rejected, days }
}

type Fix = ReturnType<typeof fixOf>

function fixOf({ orgId, personId }: Who, point: RecordedPoint, source: string) {
  const at = Math.round(point.at)
  const name = [orgId, personId, at, point.lng.toFixed(7), point.lat.toFixed(7)].join('\n')
  return { ...point, at, id: uuidOf(name, NAMESPACE), source }
}

/** What is taken, by work date. */
async function daysOf(db: Db, { orgId, personId }: Who, taken: readonly Fix[]) {
  const ordered = [...taken].sort((a, b) => a.at - b.at)
  const [first, last] = [ordered[0], ordered.at(-1)]
  if (!first || !last) return []
  const span = { from: first.at, to: last.at + 1 }
  const windows = (await loadDuty(db, orgId, [personId], span)).get(personId) ?? []
  const byDate = new Map<string, Fix[]>()
  for (const fix of ordered) {
    const date = dateAt(windows, fix.at)
    const known = byDate.get(date ?? '')
    if (known) known.push(fix)
    else if (date !== undefined) byDate.set(date, [fix])
  }
  return [...byDate].map(([date, fixes]) => ({
    date,
    points: fixes.length,
    metres: Math.round(lengthOf(fixes.map(({ lng, lat }) => [lng, lat] as const))),
    from: fixes[0]?.at ?? 0,
    to: fixes.at(-1)?.at ?? 0,
  }))
}

const dateAt = (windows: readonly DutyWindow[], at: number) =>
  windows.find(({ from, to }) => at >= from && at < to)?.date
