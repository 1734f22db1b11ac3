import { z } from 'zod'
import type { ImportOptions } from '../../contract/customerImport.ts'
import {
  Mapping,
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
import type { Done, Running } from '../../jobs/index.ts'
import { loadSettings } from '../settings.ts'
import { errorsFile } from './errorsFile.ts'
import { guessMapping } from './mapping.ts'
import { readRow, type ImportedRow, type Known } from './row.ts'
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
  given: { content: Uint8Array; options: ImportOptions; sample?: SheetRow[] },
): AsyncGenerator<Batch> {
  let plan: Plan | null = null
  let batch: Batch | null = null
  const lines = new Map<string, number>()
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
  if (plan === null) throw new Fault('bad_input', 'file: it is empty')
  yield batch ?? { plan, rows: [], errors: [], read: 0, line: 0 }
}

function judge(batch: Batch, { line, cells }: SheetRow, lines: Map<string, number>) {
  batch.read += 1
  batch.line = line
  const told = readRow(cells, batch.plan.mapping, batch.plan.known)
  if ('errors' in told)
    return void batch.errors.push(...told.errors.map((each) => ({ line, ...each })))
  const before = lines.get(told.row.key)
  lines.set(told.row.key, before ?? line)
  if (before === undefined) return void batch.rows.push(told.row)
  const field = told.row.code === null ? 'name' : 'code'
  const value = told.row.code ?? told.row.name
  batch.errors.push({ line, field, rule: `the same customer as in line ${before}`, value })
}

function counted(sum: ImportCounts, batch: Batch, weighed: Weighed): ImportCounts {
  return {
    rows: sum.rows + batch.read,
    added: sum.added + weighed.added.length,
    changed: sum.changed + weighed.changed.length,
    same: sum.same + weighed.same,
    failed: sum.failed + new Set(batch.errors.map(({ line }) => line)).size,
    alike: sum.alike + weighed.alike,
  }
}

/** What an import would do, row by row; nothing is written. Throws Fault `bad_input`, `too_large`. */
export async function tryImport(
  db: Db,
  orgId: string,
  given: { content: Uint8Array; options: ImportOptions },
): Promise<Omit<ImportReply, 'jobId'>> {
  let counts = ZERO
  const errors: RowError[] = []
  const sample: SheetRow[] = []
  let plan: Plan | null = null
  for await (const batch of batchesOf(db, orgId, { ...given, sample })) {
    plan = batch.plan
    counts = counted(counts, batch, await weigh(db, orgId, batch.rows))
    errors.push(...batch.errors.slice(0, SHOWN - errors.length))
  }
  const { headings, mapping } = found(plan, 'a row')
  return {
    headings: [...headings],
    mapping,
    counts,
    errors,
    sample: sample.map(({ line, cells }) => ({ line, cells: [...cells] })),
  }
}

const JobInput = z.object({
  file: z.string(),
  name: z.string(),
  rows: z.number(),
  mapping: Mapping,
  datum: Datum.optional(),
})
const Checkpoint = z.object({ line: z.number(), counts: z.custom<ImportCounts>() }).nullable()

/** Imports a file that was tried before. What a killed process had written is not read again. */
export const importJob =
  (kit: Kit) =>
  async (job: Running): Promise<Done> => {
    const input = JobInput.parse(job.input)
    const content = found(await kit.files.get(input.file), 'the file')
    const reached = Checkpoint.parse(job.checkpoint)
    let counts = reached?.counts ?? ZERO
    const errors: RowError[] = []
    const { mapping, datum } = input
    const options = { mapping, ...(datum && { datum }) }
    for await (const batch of batchesOf(kit.db, job.orgId, { content, options })) {
      errors.push(...batch.errors.slice(0, MOST_ERRORS - errors.length))
      if (reached && batch.line <= reached.line) continue
      const writing = { orgId: job.orgId, by: job.personId, now: kit.clock.now(), cause: job.id }
      counts = await kit.db.transact(async (tx) => {
        const weighed = await weigh(tx, job.orgId, batch.rows)
        const told = { ...writing, mapping, datum: datum ?? ('wgs84' as const) }
        await addRows(tx, weighed.added, told)
        await changeRows(tx, weighed.changed, told)
        const sum = counted(counts, batch, weighed)
        const checkpoint = { line: batch.line, counts: sum }
        await job.step({ done: sum.rows, total: Math.max(input.rows, sum.rows), checkpoint }, tx)
        return sum
      })
    }
    kit.facts.publish('customersChanged', { orgId: job.orgId })
    const file = errors.length > 0 ? await errorsFile(kit.files, input.name, errors) : null
    return { result: counts, ...(file && { file }) }
  }
