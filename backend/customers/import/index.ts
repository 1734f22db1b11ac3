import { z } from 'zod'
import type { ImportOptions } from '../../contract/customerImport.ts'
import {
  Mapping,
  type Alike,
  type ImportCounts,
  type ImportReply,
  type RowError,
} from '../../contract/customerImport.ts'
import type { CustomerSettings } from '../../contract/customerSettings.ts'
import { Datum } from '../../contract/terms.ts'
import type { Db } from '../../core/db.ts'
import { Fault, found } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { readSheet, type SheetRow } from '../../core/sheets/read.ts'
import type { Source } from '../../core/source.ts'
import type { Done, Running } from '../../jobs/index.ts'
import { hadCustomers } from '../duplicates.ts'
import { loadSettings } from '../settings.ts'
import { errorsFile } from './errorsFile.ts'
import { ruleOf } from './faults.ts'
import { guessMapping } from './mapping.ts'
import { readRow, type ImportedRow, type Known } from './row.ts'
import { SeenKeys } from './seenKeys.ts'
import { addRows, changeRows, loadNames, weigh, type Weighed } from './store.ts'

export const LIMITS = { rows: 200_000, columns: 200, text: 5000 }
const BATCH = 1000 // rows of one transaction
const SAMPLE = 10
const SHOWN = 200 // errors of a reply
const MOST_ERRORS = 20_000 // lines of the file of errors

const ZERO: ImportCounts = { rows: 0, added: 0, changed: 0, same: 0, failed: 0, alike: 0 }

/** How a file is read, once its headings are known. */
export interface Plan {
  headings: readonly string[]
  mapping: Mapping
  known: Known
}

/** Throws Fault `bad_input` when no column holds the name, or a field is not of the company's. */
async function planOf(db: Db, orgId: string, headings: readonly string[], options: ImportOptions) {
  const settings: CustomerSettings = await loadSettings(db, orgId)
  const mapping = options.mapping ?? guessMapping(headings, settings.fields)
  const fields = mapping.filter((field) => field !== null)
  if (!fields.includes('name')) throw wrongMapping('no column holds the name')
  if (new Set(fields).size < fields.length) throw wrongMapping('two columns hold the same')
  const own = new Set(settings.fields.map(({ key }) => `custom.${key}`))
  const strange = fields.find((field) => field.startsWith('custom.') && !own.has(field))
  if (strange) throw wrongMapping(`${strange} is no field of your company`)
  if (
    settings.datumRequired &&
    !options.datum &&
    fields.some((field) => ['lng', 'lngLat'].includes(field))
  )
    throw new Fault('bad_input', 'options.datum: your company takes no position without a datum')
  const names = await loadNames(db, orgId)
  return {
    headings,
    mapping,
    known: { ...names, fields: settings.fields, datum: options.datum ?? 'wgs84' },
  }
}

const wrongMapping = (rule: string) =>
  new Fault('bad_input', `options.mapping: ${rule}`, [{ field: 'mapping', rule }])

interface Batch {
  plan: Plan
  rows: ImportedRow[]
  errors: RowError[]
  read: number // rows of this batch, good and bad
  line: number // the last one
}

/** The rows of a file in batches, each told good or bad. The second row of the same customer is an error. */
async function* batchesOf(
  db: Db,
  orgId: string,
  given: { content: Uint8Array | Source; options: ImportOptions; sample?: SheetRow[] },
): AsyncGenerator<Batch> {
  let plan: Plan | null = null
  let batch: Batch | null = null
  const lines = new SeenKeys(LIMITS.rows)
  for await (const rows of readSheet(given.content, LIMITS)) {
    for (const row of rows) {
      if (plan === null) {
        plan = await planOf(db, orgId, row.cells, given.options)
        continue
      }
      batch ??= { plan, rows: [], errors: [], read: 0, line: 0 }
      if (given.sample && given.sample.length < SAMPLE) given.sample.push(row)
      judge(batch, row, lines)
      if (batch.read < BATCH) continue
      yield batch
      batch = null
    }
  }
  if (plan === null) throw emptyFile()
  yield batch ?? { plan, rows: [], errors: [], read: 0, line: 0 }
}

function judge(batch: Batch, sheetRow: SheetRow, lines: SeenKeys) {
  const { line } = sheetRow
  batch.read += 1
  batch.line = line
  const told = readRow(sheetRow, batch.plan.mapping, batch.plan.known)
  if ('errors' in told)
    return void batch.errors.push(...told.errors.map((each) => ({ line, ...each })))
  const before = lines.note(told.row.key, line)
  if (before === null) return void batch.rows.push(told.row)
  const field = told.row.code === null ? 'name' : 'code'
  const value = told.row.code ?? told.row.name
  const fault = { code: 'twice' as const, about: String(before) }
  batch.errors.push({ line, field, ...fault, rule: ruleOf(fault), value })
}

