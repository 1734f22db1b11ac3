import type { Chore, Kit } from '../core/kit.ts'
import type { QueueState } from '../core/queues.ts'
import { listComputedSince } from '../attendance/index.ts'
import { listOrgs } from '../people/index.ts'
import { escalate } from './escalate.ts'
import { lookAt } from './look.ts'
import { listDirtySince, listOnDuty, type PersonDate } from './queries.ts'
import { keyOf } from './scene.ts'

const EVERY_MS = 5_000
const REST_MS = 20_000 // between two looks at one person's day: facts of his come every few seconds
const SWEEP_MS = 30_000
const OVERLAP_MS = 60_000 // looked at again, for writes that were committed late
const FIRST_MS = 86_400_000 // so far back a server that starts looks for what it missed
const BATCH = 200

interface Watched extends PersonDate {
  lookAt: number | null // epoch ms; null: when facts come
  lookedAt: number
}

/** What is watched of one org; forgotten with the process, found again from the database. */
interface Org {
  readonly days: Map<string, Watched>
  sweptAt: number
  seenUntil: number
}

/**
 * Watches the person-days of everybody on duty: a day is looked at when it has news, and when time alone makes
 * some. Facts of this process are heard at once, those of others and of rooms without facts by a sweep.
 */
export function createWatch(kit: Kit) {
  const orgs = new Map<string, Org>()
  const orgOf = (orgId: string): Org => {
    const now = kit.clock.now()
    const known = orgs.get(orgId) ?? { days: new Map(), sweptAt: -Infinity, seenUntil: now - FIRST_MS } // prettier-ignore
    orgs.set(orgId, known)
    return known
  }
  const mark = (fact: PersonDate & { orgId: string }) =>
    markIn(orgOf(fact.orgId), fact, kit.clock.now())
  measure(kit, orgs)
  const off = [
    kit.facts.on('dayDerived', mark),
    kit.facts.on('checkinStored', mark),
    kit.facts.on('checkinJudged', mark),
  ]
  const run = async () => {
    for (const { id } of await listOrgs(kit.db)) {
      const org = orgOf(id)
      await sweep(kit, id, org)
      await lookAround(kit, id, org)
      await escalate(kit, id)
    }
  }
  const chores: Chore[] = [{ name: 'watch for alerts', everyMs: EVERY_MS, run }]
  const close = () => {
    for (const stop of off) stop()
    return Promise.resolve()
  }
  /** Rules or territories are others now: all that is watched is looked at anew. */
  const again = (orgId: string) => {
    orgOf(orgId).sweptAt = -Infinity
    for (const day of orgOf(orgId).days.values()) day.lookAt = kit.clock.now()
  }
  const queue = { name: 'alert_looks', read: () => dueIn(orgs, kit.clock.now()) }
  return { chores, close, again, queue }
}

function measure({ metrics }: Kit, orgs: ReadonlyMap<string, Org>) {
  metrics.gauge('zuji_alerts_watched_days', 'Person-days that are watched for alerts', () =>
    [...orgs.values()].reduce((sum, { days }) => sum + days.size, 0),
  )
}

/** Looks that are due, and since when. */
function dueIn(orgs: ReadonlyMap<string, Org>, now: number): QueueState {
  const due = [...orgs.values()].flatMap(({ days }) =>
    [...days.values()].flatMap(({ lookAt: at }) => (at !== null && at <= now ? [at] : [])),
  )
  const since = due.reduce((oldest, at) => Math.min(oldest, at), Infinity)
  return { waiting: due.length, since: due.length === 0 ? null : since }
}

function markIn(org: Org, { personId, date }: PersonDate, now: number) {
  const key = keyOf({ personId, date })
  const day = org.days.get(key) ?? { personId, date, lookAt: null, lookedAt: -Infinity }
  day.lookAt = Math.min(day.lookAt ?? Infinity, Math.max(now, day.lookedAt + REST_MS))
  org.days.set(key, day)
}

async function sweep(kit: Kit, orgId: string, org: Org) {
  const now = kit.clock.now()
  if (now - org.sweptAt < SWEEP_MS) return
  const since = org.seenUntil
  const dirty = [
    ...(await listDirtySince(kit.db, orgId, since)),
    ...(await listComputedSince(kit.db, orgId, since)),
  ]
  const onDuty = (await listOnDuty(kit.db, orgId, now)).filter((day) => !org.days.has(keyOf(day)))
  for (const day of [...dirty, ...onDuty]) markIn(org, day, now)
  org.sweptAt = now
  org.seenUntil = now - OVERLAP_MS
}

async function lookAround(kit: Kit, orgId: string, org: Org) {
  const now = kit.clock.now()
  const due = [...org.days.values()].filter(({ lookAt: at }) => at !== null && at <= now)
  for (let begin = 0; begin < due.length; begin += BATCH) {
    const some = due.slice(begin, begin + BATCH)
    for (const day of some) Object.assign(day, { lookAt: null, lookedAt: now }) // marks that come meanwhile stay
    const next = await lookAt(kit, orgId, some)
    for (const day of some) plan(org, day, next.get(keyOf(day)) ?? null)
  }
}

/** What neither time nor a mark asks for is watched no more; a fact brings it back. */
function plan(org: Org, day: Watched, next: number | null) {
  if (next === null && day.lookAt === null) org.days.delete(keyOf(day))
  else if (next !== null) day.lookAt = Math.min(day.lookAt ?? Infinity, next)
}
