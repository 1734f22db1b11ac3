import { z } from 'zod'
import { Text } from './texts.ts'

/** A field that a company adds to its customers. Its key stays when its label changes. */
export const CustomField = z
  .object({
    key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'a letter, then letters, digits and _'),
    label: Text(40),
    kind: z.enum(['text', 'number', 'choice', 'date']),
    choices: z.array(Text(60)).max(100).default([]),
    required: z.boolean().default(false),
  })
  .refine(({ kind, choices }) => kind !== 'choice' || choices.length > 0, {
    path: ['choices'],
    message: 'a choice needs something to choose from',
  })
export type CustomField = z.infer<typeof CustomField>

const Days = z.number().int().min(1).max(3660)

export const CustomerSettings = z.object({
  /** Which customers a rep sees besides his own and the pool. */
  repsSee: z.enum(['own', 'department', 'all']).default('own'),
  /** Reps add customers, edit their own, and take from the pool and give back. */
  repsMayAdd: z.boolean().default(true),
  repsMayEdit: z.boolean().default(true),
  repsMayClaim: z.boolean().default(true),
  /** Positions without a datum are refused. */
  datumRequired: z.boolean().default(false),
  /** A customer not visited for longer is overdue, in days by tier. */
  visitEveryDays: z
    .object({ A: Days, B: Days, C: Days, none: Days })
    .default({ A: 14, B: 28, C: 91, none: 91 }),
  fields: z
    .array(CustomField)
    .max(40)
    .refine(
      (fields) => new Set(fields.map(({ key }) => key)).size === fields.length,
      'two fields have the same key',
    )
    .default([]),
})
export type CustomerSettings = z.infer<typeof CustomerSettings>
