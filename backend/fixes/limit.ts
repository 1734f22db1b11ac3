import { RateLimiterMemory } from 'rate-limiter-flexible'
import { take } from '../core/http/limits.ts'

/** How much one session may send. Far above any honest phone, a backlog of three days included. */
export interface Limits {
  requestsPer10s: number
  fixesPerMinute: number
}

export const LIMITS: Limits = { requestsPer10s: 60, fixesPerMinute: 20_000 }

/** Counts requests and fixes by session. Throws Fault `too_many_requests` with `retryAfterSeconds`. */
export function createLimit({ requestsPer10s, fixesPerMinute }: Limits) {
  const requests = new RateLimiterMemory({ points: requestsPer10s, duration: 10 })
  const fixes = new RateLimiterMemory({ points: fixesPerMinute, duration: 60 })
  return async (session: string, count: number): Promise<void> => {
    await take(requests, session)
    await take(fixes, session, count)
  }
}
