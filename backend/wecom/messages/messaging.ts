import type { Topic } from '../../contract/messages.ts'
import type { Feature, Kit } from '../../core/kit.ts'
import type { Call } from '../api/caller.ts'
import type { Heard } from '../events/index.ts'
import { inboxRoute } from './inbox.ts'
import { closeMessage, forgetOld, pressedMessage } from './outbox.ts'
import { sendDue } from './outboxSending.ts'

const ROUND_MS = 2_000
const FORGET_MS = 6 * 3_600_000

/** A button on a card of ours was pressed. */
export interface Press {
  orgId: string
  personId: string
  /** Of the message, as it was enqueued. */
  key: string
  button: string // its key
  at: number // epoch ms
}

/**
 * Does what a button means. It may be called twice for one press, and for a matter that is settled.
 * @returns the words that take the buttons' place (`已同意 Approved`), null to leave them. A thrown
 *   error means: again later.
 */
export type PressListener = (press: Press) => Promise<string | null>

export interface Messaging extends Feature {
  /** One round of the outbox; the chore does it every two seconds. */
  sendDue: () => ReturnType<typeof sendDue>
  /** To be called while the server is put together, once for a topic. */
  onPress(topic: Topic, listener: PressListener): void
  /** Takes a pressed button from the callbacks. */
  pressed(heard: Heard['template_card_event']): Promise<void>
}

/** Sends what `enqueueMessage` notes, shows everybody his own messages, and hears pressed buttons. */
export function createMessaging(
  kit: Pick<Kit, 'db' | 'clock' | 'log' | 'config'>,
  wecom: { call: Call; agentId: string },
  orgId: string,
): Messaging {
  const { db, clock, log, config } = kit
  const { call, agentId } = wecom
  const options = { db, clock, log, call, orgId, agentId, publicUrl: config.publicUrl }
  const listeners = new Map<Topic, PressListener>()
  return {
    routes: [inboxRoute(kit)],
    chores: [
      { name: 'wecom.outbox', everyMs: ROUND_MS, run: () => sendDue(options) },
      { name: 'wecom.forget', everyMs: FORGET_MS, run: () => forgetOld(db, orgId, clock.now()) },
    ],
    sendDue: () => sendDue(options),
    onPress: (topic, listener) => void listeners.set(topic, listener),
    async pressed(heard) {
      const message = await pressedMessage(db, { orgId, ...heard })
      const listener = message && listeners.get(message.topic)
      if (!listener) return
      const { personId, key } = message
      const press = { orgId, personId, key, button: heard.key, at: heard.at }
      const text = await listener(press)
      if (text !== null) await closeMessage(db, { orgId, personId, key, text, at: clock.now() })
    },
  }
}
