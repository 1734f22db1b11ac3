import { lookup as lookUp } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { DeliveryReason } from '../../contract/webhooks.ts'
import { chosenOf, hostOf, mayBeCalled, type Address } from './address.ts'

export interface Letter {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Way {
  readonly privateHosts: readonly string[]
  readonly timeoutMs: number
  /** Ends it at once. */
  readonly signal: AbortSignal
  readonly resolve?: (host: string) => Promise<readonly Address[]>
}

/** `reason` null: it has arrived. */
export interface Outcome {
  readonly reason: DeliveryReason | null
  readonly status: number | null
}

const MOST_HOPS = 3
const failed = (reason: DeliveryReason, status: number | null = null): Outcome => ({ reason, status }) // prettier-ignore

/**
 * Posts JSON to an address of the internet. A name is looked up once, each of its addresses checked, and the connection made to the one
 * that was checked: no second look-up can lead inside. The same holds for each place it is redirected to.
 */
export async function post(letter: Letter, way: Way): Promise<Outcome> {
  const deadline = AbortSignal.timeout(way.timeoutMs)
  const signal = AbortSignal.any([deadline, way.signal])
  try {
    return await follow(letter, { ...way, signal })
  } catch (error) {
    if (deadline.aborted) return failed('timeout')
    return failed(isNoHost(error) ? 'no_host' : 'unreachable')
  }
}

async function follow(letter: Letter, way: Way, hops = 0): Promise<Outcome> {
  const url = new URL(letter.url)
  if (!mayBeCalled(url, way.privateHosts)) return failed('refused')
  const host = hostOf(url)
  const addresses = await within(way.signal, (way.resolve ?? allOf)(host))
  const address = chosenOf(addresses, host, way.privateHosts)
  if (!address) return failed('refused')
  const answer = await send(url, letter, { address, signal: way.signal })
  const next = nextOf(answer, url)
  if (typeof next !== 'string') return next
  return hops === MOST_HOPS
    ? failed('redirected', answer.status)
    : follow({ ...letter, url: next }, way, hops + 1)
}

/** What an answer comes to, or where it leads on. */
function nextOf({ status, location }: Answer, from: URL): Outcome | string {
  if (status >= 200 && status < 300) return { reason: null, status }
  if (status < 300 || status >= 400) return failed('status', status)
  const keepsPost = status === 307 || status === 308
  if (!keepsPost || !location || !URL.canParse(location, from)) return failed('redirected', status)
  return new URL(location, from).href
}

const allOf = (host: string) => lookUp(host, { all: true, verbatim: true })

const isNoHost = (error: unknown) =>
  error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo'

/** A look-up can not be ended, but it need not be waited for. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('ended'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

interface Answer {
  status: number
  location: string | undefined
}

/** One request on a connection of its own to the given address; of the answer nothing but its head is read. */
function send(
  url: URL,
  { headers, body }: Letter,
  { address, signal }: { address: Address; signal: AbortSignal },
): Promise<Answer> {
  const content = Buffer.from(body)
  const options = {
    method: 'POST',
    agent: false,
    signal,
    lookup: lookupOf(address),
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': content.length,
      'user-agent': 'Zuji',
    },
  }
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http
    const sent = request(url, options, (answer) => {
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location })
      answer.destroy()
    })
    sent.on('error', reject).end(content)
  })
}

const lookupOf =
  (address: Address): LookupFunction =>
  (_host, options, done) =>
    options.all ? done(null, [{ ...address }]) : done(null, address.address, address.family)
