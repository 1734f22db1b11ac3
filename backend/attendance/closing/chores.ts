import { v5 as uuidOf, v7 as uuid } from 'uuid'
import type { MonthSettings } from '../../contract/closing.ts'
import type { Chore, Kit } from '../../core/kit.ts'
import type { JobsDoor } from '../../jobs/index.ts'
import { EXPORT_JOB } from '../exports/job.ts'
import { askToConfirm } from '../reminders/tell.ts'
import { listOrgs } from '../../people/index.ts'
import type { KeptDays } from './days.ts'
import { insertDecision, listWords, loadSettings, loadStanding } from './queries.ts'

const EVERY_MS = 300_000
const SPACE = '6f0f3a52-59d1-4a54-9d5b-6d5f3c2a7e11' // of ids made of decisions

/** Closes the month before: asks people, locks when its grace is over, makes the file HR wants each month. */
export function closingChore(kit: Kit, days: KeptDays, jobs: Pick<JobsDoor, 'start'>): Chore {
  return {
    name: 'close months',
    everyMs: EVERY_MS,
    run: async () => {
      for (const { id } of await listOrgs(kit.db)) await closeLast(kit, id, { days, jobs })
    },
  }
}

interface Doors {
  days: KeptDays
  jobs: Pick<JobsDoor, 'start'>
}

async function closeLast(kit: Kit, orgId: string, { days, jobs }: Doors): Promise<void> {
  const now = kit.clock.now()
  const { settings } = await loadSettings(kit.db, orgId)
  const month = monthBefore(now)
  const { over, state, graceUntil, decisions } = await loadStanding(kit.db, orgId, month, now)
  if (!over) return
  if (settings.askConfirmation && state === 'grace') await askSilent(kit, orgId, month, days)
  if (settings.locksItself && state === 'open' && now >= graceUntil)
    await lockByItself(kit, orgId, month, days)
  const lock = state === 'locked' ? decisions.find(({ kind }) => kind === 'lock') : undefined
  if (lock && settings.export) await makeFile(kit, jobs, { orgId, month, lock: lock.id, wanted: settings.export }) // prettier-ignore
}

async function lockByItself(kit: Kit, orgId: string, month: string, days: KeptDays) {
  await days.settle(orgId, month)
  const fact = { orgId, id: uuid(), month, kind: 'lock', at: kit.clock.now(), by: null } as const
  if (await insertDecision(kit.db, fact)) kit.facts.publish('monthDecided', { orgId, month })
}

interface MonthFile {
  orgId: string
  month: string
  lock: string // id of the decision: one file for each time it is locked
  wanted: NonNullable<MonthSettings['export']>
}

function makeFile(kit: Kit, jobs: Doors['jobs'], { orgId, month, lock, wanted }: MonthFile) {
  const { personId, layout } = wanted
  const input = { format: 'xlsx', layout, language: 'zh', month, scope: 'all' }
  const id = uuidOf(`export ${lock}`, SPACE)
  return jobs.start(kit.db, { orgId, personId, kind: EXPORT_JOB, input, id })
}

/** The month before the one that UTC's clock shows: near enough for months that are over everywhere. */
function monthBefore(now: number): string {
  const date = new Date(now + 12 * 3_600_000)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 7)
} // prettier-ignore

async function askSilent(kit: Kit, orgId: string, month: string, days: KeptDays): Promise<void> {
  const said = new Set((await listWords(kit.db, orgId, month)).map(({ personId }) => personId))
  const all = await days.digests(kit.db, orgId, month)
  for (const personId of all.keys())
    if (!said.has(personId)) await kit.notify.tell(kit.db, askToConfirm({ orgId, personId }, month, kit.clock.now())) // prettier-ignore
}
