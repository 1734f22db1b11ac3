import { setTimeout as wait } from 'node:timers/promises'
import type { Chore, Kit } from '../core/kit.ts'
import { dateAt, listOrgs } from '../people/index.ts'
import { listDerivedSince } from '../tracks/index.ts'
import { listSaidSince, listUnsettled, noteSeen, seenUntil } from './queries.ts'
import { refreshVisits, type Means } from './refresh.ts'

const GATHER_MS = 1500 // what comes in within this is computed at once
const SWEEP_MS = 30_000
const OVERLAP_MS = 60_000 // looked at again, for writes that were committed late
const BATCH = 500

interface PersonDate {
  personId: string
  date: string
}

/**
 * Keeps the visits near the facts, so that a customer's page and the coverage find them without
 * asking anybody's day. Nothing that reads people's days depends on it: it refreshes what it reads.
 */
export function createKeeper(kit: Pick<Kit, 'log'>, means: Means) {
  const stopping = new AbortController()
  const { mark, settled } = createMarks(stopping.signal, async (orgId, days) => {
    try {
      await refreshDays(means, orgId, days)
    } catch (error) {
      kit.log.error({ err: error }, 'visits could not be refreshed')
    }
  })
  const off = [
    means.facts.on('dayDerived', mark),
    means.facts.on('checkinStored', mark),
    means.facts.on('checkinJudged', mark),
  ]
  return {
    chores: [sweep(means)],
    async close() {
      for (const stop of off) stop()
      stopping.abort()
      await settled()
    },
  }
}

/** Gathers person-days that have news, and has them refreshed together, one org after the other. */
function createMarks(
  signal: AbortSignal,
  refresh: (orgId: string, days: readonly PersonDate[]) => Promise<void>,
) {
  const dirty = new Map<string, Map<string, PersonDate>>()
  let work: Promise<void> | null = null
  const refreshAll = async () => {
    await wait(GATHER_MS, undefined, { signal, ref: false }).catch(() => undefined)
    for (const [orgId, days] of dirty) {
      if (signal.aborted) return
      dirty.delete(orgId)
      await refresh(orgId, [...days.values()])
    }
  }
  const wake = () => {
    work ??= refreshAll().finally(() => {
      work = null
      if (dirty.size > 0 && !signal.aborted) wake()
    })
  }
  return {
    mark({ orgId, personId, date }: PersonDate & { orgId: string }) {
      const days = dirty.get(orgId) ?? new Map<string, PersonDate>()
      dirty.set(orgId, days.set(`${personId} ${date}`, { personId, date }))
      wake()
    },
    settled: () => work,
  }
}

/** For facts of other processes and of those that died, and for days that have ended; it goes on where it was before a restart. */
function sweep(means: Means): Chore {
  const run = async () => {
    const now = means.clock.now()
    for (const { id, zone } of await listOrgs(means.db)) {
      const since = await seenUntil(means.db, id)
      const derived = await listDerivedSince(means.db, id, since, BATCH)
      const said = await listSaidSince(means.db, id, since)
      const ended = await listUnsettled(means.db, id, dateAt(now, zone), BATCH)
      await refreshDays(means, id, [...derived, ...said, ...ended])
      const last = derived.at(-1)
      const until = derived.length < BATCH || !last ? now - OVERLAP_MS : last.derivedAt
      await noteSeen(means.db, id, until)
    }
  }
  return { name: 'refresh visits', everyMs: SWEEP_MS, run }
}

/** Date by date: days of one date are asked for together. */
async function refreshDays(means: Means, orgId: string, days: readonly PersonDate[]) {
  const byDate = new Map<string, Set<string>>()
  for (const { personId, date } of days)
    byDate.set(date, (byDate.get(date) ?? new Set()).add(personId))
  for (const [date, people] of byDate)
    await refreshVisits(means, {
      orgId,
      personIds: [...people],
      from: date,
      to: date,
    })
}
