import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Fault } from '../errors.ts'
import { rawRoute, type RawAsked, type RawReply, type RawRoute } from './route.ts'

const zip = promisify(gzip)

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.geojson': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}
const ZIPPED = new Set(['.html', '.js', '.css', '.json', '.geojson', '.svg', '.webmanifest'])

interface Kept {
  body: Buffer
  zipped: Buffer | null
  type: string
  changed: number
}

/**
 * The built pages from `root`: hashed assets for ever, everything else asked again each time.
 * A path without a file is a page of the single-page app, so it gets index.html.
 * @param policy what the pages may load and run: their Content-Security-Policy.
 */
export function pageRoutes(root: string, policy: string): RawRoute[] {
  const kept = new Map<string, Kept>()
  const raw = async (asked: RawAsked) => {
    const { headers, ...reply } = await answer(root, kept, asked)
    return { ...reply, headers: { ...headers, 'content-security-policy': policy } }
  }
  return [rawRoute({ method: 'GET', path: '/{*rest}', summary: 'The pages', raw })]
}

async function answer(root: string, kept: Map<string, Kept>, asked: RawAsked): Promise<RawReply> {
  const wanted = fileOf(root, asked.request.url ?? '/')
  const file = (await load(kept, wanted)) ?? (await load(kept, pageFor(root, wanted)))
  if (!file) throw new Fault('not_found', 'there is nothing at this address')
  const zipped = /\bgzip\b/.test(String(asked.headers['accept-encoding'])) ? file.zipped : null
  return {
    status: 200,
    headers: { ...headersOf(wanted, file), ...(zipped && { 'content-encoding': 'gzip' }) },
    body: zipped ?? file.body,
  }
}

const headersOf = (wanted: string, file: Kept) => ({
  'content-type': file.type,
  'cache-control': wanted.includes(`${path.sep}assets${path.sep}`)
    ? 'public, max-age=31536000, immutable'
    : 'no-cache',
  vary: 'accept-encoding',
})

/** The file that a URL names, never outside of `root`. */
function fileOf(root: string, url: string): string {
  const { pathname } = new URL(url, 'http://localhost')
  const decoded = readable(pathname)
  const file = path.join(root, path.normalize(`/${decoded}`))
  return pathname.endsWith('/') ? path.join(file, 'index.html') : file
}

function readable(pathname: string): string {
  try {
    return decodeURIComponent(pathname).replaceAll('\0', '')
  } catch {
    throw new Fault('not_found', 'there is nothing at this address')
  }
}

/** Routes of the app have no extension; a missing asset stays missing. */
function pageFor(root: string, wanted: string): string {
  const isApi = wanted.startsWith(path.join(root, 'api'))
  return path.extname(wanted) === '' && !isApi ? path.join(root, 'index.html') : ''
}

async function load(kept: Map<string, Kept>, file: string): Promise<Kept | null> {
  if (file === '') return null
  const info = await stat(file).catch(() => null)
  if (!info?.isFile()) return null
  const known = kept.get(file)
  if (known && known.changed === info.mtimeMs) return known
  const body = await readFile(file)
  const extension = path.extname(file)
  const zipped = ZIPPED.has(extension) ? await zip(body, { level: 9 }) : null
  const fresh = {
    body,
    zipped,
    type: TYPES[extension] ?? 'application/octet-stream',
    changed: info.mtimeMs,
  }
  kept.set(file, fresh)
  return fresh
}
