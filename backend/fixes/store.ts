import type { Kit } from '../core/kit.ts'
import type { Db } from '../core/db.ts'
import type { FixRow } from './judge.ts'
import { countOf, insertFixes, insertSilences, type Newest, type Reported } from './queries.ts'
import { createRecent, type Report } from './recent.ts'
import type { Entry } from './writer.ts'

/** What became of a request's rows: new, unless their id is in one of these. */
export interface Outcome {
  known: ReadonlySet<string> // was there before
  refused: ReadonlySet<string> // the database does not take this row
}

export const ALL_NEW: Outcome = { known: new Set(), refused: new Set() }

const DAY_MS = 86_400_000

/** Writes requests of one org together: one statement, or one transaction when silences come along. */
export function createStore(kit: Kit) {
  const recent = createRecent(kit.db)
  const sizes = kit.metrics.histogram(
    'zuji_fixes_group_rows',
    'Fixes written by one statement',
    [1, 5, 20, 50, 100, 250, 500, 1000, 2000],
  )
  const seconds = kit.metrics.histogram(
    'zuji_fixes_flush_seconds',
    'Time of one group commit',
    [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3],
  )
  return async (entries: readonly Entry[]): Promise<Outcome[]> => {
    const [first] = entries
    if (!first) return []
    const end = seconds.startTimer()
    const { orgId, past } = first
    const reports = onceEach(entries)
    const newest = past ? pastNewest(entries) : await recent.newestOf(orgId, reportsOf(entries))
    const group = { entries, orgId, reports, newest, receivedAt: kit.clock.now() }
    const stored = await write(kit, group)
    sizes.observe(countOf(reports))
    end()
    return entries.map((entry) => outcomeOf(entry, stored))
  }
}

interface Group {
  entries: readonly Entry[]
  orgId: string
  reports: readonly Reported[]
  newest: Newest[]
  receivedAt: number
}

/** The `person id` keys of what was new; null when all of it was. */
async function write(kit: Kit, group: Group): Promise<Set<string> | null> {
  const silences = group.entries.flatMap(({ personId, silences: rows }) =>
    rows.map((row) => ({ personId, row })),
  )
  if (silences.length === 0) return writeFixes(kit.db, group)
  return kit.db.transact(async (tx) => {
    const stored = (await writeFixes(tx, group)) ?? keysOf(group.reports)
    const { orgId, receivedAt } = group
    for (const key of await insertSilences(tx, orgId, receivedAt, silences)) stored.add(key)
    return stored
  })
}

async function writeFixes(db: Db, group: Group): Promise<Set<string> | null> {
  const { entries, orgId, reports, newest, receivedAt } = group
  const count = countOf(reports)
  if (count === 0) return new Set()
  const span = spanOf(reports, receivedAt)
  const { keys } = await insertFixes(db, { orgId, receivedAt, reports, newest, span })
  if (keys === null) return count === countOf(entries) ? null : keysOf(reports)
  return new Set(keys)
}

const keysOf = (reports: readonly Reported[]) =>
  new Set(reports.flatMap(({ personId, fixes }) => fixes.map(({ id }) => `${personId} ${id}`)))

/** A stored id's corrected time lies within 7 days of now, or near the imported ones; a day or two to spare. */
function spanOf(reports: readonly Reported[], now: number) {
  const span = { from: now - 9 * DAY_MS, to: now + DAY_MS }
  for (const { fixes } of reports)
    for (const { at } of fixes) if (at - 2 * DAY_MS < span.from) span.from = at - 2 * DAY_MS
  return span
}

/** The group's rows; of an id that two requests of a person carry at once, the first. */
function onceEach(entries: readonly Entry[]): readonly Reported[] {
  if (new Set(entries.map(({ personId }) => personId)).size === entries.length) return entries
  const seen = new Set<string>()
  return entries.map(({ personId, device, fixes }) => ({
    personId,
    device,
    fixes: fixes.filter(({ id }) => {
      const before = seen.size
      return seen.add(`${personId} ${id}`).size > before
    }),
  }))
}

function reportsOf(entries: readonly Entry[]): Report[] {
  const byPerson = new Map<string, readonly FixRow[]>()
  for (const { personId, fixes } of entries) {
    const others = byPerson.get(personId)
    if (fixes.length > 0) byPerson.set(personId, others ? [...others, ...fixes] : fixes)
  }
  return [...byPerson].map(([personId, rows]) => ({ personId, rows }))
}

const pastNewest = (entries: readonly Entry[]): Newest[] =>
  reportsOf(entries).map(({ personId, rows }) => ({
    personId,
    row: rows.reduce((newest, row) => (row.at > newest.at ? row : newest)),
    stillSince: null,
    customerId: null,
  }))

/** Takes the entry's keys out of the group's, so that a repeated id is new for one request only. */
function outcomeOf({ personId, fixes, silences }: Entry, stored: Set<string> | null): Outcome {
  if (stored === null) return ALL_NEW
  const mine = [...fixes, ...silences].map(({ id }) => id)
  const known = mine.filter((id) => !stored.delete(`${personId} ${id}`))
  return { known: new Set(known), refused: new Set() }
}
