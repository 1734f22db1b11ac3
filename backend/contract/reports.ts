/** Reports for paper, and links to them for somebody without a login. */
import { z } from 'zod'
import { Month } from './months.ts'
import { IsoDate, Millis, PersonId } from './terms.ts'

const Department = z.string().max(64).optional() // with those below it; none: all in scope

/** Which report: a rep's day, a team's weeks, a month of attendance, or the proof of a visit. */
export const ReportWish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('day'), personId: PersonId, date: IsoDate }),
  z.object({ kind: z.literal('week'), date: IsoDate, departmentId: Department }), // in the last of the weeks
  z.object({ kind: z.literal('month'), month: Month, department: Department }),
  z.object({ kind: z.literal('visit'), visitId: z.uuid().toLowerCase() }),
])
export type ReportWish = z.infer<typeof ReportWish>

export const ReportShareInput = z.object({
  wish: ReportWish,
  hours: z
    .number()
    .int()
    .min(1)
    .max(90 * 24), // until the link ends
})

/** Told once: only a hash of the link is kept. */
export const MadeReportShare = z.object({ id: z.uuid(), url: z.string(), expiresAt: Millis })
export type MadeReportShare = z.infer<typeof MadeReportShare>

export const ReportShare = z.object({
  id: z.uuid(),
  wish: ReportWish,
  madeAt: Millis,
  expiresAt: Millis,
  revokedAt: Millis.nullable(),
  looks: z.number().int(), // how often it was opened
  lastLookAt: Millis.nullable(),
})
export type ReportShare = z.infer<typeof ReportShare>

export const ReportShares = z.object({ shares: z.array(ReportShare) }) // of the last 90 days, newest first
export const ReportSharePath = z.object({ id: z.uuid().toLowerCase() })
export const RevokedReportShare = z.object({ revokedAt: Millis })
