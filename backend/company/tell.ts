import type { Chore, Kit } from '../core/kit.ts'
import type { Db } from '../core/db.ts'
import { listOrgs } from '../people/index.ts'
import { takeUnread, takeUntold, type DueReceipt } from './queries.ts'

const EVERY_MS = 5_000
const BATCH = 200 // messages of one transaction
const SHOWN = 120 // characters of the text on a card

/** The button of a card that says it was read. */
export const READ = 'read'

export const keyOf = (id: string, again = false) => `announcement:${id}${again ? ':again' : ''}`

/** Which announcement a message was about; null when its key is none of ours. */
export const announcementOf = (key: string): string | null =>
  /^announcement:([0-9a-f-]{36})(?::again)?$/.exec(key)?.[1] ?? null

type Means = Pick<Kit, 'db' | 'clock' | 'notify'>

/** Writes to everybody who is to read something, and once more to who has not; a crash loses nobody. */
export function tellChore(kit: Means): Chore {
  const run = async () => {
    for (const { id: orgId } of await listOrgs(kit.db)) {
      await inBatches(() => tellSome(kit, orgId))
      await inBatches(() => remindSome(kit, orgId, null))
    }
  }
  return { name: 'tell of announcements', everyMs: EVERY_MS, run }
}

/** As long as a batch was full. @returns how many there were */
async function inBatches(work: () => Promise<number>): Promise<number> {
  let all = 0
  for (;;) {
    const some = await work()
    all += some
    if (some < BATCH) return all
  }
}

const tellSome = (kit: Means, orgId: string) =>
  kit.db.transact(async (tx) => {
    const due = await takeUntold(tx, orgId, kit.clock.now(), BATCH)
    for (const each of due.filter(({ silent }) => !silent)) await tell(kit, tx, { orgId, ...each })
    return due.length
  })

const remindSome = (kit: Means, orgId: string, id: string | null) =>
  kit.db.transact(async (tx) => {
    const due = await takeUnread(tx, orgId, { id, now: kit.clock.now(), limit: BATCH })
    for (const each of due) await tell(kit, tx, { orgId, ...each }, true)
    return due.length
  })

/** Tells those of one announcement who have not read it once more, now. @returns how many */
export const remindOf = (kit: Means, orgId: string, id: string) =>
  inBatches(() => remindSome(kit, orgId, id))

const tell = (
  { notify, clock }: Means,
  tx: Db,
  { orgId, personId, id, title, body, by }: DueReceipt & { orgId: string },
  again = false,
) =>
  notify.tell(tx, {
    ...{ orgId, personId, key: keyOf(id, again), topic: 'notice' },
    title: `${again ? '请阅读公告' : '公告'}：${title}`,
    text: `${body.length > SHOWN ? `${body.slice(0, SHOWN)}…` : body}\n${by}`,
    path: `/announcements/${id}`,
    buttons: [{ key: READ, text: '知道了', style: 1 }],
    at: clock.now(),
  })
