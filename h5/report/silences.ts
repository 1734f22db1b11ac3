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

export interface SilenceLog {
  /** Each BEAT_MS while recording. `hidden` is the page's visibility. Also finds what was missed. */
  beat(now: number, hidden: boolean): Promise<void>
  /** Positions stopped for a known reason. */
  trouble(now: number, reason: SilenceReason): Promise<void>
  /** A position came: whatever silence was under way is over. */
  fixed(at: number): Promise<void>
  /** Recording ended properly (off duty, consent withdrawn): what follows is no silence. */
  end(now: number): Promise<void>
}

/**
 * Knows when the phone could not report, and why. Life is a pulse written to the queue: a pulse that
 * is missing means that the page was hidden, frozen or killed, and is found on the next beat or start.
 */
export function createSilenceLog(needs: SilenceNeeds): SilenceLog {
  let pulse: Pulse | null = null
  let lastFix: number | null = null
  const restored = needs.queue.pulse().then((kept) => (pulse = kept))
  let line: Promise<unknown> = restored

  /** One step at a time: beats, fixes and troubles arrive while the queue is still writing. */
  function inTurn(step: () => Promise<void>): Promise<void> {
    const done = line.then(step)
    line = done.catch(() => undefined)
    return done
  }

  async function say(from: number, to: number, reason: SilenceReason): Promise<void> {
    for (const part of onDuty(needs.windows(), from, to)) {
      await needs.queue.addSilence({ id: needs.newId(), ...part, reason })
    }
  }

  async function write(next: Pulse | null): Promise<void> {
    pulse = next
    await needs.queue.setPulse(next)
  }

  async function sayMissed(now: number): Promise<void> {
    if (pulse === null || now - pulse.at <= MISSED_MS) return
    if (pulse.open !== null) await say(pulse.open.from, pulse.at, pulse.open.reason)
    await say(pulse.at, now, 'page_closed')
    await write({ at: now, open: pulse.open && { ...pulse.open, from: now } })
  }

  async function beat(now: number, hidden: boolean): Promise<void> {
    await sayMissed(now)
    let open = pulse?.open ?? null
    if (open === null && hidden && lastFix !== null && now - lastFix > UNSEEN_MS) {
      open = { reason: 'page_closed', from: lastFix }
    }
    if (open !== null && now - open.from >= PIECE_MS) {
      await say(open.from, now, open.reason)
      open = { ...open, from: now }
    }
    await write({ at: now, open })
  }

  async function trouble(now: number, reason: SilenceReason): Promise<void> {
    await sayMissed(now)
    const open = pulse?.open ?? null
    if (open?.reason === reason) return
    if (open !== null) await say(open.from, now, open.reason)
    await write({ at: now, open: { reason, from: now } })
  }

  async function fixed(at: number): Promise<void> {
    await sayMissed(at)
    if (pulse?.open) await say(pulse.open.from, at, pulse.open.reason)
    lastFix = at
    if (pulse === null || pulse.open !== null) await write({ at, open: null })
  }

  return {
    beat: (now, hidden) => inTurn(() => beat(now, hidden)),
    trouble: (now, reason) => inTurn(() => trouble(now, reason)),
    fixed: (at) => inTurn(() => fixed(at)),
    end: (now) =>
      inTurn(async () => {
        await sayMissed(now)
        if (pulse?.open) await say(pulse.open.from, now, pulse.open.reason)
        await write(null)
      }),
  }
}
