import { z, type ZodType } from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { Fault } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { createGuard, type GuardOptions } from './guard.ts'
import { keep, type Kept } from './kept.ts'
import { createLender, type LentStore } from './lent.ts'
import { ask, bodyOf, send, type Body, type Request, type Wire } from './transport.ts'
import { refusal, unreachable, verdictOf } from './verdict.ts'

export interface CallerOptions extends GuardOptions, Wire {
  corpId: string
  secret: string
  clock: Clock
  log: Log
  /** Where tokens and tickets are shared with other processes; without it each has its own. */
  store?: LentStore
}

/** WeCom's API with one app's token. Everything that fails throws Fault `wecom_failed`. */
export interface Call {
  /** A GET; answers what `reply` reads. */
  <T>(api: string, query: Record<string, string>, reply: ZodType<T>): Promise<T>
  /** A POST of JSON. It is not sent again when its answer was lost: that is the caller's to decide. */
  post<T>(api: string, body: object, reply: ZodType<T>): Promise<T>
  /** A POST that only reads: asked again, as a GET is, when its answer was lost. */
  inquire<T>(api: string, body: object, reply: ZodType<T>): Promise<T>
  /** A GET that answers bytes, or JSON when it is refused. */
  download(api: string, query: Record<string, string>, range?: string): Promise<Response>
  /** Resolves when there is a token; asks for one when there is none. */
  ready(): Promise<unknown>
  /** Something WeCom lends for a while to this app, shared as its token is. */
  lend(name: string, load: () => Promise<{ value: string; seconds: number }>): Kept
}

const DOWNLOAD_TIMEOUT_MS = 60_000

const Token = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() })

/**
 * Calls with one token per secret. A token that WeCom voids early is fetched anew once and the call
 * repeated once; how often and how stubbornly it asks is `createGuard`'s to say. Each refusal is
 * logged with its `errcode`; a wrong setting as an error.
 */
export function createCaller(options: CallerOptions): Call {
  const guard = createGuard(options)
  const lender = createLender(options)
  const lend: Call['lend'] = (name, load) => keep(options.clock, lender(name, load))
  const token = lend('token', async () => {
    const api = '/cgi-bin/gettoken'
    const query = { corpid: options.corpId, corpsecret: options.secret }
    const body = await guard({ api, repeatable: true }, () => ask(options, { api, query }))
    if (body.errcode !== 0) throw refused(options.log, api, body.errcode)
    const { access_token, expires_in } = shaped(api, Token, body)
    return { value: access_token, seconds: expires_in }
  })
  const json = async <T>(
    request: Request,
    reply: ZodType<T>,
    repeatable = request.body === undefined,
  ): Promise<T> => {
    const { api } = request
    const body = await withToken(token, (access_token) =>
      guard({ api, repeatable }, () => ask(options, withParameter(request, access_token))),
    )
    if (body.errcode !== 0) throw refused(options.log, api, body.errcode)
    return shaped(api, reply, body)
  }
  const call = <T>(api: string, query: Record<string, string>, reply: ZodType<T>) =>
    json({ api, query }, reply)
  return Object.assign(call, {
    post: <T>(api: string, body: object, reply: ZodType<T>) =>
      json({ api, query: {}, body }, reply),
    inquire: <T>(api: string, body: object, reply: ZodType<T>) =>
      json({ api, query: {}, body }, reply, true),
    download: downloader(options, guard, token),
    ready: token.get,
    lend,
  })
}

const withParameter = (request: Request, access_token: string): Request => ({
  ...request,
  query: { access_token, ...request.query },
})

function downloader(
  options: CallerOptions,
  guard: ReturnType<typeof createGuard>,
  token: Kept,
): Call['download'] {
  return async (api, query, range) => {
    const request = { api, query, ...(range && { headers: { range } }) }
    const { errcode, response } = await withToken(token, (access_token) =>
      guard({ api, repeatable: true }, () => bytes(options, withParameter(request, access_token))),
    )
    if (errcode !== 0 || !response) throw refused(options.log, api, errcode)
    return response
  }
}

/** A refusal comes with status 200 and in JSON, and is no attachment: so it differs from the bytes. */
async function bytes(wire: Wire, request: Request) {
  const response = await send(wire, request, DOWNLOAD_TIMEOUT_MS)
  if (!response.ok) throw unreachable(request.api, `HTTP ${response.status}`)
  if (!isRefusal(response.headers)) return { errcode: 0, response }
  return { errcode: bodyOf(request.api, await response.text()).errcode, response: null }
}

const isRefusal = (headers: Headers) =>
  /\bjson\b|text\/plain/.test(headers.get('content-type') ?? '') &&
  !headers.has('content-disposition')

async function withToken<R extends { errcode: number }>(
  token: Kept,
  attempt: (token: string) => Promise<R>,
): Promise<R> {
  const first = await token.get()
  const answer = await attempt(first)
  if (verdictOf(answer.errcode) !== 'stale_token') return answer
  token.drop(first)
  return attempt(await token.get())
}

function refused(log: Log, api: string, errcode: number): Fault {
  const verdict = verdictOf(errcode)
  const settings = verdict === 'configuration' || verdict === 'stale_token'
  log[settings ? 'error' : 'warn']({ api, errcode, verdict }, 'WeCom refused')
  return refusal(api, errcode)
}

function shaped<T>(api: string, schema: ZodType<T>, body: Body): T {
  const result = schema.safeParse(body)
  if (!result.success) throw unreachable(api, 'an answer of another shape')
  return result.data
}
