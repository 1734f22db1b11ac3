import type { CheckinInput, CheckinReply } from '../../backend/contract/checkins.ts'
import type { PhotoMark } from '../../backend/contract/photoMark.ts'
import { CallFailed, issuesOf } from '../core/api.ts'
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

const isForGood = (error: unknown): error is CallFailed =>
  error instanceof CallFailed && FOR_GOOD.has(error.code)

/** What its person can still add: a note, a photo, an answer. */
const canMend = (error: CallFailed) =>
  issuesOf(error).some(({ field }) => /^(note|photoIds|form)\b/.test(field))

/** The server takes this photo never: it is too large, or no picture. */
class PhotoRefused extends CallFailed {
  constructor({ code, status, message }: CallFailed) {
    super(code, status, message, [{ field: 'photoIds', rule: message }])
  }
}

/** Check-ins and photos on their way: kept first, sent then, forgotten when the server has answered. */
export class Outbox {
  readonly #needs: OutboxNeeds
  #sending: Promise<void> | null = null
  #again = false
  readonly #answers = new Map<string, CheckinReply>()
  readonly #attended = new Set<string>() // being sent while their person looks on
  readonly #returned = new Map<string, CallFailed>() // given back to be mended

  constructor(needs: OutboxNeeds) {
    this.#needs = needs
  }

  /** Keeps a photo, so that it survives a closed page. */
  keepPhoto(id: string, blob: Blob, mark: PhotoMark | null): Promise<void> {
    const { shelf, now } = this.#needs
    return shelf.putPhoto({ id, blob, mark, at: now(), sent: false })
  }

  /** Begins to send a photo while the person still writes; it is sent again with the check-in if that fails. */
  async hurryPhoto(id: string): Promise<void> {
    await this.#sendPhoto(id).catch(() => undefined)
  }

  /**
   * Keeps a check-in and tries to send it.
   * @returns the server's answer, or null while there is none
   * @throws CallFailed when the server asks for a note, a photo or an answer: nothing is kept then
   */
  async submit(input: CheckinInput, place: string): Promise<CheckinReply | null> {
    const { shelf, run, mono } = this.#needs
    const { id } = input
    this.#attended.add(id)
    await shelf.put({ id, input, place, run, mono: mono(), failure: null, message: '' })
    await this.flush()
    this.#attended.delete(id)
    const returned = this.#returned.get(id)
    if (returned) throw returned
    return this.#answers.get(id) ?? null
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
    const { id } = waiting
    try {
      const ready = await this.#withPhotos(waiting)
      this.#answers.set(id, await sendCheckin(this.#stamped(ready)))
      for (const photo of ready.input.photoIds ?? []) await shelf.dropPhoto(photo)
      await shelf.drop(id)
      return true
    } catch (error) {
      if (!isForGood(error)) return false
      await this.#refused(waiting, error)
      return true
    }
  }

  async #refused(waiting: Waiting, error: CallFailed): Promise<void> {
    const { shelf } = this.#needs
    if (this.#attended.has(waiting.id) && canMend(error)) {
      this.#returned.set(waiting.id, error)
      await shelf.drop(waiting.id)
    } else await shelf.put({ ...waiting, failure: error.code, message: error.message })
  }

  /** Its photos sent. One that the server never takes costs nobody a check-in that nobody looks after. */
  async #withPhotos(waiting: Waiting): Promise<Waiting> {
    const { shelf } = this.#needs
    const taken: string[] = []
    for (const id of waiting.input.photoIds ?? [])
      try {
        await this.#sendPhoto(id)
        taken.push(id)
      } catch (error) {
        if (!isForGood(error)) throw error
        await shelf.dropPhoto(id)
        if (this.#attended.has(waiting.id)) throw new PhotoRefused(error)
      }
    if (taken.length === (waiting.input.photoIds ?? []).length) return waiting
    const kept = { ...waiting, input: { ...waiting.input, photoIds: taken } }
    await shelf.put(kept)
    return kept
  }

  async #sendPhoto(id: string): Promise<void> {
    const { shelf, sendPhoto } = this.#needs
    const photo = await shelf.photo(id)
    if (photo === null || photo.sent) return
    await sendPhoto(id, photo.blob)
    const isWanted = (await shelf.photo(id)) !== null // its check-in may have gone meanwhile
    if (isWanted) await shelf.putPhoto({ ...photo, sent: true })
  }

  /** With the phone's clock of this moment, and the age by the clock that nobody can set, where it is the same one. */
  #stamped({ id, input, run, mono }: Waiting): CheckinInput {
    const isSame = run === this.#needs.run
    return {
      ...input,
      sentAt: this.#needs.now(),
      ...(!this.#attended.has(id) && { unattended: true }),
      ...(isSame && { ageMs: Math.max(0, Math.round(this.#needs.mono() - mono)) }),
    }
  }
}
