import type { Feature, Kit } from '../core/kit.ts'
import type { Call } from './caller.ts'
import { inboxRoute } from './inbox.ts'
import { forgetOld } from './outbox.ts'
import { sendDue } from './outboxSending.ts'

const ROUND_MS = 2_000
const FORGET_MS = 6 * 3_600_000

/** Sends what `enqueueMessage` notes, and shows everybody his own messages. */
export function createMessaging(
  kit: Pick<Kit, 'db' | 'clock' | 'log' | 'config'>,
  wecom: { call: Call; agentId: string },
  orgId: string,
): Feature & { sendDue: () => ReturnType<typeof sendDue> } {
  const { db, clock, log, config } = kit
  const { call, agentId } = wecom
  const options = { db, clock, log, call, orgId, agentId, publicUrl: config.publicUrl }
  return {
    routes: [inboxRoute(kit)],
    chores: [
      { name: 'wecom.outbox', everyMs: ROUND_MS, run: () => sendDue(options) },
      {
        name: 'wecom.forget',
        everyMs: FORGET_MS,
        run: () => forgetOld(db, orgId, clock.now()),
      },
    ],
    sendDue: () => sendDue(options),
  }
}
