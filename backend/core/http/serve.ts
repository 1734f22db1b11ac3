import Router from '@koa/router'
import Koa, { type Context } from 'koa'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { z } from 'zod'
import { readJson, readText } from './body.ts'
import { compressed } from './compressed.ts'
import { guard } from './guard.ts'
import { addressOf, KEY_REQUESTS_PER_10_S, REQUESTS_PER_10_S, take } from './limits.ts'
import { readUpload } from './upload.ts'
import { KEY_MARK } from '../../contract/apiKeys.ts'
import { isAway } from '../away.ts'
import { Fault } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import {
  FileReply,
  type Asked,
  type RawReply,
  type RawRoute,
  type Route,
  type Viewer,
} from './route.ts'

export interface Edge {
  log: Log
  metrics: Metrics
  /** Finds out who asks by bearer token or cookie; null when nobody is signed in. */
  identify: (credentials: Credentials) => Promise<Viewer | null>
  /** The same of a program's key, and what becomes of its reading about people. */
  keys?: {
    identify: (credentials: Credentials) => Promise<Viewer | null>
    looked: NonNullable<Asked['looked']>
  }
  publicUrl: string
  requestsPer10s?: number // of one session; a benchmark lifts it
}

/** What a request shows of who asks, and the address that it comes from. */
export interface Credentials {
  bearer?: string
  cookie?: string
  address?: string
}

export const SESSION_COOKIE = 'zuji_session'

/**
 * Builds the Koa app from endpoints as values. Errors become `{error:{code,message,details?}}` here
 * and only here. `before` are whole apps under a prefix of their own (the WeCom simulator).
 */
export function createApp(
  edge: Edge,
  routes: readonly (Route | RawRoute)[],
  before: readonly Koa.Middleware[] = [],
): Koa {
  const app = new Koa({ proxy: true })
  app.on('error', (error: unknown) => edge.log.warn({ err: error }, 'a response broke off'))
  app.use(errors(edge.log))
  const router = new Router()
  refuseTwins(routes)
  const asked = new RateLimiterMemory({
    points: edge.requestsPer10s ?? REQUESTS_PER_10_S,
    duration: 10,
  })
  const askedByKey = new RateLimiterMemory({ points: KEY_REQUESTS_PER_10_S, duration: 10 })
  const viewerOf = async (ctx: Context) => {
    const viewer = await knownBy(ctx, edge)
    if (viewer) await take(viewer.session === 'key' ? askedByKey : asked, viewer.sessionHash)
    return viewer
  }
  for (const each of routes) mount(router, each, { viewerOf, looked: edge.keys?.looked })
  app.use(timed(edge.metrics))
  for (const each of before) app.use(each)
  app.use(guard(edge.publicUrl))
  app.use(compressed)
  app.use(router.routes())
  return app
}

/** Of two endpoints at one address the first would answer for both. @throws Error at start, naming it */
function refuseTwins(routes: readonly (Route | RawRoute)[]): void {
  const known = new Set<string>()
  for (const { method, path } of routes) {
    const address = `${method} ${path}`
    if (known.has(address)) throw new Error(`two endpoints claim ${address}`)
    known.add(address)
  }
}

interface Door {
  viewerOf: (ctx: Context) => Promise<Viewer | null>
  looked: Asked['looked']
}

function mount(router: Router, each: Route | RawRoute, door: Door) {
  const handler = 'raw' in each ? rawHandler(each, door) : handlerOf(each, door)
  router.register(each.path, [each.method], handler)
}

function handlerOf(each: Route, { viewerOf, looked }: Door) {
  return async (ctx: Context) => {
    const reply = await each.answer({
      viewer: await viewerOf(ctx),
      params: paramsOf(ctx),
      query: ctx.query,
      body: () => bodyOf(each, ctx),
      ...(looked && { looked }),
    })
    if (each.schemas.reply === FileReply) sendFile(ctx, FileReply.parse(reply))
    else ctx.body = reply
    ctx.set('cache-control', 'no-store')
  }
}

function bodyOf({ text, bytes }: Route, { req }: Context): Promise<unknown> {
  if (bytes) return readUpload(req, bytes)
  return text ? readText(req, text.most) : readJson(req)
}

