import type { z } from 'zod'
import { STATUS_OF, type ErrorCode } from '../../backend/contract/errors.ts'

/** What a page may be told: a code of the contract, `network` (no answer) or `bad_reply` (not the contract's shape). */
export type FailureCode = ErrorCode | 'network' | 'bad_reply'

export class CallFailed extends Error {
  readonly code: FailureCode
  readonly status: number // 0 when there was no answer
  readonly details: unknown // of a refusal

  constructor(code: FailureCode, status: number, message: string, details: unknown = null) {
    super(message)
    this.name = 'CallFailed'
    this.code = code
    this.status = status
    this.details = details
  }
}

/** Which fields broke which rules, of a refused input; none of any other failure. */
export function issuesOf({ details }: CallFailed): { field: string; rule: string }[] {
  if (!Array.isArray(details)) return []
  return details.map((each: unknown) => ({
    field: String(fieldOf(each, 'field') ?? ''),
    rule: String(fieldOf(each, 'rule') ?? ''),
  }))
}

export interface CallInit {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' // POST when there is a body, else GET
  body?: unknown // sent as JSON
  file?: Blob // sent as it is, instead of a body
  query?: Record<string, string | number | undefined>
  signal?: AbortSignal
  keepalive?: boolean // lets a request outlive the page; at most 64 KiB of body
  timeoutMs?: number // 20,000
  signsIn?: boolean // whether a 401 leads to the sign-in page; true
}

/**
 * One call to the server, typed by the contract.
 * @param schema of the reply; what comes back has passed it
 * @param path absolute, as in `/api/v1/people`
 * @throws CallFailed with a code that h5/messages/core.ts words. A 401 also leads to the sign-in page.
 */
export async function call<S extends z.ZodType>(
  schema: S,
  path: string,
  init: CallInit = {},
): Promise<z.output<S>> {
  const response = await fetched(path, init)
  const body: unknown = await response.json().catch(() => null)
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new CallFailed('bad_reply', response.status, parsed.error.message)
  return parsed.data
}

/**
 * One call whose answer is a file, whole.
 * @throws CallFailed as `call`
 */
export async function callForFile(path: string, init: CallInit = {}): Promise<Blob> {
  const response = await fetched(path, init)
  try {
    return await response.blob()
  } catch (cause) {
    throw new CallFailed('network', 0, String(cause)) // broke off half-way
  }
}

/** Leaves for the sign-in page and comes back to where one is now. */
export function signIn(): void {
  const here = location.pathname + location.search
  location.assign(`/auth/wecom/start?to=${encodeURIComponent(here)}`)
}

/** The code of whatever was thrown, for the page's error state. */
export function codeOf(error: unknown): FailureCode {
  return error instanceof CallFailed ? error.code : 'internal'
}

/** The answer, when it is no refusal. */
async function fetched(path: string, init: CallInit): Promise<Response> {
  const response = await send(path, init)
  if (response.ok) return response
  const body: unknown = await response.json().catch(() => null)
  if (response.status === 401 && (init.signsIn ?? true)) signIn()
  throw refused(response.status, body)
}

async function send(path: string, init: CallInit): Promise<Response> {
  try {
    return await fetch(withQuery(path, init.query), requestOf(init))
  } catch (cause) {
    throw new CallFailed('network', 0, String(cause))
  }
}

function requestOf(init: CallInit): RequestInit {
  const { type, content } = payloadOf(init)
  return {
    method: init.method ?? (content === null ? 'GET' : 'POST'),
    credentials: 'same-origin',
    headers: content === null ? {} : { 'content-type': type },
    body: content,
    keepalive: init.keepalive ?? false,
    signal: deadline(init.timeoutMs ?? 20_000, init.signal),
  }
}

function payloadOf({ body, file }: CallInit): { type: string; content: string | Blob | null } {
  if (body !== undefined) return { type: 'application/json', content: JSON.stringify(body) }
  return { type: file?.type ?? '', content: file ?? null }
}

/** AbortSignal.timeout and .any are younger than the WebViews we meet. */
function deadline(ms: number, signal: AbortSignal | undefined): AbortSignal {
  const either = new AbortController()
  setTimeout(() => either.abort(), ms)
  if (signal?.aborted) either.abort()
  signal?.addEventListener('abort', () => either.abort(), { once: true })
  return either.signal
}

function withQuery(path: string, query: CallInit['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

function refused(status: number, body: unknown): CallFailed {
  const error = fieldOf(body, 'error')
  const code = fieldOf(error, 'code')
  const message = fieldOf(error, 'message')
  return new CallFailed(
    isErrorCode(code) ? code : 'internal',
    status,
    typeof message === 'string' ? message : `HTTP ${status}`,
    fieldOf(error, 'details'),
  )
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && code in STATUS_OF
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Reflect.get(value, name)
}
