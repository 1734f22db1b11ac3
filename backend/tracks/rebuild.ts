import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises'
import { ALGORITHM_VERSION } from '../../geo/index.ts'
import type { Chore, Kit } from '../core/kit.ts'
import { listOrgs } from '../people/index.ts'
import { listChangedOf, listOutdated, listUnfinished, type WantedDay } from './queries.ts' // prettier-ignore
import type { DayReader } from './readDay.ts'

const GATHER_MS = 400 // what comes in within this is rebuilt at once
const PEOPLE = 50 // asked for by one query
const REST = 1 // times as long as a rebuild took: one at a time, and at most half of the time
const MOST_REST_MS = 1000
const SETTLED_MS = 20_000 // by then whoever took the facts in has rebuilt the day, if it still lives
const OVERLAP_MS = 60_000 // looked at again, for writes that were committed late
const BATCH = 200 // days of one org in one go
const UNFINISHED_MS = 5 * 60_000

/**
 * Keeps stored days near the facts, so that lists have ribbons without deriving. Nothing depends on
 * it: whoever reads a day derives it when it is outdated. That a day is outdated is told by its
 * version, counted up in the transaction of the facts: that row is the queue, and can not be lost.
 */
export function createRebuilder(kit: Kit, days: DayReader) {
  const people = createDirty()
  const stopping = new AbortController()
  let work: Promise<void> | null = null

  const rebuildAll = async () => {
    await rest(GATHER_MS, stopping.signal)
    for (let next = people.take(PEOPLE); next; next = people.take(PEOPLE)) {
      if (stopping.signal.aborted) return
      await rebuildPeople(kit, days, { ...next, signal: stopping.signal })
    }
  }
  const wake = () => {
    work ??= rebuildAll()
      .catch((error: unknown) => kit.log.error({ err: error }, 'days could not be rebuilt'))
      .finally(() => {
        work = null
        if (people.waiting() && !stopping.signal.aborted) wake()
      })
  }
  const mark = (orgId: string, personIds: readonly string[]) => {
    people.add(orgId, personIds)
    wake()
  }
  const off = [
    kit.facts.on('fixesStored', (fact) => mark(fact.orgId, fact.people.map(({ personId }) => personId))), // prettier-ignore
    kit.facts.on('silencesStored', (fact) => mark(fact.orgId, fact.personIds)),
  ]
  return {
    chores: rebuildChores(kit, days),
    async close() {
      for (const stop of off) stop()
      stopping.abort()
      await work
    },
  }
}

/**
 * Who has new facts, by org, those who wait longest first. Somebody who waits already keeps his
 * place: so a report every 5 s costs a rebuild when his turn comes, not every 5 s.
 */
function createDirty() {
  const orgs = new Map<string, Set<string>>()
  return {
    add(orgId: string, personIds: readonly string[]) {
      const known = orgs.get(orgId) ?? new Set()
      for (const personId of personIds) known.add(personId)
      orgs.set(orgId, known)
    },
    waiting: () => orgs.size > 0,
    /** Some of one org, and next time those of another. */
    take(most: number): { orgId: string; personIds: string[] } | null {
      const [first] = orgs
      if (!first) return null
      const [orgId, known] = first
      const personIds = [...known].slice(0, most)
      for (const personId of personIds) known.delete(personId)
      orgs.delete(orgId)
      if (known.size > 0) orgs.set(orgId, known)
      return { orgId, personIds }
    },
  }
}

/** The newest dates first, with rests, so that however many report, others have most of the machine. */
async function rebuildPeople(
  kit: Kit,
  days: DayReader,
  { orgId, personIds, signal }: { orgId: string; personIds: string[]; signal: AbortSignal },
) {
  for (const each of await listChangedOf(kit.db, orgId, personIds)) {
    const started = performance.now()
    await readQuietly(kit, days, { ...each, orgId })
    await rest(Math.min(MOST_REST_MS, REST * (performance.now() - started)), signal)
    if (signal.aborted) return
  }
}

/** Resolves early when it is stopped. */
const rest = (ms: number, signal: AbortSignal) =>
  wait(ms, undefined, { signal, ref: false }).catch(() => undefined)

/** For facts of other processes and of those that died, and for what time and a new algorithm change. */
function rebuildChores(kit: Kit, days: DayReader): Chore[] {
  const seenUntil = new Map<string, number>()
  const rebuild = async (orgId: string, wanted: readonly WantedDay[]) => {
    for (const each of wanted) {
      await readQuietly(kit, days, { ...each, orgId })
      await breathe()
    }
  }
  const rebuildChanged = async () => {
    const to = kit.clock.now() - SETTLED_MS
    for (const { id } of await listOrgs(kit.db)) {
      const from = seenUntil.get(id) ?? 0
      const wanted = { from, to, algorithm: ALGORITHM_VERSION, limit: BATCH }
      const outdated = await listOutdated(kit.db, id, wanted)
      await rebuild(id, outdated)
      if (outdated.length < BATCH) seenUntil.set(id, to - OVERLAP_MS)
    }
  }
  const rebuildUnfinished = async () => {
    const wanted = { before: kit.clock.now() - UNFINISHED_MS, limit: BATCH }
    for (const { id } of await listOrgs(kit.db))
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
