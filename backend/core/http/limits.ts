import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Fault } from '../errors.ts'

/** Counts `points` to what `key` may use up. Throws Fault `too_many_requests` with `retryAfterSeconds`. */
export async function take(limiter: RateLimiterMemory, key: string, points = 1): Promise<void> {
  if (points === 0) return
  try {
    await limiter.consume(key, points)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    const retryAfterSeconds = Math.ceil(refused.msBeforeNext / 1000)
    const message = `try again in ${retryAfterSeconds} s`
    throw new Fault('too_many_requests', message, { retryAfterSeconds })
  }
}

/** Far above what a page or an honest program asks: a map that is dragged asks ten times a second. */
export const REQUESTS_PER_10_S = 600

/** Of one key: a program that copies a company's customers page by page stays below. */
export const KEY_REQUESTS_PER_10_S = 100

/**
 * Credentials that nobody knows, by address and minute. An office of a thousand behind one address,
 * all of whose sessions ended over the holidays, stays below; who tries ten thousand a second
 * costs no more queries than this.
 */
const STRANGERS_PER_MINUTE = 3000

/** Holds back an address from which too many unknown credentials came; known ones are not asked about. */
export function createStrangers() {
  const limiter = new RateLimiterMemory({ points: STRANGERS_PER_MINUTE, duration: 60 })
  return async <T>(address: string | undefined, look: () => Promise<T | null>) => {
    if (address === undefined) return look()
    const { consumedPoints = 0 } = (await limiter.get(address)) ?? {}
    if (consumedPoints >= STRANGERS_PER_MINUTE) await take(limiter, address)
    const found = await look()
    if (found === null) await limiter.penalty(address)
    return found
  }
}

const near = new BlockList() // where a proxy of ours may stand
for (const [net, bits] of [['127.0.0.0', 8], ['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) near.addSubnet(net, bits) // prettier-ignore
near.addAddress('::1', 'ipv6')
near.addSubnet('fc00::', 7, 'ipv6')

/** Whether a socket's other end is in our own network, where a proxy may stand for many. */
export function isNear(address: string): boolean {
  const own = address.replace(/^::ffff:/, '')
  return isIP(own) !== 0 && near.check(own, isIP(own) === 6 ? 'ipv6' : 'ipv4')
}

/** Whose address a request comes from: what a proxy beside us says of it, else the socket's own end. */
export function addressOf({ socket, headers }: IncomingMessage): string {
  const own = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const told = String(headers['x-forwarded-for'] ?? '').split(',').at(-1)?.trim() // prettier-ignore
  return isNear(own) && told && isIP(told) !== 0 ? told : own
}
