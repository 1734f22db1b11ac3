import type { Clock } from '../../core/clock.ts'
import { FRESH_MS } from './open.ts'

export interface Nonces {
  /** Whether somebody used it before. */
  isTaken(key: string): boolean
  /** Whether nobody used it before; from now on somebody has. */
  take(key: string): boolean
  /** What it was used for came to nothing: WeCom may send the very same again. */
  giveBack(key: string): void
}

const MOST = 100_000 // signed requests within 20 minutes

/**
 * Remembers what was used for as long as its timestamp is fresh. Of this process alone: another
 * process, or this one after a restart, may open a replayed message, and finds it known by content.
 */
export function createNonces(clock: Clock): Nonces {
  const until = new Map<string, number>() // in the order of their ends
  const forget = (now: number) => {
    for (const [key, end] of until) {
      if (end > now && until.size <= MOST) return
      until.delete(key)
    }
  }
  const isTaken = (key: string) => {
    forget(clock.now())
    return until.has(key)
  }
  return {
    isTaken,
    take(key) {
      if (isTaken(key)) return false
      const now = clock.now()
      until.set(key, now + 2 * FRESH_MS) // a timestamp may be ten minutes ahead
      return true
    },
    giveBack: (key) => void until.delete(key),
  }
}
