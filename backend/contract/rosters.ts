import { z } from 'zod'
import { Month } from './closing.ts'
import { IsoDate, PersonId } from './terms.ts'

/** A month of shifts: who works what when, and whether that is his own roster or his rules' week. */
export const RosterMonth = z.object({
  month: Month,
  days: z.array(z.object({ date: IsoDate, type: z.enum(['workday', 'restday', 'holiday']) })),
  shifts: z.array(z.object({ id: z.string(), name: z.string(), hours: z.string() })), // of all rule sets
  people: z.array(
    z.object({
      personId: PersonId,
      name: z.string(),
      department: z.string(),
      cells: z.array(
        z.object({
          shiftId: z.string().nullable(), // what holds; null rests
          own: z.boolean(), // from the roster, not from the rules
          week: z.string().nullable(), // what the rules say
          employed: z.boolean(), // on that date; no shift is for who is not
        }),
      ),
    }),
  ),
})
export type RosterMonth = z.infer<typeof RosterMonth>

/** What an import of a roster did, or would do. */
export const RosterOutcome = z.object({
  people: z.number().int(),
  entries: z.number().int(),
  errors: z.array(z.object({ line: z.number().int(), field: z.string(), rule: z.string() })),
  saved: z.boolean(),
})
export type RosterOutcome = z.infer<typeof RosterOutcome>
