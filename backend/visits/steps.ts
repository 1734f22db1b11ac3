import type { Chore, Kit } from '../core/kit.ts'
import { listOrgs } from '../people/index.ts'
import { takeDueSteps } from './visitQueries.ts'

const EVERY_MS = 30_000
const BATCH = 200

/** Reminds people of what they meant to do next, once, when its time has come. */
export function stepChore(kit: Pick<Kit, 'db' | 'clock' | 'notify'>): Chore {
  const run = async () => {
    const at = kit.clock.now()
    for (const { id: orgId } of await listOrgs(kit.db))
      await kit.db.transact(async (tx) => {
        for (const step of await takeDueSteps(tx, orgId, at, BATCH))
          await kit.notify.tell(tx, {
            orgId,
            personId: step.personId,
            key: `next-step:${step.id}`,
            topic: 'notice',
            title: `跟进提醒：${step.customer}`,
            text: step.text,
            path: `/visits/${step.visitId}`,
            at,
          })
      })
  }
  return { name: 'remind of next steps', everyMs: EVERY_MS, run }
}
