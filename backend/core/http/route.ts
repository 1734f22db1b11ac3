import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { z, type ZodType } from 'zod'
import type { ApiScope } from '../../contract/apiKeys.ts'
import { Fault } from '../errors.ts'

/** Who asks. `departments` are those whose people the viewer may see: his subtrees, or all. */
export interface Viewer {
  readonly orgId: string
  readonly id: string
  readonly name: string
  readonly role: 'rep' | 'supervisor' | 'hr' | 'admin'
  readonly departments: readonly string[] | 'all'
  /** `device` tokens may report positions and nothing else; a `key` is a program's, bound to its scopes. */
  readonly session: 'browser' | 'token' | 'device' | 'key'
  readonly scopes?: readonly ApiScope[] // of a key
  readonly sessionHash: string
}

/** A session of a person's own: a device's token may report and nothing else, a key what its scopes name. */
export const signedIn = ({ session }: Viewer) => session === 'browser' || session === 'token'

/**
 * Whom a call is about: whoever asks himself, and of a program's key the person that it names.
 * Throws Fault `bad_input` for a key that names nobody, `not_allowed` for a person that names another.
 */
export function subjectOf(viewer: Viewer, personId: string | undefined): string {
  if (viewer.session === 'key') {
    if (personId !== undefined) return personId
    throw new Fault('bad_input', 'query.personId: a key says whom it is about')
  }
  if (personId === undefined || personId === viewer.id) return viewer.id
  throw new Fault('not_allowed', 'only of yourself')
}

export const isAdmin = (viewer: Viewer) => signedIn(viewer) && viewer.role === 'admin'

export const isSupervisor = (viewer: Viewer) => signedIn(viewer) && viewer.role === 'supervisor'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface Spec<P, Q, I, R> {
  method: Method
  path: string // in the router's form: /people/:id
  summary: string
  params?: ZodType<P>
  query?: ZodType<Q>
  input?: ZodType<I>
  /** The body is a text of this type and at most so many bytes, and `input` its schema; else JSON of 1 MB. */
  text?: BodyText
  /** The body is one file, raw or in a form, and `input` is `Upload` or a schema over it. */
  bytes?: BodyBytes
  /** The reply is parsed too: what is not named here can not leave. `FileReply` leaves as a download. */
  reply: ZodType<R>
  /** Who may, as a predicate over the viewer; `anyone` also when signed out. */
  allow: 'anyone' | ((viewer: Viewer) => boolean)
  /** A program's key with this scope may too. */
  key?: KeyUse<P, Q, R>
  run: (call: Call<P, Q, I>) => Promise<R>
}

/** What a key must hold to be let in, and whom it reads something of by it; their access logs say so. */
export interface KeyUse<P, Q, R> {
  readonly scope: ApiScope
  readonly reads?: (call: { params: P; query: Q; reply: R }) => readonly string[] | 'all'
}

/** A body that is no JSON. */
export interface BodyText {
  readonly type: string // media type, for the documentation
  readonly most: number // bytes, after decompression
}

/** A body that is a file: raw under its own media type, or the one file of a `multipart/form-data`. */
export interface BodyBytes {
  readonly types: readonly string[] // media types as the sender may call it; what it is, `run` finds out
  readonly most: number // bytes of the whole body, after decompression
}

/** What a route with `bytes` gets: the file, and the other fields of its form as text. */
export const Upload = z.object({
  content: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  type: z.string(), // media type in lower case, as the sender says
  name: z.string(), // of the file without folders, in any script; '' when nobody said
  fields: z.record(z.string(), z.string()),
})
export type Upload = z.infer<typeof Upload>

/** A reply that is a file to be kept: whole, or a stream that is sent as it comes. */
export const FileReply = z.object({
  type: z.string(), // media type
  name: z.string(), // of the file, in any script
  content: z.union([
    z.string(),
    z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    z.instanceof(Readable),
  ]),
})

/** What a handler gets: plain values. Koa stops at `serve.ts`. */
export interface Call<P, Q, I> {
  viewer: Viewer
  params: P
  query: Q
  input: I
}

/** What the edge knows of a request before anything is parsed. */
export interface Asked {
  viewer: Viewer | null
  params: unknown
  query: unknown
  body: () => Promise<unknown>
  /** Notes whom a key read something of. */
  looked?: (viewer: Viewer, personIds: readonly string[] | 'all') => Promise<unknown>
}

