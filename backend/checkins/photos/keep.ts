import { createHash } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import type { PhotoReply } from '../../contract/photos.ts'
import { Fault } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { develop, type Developed } from './develop.ts'
import { photoTypeOf, PHOTO_TYPES } from './kind.ts'
import { findPhoto, insertPhoto } from './queries.ts'

export interface Sent {
  orgId: string
  personId: string
  id: string | undefined // of the phone's making; the same id again changes nothing
  source: 'camera' | 'album' | 'wecom'
  content: Uint8Array
}

/** Two pictures at a time: each takes a core and some tens of megabytes. */
const AT_ONCE = 2

/**
 * Keeps photos: what they are is told by their bytes, the metadata stays out, the hash of what came
 * is kept. A HEIC, which this server can not decode, is kept sealed: it counts as sent, and is never shown.
 */
export function createKeep(kit: Pick<Kit, 'db' | 'files' | 'clock'>) {
  const inTurn = createTurns(AT_ONCE)
  return async (sent: Sent): Promise<PhotoReply> => {
    const { orgId, personId, id = uuid(), content } = sent
    const key = { orgId, personId, id }
    const known = await findPhoto(kit.db, key)
    if (known) return replyOf(known)
    const type = photoTypeOf(content)
    if (!type) throw notAPhoto()
    const sha256 = createHash('sha256').update(content).digest('hex')
    const picture = type === 'image/heic' ? null : await inTurn(() => develop(content))
    const files = await filesOf(kit, picture, content)
    await insertPhoto(kit.db, {
      ...key,
      ...{ receivedAt: kit.clock.now(), source: sent.source, type, sha256, bytes: content.length },
      ...files,
    })
    return replyOf((await findPhoto(kit.db, key)) ?? { id, sha256, thumb: files.thumb })
  }
}

const replyOf = ({ id, sha256, thumb }: { id: string; sha256: string; thumb: string | null }) => ({
  id,
  sha256,
  readable: thumb !== null,
})

const SEALED = { thumb: null, width: null, height: null, phash: null }

async function filesOf(kit: Pick<Kit, 'files'>, picture: Developed | null, content: Uint8Array) {
  const { sha256: kept } = await kit.files.put(picture?.clean ?? content)
  if (!picture) return { kept, ...SEALED }
  const { width, height, phash } = picture
  const { sha256: thumb } = await kit.files.put(picture.thumb)
  return { kept, thumb, width, height, phash }
}

function notAPhoto(): Fault {
  const rule = `must be ${PHOTO_TYPES.join(', ')} by its content`
  return new Fault('bad_input', `body.file: ${rule}`, [{ field: 'file', rule }])
}

/** Lets so many works run at once; the others wait in order. */
function createTurns(atOnce: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
