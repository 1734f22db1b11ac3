import { z } from 'zod'
import { IsoDate, Millis, PersonId } from './terms.ts'

export const ConsentChange = z.object({ version: z.string().max(16), given: z.boolean() })
export const ConsentReply = z.object({ version: z.string(), givenAt: Millis.nullable() })

/** Who looked at my track, newest first. */
export const AccessLog = z.object({
  looks: z.array(
    z.object({
      at: Millis,
      viewerId: z.string(),
      viewer: z.string(),
      what: z.enum(['day', 'track', 'live', 'export', 'checkin', 'replay', 'program']),
      date: IsoDate.nullable(),
    }),
  ),
})
export type AccessLog = z.infer<typeof AccessLog>

const Rows = z.object({ table: z.string(), rows: z.int() }) // by the names of the data map
const KeptRows = Rows.extend({ until: Millis })

/** What became of a person's data: what is gone, and what must be kept until when. */
export const Erasure = z.object({
  erased: z.array(Rows),
  kept: z.array(KeptRows),
})
export type Erasure = z.infer<typeof Erasure>

/** What an erasure would do to somebody's data now, and what was asked for already. */
export const ErasureOutlook = z.object({
  personId: PersonId,
  name: z.string(),
  department: z.string().nullable(),
  active: z.boolean(), // still in the contacts: nothing can be erased
  asked: z.object({ at: Millis, by: z.string(), finishedAt: Millis.nullable() }).nullable(),
  proofDays: z.int(), // that work and wages must be proven for
  erased: z.array(Rows), // at once
  kept: z.array(KeptRows), // for they prove work and wages
})
export type ErasureOutlook = z.infer<typeof ErasureOutlook>
