import type { Kit } from '../../core/kit.ts'
import { tellChanges } from './sync.ts'
import { diffOf, knownDirectory } from './diff.ts'
import { patchedDirectory } from './directory.ts'
import { fewAtATime, type ContactsSource } from './read.ts'
import { applyDiff, loadStored, lockContacts, renameUserId, wantSync } from './store.ts'

/**
 * What the directory says has happened, as far as it is used here: newer addresses are told no more
 * than the userid, so the rest is always asked for.
 */
export type DirectoryChange =
  | { type: 'create_user'; userId: string }
  | { type: 'update_user'; userId: string; newUserId?: string | undefined }
  | { type: 'delete_user'; userId: string }
  | { type: 'create_party' | 'update_party' | 'delete_party'; departmentId: number }

export interface Follower {
  /** Notes a change and returns; changes that come together are followed together. */
  heard(change: DirectoryChange): void
  /** When all that was heard is followed, or handed to the next sync. */
  idle(): Promise<void>
}

interface Batch {
  users: Set<string>
  departments: Set<number>
  renames: { from: string; to: string }[]
}

const MOST = 200 // changes at once; more are cheaper to read with everything

/**
 * Follows single changes as they are told. What can not be followed (WeCom does not answer, or too
 * much has changed) is left to a full sync, which comes soon then.
 */
export function createFollower(
  kit: Pick<Kit, 'db' | 'clock' | 'log' | 'facts'>,
  orgId: string,
  source: ContactsSource,
): Follower {
  let batch = newBatch()
  let draining: Promise<void> | null = null
  const drain = async () => {
    while (sizeOf(batch) > 0) {
      const taken = batch
      batch = newBatch()
      await follow(kit, orgId, source, taken)
    }
    draining = null
  }
  return {
    heard(change) {
      note(batch, change)
      draining ??= drain()
    },
    idle: async () => void (await draining),
  }
}

const newBatch = (): Batch => ({ users: new Set(), departments: new Set(), renames: [] })
const sizeOf = ({ users, departments }: Batch) => users.size + departments.size

function note(batch: Batch, change: DirectoryChange): void {
  if ('departmentId' in change) return void batch.departments.add(change.departmentId)
  batch.users.add(change.userId)
  if (change.type !== 'update_user' || !change.newUserId) return
  batch.renames.push({ from: change.userId, to: change.newUserId })
  batch.users.add(change.newUserId)
}

type FollowKit = Parameters<typeof createFollower>[0]

async function follow(
  kit: FollowKit,
  orgId: string,
  source: ContactsSource,
  batch: Batch,
): Promise<void> {
  const { db, clock, log } = kit
  try {
    if (sizeOf(batch) > MOST) await wantSync(db, orgId, clock.now())
    else await apply(kit, orgId, batch, await ask(source, batch))
  } catch (error) {
    log.warn({ err: error, changes: sizeOf(batch) }, 'changes of contacts wait for the next sync')
    await wantSync(db, orgId, clock.now()).catch((broken: unknown) =>
      log.error({ err: broken }, 'changes of contacts wait for the night'),
    )
  }
}

/** The tree, those of changed departments, and each changed member; who is not found is gone. */
async function ask(source: ContactsSource, batch: Batch) {
  const departments = await source.listDepartments()
  const pages = await fewAtATime([...batch.departments], (id) => source.membersOf(id))
  const asked = await fewAtATime([...batch.users], async (userId) => ({
    userId,
    member: await source.memberAt(userId),
  }))
  const members = [...pages.flat(), ...asked.flatMap(({ member }) => member ?? [])]
  const gone = asked.filter(({ member }) => member === null).map(({ userId }) => userId)
  return { departments, members, gone }
}

async function apply(
  kit: FollowKit,
  orgId: string,
  batch: Batch,
  patch: Awaited<ReturnType<typeof ask>>,
): Promise<void> {
  const { diff, before } = await kit.db.transact(async (tx) => {
    await lockContacts(tx, orgId)
    for (const { from, to } of batch.renames) await renameUserId(tx, orgId, from, to)
    const stored = await loadStored(tx, orgId)
    const found = diffOf(stored, patchedDirectory(knownDirectory(stored), patch))
    await applyDiff(tx, orgId, { diff: found, before: stored }, kit.clock.now())
    return { diff: found, before: stored }
  })
  await tellChanges(kit, orgId, diff, before)
}
