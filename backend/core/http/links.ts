import { createHash, randomBytes } from 'node:crypto'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { plainPage } from './guard.ts'
import { take } from './limits.ts'
import type { RawAsked, RawReply } from './route.ts'

const TOKEN = /^[A-Za-z0-9_-]{43}$/ // 32 bytes
const PER_10_S = 20 // of one address

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')

/** The secret of a link that stands in for a login. Only the hash is kept: nobody can find the link again. */
export function newLink(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: hashOf(token) }
}

/** Hash of the token that an address ends with; null where it ends with none. */
export function linkHashOf({ request }: Pick<RawAsked, 'request'>): string | null {
  const [path = ''] = (request.url ?? '').split('?')
  const token = path.split('/').at(-1) ?? ''
  return TOKEN.test(token) ? hashOf(token) : null
}

type Answer = (asked: RawAsked) => Promise<RawReply>

/** Lets an address try few links in a while. The answer throws Fault `too_many_requests` beyond that. */
export function createLinkGuard(): (answer: Answer) => Answer {
  const limiter = new RateLimiterMemory({ points: PER_10_S, duration: 10 })
  return (answer) => async (asked) => {
    await take(limiter, asked.ip)
    return answer(asked)
  }
}

/** A plain page behind a link: no robot lists it, no other page frames it or learns its address. */
export const linkPage = (page: { status: number; style: string; body: string }): RawReply =>
  plainPage({
    ...page,
    headers: {
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-frame-options': 'DENY',
    },
  })
