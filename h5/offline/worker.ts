import type { Built } from './built.ts'
import { openQueue, personOf } from '../report/queue.ts'
import { carry } from './carry.ts'
import { cacheOf, isNoAnswer, outdated, wayOf } from './routing.ts'

/** The service worker: a page opened once opens again without a network. Built by plugin.ts to /sw.js. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Lasting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
/** The network is back, and a page had asked for it (h5/report/later.ts). */
interface Syncing extends Lasting {
  readonly tag: string
}
interface Page {
  readonly visibilityState: DocumentVisibilityState
  postMessage(said: unknown): void
}
interface WorkerScope {
  readonly location: Location
  readonly clients: { claim(): Promise<void>; matchAll(): Promise<readonly Page[]> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate' | 'message', heard: (event: Lasting) => void): void
  addEventListener(type: 'sync', heard: (event: Syncing) => void): void
  addEventListener(type: 'fetch', heard: (event: Fetching) => void): void
}

declare const self: WorkerScope // the DOM's types do not know the inside of a worker
declare const BUILT: Built // put in by plugin.ts

const SHELL = '/' // index.html
const PATIENCE_MS = 3000
const CACHE = cacheOf(BUILT.version)
const MINE = new Set([...BUILT.shell, ...BUILT.later, ...BUILT.seen])

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
self.addEventListener('message', (event) => event.waitUntil(keepLater()))
self.addEventListener('sync', (event) => event.waitUntil(send(event.tag)))
self.addEventListener('fetch', (event) => {
  const way = wayOf(event.request, self.location.origin)
  if (way === 'asset') event.respondWith(asset(event.request))
  if (way === 'page') event.respondWith(page(event.request))
})

async function install(): Promise<void> {
  const cache = await caches.open(CACHE)
  await Promise.all(BUILT.shell.map((path) => keep(cache, path)))
  const index = await fetch(SHELL, { cache: 'no-cache' })
  if (!index.ok || index.redirected) throw new Error(`${SHELL} answers ${index.status}`)
  await cache.put(SHELL, index)
  await self.skipWaiting()
}

async function activate(): Promise<void> {
  const names = outdated(await caches.keys(), BUILT.version)
  await Promise.all(names.map((name) => caches.delete(name)))
  await self.clients.claim()
  for (const page of await self.clients.matchAll()) page.postMessage({ took: BUILT.shell })
}

/** A page that is seen sends by itself, and shows it; a hidden one may stand still. */
async function send(tag: string): Promise<void> {
  const personId = personOf(tag)
  if (personId === null) return
  const pages = await self.clients.matchAll()
  if (pages.some(({ visibilityState }) => visibilityState === 'visible')) return
  await carry(personId, { open: openQueue, ask: (path, init) => fetch(path, init), now: Date.now })
}

/** One after the other: the reports of the rep come first on a thin line. */
async function keepLater(): Promise<void> {
  const cache = await caches.open(CACHE)
  for (const path of BUILT.later) await keep(cache, path)
}

/** Hashed files never change, so one that an older build kept is good. */
async function keep(cache: Cache, path: string): Promise<void> {
  if (await cache.match(path)) return
  const response = (await caches.match(path)) ?? (await fetch(path))
  if (!response.ok) throw new Error(`${path} answers ${response.status}`)
  await cache.put(path, response)
}

async function asset(request: Request): Promise<Response> {
  const known = await caches.match(request, { ignoreVary: true })
  if (known) return known
  const response = await fetch(request)
  const { pathname } = new URL(request.url)
  if (response.status === 200 && MINE.has(pathname)) {
    const cache = await caches.open(CACHE)
    await cache.put(pathname, response.clone())
  }
  return response
}

async function page(request: Request): Promise<Response> {
  const answer = fetch(request)
  const prompt = await Promise.race([answer.catch(() => null), patience()])
  if (prompt !== null && !isNoAnswer(prompt.status)) return prompt
  const cache = await caches.open(CACHE)
  return (await cache.match(SHELL)) ?? answer
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))
}
