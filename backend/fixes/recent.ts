import { metresBetween, restOf, type TrackFix } from '../../geo/index.ts'
import type { Db } from '../core/db.ts'
import type { FixRow } from './judge.ts'
import { listCustomersAt, listRecent, listStill, type Newest } from './queries.ts'

const WINDOW_MS = 15 * 60_000
const STEP_MS = 10_000 // fixes closer together than this stand for each other here
const JUDGE_EVERY_MS = 2_000 // of fix time: nobody comes to rest or leaves sooner
const MOST_PEOPLE = 5_000 // about 60 MB; those not heard for longest are forgotten
const COLD_FIXES = 60 // read from the table for somebody not in memory
const SAME_PLACE = 60 // metres: a rest goes on while its centre stays this near

interface Rest {
  since: number
  lng: number
  lat: number
  customerId: string | null | undefined // undefined: not asked yet
}

interface Known {
  fixes: TrackFix[] // by time, the newest 15 minutes, thinned
  rest: Rest | null
  judgedAt: number // time of the newest fix when `rest` was last worked out
}

type People = Map<string, Known>

/** One person's rows of a group, at least one. */
export interface Report {
  personId: string
  rows: readonly FixRow[]
}

/**
 * The last 15 minutes of everybody who reports, in memory: enough to say since when a person is
 * still, and at which customer, in the moment his newest position is written.
 */
export function createRecent(db: Db) {
  const orgs = new Map<string, People>()
  return {
    /** Each person's newest fix with his rest. What turns out a duplicate afterwards does no harm. */
    async newestOf(orgId: string, reports: readonly Report[]): Promise<Newest[]> {
      const people: People = orgs.get(orgId) ?? new Map()
      orgs.set(orgId, people)
      await warm(db, orgId, { people, reports })
      const seen = reports.map((report) => see(people, report))
      await nameCustomers(db, orgId, seen)
      if (people.size > MOST_PEOPLE) forgetOldest(people)
      return seen.map(({ personId, row, known }) => ({
        personId,
        row,
        stillSince: known.rest?.since ?? null,
        customerId: known.rest?.customerId ?? null,
      }))
    },
  }
}

interface Seen {
  personId: string
  row: FixRow // the newest
  known: Known
}

/** Loads those who are not in memory, all by two queries. */
async function warm(
  db: Db,
  orgId: string,
  { people, reports }: { people: People; reports: readonly Report[] },
) {
  const cold = reports.filter(({ personId }) => !people.has(personId))
  if (cold.length === 0) return
  const personIds = cold.map(({ personId }) => personId)
  const oldest = Math.min(...cold.map(({ rows }) => newestRow(rows).at))
  const still = await listStill(db, orgId, personIds)
  const wanted = { personIds, since: oldest - WINDOW_MS, limit: COLD_FIXES }
  const fixes = await listRecent(db, orgId, wanted)
  for (const personId of personIds) people.set(personId, { fixes: [], rest: null, judgedAt: 0 })
  for (const { personId, ...rest } of still) {
    const known = people.get(personId)
    if (known) known.rest = rest
  }
  for (const { personId, ...fix } of fixes.sort((a, b) => a.at - b.at))
    remember(people.get(personId)?.fixes ?? [], fix)
}

function see(people: People, { personId, rows }: Report): Seen {
  const known = people.get(personId) ?? { fixes: [], rest: null, judgedAt: 0 }
  people.delete(personId)
  people.set(personId, known) // last in the map: heard most recently
  for (const row of rows) remember(known.fixes, trackFixOf(row))
  const row = newestRow(rows)
  if (Math.abs(row.at - known.judgedAt) >= JUDGE_EVERY_MS) judgeRest(known, row.at)
  return { personId, row, known }
}

function judgeRest(known: Known, at: number) {
  const { stillSince, lng, lat } = restOf(known.fixes)
  known.rest = stillSince === null ? null : continued(known.rest, { since: stillSince, lng, lat })
  known.judgedAt = at
}

const trackFixOf = ({ id, at, lng, lat, accuracy }: FixRow): TrackFix => ({
  id,
  at,
  lng,
  lat,
  accuracy: accuracy ?? null,
})

/** Only 15 minutes are remembered: a rest that began before them keeps its beginning and its customer. */
function continued(before: Rest | null, now: Omit<Rest, 'customerId'>): Rest {
  const same = before !== null && metresBetween(before, now) <= SAME_PLACE
  return same
    ? { ...before, since: Math.min(before.since, now.since) }
    : { ...now, customerId: undefined }
}

/** Puts a fix in its place by time, if it is recent and no neighbour stands for it. The newest one is always kept. */
function remember(fixes: TrackFix[], fix: TrackFix) {
  const last = fixes.at(-1)
  if (!last || fix.at > last.at) append(fixes, fix)
  else if (fix.at >= last.at - WINDOW_MS) squeezeIn(fixes, fix)
}

function append(fixes: TrackFix[], fix: TrackFix) {
  const [before, last] = fixes.slice(-2)
  if (last && before && last.at - before.at < STEP_MS) fixes.pop()
  fixes.push(fix)
  while (fixes[0] && fixes[0].at < fix.at - WINDOW_MS) fixes.shift()
}

function squeezeIn(fixes: TrackFix[], fix: TrackFix) {
  const place = fixes.findIndex((each) => each.at > fix.at)
  const near = (each: TrackFix | undefined) => each && Math.abs(each.at - fix.at) < STEP_MS
  if (place >= 0 && !near(fixes[place]) && !near(fixes[place - 1])) fixes.splice(place, 0, fix)
}

const newestRow = (rows: readonly FixRow[]): FixRow =>
  rows.reduce((newest, row) => (row.at > newest.at ? row : newest))

/** Asks where the newly still people are, all by one query. */
async function nameCustomers(db: Db, orgId: string, seen: readonly Seen[]) {
  const arrived = seen.flatMap(({ personId, known: { rest } }) =>
    rest && rest.customerId === undefined ? [{ personId, rest }] : [],
  )
  if (arrived.length === 0) return
  const places = arrived.map(({ personId, rest: { lng, lat } }) => ({ personId, lng, lat }))
  const found = await listCustomersAt(db, orgId, places)
  const customerOf = new Map(found.map(({ personId, customerId }) => [personId, customerId]))
  for (const { personId, rest } of arrived) rest.customerId = customerOf.get(personId) ?? null
}

function forgetOldest(people: People) {
  for (const personId of people.keys()) {
    people.delete(personId)
    if (people.size <= MOST_PEOPLE * 0.9) return
  }
}
