import { z } from 'zod'
import { IsoDate, Millis, PersonId, TIME_OF_DAY } from './terms.ts'

/** A month of attendance, YYYY-MM. */
export const Month = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be a month YYYY-MM from 2000-01')
export type Month = z.infer<typeof Month>

/** @returns first and last date of a month. */
export function datesOfMonth(month: Month): { from: string; to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const to = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
  return { from: `${month}-01`, to }
}

/** Something HR decided on a month, or the end of its grace did. */
export const MonthDecision = z.object({
  id: z.uuid(),
  kind: z.enum(['lock', 'reopen', 'grace']),
  at: Millis,
  by: z.string().nullable(), // name; null: the grace ran out
  reason: z.string().nullable(),
  until: Millis.nullable(),
})
export type MonthDecision = z.infer<typeof MonthDecision>

/** How many people say what of their month; `outdated`: it changed after they had agreed. */
export const Confirmed = z.object({
  agreed: z.number().int(),
  disputed: z.number().int(),
  outdated: z.number().int(),
  silent: z.number().int(),
})
export type Confirmed = z.infer<typeof Confirmed>

/**
 * How a month stands. `open`: not over yet, or over and waiting for HR; `grace`: over, and corrections are
 * taken until `graceUntil`; `reopened`: HR unlocked it, with a reason.
 */
export const MonthClosing = z.object({
  month: Month,
  state: z.enum(['open', 'grace', 'locked', 'reopened']),
  over: z.boolean(), // its last day has passed in the company's zone
  graceUntil: Millis,
  lockedAt: Millis.nullable(),
  lockedBy: z.string().nullable(), // name; null: the grace ran out
  reason: z.string().nullable(), // of the last reopening
  decisions: z.array(MonthDecision), // newest first
  confirmed: Confirmed,
  differences: z.number().int(), // that came after it was locked
})
export type MonthClosing = z.infer<typeof MonthClosing>

const Id = z.uuid() // made by who asks: sending it again changes nothing
export const LockInput = z.object({ id: Id })
export const ReopenInput = z.object({
  id: Id,
  reason: z.string().trim().min(4, 'must say why in at least 4 characters').max(500),
})
export const GraceInput = z.object({ id: Id, until: Millis })

/** What changed in a day that was kept. */
export const DayDifference = z.object({
  id: z.uuid(),
  personId: PersonId,
  name: z.string(),
  date: IsoDate,
  at: Millis,
  cause: z.enum(['evidence', 'request', 'rules', 'roster', 'calendar', 'engine', 'employment']),
  locked: z.boolean(), // it did not count: the month was locked
  before: z.record(z.string(), z.union([z.number(), z.string()])),
  after: z.record(z.string(), z.union([z.number(), z.string()])),
})
export type DayDifference = z.infer<typeof DayDifference>
export const DayDifferences = z.object({ differences: z.array(DayDifference), more: z.boolean() })

export const ConfirmInput = z
  .object({
    id: Id,
    digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be the digest of what was shown'),
    agrees: z.boolean(),
    note: z.string().trim().max(500).default(''),
  })
  .refine(({ agrees, note }) => agrees || note.length >= 2, {
    path: ['note'],
    message: 'must say what is not right',
  })

export const ConfirmationState = z.enum(['agreed', 'disputed', 'outdated', 'silent'])
export type ConfirmationState = z.infer<typeof ConfirmationState>

/** Somebody's word about his month. */
export const Confirmation = z.object({
  personId: PersonId,
  name: z.string(),
  department: z.string(),
  state: ConfirmationState,
  at: Millis.nullable(),
  note: z.string(),
})
export type Confirmation = z.infer<typeof Confirmation>
export const Confirmations = z.object({ confirmations: z.array(Confirmation) })

/** My own month as it stands: what there is to agree to. */
export const MyMonth = z.object({
  month: Month,
  state: MonthClosing.shape.state,
  over: z.boolean(),
  graceUntil: Millis,
  digest: z.string(),
  totals: z.record(z.string(), z.number()),
  confirmation: Confirmation.pick({ state: true, at: true, note: true }),
  payslip: z.boolean(), // there is one
})
export type MyMonth = z.infer<typeof MyMonth>

/** How a company closes its months. Times in the company's zone. */
export const MonthSettings = z.object({
  graceDay: z.number().int().min(1).max(28).default(3), // of the next month: until then corrections are taken
  graceHour: z.number().int().min(0).max(23).default(18),
  locksItself: z.boolean().default(false), // when the grace is over
  askConfirmation: z.boolean().default(true), // people are asked when the month is over
  export: z
    .object({
      personId: PersonId, // who gets the link
      layout: z.enum(['zuji', 'wecom']).default('zuji'),
    })
    .nullable()
    .default(null), // monthly, once the month is locked
})
export type MonthSettings = z.infer<typeof MonthSettings>

/** When no message that can wait goes out, on each person's own clock; over midnight, or never when both are the same. */
const TimeOfDay = z.string().regex(TIME_OF_DAY, 'must be a time HH:MM')
export const QuietHours = z.object({ from: TimeOfDay, to: TimeOfDay })
export type QuietHours = z.infer<typeof QuietHours>
