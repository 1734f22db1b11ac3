/** When people are employed. Outside of it a day is `not_employed`: nothing is due, and nobody is absent. */
import { z } from 'zod'
import { IsoDate, PersonId } from './terms.ts'

/** First and last day, both employed; null is open. */
export const EmploymentPeriod = z
  .object({ from: IsoDate.nullable(), to: IsoDate.nullable() })
  .refine(({ from, to }) => !from || !to || to >= from, { path: ['to'], message: 'must not be before from' }) // prettier-ignore
export type EmploymentPeriod = z.infer<typeof EmploymentPeriod>

/** In order and apart: only the first may be open to the past, only the last to the future. */
export const EmploymentPeriods = z
  .array(EmploymentPeriod)
  .min(1, 'must have a period')
  .max(20)
  .superRefine((periods, context) => {
    periods.slice(1).forEach(({ from }, index) => {
      const to = periods[index]?.to ?? null
      if (from === null || to === null || from <= to)
        context.addIssue({
          code: 'custom',
          path: [index + 1, 'from'],
          message: 'must be after the end of the period before it',
        })
    })
  })

export const EmploymentInput = z.object({ id: z.uuid(), periods: EmploymentPeriods }) // id: of the change, sending it again changes nothing

export const Employee = z.object({
  personId: PersonId,
  userId: z.string(), // what the directory calls him now
  name: z.string(),
  department: z.string(),
  active: z.boolean(), // in the directory
  periods: z.array(EmploymentPeriod), // empty: since ever
})
export type Employee = z.infer<typeof Employee>

export const Employees = z.object({ people: z.array(Employee), next: z.string().nullable() })

/** What an import of dates did, or would do. */
export const EmploymentOutcome = z.object({
  people: z.number().int(), // whose dates differ
  errors: z.array(z.object({ line: z.number().int(), field: z.string(), rule: z.string() })),
  saved: z.boolean(),
})
export type EmploymentOutcome = z.infer<typeof EmploymentOutcome>