function counted(sum: ImportCounts, batch: Batch, weighed: Weighed): ImportCounts {
  return {
    rows: sum.rows + batch.read,
    added: sum.added + weighed.added.length,
    changed: sum.changed + weighed.changed.length,
    same: sum.same + weighed.same,
    failed: sum.failed + new Set(batch.errors.map(({ line }) => line)).size,
    alike: sum.alike + weighed.alike.length,
  }
}

const twinsBefore = async (db: Db, orgId: string, before: number) =>
  (await hadCustomers(db, orgId, before)) ? before : null

/** What an import would do, row by row; nothing is written. Throws Fault `bad_input`, `too_large`. */
export async function tryImport(
  db: Db,
  orgId: string,
  given: { content: Uint8Array | Source; options: ImportOptions; now: number },
): Promise<Told & { counts: ImportCounts }> {
  let counts = ZERO
  const errors: RowError[] = []
  const alike: Alike[] = []
  const sample: SheetRow[] = []
  let plan: Plan | null = null
  const before = await twinsBefore(db, orgId, given.now)
  for await (const batch of batchesOf(db, orgId, { ...given, sample })) {
    plan = batch.plan
    const weighed = await weigh(db, orgId, batch.rows, before)
    counts = counted(counts, batch, weighed)
    errors.push(...batch.errors.slice(0, SHOWN - errors.length))
    alike.push(...weighed.alike.slice(0, SHOWN - alike.length))
  }
  return { ...toldOf(found(plan, 'a row'), sample), counts, errors, alike }
}

type Told = Omit<ImportReply, 'jobId' | 'counts'>

/**
 * How a file would be read, by its headings and first rows alone, so that a long one is not read twice.
 * Throws Fault `bad_input`, `too_large`.
 */
export async function headImport(
  db: Db,
  orgId: string,
  given: { content: Uint8Array | Source; options: ImportOptions },
): Promise<Told> {
  for await (const [head, ...rows] of readSheet(given.content, LIMITS)) {
    if (head === undefined) continue
    const plan = await planOf(db, orgId, head.cells, given.options)
    return { ...toldOf(plan, rows.slice(0, SAMPLE)), errors: [], alike: [] }
  }
  throw emptyFile()
}

const emptyFile = () => new Fault('bad_input', 'file: it is empty')

const toldOf = ({ headings, mapping }: Plan, sample: readonly SheetRow[]) => ({
  headings: [...headings],
  mapping,
  sample: sample.map(({ line, cells }) => ({ line, cells: [...cells] })),
})

const JobInput = z.object({
  file: z.string(),
  name: z.string(),
  rows: z.number().nullable(), // as a dry run counted; null: not known before the end
  mapping: Mapping,
  datum: Datum.optional(),
  startedAt: z.number(), // epoch ms
})
const Checkpoint = z.object({ line: z.number(), counts: z.custom<ImportCounts>() }).nullable()

/** Imports a file whose headings are understood. What a killed process had written is not read again. */
export const importJob =
  (kit: Kit) =>
  async (job: Running): Promise<Done> => {
    const input = JobInput.parse(job.input)
    const content = found(await kit.files.source(input.file), 'the file')
    const reached = Checkpoint.parse(job.checkpoint)
    let counts = reached?.counts ?? ZERO
    const errors: RowError[] = []
    const { mapping, datum } = input
    const options = { mapping, ...(datum && { datum }) }
    const before = await twinsBefore(kit.db, job.orgId, input.startedAt)
    for await (const batch of batchesOf(kit.db, job.orgId, { content, options })) {
      errors.push(...batch.errors.slice(0, MOST_ERRORS - errors.length))
      if (reached && batch.line <= reached.line) continue
      const writing = { orgId: job.orgId, by: job.personId, now: kit.clock.now(), cause: job.id }
      counts = await kit.db.transact(async (tx) => {
        const weighed = await weigh(tx, job.orgId, batch.rows, before)
        const told = { ...writing, mapping, datum: datum ?? ('wgs84' as const) }
        await addRows(tx, weighed.added, told)
        await changeRows(tx, weighed.changed, told)
        const sum = counted(counts, batch, weighed)
        const checkpoint = { line: batch.line, counts: sum }
        const total = input.rows && Math.max(input.rows, sum.rows)
        await job.step({ done: sum.rows, total, checkpoint }, tx)
        return sum
      })
    }
    await job.step({ done: counts.rows, total: counts.rows })
    kit.facts.publish('customersChanged', { orgId: job.orgId })
    const file = errors.length > 0 ? await errorsFile(kit.files, input.name, errors) : null
    return { result: counts, ...(file && { file }) }
  }
