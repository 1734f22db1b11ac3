import type { Feature, Kit } from '../../core/kit.ts'
import type { Call } from '../api/caller.ts'
import type { Heard } from '../events/index.ts'
import { inboxRoute } from './inbox.ts'
import { closeMessage, forgetOld, pressedMessage } from './outbox.ts'
import { sendDue } from './outboxSending.ts'

const ROUND_MS = 2_000
const FORGET_MS = 6 * 3_600_000

export interface Messaging extends Feature {
  /** One round of the outbox; the chore does it every two seconds. */
  sendDue: () => ReturnType<typeof sendDue>
  /** Takes a pressed button from the callbacks. */
  pressed(heard: Heard['template_card_event']): Promise<void>
}

/** Sends what `enqueueMessage` notes, shows everybody his own messages, and hears pressed buttons. */
export function createMessaging(
  kit: Pick<Kit, 'db' | 'clock' | 'log' | 'config' | 'notify'>,
  wecom: { call: Call; agentId: string },
  orgId: string,
): Messaging {
  const { db, clock, log, config, notify } = kit
  const { call, agentId } = wecom
  const options = { db, clock, log, call, orgId, agentId, publicUrl: config.publicUrl }
  return {
    routes: [inboxRoute(kit)],
    chores: [
      { name: 'wecom.outbox', everyMs: ROUND_MS, run: () => sendDue(options) },
      { name: 'wecom.forget', everyMs: FORGET_MS, run: () => forgetOld(db, orgId, clock.now()) },
    ],
    sendDue: () => sendDue(options),
    async pressed(heard) {
      const message = await pressedMessage(db, { orgId, ...heard })
      const listener = message && notify.listenerOf(message.key)
      if (!listener) return
      const { personId, key } = message
      const press = { orgId, personId, key, button: heard.key, at: heard.at }
      const text = await listener(press)
      if (text !== null) await closeMessage(db, { orgId, personId, key, text, at: clock.now() })
    },
  }
}
