import { z } from 'zod'
import { Month } from './closing.ts'
import { Millis } from './terms.ts'

/** A column of the file: its title, and the person's value as it is to be read. */
export const PayslipItem = z.object({ title: z.string(), value: z.string() })
export type PayslipItem = z.infer<typeof PayslipItem>

/** One's own slip, and the attendance it came out of. */
export const Payslip = z.object({
  month: Month,
  items: z.array(PayslipItem),
  handedOutAt: Millis,
  totals: z.record(z.string(), z.number()), // of the locked month
})
export type Payslip = z.infer<typeof Payslip>
export const Payslips = z.object({ months: z.array(z.object({ month: Month, at: Millis })) })

/** What HR sees of its imports: how many, never how much. */
export const PayslipImport = z.object({
  id: z.uuid(),
  at: Millis,
  by: z.string(),
  fileName: z.string(),
  people: z.number().int(),
  seen: z.number().int(), // of them opened theirs
  withdrawnAt: Millis.nullable(),
})
export type PayslipImport = z.infer<typeof PayslipImport>
export const PayslipImports = z.object({ imports: z.array(PayslipImport) })

/** What an import did, or would do. Rows with errors are left out, and nothing is handed out while there are any. */
export const PayslipOutcome = z.object({
  people: z.number().int(),
  columns: z.array(z.string()),
  missing: z.array(z.string()), // names of people with days in this month but no row
  errors: z.array(z.object({ line: z.number().int(), field: z.string(), rule: z.string() })),
  importId: z.uuid().nullable(), // null: a dry run, or errors
})
export type PayslipOutcome = z.infer<typeof PayslipOutcome>