/** Offered for keeping under its name, in any script (RFC 6266). */
function sendFile(ctx: Context, { type, name, content }: z.infer<typeof FileReply>) {
  ctx.attachment(name, { fallback: asciiOf(name) })
  ctx.set('content-type', type)
  ctx.body = content instanceof Uint8Array ? Buffer.from(content) : content
}

/** For the few that read no other script. */
const asciiOf = (name: string) => name.replace(/[^\x20-\x7e]+/g, '').replace(/^[-. ]+/, '')

const paramsOf = (ctx: Context): unknown => ('params' in ctx ? ctx.params : {})

/** Raw endpoints know people and devices; to them a key is nobody. */
function rawHandler(each: RawRoute, { viewerOf }: Door) {
  return async (ctx: Context) => {
    const viewer = await viewerOf(ctx)
    const reply = await each.raw({
      request: ctx.req,
      viewer: viewer?.session === 'key' ? null : viewer,
      query: ctx.URL.searchParams,
      headers: ctx.headers,
      ip: addressOf(ctx.req),
      cookie: (name) => ctx.cookies.get(name),
      text: (most) => readText(ctx.req, most),
    })
    send(ctx, reply)
  }
}

function send(ctx: Context, reply: RawReply) {
  ctx.status = reply.status
  for (const [name, value] of Object.entries(reply.headers ?? {})) ctx.set(name, value)
  if (reply.body !== undefined) ctx.body = reply.body
}

async function knownBy(ctx: Context, edge: Edge): Promise<Viewer | null> {
  const address = addressOf(ctx.req)
  const [scheme, bearer] = (ctx.headers.authorization ?? '').split(' ', 2)
  if (scheme?.toLowerCase() === 'bearer' && bearer) {
    const knows = bearer.startsWith(KEY_MARK) && edge.keys ? edge.keys.identify : edge.identify
    return knows({ bearer, address })
  }
  const cookie = ctx.cookies.get(SESSION_COOKIE)
  if (!cookie) return null
  refuseForeignOrigin(ctx, edge.publicUrl)
  return edge.identify({ cookie, address })
}

/** A cookie travels by itself: a write that comes with one must come from our own pages. */
function refuseForeignOrigin(ctx: Context, publicUrl: string) {
  const origin = ctx.headers.origin
  if (ctx.method === 'GET' || !origin) return
  const own = origin === new URL(publicUrl).origin || origin === `${ctx.protocol}://${ctx.host}`
  if (!own) throw new Fault('not_allowed', 'a page of another origin may not write')
}

function errors(log: Log): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next()
      if (ctx.status === 404 && ctx.body == null)
        throw new Fault('not_found', 'there is nothing at this address')
    } catch (error) {
      const fault = error instanceof Fault ? error : unexpected(error, ctx, log)
      ctx.status = fault.status
      const { retryAfterSeconds } = Object(fault.details)
      if (typeof retryAfterSeconds === 'number') ctx.set('retry-after', String(retryAfterSeconds))
      ctx.body = { error: { code: fault.code, message: fault.message, details: fault.details } }
    }
  }
}

const AGAIN_SOON = { retryAfterSeconds: 2 }

function unexpected(error: unknown, ctx: Context, log: Log): Fault {
  if (isAway(error)) {
    log.warn({ err: error, method: ctx.method, path: ctx.path }, 'the database is away')
    return new Fault('not_ready', 'the database is away; what you sent is not lost if you send it again', AGAIN_SOON) // prettier-ignore
  }
  log.error({ err: error, method: ctx.method, path: ctx.path }, 'a request failed')
  return new Fault('internal', 'something went wrong here; it has been noted')
}

function timed(metrics: Metrics): Koa.Middleware {
  return async (ctx, next) => {
    const started = performance.now()
    try {
      await next()
    } finally {
      const route = '_matchedRoute' in ctx ? String(ctx._matchedRoute) : 'none'
      metrics.request(
        { method: ctx.method, route, status: ctx.status },
        performance.now() - started,
      )
    }
  }
}
