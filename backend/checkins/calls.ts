import type { Chore, Kit } from '../core/kit.ts'
import { listOrgs } from '../people/index.ts'
import { insertCalls, listCalls, listReviewers, listWaiting, type Waiting } from './callQueries.ts'
import { thresholdsOf } from './thresholds.ts'

const ROUND_MS = 30_000
const SWEEP_EVERY = 20 // rounds: what another process took in, or one that died
const BACK_MS = 2 * 86_400_000 // what came to light later is in the queue, but no news
export const REST_MS = 15 * 60_000 // between two messages to one supervisor: the others gather meanwhile
const SHOWN = 4

/**
 * Tells supervisors what waits for their review: all that came up meanwhile in one message, no
 * check-in twice. Looks at what has news, and now and then at everything of the last days.
 */
export function createCalls(kit: Kit): { chore: Chore; close: () => void } {
  const marked = new Map<string, Set<string>>() // ids by org
  let rounds = 0
  const mark = ({ orgId, id }: { orgId: string; id: string }) =>
    void marked.set(orgId, (marked.get(orgId) ?? new Set()).add(id))
  const off = [kit.facts.on('checkinStored', mark), kit.facts.on('checkinJudged', mark)]
  const run = async () => {
    const isSweep = rounds++ % SWEEP_EVERY === 0
    for (const { id: orgId } of await listOrgs(kit.db)) {
      const only = marked.get(orgId) ?? new Set<string>()
      marked.delete(orgId)
      if (only.size === 0 && !isSweep) continue
      const left = await call(kit, orgId, isSweep ? null : [...only])
      for (const id of left) mark({ orgId, id }) // told when their supervisor had his rest
    }
  }
  return {
    chore: { name: 'tell of check-ins to review', everyMs: ROUND_MS, run },
    close: () => off.forEach((stop) => stop()),
  }
}

/** @returns check-ins that somebody is to be told of later */
async function call(kit: Kit, orgId: string, only: readonly string[] | null): Promise<string[]> {
  const now = kit.clock.now()
  const thresholds = await thresholdsOf(kit.db, orgId)
  const waiting = await listWaiting(kit.db, orgId, { since: now - BACK_MS, only, thresholds })
  if (waiting.length === 0) return []
  const reviewers = await listReviewers(kit.db, orgId, [...new Set(waiting.map((each) => each.personId))]) // prettier-ignore
  const receiverIds = [...new Set(reviewers.map((each) => each.receiverId))]
  const calls = await listCalls(kit.db, orgId, { ids: waiting.map(({ id }) => id), receiverIds })
  const left: string[] = []
  for (const receiverId of receiverIds) {
    const own = calls.filter((each) => each.receiverId === receiverId)
    const rows = waiting.filter(
      ({ id, personId }) =>
        reviewers.some((each) => each.personId === personId && each.receiverId === receiverId) &&
        !own.some((each) => each.checkinId === id),
    )
    if (rows.length === 0) continue
    if (own.some(({ toldAt }) => toldAt > now - REST_MS)) left.push(...rows.map(({ id }) => id))
    else await tell(kit, { orgId, receiverId, rows, at: now })
  }
  return left
}

async function tell(
  kit: Pick<Kit, 'db' | 'notify'>,
  { orgId, receiverId, rows, at }: { orgId: string; receiverId: string; rows: readonly Waiting[]; at: number }, // prettier-ignore
): Promise<void> {
  const [first] = rows
  if (!first) return
  const more = rows.length > SHOWN ? [`… +${rows.length - SHOWN}`] : []
  await kit.db.transact(async (tx) => {
    await insertCalls(tx, orgId, { rows, receiverId, at })
    await kit.notify.tell(tx, {
      ...{ orgId, personId: receiverId, at, topic: 'notice' },
      key: `reviews:${first.id}`,
      title: `${rows.length} 条签到待复核 Check-ins to review`,
      text: [...rows.slice(0, SHOWN).map(lineOf), ...more].join('\n'),
      path: rows.length === 1 ? `/checkins/${first.personId}/${first.id}` : '/reviews',
    })
  })
}

function lineOf({ person, at, zone, place, score }: Waiting): string {
  const format = { timeZone: zone, hourCycle: 'h23', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const // prettier-ignore
  const time = new Intl.DateTimeFormat('zh-CN', format).format(at)
  return [person, time, place ?? '', `${score} / 100`].filter((text) => text !== '').join(' · ')
}
