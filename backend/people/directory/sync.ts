import type { SyncCause } from '../../contract/contacts.ts'
import { Fault } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { summaryOf } from './changes.ts'
import { diffOf, type Diff, type Stored } from './diff.ts'
import {
  directoryOf,
  keyOf,
  type Directory,
  type SourceDepartment,
  type SourceMember,
} from './directory.ts'
import { listLinked, loadPast } from './state.ts'
import { nextSyncAt } from './due.ts'
import {
  abandonSync,
  adoptSync,
  beginSync,
  decideSync,
  finishSync,
  loadPages,
  saveProgress,
  type RunningSync,
} from './ledger.ts'
import {
  fewAtATime,
  Interrupted,
  patiently,
  syncErrorOf,
  type ContactsSource,
  type Patience,
} from './read.ts'
import { applyDiff, fingerprintOf, leaversOf, loadStored, lockContacts } from './store.ts'

const CHUNK = 20 // departments, or members, between two signs of life
const MOST_CONFIRMED = 2_000 // leavers who are asked for one by one

export interface SyncOptions {
  kit: Pick<Kit, 'db' | 'clock' | 'log' | 'facts'>
  orgId: string
  source: ContactsSource
  /** Waits, or less when `signal` says stop; given by tests. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface Ask {
  cause: SyncCause
  requestedBy?: string
}

/** Keeps people and departments as the directory has them, one sync at a time across processes. */
export interface Sync {
  /** Begins one; it goes on by itself. @throws Fault `conflict` while one is running anywhere. */
  start(ask: Ask): Promise<void>
  /** Decides on what waits; approved, it is applied if the directory still says the same. */
  decide(decision: { id: string; state: 'approved' | 'refused'; by: string }): Promise<void>
  /** Goes on with what another process left, or begins what is due. Does not wait for its end. */
  tick(): Promise<void>
  /** When nothing is running here any more. */
  idle(): Promise<void>
  stop(): Promise<void>
}

export function createSync(options: SyncOptions): Sync {
  const { kit, orgId } = options
  const { db, clock } = kit
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const launch = (sync: RunningSync) => {
    const work = run(options, sync, stopping.signal).finally(() => running.delete(work))
    running.add(work)
  }
  const idle = async () => void (await Promise.all(running))
  return {
    async start(ask) {
      const begun = await beginSync(db, orgId, ask, clock.now())
      if (!begun) throw new Fault('conflict', 'a sync is running already')
      launch(begun)
    },
    async decide(decision) {
      const begun = await decided(options, decision)
      if (begun) launch(begun)
    },
    async tick() {
      if (running.size > 0 || stopping.signal.aborted) return
      const now = clock.now()
      const left = await adoptSync(db, orgId, now)
      if (left) return launch(left)
      const { past, zone } = await loadPast(db, orgId)
      if (past === 'running' || now < nextSyncAt(past, zone)) return
      const cause = past.wantedAt === null ? 'schedule' : 'events'
      const begun = await beginSync(db, orgId, { cause }, now)
      if (begun) launch(begun)
    },
    idle,
    async stop() {
      stopping.abort()
      await idle()
    },
  }
}

type Decision = Parameters<Sync['decide']>[0]

/** Notes the decision and, with an approval, begins the sync that may apply what was approved. */
async function decided({ kit, orgId }: SyncOptions, { id, state, by }: Decision) {
  const now = kit.clock.now()
  return kit.db.transact(async (tx) => {
    const approves = await decideSync(tx, orgId, { id, state, by, now })
    if (approves === null) throw new Fault('conflict', 'id: this difference waits no more')
    if (state === 'refused') return null
    const ask = { cause: 'approval', requestedBy: by, approves } as const
    const next = await beginSync(tx, orgId, ask, now)
    if (!next) throw new Fault('conflict', 'a sync is running already')
    return next
  })
}

/** Reads all, compares, applies or holds. Never throws: a sync that fails says so in its row. */
async function run(options: SyncOptions, sync: RunningSync, signal: AbortSignal): Promise<void> {
  const { db, clock, log } = options.kit
  const { orgId } = options
  try {
    await conclude(options, sync, await readAll(options, sync, signal))
  } catch (error) {
    if (error instanceof Interrupted) {
      await abandonSync(db, orgId, sync).catch(() => undefined) // its place is free in a minute anyway
      return
    }
    log.error({ err: error, sync: sync.id }, 'the sync of contacts failed')
    const outcome = { state: 'failed', error: syncErrorOf(error), now: clock.now() } as const
    await finishSync(db, orgId, sync, outcome).catch((broken: unknown) =>
      log.error({ err: broken, sync: sync.id }, 'the failure of a sync could not be noted'),
    )
  }
}

interface Read {
  departments: SourceDepartment[]
  members: SourceMember[]
}

/**
 * The tree, then department by department; what was kept before an interruption is not asked again.
 * Only the directory made of it goes on: the answers need not stay in memory while it is compared.
 */
async function readAll(
  options: SyncOptions,
  sync: RunningSync,
  signal: AbortSignal,
): Promise<Directory> {
  const { orgId, source, kit } = options
  const save = progressOf(options, sync, signal)
  const patience = patienceOf(options, save, signal)
  let departments = sync.departments
  if (!departments) {
    departments = await patiently(() => source.listDepartments(), patience)
    await save({ departments })
  }
  const pages = await loadPages(kit.db, orgId, sync.id)
  const known = new Set(pages.map((page) => page.departmentId))
  const members = pages.flatMap((page) => page.members)
  for (const chunk of chunksOf(departments.filter((each) => !known.has(String(each.id))))) {
    const read = await fewAtATime(chunk, async ({ id }) => ({
      departmentId: String(id),
      members: await patiently(() => source.membersOf(id), patience),
    }))
    await save({ pages: read })
    for (const page of read) members.push(...page.members)
  }
  const confirmed = await confirmLeavers(options, { departments, members }, { save, patience })
  return directoryOf(departments, [...members, ...confirmed])
}

/**
 * Somebody whom no department showed may have moved between two calls, or be visible by himself
 * alone: he is asked for by name before he is taken for gone.
 */
async function confirmLeavers(
  { kit, orgId, source }: SyncOptions,
  read: Read,
  { save, patience }: { save: Save; patience: Patience },
): Promise<SourceMember[]> {
  const there = new Set(read.members.map((each) => keyOf(each.userId)))
  const missing = (await listLinked(kit.db, orgId)).filter((userId) => !there.has(keyOf(userId)))
  if (missing.length > MOST_CONFIRMED) return [] // an admin looks at so many
  const found: SourceMember[] = []
  for (const chunk of chunksOf(missing)) {
    const members = await fewAtATime(chunk, (userId) =>
      patiently(() => source.memberAt(userId), patience),
    )
    found.push(...members.filter((each) => each !== null))
    await save({})
  }
  return found
}

type Save = (progress: Omit<Parameters<typeof saveProgress>[3], 'now'>) => Promise<void>

function progressOf({ kit, orgId }: SyncOptions, sync: RunningSync, signal: AbortSignal): Save {
  return async (progress) => {
    const mine = await saveProgress(kit.db, orgId, sync, { now: kit.clock.now(), ...progress })
    if (!mine || signal.aborted) throw new Interrupted()
  }
}

function patienceOf({ kit, wait }: SyncOptions, save: Save, signal: AbortSignal): Patience {
  return {
    now: () => kit.clock.now(),
    async wait(ms, until) {
      await save({ waitsUntil: until })
      await wait(ms, signal)
      if (signal.aborted) throw new Interrupted()
    },
  }
}

/** Compares and writes in one transaction, so that nothing changes between the two. */
async function conclude(
  { kit, orgId }: SyncOptions,
  sync: RunningSync,
  directory: Directory,
): Promise<void> {
  const { diff, before, applied } = await kit.db.transact(async (tx) => {
    const now = kit.clock.now()
    await lockContacts(tx, orgId)
    const stored = await loadStored(tx, orgId)
    const found = diffOf(stored, directory)
    const summary = summaryOf(found.changes, stored)
    const fingerprint = fingerprintOf(found)
    const may = summary.holds.length === 0 || sync.approves === fingerprint
    if (may) await applyDiff(tx, orgId, { diff: found, before: stored }, now)
    const state = may ? 'applied' : 'held'
    const mine = await finishSync(tx, orgId, sync, { state, summary, fingerprint, now })
    if (!mine) throw new Interrupted()
    return { diff: found, before: stored, applied: may }
  })
  const { unplaced, changes } = diff
  kit.log.info({ sync: sync.id, applied, changes: changes.length, unplaced }, 'contacts are read')
  if (applied) await tellChanges(kit, orgId, diff, before)
}

const TOLD_AT_ONCE = 100

/** Tells whose rights or place have changed, a hundred at a time so that nothing else waits. */
export async function tellChanges(
  { facts }: Pick<Kit, 'facts'>,
  orgId: string,
  diff: Diff,
  before: Stored,
): Promise<void> {
  const known = new Set(before.people.map((each) => each.id))
  const left = leaversOf(diff, before)
  const others = diff.people.map((each) => each.id).filter((id) => known.has(id))
  for (const [index, personId] of [...new Set([...left, ...others])].entries()) {
    facts.publish('personChanged', { orgId, personId })
    if (index % TOLD_AT_ONCE === TOLD_AT_ONCE - 1)
      await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

function* chunksOf<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += CHUNK) yield all.slice(from, from + CHUNK)
}
