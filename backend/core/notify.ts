import type { Topic } from '../contract/messages.ts'
import type { Db } from './db.ts'

/** A button on a card; `key` comes back when it is pressed. */
export interface Button {
  key: string
  text: string
  style?: 1 | 2 | 3 | 4 // blue, plain, red, plain red
}

/** Something one person is to be told. */
export interface MessageToSend {
  orgId: string
  personId: string
  /**
   * What tells it from every other of this person: the same key again changes nothing. Begins with
   * the word of what it is about, as `request:17`; by that word its buttons find who listens.
   */
  key: string
  topic: Topic
  title: string // a line
  text: string // a few sentences
  path: string // the page it is about, as `/approvals/17`
  buttons?: readonly Button[]
  /** Goes out in quiet hours, too. */
  urgent?: boolean
  at: number // epoch ms, now
}

/** What became of a message. */
export interface ClosedMessage {
  orgId: string
  personId: string
  key: string
  text: string // as `已批准 Approved`
  /** Its card leaves the chat, where it is not shared and WeCom still allows that (24 h). */
  recall?: boolean
  at: number // epoch ms, now
}

/** A button on a card of ours was pressed. */
export interface Press {
  orgId: string
  personId: string
  /** Of the message, as it was told. */
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

/** How features tell people something: noted in the transaction of the fact that causes it, sent soon after. */
export interface Notify {
  /** @returns whether it was added; false when there was one with this key. */
  tell(tx: Db, message: MessageToSend): Promise<boolean>
  /** Words take the place of a message's buttons; one that did not go out yet stays in. */
  close(tx: Db, message: ClosedMessage): Promise<void>
  /** To be called while the server is put together, once for each word that keys begin with. */
  onPress(word: string, listener: PressListener): void
  /** Who listens to the buttons of a message with this key. */
  listenerOf(key: string): PressListener | undefined
}

/** @param outbox where messages are kept until they are sent. */
export function createNotify(outbox: Pick<Notify, 'tell' | 'close'>): Notify {
  const listeners = new Map<string, PressListener>()
  return {
    ...outbox,
    onPress: (word, listener) => void listeners.set(word, listener),
    listenerOf: (key) => listeners.get(key.split(':', 1)[0] ?? key),
  }
}
