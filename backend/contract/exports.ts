import { z } from 'zod'

/** Columns of the files that may be chosen, by key, in the order of the files. */
export const EXPORT_COLUMNS = [
  'name', 'account', 'department', 'position', 'date', 'dayType', 'shift', 'rules', 'result', 'firstIn', 'lastOut', 'dueDays', 'attendedDays',
  'required', 'worked', 'leave', 'outing', 'forgiven', 'lateTimes', 'late', 'seriousLate', 'earlyTimes', 'early', 'missing', 'absentDays',
  'unproven', 'absent', 'short', 'overtime', 'corrected', 'overtimeWorkday', 'overtimeRestday', 'overtimeHoliday', 'lieu', 'penalties',
  'punchedAt', 'source', 'use', 'due', 'dueAt', 'correctedTo',
] as const // prettier-ignore
export const ExportColumnKey = z.enum(EXPORT_COLUMNS)

export const ExportFormat = z.enum(['xlsx', 'csv'])

/** What of a month goes into a file, and how. */
export const ExportInput = z.object({
  format: ExportFormat.default('xlsx'),
  layout: z.enum(['zuji', 'wecom']).default('zuji'), // wecom: the titles of WeCom's own export
  language: z.enum(['zh', 'en']).default('zh'),
  department: z.string().max(64).optional(), // with those below it
  q: z.string().max(60).optional(), // name or userid
  columns: z.array(ExportColumnKey).min(1, 'must name a column').optional(), // of Zuji's own layout
})
export type ExportInput = z.infer<typeof ExportInput>

/** The same as a query, for a file that streams at once. */
export const ExportQuery = ExportInput.omit({ format: true, columns: true }).extend({
  columns: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(ExportColumnKey).min(1, 'must name a column'))
    .optional(),
})
