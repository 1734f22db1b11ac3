import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../core/clock.ts'
import { told } from '../api/verdict.ts'

export interface Patience {
  clock: Clock
  wait?: (ms: number) => Promise<void>
}

const LONGEST_MS = 10 * 60_000
const MARGIN_MS = 50

/**
 * Asks, and asks again when the window of a quota is over: long work goes on at the pace that WeCom
 * allows. A block of more than ten minutes is told instead.
 */
export async function patiently<T>(
  { clock, wait = sleep }: Patience,
  ask: () => Promise<T>,
): Promise<T> {
  for (let waited = 0; ;) {
    try {
      return await ask()
    } catch (error) {
      const { verdict, retryAt } = told(error) ?? {}
      if (verdict !== 'throttled') throw error
      const ms = Math.max(0, (retryAt ?? clock.now() + 60_000) - clock.now()) + MARGIN_MS
      if ((waited += ms) > LONGEST_MS) throw error
      await wait(ms)
    }
  }
}
