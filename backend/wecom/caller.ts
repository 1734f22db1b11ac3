import { z, type ZodType } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Fault } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { keep, type Kept } from './kept.ts'
import { refusal, unreachable, verdictOf } from './verdict.ts'

export interface CallerOptions {
  corpId: string
  secret: string
  apiBase: string // scheme and host, perhaps a path, before `/cgi-bin`
  clock: Clock
  log: Log
  fetch?: typeof fetch
  /** Waits between tries; given by tests. */
  wait?: (ms: number) => Promise<void>
}

/** A GET of WeCom's API with the app's token; answers what `reply` reads. */
export type Call = <T>(api: string, query: Record<string, string>, reply: ZodType<T>) => Promise<T>

const TIMEOUT_MS = 5_000
const BUSY_WAITS_MS = [200, 600, 1_800] // -1 may be tried again three times
const THROTTLED_MS = 60_000 // the shortest block that WeCom sets

const Outcome = z.looseObject({ errcode: z.number().default(0) }) // some successes leave it out
const Token = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() })

/**
 * Calls with one token per app. A token that WeCom voids early is fetched anew once and the call
 * repeated once; a busy WeCom is asked again up to three times; after "too often" the same API is
 * not asked for a minute; wrong settings are logged as errors and not repeated.
 */
export function createCaller(options: CallerOptions): Call {
  const ask = createAsk(options)
  const query = { corpid: options.corpId, corpsecret: options.secret }
  const token = keep(options.clock, async () => {
    const body = await ask('/cgi-bin/gettoken', query)
    if (body.errcode !== 0) throw refused(options.log, '/cgi-bin/gettoken', body.errcode)
    const { access_token, expires_in } = shaped('/cgi-bin/gettoken', Token, body)
    return { value: access_token, seconds: expires_in }
  })
  return async (api, query, reply) => {
    const body = await withToken(token, (access_token) => ask(api, { access_token, ...query }))
    if (body.errcode !== 0) throw refused(options.log, api, body.errcode)
    return shaped(api, reply, body)
  }
}

type Body = z.infer<typeof Outcome>

async function withToken(token: Kept, send: (token: string) => Promise<Body>): Promise<Body> {
  const first = await token.get()
  const body = await send(first)
  if (verdictOf(body.errcode) !== 'stale_token') return body
  token.drop(first)
  return send(await token.get())
}

/** One request and its polite repetitions. */
function createAsk(options: CallerOptions) {
  const quietUntil = new Map<string, { at: number; errcode: number }>()
  const wait = options.wait ?? sleep
  return async (api: string, query: Record<string, string>): Promise<Body> => {
    const quiet = quietUntil.get(api)
    if (quiet && options.clock.now() < quiet.at) throw refusal(api, quiet.errcode)
    let body = await get(options, api, query)
    for (const ms of BUSY_WAITS_MS) {
      if (verdictOf(body.errcode) !== 'busy') break
      await wait(ms)
      body = await get(options, api, query)
    }
    if (verdictOf(body.errcode) === 'throttled')
      quietUntil.set(api, { at: options.clock.now() + THROTTLED_MS, errcode: body.errcode })
    return body
  }
}

async function get(
  options: CallerOptions,
  api: string,
  query: Record<string, string>,
): Promise<Body> {
  const url = `${options.apiBase}${api}?${new URLSearchParams(query)}`
  const send = options.fetch ?? fetch
  const text = await send(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    .then((response) => (response.ok ? response.text() : `HTTP ${response.status}`))
    .catch((error: unknown) => {
      throw unreachable(api, isTimeout(error) ? 'timeout' : 'connection')
    })
  const parsed = Outcome.safeParse(jsonOf(text))
  if (!parsed.success) throw unreachable(api, /^HTTP \d+$/.test(text) ? text : 'not JSON')
  return parsed.data
}

function refused(log: Log, api: string, errcode: number): Fault {
  const verdict = verdictOf(errcode)
  const settings = verdict === 'configuration' || verdict === 'stale_token'
  log[settings ? 'error' : 'warn']({ api, errcode, verdict }, 'WeCom refused')
  return refusal(api, errcode)
}

function shaped<T>(api: string, schema: ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (!result.success) throw unreachable(api, 'an answer of another shape')
  return result.data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // told by the caller as an answer that is not JSON
  }
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError'
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
