import { z } from 'zod'
import { IsoDate, Millis } from './terms.ts'

export const ConsentChange = z.object({ version: z.string().max(16), given: z.boolean() })
export const ConsentReply = z.object({ version: z.string(), givenAt: Millis.nullable() })

/** Who looked at my track, newest first. */
export const AccessLog = z.object({
  looks: z.array(
    z.object({
      at: Millis,
      viewerId: z.string(),
      viewer: z.string(),
      what: z.enum(['day', 'track', 'live', 'export', 'checkin', 'replay']),
      date: IsoDate.nullable(),
    }),
  ),
})
export type AccessLog = z.infer<typeof AccessLog>

/** What became of a person's data: what is gone, and what must be kept until when. */
export const Erasure = z.object({
  erased: z.array(z.object({ table: z.string(), rows: z.int() })),
  kept: z.array(z.object({ table: z.string(), rows: z.int(), until: Millis })),
})
export type Erasure = z.infer<typeof Erasure>