/** An endpoint as a value: its words for the documentation, and one function from asked to reply. */
export interface Route {
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly schemas: { params?: ZodType; query?: ZodType; input?: ZodType; reply: ZodType }
  readonly text?: BodyText
  readonly bytes?: BodyBytes
  readonly signedIn: boolean
  readonly scope?: ApiScope
  readonly answer: (asked: Asked) => Promise<unknown>
}

const NOBODY: Viewer = {
  orgId: '',
  id: '',
  name: '',
  role: 'rep',
  departments: [],
  session: 'browser',
  sessionHash: '',
}

/**
 * Makes an endpoint: signed in? allowed? input good? run; reply good?
 * Throws Fault `not_signed_in`, `not_allowed`, `bad_input`.
 */
export function route<P = undefined, Q = undefined, I = undefined, R = unknown>(
  spec: Spec<P, Q, I, R>,
): Route {
  const paramsOf = reader(spec.params, 'path')
  const queryOf = reader(spec.query, 'query')
  const inputOf = reader(spec.input, 'body')
  const answer = async (asked: Asked) => {
    const viewer = admitted(spec, asked.viewer)
    const params = paramsOf(asked.params)
    const query = queryOf(asked.query)
    const input = inputOf(spec.input ? await asked.body() : undefined)
    const reply = await spec.run({ viewer, params, query, input })
    if (viewer.session === 'key' && spec.key?.reads)
      await asked.looked?.(viewer, spec.key.reads({ params, query, reply }))
    return spec.reply.parse(reply)
  }
  return {
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    signedIn: spec.allow !== 'anyone',
    ...(spec.key && { scope: spec.key.scope }),
    ...(spec.text && { text: spec.text }),
    ...(spec.bytes && { bytes: spec.bytes }),
    schemas: {
      ...(spec.params && { params: spec.params }),
      ...(spec.query && { query: spec.query }),
      ...(spec.input && { input: spec.input }),
      reply: spec.reply,
    },
    answer,
  }
}

interface Door {
  allow: Spec<never, never, never, never>['allow']
  key?: { scope: ApiScope }
}

function admitted({ allow, key }: Door, viewer: Viewer | null): Viewer {
  if (viewer?.session === 'key') return admittedKey(key?.scope, viewer)
  if (allow === 'anyone') return viewer ?? NOBODY
  if (!viewer) throw new Fault('not_signed_in', 'sign in first')
  if (!allow(viewer)) throw new Fault('not_allowed', 'your role does not allow this')
  return viewer
}

/** A key opens what its scopes name and nothing else, not even what anybody may ask. */
function admittedKey(scope: ApiScope | undefined, viewer: Viewer): Viewer {
  if (scope && viewer.scopes?.includes(scope)) return viewer
  const needs = scope ? `this needs a key with the scope ${scope}` : 'no key may do this'
  throw new Fault('not_allowed', needs)
}

/** Without a schema the handler's type has no such value either: it passes unread. */
function reader<T>(schema: ZodType<T> | undefined, where: string): (value: unknown) => T {
  const known = schema ?? z.custom<T>()
  return (value) => {
    const result = known.safeParse(value)
    if (result.success) return result.data
    throw new Fault('bad_input', sentenceOf(result.error, where), issuesOf(result.error))
  }
}

/** "body.fixes: Too big: expected array to have <=1000 items" */
function sentenceOf(error: z.ZodError, where: string): string {
  const first = error.issues[0]
  return first ? `${[where, ...first.path].join('.')}: ${first.message}` : `${where} is not valid`
}

const issuesOf = (error: z.ZodError) =>
  error.issues.slice(0, 20).map((issue) => ({ field: issue.path.join('.'), rule: issue.message }))

/** A door for requests that speak another program's language (trackers, OAuth redirects, static files). */
export interface RawRoute {
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly raw: (asked: RawAsked) => Promise<RawReply>
}

export interface RawAsked {
  readonly request: IncomingMessage
  readonly viewer: Viewer | null
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly ip: string
  readonly cookie: (name: string) => string | undefined
  /** The body, of at most so many bytes; 1 MB if nothing is said. Throws Fault `too_large`. */
  readonly text: (most?: number) => Promise<string>
}

export interface RawReply {
  status: number
  headers?: Record<string, string | string[]>
  body?: string | Buffer | object
}

/** Fills the optional parts of a raw route. */
export const rawRoute = (spec: RawRoute): RawRoute => spec
