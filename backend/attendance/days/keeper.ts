import { setTimeout as wait } from 'node:timers/promises'
import type { Chore, Kit } from '../../core/kit.ts'
import { dateAfter, datesFrom, minuteAt } from '../clock.ts'
import { listOrgs } from '../../people/index.ts'
import { refreshDays, type Means } from './keep.ts'
import { listMembers } from './members.ts'
import { daysAround, listCheckinDays, listWaiting, listWithoutDay, markDays, type Cause } from './changes.ts' // prettier-ignore

const GATHER_MS = 200 // what comes in within this is computed at once
const SWEEP_MS = 5000
const FILL_MS = 60_000
const OVERLAP_MS = 60_000 // looked at again, for writes that were committed late
const BATCH = 300

/**
 * Keeps the kept days near the facts, so that months are read without computing. Whoever reads one day computes
 * it: nothing depends on this but lists.
 */
export function createDayKeeper(kit: Kit, means: Means) {
  const settling = createSettling(kit, means)
  const marking = new Set<Promise<void>>()
  const mark = (orgId: string, days: readonly PersonDate[], cause: Cause) => {
    const marked = markDays(means.db, orgId, days, { cause, at: means.now() })
      .then(() => settling.wake(orgId))
      .catch((error: unknown) =>
        kit.log.error({ err: error }, 'changed attendance days were not noted'),
      )
      .finally(() => marking.delete(marked))
    marking.add(marked)
  }
  const off = [
    kit.facts.on('checkinStored', (fact) => mark(fact.orgId, daysAround(fact), 'evidence')),
    kit.facts.on('checkinJudged', (fact) => mark(fact.orgId, daysAround(fact), 'evidence')),
    kit.facts.on('visitsChanged', (fact) => mark(fact.orgId, [fact], 'evidence')),
    kit.facts.on('requestDecided', (fact) => mark(fact.orgId, daysAcross(fact), 'request')),
  ]
  return {
    wake: settling.wake,
    chores: keepingChores(means),
    async close() {
      for (const stop of off) stop()
      await Promise.all(marking)
      await settling.close()
    },
  }
}

interface PersonDate {
  personId: string
  date: string
}

/** Computes what waits of the companies it is woken for, soon and one after the other. */
function createSettling(kit: Kit, means: Means) {
  const orgs = new Set<string>()
  const stopping = new AbortController()
  const { signal } = stopping
  let work: Promise<void> | null = null
  const settle = async () => {
    await wait(GATHER_MS, undefined, { signal, ref: false }).catch(() => undefined)
    for (const orgId of orgs) {
      orgs.delete(orgId)
      if (!signal.aborted) await settleWaiting(means, orgId, signal)
    }
  }
  const wake = (orgId: string) => {
    orgs.add(orgId)
    work ??= settle()
      .catch((error: unknown) => kit.log.error({ err: error }, 'attendance days were not computed'))
      .finally(() => {
        work = null
        if (orgs.size > 0 && !signal.aborted) wake([...orgs][0] ?? orgId)
      })
  }
  return {
    wake,
    async close() {
      stopping.abort()
      await work
    },
  }
}

const MOST_DAYS = 400 // of one request
const daysAcross = ({ personId, from, to }: { personId: string; from: string; to: string }) =>
  datesFrom(dateAfter(from, -1), dateAfter(to, 1)).slice(0, MOST_DAYS).map((date) => ({ personId, date })) // prettier-ignore

/** Computes what waits of one company, the newest dates first. @returns how many days */
export async function settleWaiting(
  means: Means,
  orgId: string,
  signal?: AbortSignal,
): Promise<number> {
  const now = means.now()
  let settled = 0
  for (;;) {
    const waiting = await listWaiting(means.db, orgId, { now, limit: BATCH })
    for (const [date, personIds] of byDate(waiting))
      await computeFor(means, orgId, { date, personIds })
    settled += waiting.length
    if (waiting.length < BATCH || signal?.aborted) return settled
  }
}

function byDate(days: readonly { personId: string; date: string }[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { personId, date } of days) found.set(date, [...(found.get(date) ?? []), personId])
  return found
}

async function computeFor(
  means: Means,
  orgId: string,
  { date, personIds }: { date: string; personIds: string[] },
) {
  const asked = { orgId, departments: 'all', personIds, limit: personIds.length } as const
  const members = await listMembers(means.db, asked, null)
  await refreshDays(means, { orgId, members, from: date, to: date })
}

function keepingChores(means: Means): Chore[] {
  const seen = new Map<string, number>()
  const sweep = async () => {
    const now = means.now()
    for (const { id } of await listOrgs(means.db)) {
      const since = seen.get(id) ?? now - OVERLAP_MS
      const missed = await listCheckinDays(means.db, id, since - OVERLAP_MS)
      const days = missed.flatMap(({ personId, at }) => daysAround({ personId, date: new Date(at).toISOString().slice(0, 10) })) // prettier-ignore
      if (days.length > 0) await markDays(means.db, id, days, { cause: 'evidence', at: now })
      seen.set(id, now)
      await settleWaiting(means, id)
    }
  }
  return [
    { name: 'compute changed attendance days', everyMs: SWEEP_MS, run: sweep },
    { name: 'begin attendance days', everyMs: FILL_MS, run: () => fillDays(means) },
  ]
}

/** Every active person has a day today and had one yesterday, also when nothing is scheduled. */
async function fillDays(means: Means): Promise<void> {
  for (const { id, zone } of await listOrgs(means.db)) {
    const now = means.now()
    const utc = new Date(now).toISOString().slice(0, 10)
    const today = dateAfter(utc, Math.floor(minuteAt(now, zone, utc) / 1440))
    for (const date of [today, dateAfter(today, -1)]) {
      const without = await listWithoutDay(means.db, id, date, 2000)
      const personIds = without.map(({ personId }) => personId)
      if (personIds.length > 0) await computeFor(means, id, { date, personIds })
    }
  }
}
