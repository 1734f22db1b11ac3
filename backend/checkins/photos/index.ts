import {
  MAX_PHOTO_BYTES,
  PhotoPath,
  PhotoQuery,
  PhotoReply,
  PhotoSize,
} from '../../contract/photos.ts'
import { markOf } from '../../contract/photoMark.ts'
import { Fault, found } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { FileReply, route, signedIn, Upload, type Route } from '../../core/http/route.ts'
import { createLimit } from '../../fixes/index.ts'
import { looked } from '../looked.ts'
import { createKeep } from './keep.ts'
import { PHOTO_TYPES } from './kind.ts'
import { findMarked, findPhoto, type PhotoKey } from './queries.ts'
import { watermarked } from './watermark.ts'

export { createKeep } from './keep.ts'

const LIMITS = { requestsPer10s: 60, fixesPerMinute: 600 }
const FORM_BYTES = 20_000 // of a form around the file

export const photoRoutes = (kit: Kit): Route[] => [sendRoute(kit), showRoute(kit)]

function sendRoute(kit: Kit) {
  const keep = createKeep(kit)
  const limit = createLimit(LIMITS)
  return route({
    method: 'POST',
    path: '/api/v1/photos',
    summary: 'Send a photo, raw or as a form; its metadata is not kept',
    query: PhotoQuery,
    bytes: { types: [...PHOTO_TYPES, 'image/jpg'], most: MAX_PHOTO_BYTES + FORM_BYTES },
    input: Upload,
    reply: PhotoReply,
    allow: signedIn,
    run: async ({ viewer, query, input }) => {
      await limit(viewer.sessionHash, 1)
      if (input.content.length > MAX_PHOTO_BYTES)
        throw new Fault('too_large', `a photo may have ${MAX_PHOTO_BYTES} bytes`)
      const { id, source = 'camera' } = asked(query, input.fields)
      const { orgId, id: personId } = viewer
      return keep({ orgId, personId, id, source, content: input.content })
    },
  })
}

function asked(query: { id?: string | undefined }, fields: Record<string, string>) {
  const result = PhotoQuery.safeParse({ ...fields, ...query })
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.join('.') ?? 'id'
  const rule = issue?.message ?? 'is not valid'
  throw new Fault('bad_input', `body.${field}: ${rule}`, [{ field, rule }])
}

function showRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/people/:personId/photos/:id',
    summary: 'A photo of a check-in, small, or whole with its watermark burnt in',
    params: PhotoPath,
    query: PhotoSize,
    reply: FileReply,
    allow: signedIn,
    run: async ({ viewer, params, query }) => {
      await looked(kit, viewer, params.personId, null)
      const key = { orgId: viewer.orgId, ...params }
      const photo = found(await findPhoto(kit.db, key), 'this photo')
      if (photo.thumb === null)
        throw new Fault('conflict', 'this photo’s type is only kept here, it can not be shown')
      const address = query.size === 'thumb' ? photo.thumb : photo.kept
      const bytes = found(await kit.files.get(address), 'the photo’s file')
      const content = query.size === 'thumb' ? bytes : await marked(kit, key, bytes)
      return { type: 'image/jpeg', name: `zuji-${photo.id}.jpg`, content }
    },
  })
}

/** A photo that belongs to no check-in yet has nothing to say. */
async function marked(kit: Kit, key: PhotoKey, clean: Buffer): Promise<Buffer> {
  const checkin = await findMarked(kit.db, key)
  return checkin ? watermarked(clean, markOf(checkin)) : clean
}
