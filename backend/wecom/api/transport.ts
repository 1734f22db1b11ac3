import { z } from 'zod'
import { unreachable } from './verdict.ts'

/** One request of WeCom's API; the token is added by the caller. */
export interface Request {
  api: string // path, as `/cgi-bin/user/get`
  query: Record<string, string>
  /** Sent as JSON by POST. */
  body?: unknown
  headers?: Record<string, string>
}

export interface Wire {
  apiBase: string // scheme and host, perhaps a path, before `/cgi-bin`
  fetch?: typeof fetch
}

const TIMEOUT_MS = 5_000
const MAX_JSON = 32_000_000 // characters; a department of 10,000 members is a tenth of it

const Outcome = z.looseObject({ errcode: z.number().default(0) }) // some successes leave it out

/** An answer in JSON, `errcode` 0 for a success. */
export type Body = z.infer<typeof Outcome>

/**
 * Sends one request.
 * @throws Fault `wecom_failed` with `details.reason` when no answer of WeCom came back.
 */
export async function ask(wire: Wire, request: Request): Promise<Body> {
  const response = await send(wire, request, TIMEOUT_MS)
  if (!response.ok) throw unreachable(request.api, `HTTP ${response.status}`)
  const text = await whole(request.api, () => response.text())
  return bodyOf(request.api, text)
}

/** Sends one request and answers as soon as the headers are there. */
export async function send(wire: Wire, request: Request, timeoutMs: number): Promise<Response> {
  const { api, query, body, headers } = request
  const url = `${wire.apiBase}${api}?${new URLSearchParams(query)}`
  const init = {
    signal: AbortSignal.timeout(timeoutMs),
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  }
  return whole(api, () => (wire.fetch ?? fetch)(url, init))
}

export function bodyOf(api: string, text: string): Body {
  const parsed = text.length > MAX_JSON ? null : Outcome.safeParse(jsonOf(text))
  if (!parsed?.success) throw unreachable(api, 'not JSON')
  return parsed.data
}

/** What breaks off on the way has one of two names; the address, which holds the token, is in neither. */
async function whole<T>(api: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw unreachable(api, isTimeout(error) ? 'timeout' : 'connection')
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // told by the caller as an answer that is not JSON
  }
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError'
