import type { CheckinInput, CheckinReply } from '../../backend/contract/checkins.ts'
import { CallFailed } from '../core/api.ts'
import type { Shelf, Waiting } from './shelf.ts'

/** What the outbox needs from the world; tests bring their own. */
export interface OutboxNeeds {
  shelf: Shelf
  run: string
  mono: () => number // a clock that nobody can set, ms
  now: () => number // the phone's clock
  sendPhoto: (id: string, blob: Blob) => Promise<unknown>
  sendCheckin: (input: CheckinInput) => Promise<CheckinReply>
}

/** The server will say the same again. */
const FOR_GOOD = new Set([
  'bad_input',
  'too_old',
  'in_future',
  'no_consent',
  'too_large',
  'not_found',
])

/** Check-ins and photos on their way: kept first, sent then, forgotten when the server has answered. */
export class Outbox {
  readonly #needs: OutboxNeeds
  #sending: Promise<void> | null = null
  #again = false
  readonly #answers = new Map<string, CheckinReply>()

  constructor(needs: OutboxNeeds) {
    this.#needs = needs
  }

  /** Keeps a photo, so that it survives a closed page. */
  keepPhoto(id: string, blob: Blob): Promise<void> {
    return this.#needs.shelf.putPhoto({ id, blob })
  }

  /** Begins to send a photo while the person still writes; it is sent again with the check-in if that fails. */
  async hurryPhoto(id: string): Promise<void> {
    await this.#sendPhoto(id).catch(() => undefined)
  }

  /**
   * Keeps a check-in and tries to send it.
   * @returns the server's answer, or null while there is none
   */
  async submit(input: CheckinInput, place: string): Promise<CheckinReply | null> {
    const { shelf, run, mono } = this.#needs
    await shelf.put({ id: input.id, input, place, run, mono: mono(), failure: null, message: '' })
    await this.flush()
    return this.#answers.get(input.id) ?? null
  }

  /** Sends what waits, oldest first. Of two calls at once the second follows the first. */
  flush(): Promise<void> {
    if (this.#sending !== null) {
      this.#again = true
      return this.#sending
    }
    this.#sending = this.#rounds().finally(() => (this.#sending = null))
    return this.#sending
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false
      await this.#sendAll()
    } while (this.#again)
  }

  async #sendAll(): Promise<void> {
    const waiting = await this.#needs.shelf.list()
    for (const each of waiting) {
      if (each.failure !== null) continue
      const goesOn = await this.#sendOne(each)
      if (!goesOn) return
    }
  }

  /** @returns whether the line still works. */
  async #sendOne(waiting: Waiting): Promise<boolean> {
    const { shelf, sendCheckin } = this.#needs
    try {
      for (const id of waiting.input.photoIds ?? []) await this.#sendPhoto(id)
      this.#answers.set(waiting.id, await sendCheckin(this.#stamped(waiting)))
      await shelf.drop(waiting.id)
      return true
    } catch (error) {
      if (!(error instanceof CallFailed) || !FOR_GOOD.has(error.code)) return false
      await shelf.put({ ...waiting, failure: error.code, message: error.message })
      return true
    }
  }

  async #sendPhoto(id: string): Promise<void> {
    const photo = await this.#needs.shelf.photo(id)
    if (photo === null) return // the server has it
    await this.#needs.sendPhoto(id, photo.blob)
    await this.#needs.shelf.dropPhoto(id)
  }

  /** With the phone's clock of this moment, and the age by the clock that nobody can set, where it is the same one. */
  #stamped({ input, run, mono }: Waiting): CheckinInput {
    const isSame = run === this.#needs.run
    return {
      ...input,
      sentAt: this.#needs.now(),
      ...(isSame && { ageMs: Math.max(0, Math.round(this.#needs.mono() - mono)) }),
    }
  }
}
