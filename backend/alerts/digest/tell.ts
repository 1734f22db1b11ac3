import type { AlertKind } from '../../contract/alerts.ts'
import type { Kit } from '../../core/kit.ts'
import { listOrgs } from '../../people/index.ts'
import { TITLES } from '../tell.ts'
import { listDueReceivers, takeItems, type Receiver } from './queries.ts'

const EVERY_MS = 30_000
const NAMED = 5 // of a kind, so many by name

/** One card for what came together since the last hour of a digest and is open still; quiet hours are the outbox's to keep. */
export const digestChore = (kit: Kit) => ({
  name: 'tell of alerts together',
  everyMs: EVERY_MS,
  async run() {
    for (const { id: orgId } of await listOrgs(kit.db))
      for (const { personId } of await listDueReceivers(kit.db, orgId, kit.clock.now()))
        await tellTogether(kit, { orgId, personId })
  },
})

async function tellTogether({ db, clock, notify }: Kit, receiver: Receiver) {
  const now = clock.now()
  await db.transact(async (tx) => {
    const { open } = await takeItems(tx, receiver, now)
    if (open.length === 0) return
    await notify.tell(tx, {
      ...{ ...receiver, key: `alert-digest:${now}`, topic: 'alert' },
      title: `预警汇总 ${open.length} 条 Alerts`,
      text: digestOf(open),
      path: '/alerts',
      at: now,
    })
  })
}

/** A line for each kind, as `失去联系 Silent 2：王伟、李静`. */
export function digestOf(open: readonly { kind: AlertKind; name: string }[]): string {
  const kinds = [...new Set(open.map(({ kind }) => kind))]
  return kinds
    .map((kind) => {
      const names = open.filter((each) => each.kind === kind).map(({ name }) => name)
      const more = names.length > NAMED ? ` +${names.length - NAMED}` : ''
      return `${TITLES[kind]} ${names.length}：${names.slice(0, NAMED).join('、')}${more}`
    })
    .join('\n')
}
