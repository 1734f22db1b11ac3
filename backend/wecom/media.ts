import type { Clock } from '../core/clock.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import type { FileStore } from '../core/files.ts'
import { sql } from '../core/sql.ts'
import type { Call } from './api/caller.ts'
import { told, unreachable } from './api/verdict.ts'

/** A file of WeCom's as we have it: the original bytes, with all that a camera writes into them. */
export type Media =
  | { state: 'stored'; sha256: string; bytes: number; type: string }
  | { state: 'expired' } // WeCom keeps a file for three days; it is lost
  | { state: 'too_large' } // and not stored

export interface MediaOptions {
  db: Db
  clock: Clock
  call: Call
  files: FileStore
  orgId: string
}

const API = '/cgi-bin/media/get'
const MAX_BYTES = 20_000_000 // the largest file that WeCom takes
const CHUNK_BYTES = 10_000_000 // of one request; WeCom's most is 20 MB
const TRIES = 3 // for each piece
const MEDIA_ID = /^[\w@.-]{1,256}$/

/**
 * Fetches a `media_id` (a photo of `uploadImage`, an image message, a punch) once and keeps it: WeCom
 * refuses who asks for the same again and again, and forgets it after three days. What was found is
 * answered from then on, also that it is lost.
 * @throws Fault `bad_input` for what is no media_id, `wecom_failed` when WeCom can not be asked now.
 */
export function createMedia(options: MediaOptions): {
  fetchMedia(mediaId: string): Promise<Media>
} {
  const fetching = new Map<string, Promise<Media>>()
  const fetchOnce = async (mediaId: string) => {
    const known = await knownMedia(options, mediaId)
    if (known) return known
    const media = await download(options, mediaId)
    await keep(options, mediaId, media)
    return media
  }
  return {
    async fetchMedia(mediaId) {
      if (!MEDIA_ID.test(mediaId)) throw new Fault('bad_input', 'this is no media_id')
      const under = fetching.get(mediaId)
      if (under) return under
      const mine = fetchOnce(mediaId).finally(() => fetching.delete(mediaId))
      fetching.set(mediaId, mine)
      return mine
    },
  }
}

async function download({ call, files }: MediaOptions, mediaId: string): Promise<Media> {
  const pieces: Uint8Array[] = []
  let length = 0
  let type = ''
  try {
    for (let total = Infinity; length < total;) {
      const piece = await pieceFrom(call, mediaId, length)
      if (piece.total > MAX_BYTES) return { state: 'too_large' }
      pieces.push(piece.content)
      length += piece.content.length
      ;({ total, type } = piece)
    }
  } catch (error) {
    if (told(error)?.errcode === 40007) return { state: 'expired' }
    throw error
  }
  const stored = await files.put(Buffer.concat(pieces))
  return { state: 'stored', ...stored, type }
}

interface Piece {
  content: Uint8Array
  total: number // bytes of the whole file
  type: string
}

/** One piece; a line that breaks in the middle of it costs that piece only. */
async function pieceFrom(call: Call, mediaId: string, from: number): Promise<Piece> {
  for (let tries = 1; ; tries++) {
    const range = `bytes=${from}-${from + CHUNK_BYTES - 1}`
    const response = await call.download(API, { media_id: mediaId }, range)
    const total = totalOf(response, from)
    const type = typeOf(response)
    if (total > MAX_BYTES) {
      await response.body?.cancel()
      return { content: new Uint8Array(), total, type }
    }
    const content = await capped(response, MAX_BYTES - from).catch(() => null)
    if (content === 'too much') return { content: new Uint8Array(), total: Infinity, type }
    if (content && content.length > 0)
      return { content, total: Number.isNaN(total) ? content.length : total, type }
    if (tries >= TRIES) throw unreachable(API, 'the file broke off')
  }
}

/** The whole length; NaN when the answer is whole and does not say. A piece from elsewhere is refused. */
function totalOf(response: Response, from: number): number {
  if (response.status !== 206) {
    if (from > 0) throw unreachable(API, 'another piece than asked for')
    return Number(response.headers.get('content-length') ?? NaN)
  }
  const given = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '')
  if (!given || Number(given[1]) !== from) throw unreachable(API, 'another piece than asked for')
  return Number(given[2])
}

/** Reads a body that may lie about its length, and stops where it becomes too much. */
async function capped(response: Response, most: number): Promise<Uint8Array | 'too much'> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > most) return 'too much'
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

const typeOf = (response: Response) =>
  /^[\w.+-]+\/[\w.+-]+/.exec(response.headers.get('content-type') ?? '')?.[0] ??
  'application/octet-stream'

async function knownMedia({ db, orgId }: MediaOptions, mediaId: string): Promise<Media | null> {
  const row = await db.first<{
    state: Media['state']
    sha256: string
    bytes: number
    type: string
  }>(sql`
    select state, sha256, bytes, type
    from wecom_media
    where org_id = ${orgId} and media_id = ${mediaId}`)
  if (!row) return null
  const { state, ...file } = row
  return state === 'stored' ? { state, ...file } : { state }
}

function keep({ db, orgId, clock }: MediaOptions, mediaId: string, media: Media) {
  const file = media.state === 'stored' ? media : { sha256: null, bytes: null, type: null }
  return db.run(sql`
    insert into wecom_media (org_id, media_id, state, sha256, bytes, type, asked_at)
    values (${orgId}, ${mediaId}, ${media.state}, ${file.sha256}, ${file.bytes}::int, ${file.type},
      to_timestamp(${clock.now()}::float8 / 1000))
    on conflict (org_id, media_id) do nothing`)
}
