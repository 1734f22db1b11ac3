import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '../errors.ts'
import { rawRoute, type RawAsked, type RawReply, type RawRoute } from './route.ts'

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
/** How the build has compressed a file beside it, best first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

interface Kept {
  body: Buffer
  encoded: ReadonlyMap<string, Buffer> // by the encoding's name, best first
  type: string
  changed: number
  tag: string // of its content
}

/**
 * The built pages from `root`: hashed assets for ever, everything else asked again each time and sent only when it
 * has changed. Compressed as the build left them there (`name.br`, `name.gz`): nothing is compressed here.
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
  const headers = headersOf(wanted, file)
  if (headers.etag === asked.headers['if-none-match']) return { status: 304, headers }
  const encoding = encodingOf(file, String(asked.headers['accept-encoding']))
  const body = encoding === null ? file.body : file.encoded.get(encoding)
  return {
    status: 200,
    headers: { ...headers, ...(encoding !== null && { 'content-encoding': encoding }) },
    body: body ?? file.body,
  }
}

const encodingOf = ({ encoded }: Kept, accepted: string): string | null =>
  [...encoded.keys()].find((name) => new RegExp(`\\b${name}\\b(?!;q=0(,|$))`).test(accepted)) ??
  null

/** The tag is a weak one: it names the content in any encoding. */
const headersOf = (wanted: string, file: Kept) => ({
  'content-type': file.type,
  'cache-control': wanted.includes(`${path.sep}assets${path.sep}`)
    ? 'public, max-age=31536000, immutable'
    : 'no-cache',
  etag: `W/"${file.tag}"`,
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
  const fresh = {
    body,
    encoded: await encodedOf(file, info.mtimeMs),
    type: TYPES[path.extname(file)] ?? 'application/octet-stream',
    changed: info.mtimeMs,
    tag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
  }
  kept.set(file, fresh)
  return fresh
}

/** What the build has compressed; not what is older than the file itself. */
async function encodedOf(file: string, changed: number): Promise<Kept['encoded']> {
  const found = new Map<string, Buffer>()
  for (const [name, ending] of ENCODINGS) {
    const info = await stat(file + ending).catch(() => null)
    if (info && info.mtimeMs >= changed) found.set(name, await readFile(file + ending))
  }
  return found
}
