import type { Ingested } from '../../backend/contract/fixes.ts'
import type { After, Batch, Post, Queue } from './ports.ts'

const LIVE = 20 // fixes of the first batch: small, so that the map is right at once
const BACKLOG = 500 // fixes of every following batch
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

export interface Sender {
  /** Sends what waits unless it is already sending or waiting after a failure. */
  kick(): void
  /** Sends now, whatever it was waiting for: the network or the page came back. */
  wake(): void
  /** One last try while the page is closing; what is not answered stays queued. */
  leave(): Promise<void>
  stop(): void
}

/** Empties the queue, newest first; only what the server answered is forgotten. */
export function createSender(needs: SenderNeeds): Sender {
  let running = false
  let again = false
  let stopped = false
  let failures = 0
  let cancelWait: (() => void) | null = null

  async function run(): Promise<void> {
    running = true
    try {
      do {
        again = false
        await drain()
      } while (again && cancelWait === null && !stopped)
    } catch {
      failures += 1 // the phone's own storage failed: that too may pass
      wait()
    } finally {
      running = false
    }
  }

  async function drain(): Promise<void> {
    for (let size = LIVE; !stopped; size = BACKLOG) {
      const batch = await needs.queue.take(size)
      if (isEmpty(batch)) return
      if (!(await deliver(batch, false))) return wait()
    }
  }

  async function deliver(batch: Batch, leaving: boolean): Promise<boolean> {
    const answer = await needs.post(batch, { leaving }).catch(() => null)
    const whole = answer !== null && answersAll(batch, answer)
    if (whole) await needs.queue.forget(batch)
    failures = whole ? 0 : failures + 1
    needs.attempted(whole ? answer : null)
    return whole
  }

  function wait(): void {
    if (stopped) return
    cancelWait = needs.after(waitMs(failures, needs.random()), () => {
      cancelWait = null
      kick()
    })
  }

  function kick(): void {
    if (stopped || cancelWait !== null) return
    if (running) again = true
    else void run()
  }

  return {
    kick,
    wake() {
      cancelWait?.()
      cancelWait = null
      kick()
    },
    async leave() {
      const batch = await needs.queue.take(LEAVING)
      if (!isEmpty(batch)) await deliver(batch, true)
    },
    stop() {
      stopped = true
      cancelWait?.()
      cancelWait = null
    },
  }
}

/** Doubling from 2 s to 5 min, the second half of each wait by chance, so that phones do not come in step. */
export function waitMs(failures: number, chance: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1))
  return full / 2 + (full / 2) * chance
}

const isEmpty = (batch: Batch) => batch.fixes.length === 0 && batch.silences.length === 0

function answersAll(batch: Batch, answer: Ingested): boolean {
  const answered = answer.accepted + answer.duplicate + answer.rejected.length
  return answered >= batch.fixes.length
}
