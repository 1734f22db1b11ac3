import { z } from 'zod'
import { PersonId } from './terms.ts'

/** Beside the file, as fields of the form or as the query. */
export const PhotoQuery = z.object({
  id: z.uuid().toLowerCase().optional(), // made on the phone: sending it again changes nothing
  source: z.enum(['camera', 'album']).optional(),
})

export const PhotoReply = z.object({
  id: z.uuid(),
  sha256: z.string(), // of the bytes that came
  readable: z.boolean(), // false: kept as it is, and never shown, because its type can not be decoded here
})
export type PhotoReply = z.infer<typeof PhotoReply>

export const PhotoPath = z.object({ personId: PersonId, id: z.uuid().toLowerCase() })

/** `full` has the watermark burnt in. */
export const PhotoSize = z.object({ size: z.enum(['thumb', 'full']).default('full') })

export const MAX_PHOTO_BYTES = 10_000_000
