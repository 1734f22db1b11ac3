import { z } from 'zod'
import { PhotoReply } from './contract/photos.ts'
import { createPhotoKeep } from './checkins/index.ts'
import { Fault } from './core/errors.ts'
import type { Kit } from './core/kit.ts'
import { route, signedIn, type Route } from './core/http/route.ts'
import { sql } from './core/sql.ts'
import type { Media } from './wecom/index.ts'

const Input = z.object({
  id: z.uuid().toLowerCase(), // made on the phone: sending it again changes nothing
  mediaId: z.string().regex(/^[\w@.-]{1,256}$/), // `serverId` of the JS-SDK's uploadImage
})

/**
 * A photo that the JS-SDK has put into WeCom becomes one of ours. What came is known by its hash (in
 * `wecom_media` and with the photo); its bytes, with the place that a camera writes into them, go as soon as
 * the clean picture is kept.
 */
export const wecomPhotoRoute = (
  kit: Kit,
  fetchMedia: (mediaId: string) => Promise<Media>,
): Route => {
  const keep = createPhotoKeep(kit)
  return route({
    method: 'POST',
    path: '/api/v1/photos/wecom',
    summary: 'Take a photo over that the JS-SDK has uploaded to WeCom; its metadata is not kept',
    input: Input,
    reply: PhotoReply,
    allow: signedIn,
    run: async ({ viewer: { orgId, id: personId }, input: { id, mediaId } }) => {
      const known = await keptBefore(kit, { orgId, personId, id })
      if (known) return keep({ orgId, personId, id, source: 'wecom', content: new Uint8Array() })
      const media = await fetchMedia(mediaId)
      if (media.state === 'too_large') throw new Fault('too_large', 'this photo is too large')
      const content = media.state === 'stored' ? await kit.files.get(media.sha256) : null
      if (media.state !== 'stored' || !content)
        throw new Fault('not_found', 'WeCom has this photo no longer, it keeps them for three days')
      const photo = await keep({ orgId, personId, id, source: 'wecom', content })
      if (!(await isKept(kit, orgId, media.sha256))) await kit.files.remove(media.sha256)
      return photo
    },
  })
}

const keptBefore = (
  { db }: Kit,
  { orgId, personId, id }: { orgId: string; personId: string; id: string },
) =>
  db.first(sql`
    select id from photos
    where org_id = ${orgId} and person_id = ${personId} and id = ${id}::uuid`)

/** A type that can not be decoded is kept as it came, and a picture may be clean already. */
const isKept = ({ db }: Kit, orgId: string, sha256: string) =>
  db.first(sql`
    select id from photos
    where org_id = ${orgId} and (kept = ${sha256} or thumb = ${sha256})
    limit 1`)
