import type { Ingested } from '../../backend/contract/fixes.ts'
import type { After, Batch, Post, Queue } from './ports.ts'

const LIVE = 20 // fixes of the first batch: small, so that the map is right at once
export const BACKLOG = 500 // fixes of every following batch
const LEAVING = 120 // fixes that fit the 64 KiB a browser sends for a closing page
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 300_000

export interface SenderNeeds {
  queue: Queue
  post: Post
  after: After
  random: () => number // 0 to 1
  /** After each attempt; `answer` is null when there was none. */
  attempted: (answer: Ingested | null) => void
}

/** Empties the queue, newest first; only what the server answered is forgotten. */
export class Sender {
  readonly #needs: SenderNeeds
  #running = false
  #again = false
  #stopped = false
  #failures = 0
  #cancelWait: (() => void) | null = null

  constructor(needs: SenderNeeds) {
    this.#needs = needs
  }

  /** Sends what waits unless it is already sending or waiting after a failure. */
  kick(): void {
    if (this.#stopped || this.#cancelWait !== null) return
    if (this.#running) this.#again = true
    else void this.#run()
  }

  /** Sends now, whatever it was waiting for: the network or the page came back. */
  wake(): void {
    this.#cancelWait?.()
    this.#cancelWait = null
    this.kick()
  }

  /** One last try while the page is closing; what is not answered stays queued. */
  async leave(): Promise<void> {
    const batch = await this.#needs.queue.take(LEAVING)
    if (!isEmpty(batch)) await this.#deliver(batch, true)
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWait?.()
    this.#cancelWait = null
  }

  async #run(): Promise<void> {
    this.#running = true
    try {
      do {
        this.#again = false
        await this.#drain()
      } while (this.#again && this.#cancelWait === null && !this.#stopped)
    } catch {
      this.#failures += 1 // the phone's own storage failed: that too may pass
      this.#wait()
    } finally {
      this.#running = false
    }
  }

  async #drain(): Promise<void> {
    for (let size = LIVE; !this.#stopped; size = BACKLOG) {
      const batch = await this.#needs.queue.take(size)
      if (isEmpty(batch)) return
      if (!(await this.#deliver(batch, false))) return this.#wait()
    }
  }

  async #deliver(batch: Batch, leaving: boolean): Promise<boolean> {
    const answer = await this.#needs.post(batch, { leaving }).catch(() => null)
    const whole = answer !== null && answersAll(batch, answer)
    if (whole) await this.#needs.queue.forget(batch)
    this.#failures = whole ? 0 : this.#failures + 1
    this.#needs.attempted(whole ? answer : null)
    return whole
  }

  #wait(): void {
    if (this.#stopped) return
    this.#cancelWait = this.#needs.after(waitMs(this.#failures, this.#needs.random()), () => {
      this.#cancelWait = null
      this.kick()
    })
  }
}

/** Doubling from 2 s to 5 min, the second half of each wait by chance, so that phones do not come in step. */
export function waitMs(failures: number, chance: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1))
  return full / 2 + (full / 2) * chance
}

export const isEmpty = (batch: Batch) => batch.fixes.length === 0 && batch.silences.length === 0

/** What of an answer tells how many fixes it is about. */
export type Answered = Pick<Ingested, 'accepted' | 'duplicate'> & { rejected: readonly unknown[] }

/** Whether each fix of a batch was answered, however. */
export function answersAll(batch: Batch, answer: Answered): boolean {
  const answered = answer.accepted + answer.duplicate + answer.rejected.length
  return answered >= batch.fixes.length
}
