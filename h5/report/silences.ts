import type { SilenceReason } from '../../backend/contract/terms.ts'
import { onDuty, type Window } from './duty.ts'
import type { Pulse, Queue } from './ports.ts'

export const BEAT_MS = 10_000
const MISSED_MS = 90_000 // a hidden page's timers may come once a minute; longer means it was frozen or killed
const UNSEEN_MS = 60_000 // a hidden page without a fix for so long is as good as closed
const PIECE_MS = 5 * 60_000 // a silence under way is told in pieces, so that the supervisor knows why

export interface SilenceNeeds {
  queue: Queue
  newId: () => string
  windows: () => readonly Window[]
}

/**
 * Knows when the phone could not report, and why. Life is a pulse written to the queue: a pulse that
 * is missing means that the page was hidden, frozen or killed, and is found on the next beat or start.
 */
export class SilenceLog {
  readonly #needs: SilenceNeeds
  #pulse: Pulse | null = null
  #lastFix: number | null = null
  #line: Promise<unknown>

  constructor(needs: SilenceNeeds) {
    this.#needs = needs
    this.#line = needs.queue.pulse().then((kept) => (this.#pulse = kept))
  }

  /** Each BEAT_MS while recording. `hidden` is the page's visibility. Also finds what was missed. */
  beat(now: number, hidden: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await this.#sayMissed(now)
      let open = this.#pulse?.open ?? this.#unseen(now, hidden)
      if (open !== null && now - open.from >= PIECE_MS) {
        await this.#say(open.from, now, open.reason)
        open = { ...open, from: now }
      }
      await this.#write({ at: now, open })
    })
  }

  /** Positions stopped for a known reason. */
  trouble(now: number, reason: SilenceReason): Promise<void> {
    return this.#inTurn(async () => {
      await this.#sayMissed(now)
      const open = this.#pulse?.open ?? null
      if (open?.reason === reason) return
      if (open !== null) await this.#say(open.from, now, open.reason)
      await this.#write({ at: now, open: { reason, from: now } })
    })
  }

  /** A position came: whatever silence was under way is over. */
  fixed(at: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#sayMissed(at)
      const open = this.#pulse?.open ?? null
      if (open !== null) await this.#say(open.from, at, open.reason)
      this.#lastFix = at
      if (this.#pulse === null || open !== null) await this.#write({ at, open: null })
    })
  }

  /** Recording ended properly (off duty, consent withdrawn): what follows is no silence. */
  end(now: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#sayMissed(now)
      const open = this.#pulse?.open ?? null
      if (open !== null) await this.#say(open.from, now, open.reason)
      this.#lastFix = null
      await this.#write(null)
    })
  }

  /** One step at a time: beats, fixes and troubles arrive while the queue is still writing. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#line.then(step)
    this.#line = done.catch(() => undefined)
    return done
  }

  #unseen(now: number, hidden: boolean): Pulse['open'] {
    if (!hidden || this.#lastFix === null || now - this.#lastFix <= UNSEEN_MS) return null
    return { reason: 'page_closed', from: this.#lastFix }
  }

  async #sayMissed(now: number): Promise<void> {
    const pulse = this.#pulse
    if (pulse === null || now - pulse.at <= MISSED_MS) return
    if (pulse.open !== null) await this.#say(pulse.open.from, pulse.at, pulse.open.reason)
    await this.#say(pulse.at, now, 'page_closed')
    await this.#write({ at: now, open: pulse.open && { ...pulse.open, from: now } })
  }

  async #say(from: number, to: number, reason: SilenceReason): Promise<void> {
    for (const part of onDuty(this.#needs.windows(), from, to)) {
      await this.#needs.queue.addSilence({ id: this.#needs.newId(), ...part, reason })
    }
  }

  async #write(next: Pulse | null): Promise<void> {
    this.#pulse = next
    await this.#needs.queue.setPulse(next)
  }
}
