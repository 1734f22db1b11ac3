import { z } from 'zod'
import { Datum } from './terms.ts'

/** What a column of a file may hold. */
export const IMPORT_FIELDS = [
  'name',
  'address',
  'code',
  'phone',
  'tier',
  'tags',
  'owner',
  'department',
  'lng',
  'lat',
  'lngLat',
  'radius',
  'contact',
  'contactPhone',
  'note',
] as const

/** By column, from the left: a field, `custom.<key>` of the company's own, or null for none. */
export const Mapping = z.array(
  z.union([z.enum(IMPORT_FIELDS), z.templateLiteral(['custom.', z.string().max(40)]), z.null()]),
)
export type Mapping = z.infer<typeof Mapping>

/** How a file is to be read; in the form's field `options`, as JSON. */
export const ImportOptions = z.object({
  mapping: Mapping.max(200).optional(), // guessed from the headings when left out
  datum: Datum.optional(), // of its positions
})
export type ImportOptions = z.infer<typeof ImportOptions>

/** What can be wrong with a cell; pages say it in the reader's language. */
export const CELL_FAULTS = [
  'required',
  'long', // about: the most letters or items
  'range', // about: the least and the most
  'choice', // about: what may be chosen
  'number',
  'date',
  'degrees', // about: the most
  'unknown', // or several are called so
  'twice', // about: the line that has the same customer
  'unfit',
] as const
export type CellFault = (typeof CELL_FAULTS)[number]

/** One cell that can not be taken. The whole row is left out. */
export const RowError = z.object({
  line: z.number().int(), // in the file, the headings are 1
  field: z.string(),
  code: z.enum(CELL_FAULTS),
  about: z.string(), // what the code needs to be told with, else ''
  rule: z.string(), // the same in English
  value: z.string(),
})
export type RowError = z.infer<typeof RowError>

export const ImportCounts = z.object({
  rows: z.number().int(),
  added: z.number().int(),
  changed: z.number().int(),
  same: z.number().int(), // as they were imported before
  failed: z.number().int(), // rows with errors
  alike: z.number().int(), // added although a customer is there that may be the same
})
export type ImportCounts = z.infer<typeof ImportCounts>

/** A row that would be added although it may be this customer: near and alike in name, or of the very same name. */
export const Alike = z.object({
  line: z.number().int(),
  name: z.string(),
  customerId: z.string(),
  customer: z.string(),
  alike: z.number(), // of the names, 0–1
  metres: z.number().nullable(),
})
export type Alike = z.infer<typeof Alike>

export const ImportReply = z.object({
  headings: z.array(z.string()),
  mapping: Mapping,
  sample: z.array(z.object({ line: z.number(), cells: z.array(z.string()) })), // the first rows
  counts: ImportCounts.nullable(), // null when not a dry run: the job will tell
  errors: z.array(RowError), // the first 200
  alike: z.array(Alike), // the first 200
  jobId: z.uuid().nullable(), // null of a dry run
})
export type ImportReply = z.infer<typeof ImportReply>
