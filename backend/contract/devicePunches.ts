import { z } from 'zod'

/** What an import of punches did, or would do. */
export const PunchOutcome = z.object({
  people: z.number().int(),
  punches: z.number().int(), // in the file
  added: z.number().int(), // that were not known; 0 in a trial
  errors: z.array(z.object({ line: z.number().int(), field: z.string(), rule: z.string() })),
  saved: z.boolean(),
})
export type PunchOutcome = z.infer<typeof PunchOutcome>
