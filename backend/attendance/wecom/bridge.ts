import { Fault } from '../../core/errors.ts'
import type { Feature, Kit } from '../../core/kit.ts'
import { ImportInput } from '../../contract/wecomImport.ts'
import type { Running } from '../../jobs/index.ts'
import { IMPORT, type BridgeDoors, type BridgeMeans } from './doors.ts'
import { importCheckin, pollPunches, type Importing } from './import.ts'
import { listBridgeMembers, loadBridge, notePoll } from './queries.ts'
import { bridgeRoutes } from './routes.ts'
import { dateAt } from './units.ts'
import { writeCheckins, writeCorrections } from './writeBack.ts'

const DAY_MS = 86_400_000
const POLL_MS = 10 * 60_000
const WRITE_MS = 30_000
const SWEEP_MS = 6 * 3_600_000
const BACK_MS = 2 * DAY_MS // what a process that died did not tell is found within

/** Attendance and WeCom's own 打卡: import on demand, punches by polling, what counts here written there. */
export function createCheckinBridge(kit: Kit, orgId: string, doors: BridgeDoors): Feature {
  const means: BridgeMeans = { ...doors, kit, orgId }
  const waiting = createWaiting(means)
  doors.jobs.define(IMPORT, (job) => runImport(means, job))
  return {
    routes: bridgeRoutes(means),
    chores: [
      { name: 'attendance.wecom-poll', everyMs: POLL_MS, run: () => poll(means) },
      { name: 'attendance.wecom-write', everyMs: WRITE_MS, run: waiting.write },
      { name: 'attendance.wecom-sweep', everyMs: SWEEP_MS, run: () => sweep(means) },
    ],
    close: waiting.close,
  }
}

export async function importingOf(
  { kit, orgId, source, store, sink }: BridgeMeans,
  from: number,
): Promise<Importing> {
  const now = kit.clock.now()
  const people = await listBridgeMembers(kit.db, orgId)
  const written = await sink.written(kit.db, orgId, { from: from - DAY_MS, to: now + DAY_MS })
  const members = new Map(people.map(({ id, userId }) => [id, userId]))
  return { db: kit.db, source, store, members, written, now }
}

async function runImport(means: BridgeMeans, job: Running) {
  const { dryRun, from, to } = ImportInput.parse(job.input)
  const importing = await importingOf(means, Date.parse(from))
  const who = { orgId: job.orgId, personId: job.personId }
  const step = (done: number, total: number) => job.step({ done, total })
  return { result: await importCheckin(importing, { who, dryRun, from, to, step }) }
}

/** Yesterday and today, as WeCom counts days, where that is switched on. */
export async function poll(means: BridgeMeans): Promise<void> {
  const { kit, orgId } = means
  const { settings } = await loadBridge(kit.db, orgId)
  if (!settings.poll) return
  const now = kit.clock.now()
  const span = { orgId, from: dateAt(now / 1000 - 86_400), to: dateAt(now / 1000) }
  try {
    const added = await pollPunches(await importingOf(means, now - 2 * DAY_MS), span)
    await notePoll(kit.db, orgId, { now, added, error: null })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    await notePoll(kit.db, orgId, { now, added: null, error: error.message })
  }
}

/** People with new check-ins and corrections, until they are noted for WeCom. */
function createWaiting(means: BridgeMeans) {
  const { kit, orgId } = means
  let swept = false
  const checkins = new Set<string>()
  const corrections = new Map<string, { personId: string; from: string; to: string }>()
  const noteCheckin = (fact: { orgId: string; personId: string }) => {
    if (fact.orgId === orgId) checkins.add(fact.personId)
  }
  const off = [
    kit.facts.on('checkinStored', noteCheckin),
    kit.facts.on('checkinJudged', noteCheckin),
    kit.facts.on('requestDecided', (fact) => {
      if (fact.orgId === orgId && fact.kind === 'correction') corrections.set(fact.requestId, fact)
    }),
  ]
  return {
    /** What could not be noted, as WeCom was asked for the due and did not answer, stays until it can be. */
    async write() {
      if (!swept) await sweep(means) // what the process before this one did not get to
      swept = true
      const people = [...checkins]
      const decided = [...corrections]
      checkins.clear()
      corrections.clear()
      const again = (error: unknown) => {
        for (const id of people) checkins.add(id)
        for (const [id, each] of decided) corrections.set(id, each)
        throw error
      }
      const spans = decided.map(([, each]) => each)
      await writeBack(means, people, spans).catch(again)
    },
    close: () => {
      for (const stop of off) stop()
      return Promise.resolve()
    },
  }
}

export async function writeBack(
  means: BridgeMeans,
  people: readonly string[],
  decided: readonly { personId: string; from: string; to: string }[],
): Promise<void> {
  const { kit, orgId, source, sink } = means
  if (people.length + decided.length === 0) return
  const { settings } = await loadBridge(kit.db, orgId)
  const now = kit.clock.now()
  const writing = { db: kit.db, source, sink, orgId, now }
  if (settings.writeCheckins && people.length > 0)
    await writeCheckins(writing, people, now - BACK_MS)
  if (!settings.writeCorrections || decided.length === 0) return
  const members = new Map((await listBridgeMembers(kit.db, orgId)).map((each) => [each.id, each]))
  for (const { personId, from, to } of decided) {
    const { userId, zone } = members.get(personId) ?? {}
    if (userId && zone) await writeCorrections(writing, { personId, userId, zone, from, to })
  }
}

/** Everybody's last two days, and corrections of two months: what a process that died did not get to. */
async function sweep(means: BridgeMeans): Promise<void> {
  const { kit, orgId } = means
  const ids = (await listBridgeMembers(kit.db, orgId)).map(({ id }) => id)
  const day = (ago: number) => dateAt(kit.clock.now() / 1000 - ago * 86_400)
  const decided = ids.map((personId) => ({ personId, from: day(62), to: day(0) }))
  await writeBack(means, ids, decided)
}
