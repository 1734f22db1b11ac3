import { parse, type Parser } from 'csv-parse'
import { Readable } from 'node:stream'
import { Fault } from '../errors.ts'
import {
  checkRow,
  noTable,
  tooManyRows,
  type SheetLimits,
  type SheetRow,
  type SheetRows,
} from './readRows.ts'

const CHUNK = 65_536 // bytes decoded at once
const BATCH = 500 // rows given on at once

/** @param encoding a name that TextDecoder knows */
export async function* readCsv(
  content: Uint8Array,
  encoding: string,
  limits: SheetLimits,
): SheetRows {
  const first = headOf(content, encoding)
  if (/^\s*<(!doctype|html|\?xml|table)/i.test(first)) throw noTable()
  const parser = parse({
    delimiter: delimiterOf(first),
    relaxColumnCount: true,
    relaxQuotes: true,
    info: true,
    maxRecordSize: Math.min(limits.columns * limits.text, 2_000_000),
  })
  const source = Readable.from(decoded(content, encoding))
  source.on('error', (error) => parser.destroy(error))
  yield* batchesOf(source.pipe(parser), limits)
}

async function* batchesOf(parser: Parser, limits: SheetLimits): SheetRows {
  let batch: SheetRow[] = []
  let count = 0
  try {
    for await (const { record, info } of parser) {
      const row = { line: Number(info.lines), cells: cellsOf(record) }
      if (row.cells.every((cell) => cell === '')) continue
      checkRow(row, limits)
      if (++count > limits.rows + 1) throw tooManyRows(limits.rows) // the first names the columns
      if (batch.push(row) === BATCH) {
        yield batch
        batch = []
      }
    }
  } catch (error) {
    throw csvFault(error)
  }
  if (batch.length > 0) yield batch
}

const cellsOf = (record: unknown): string[] =>
  Array.isArray(record) ? record.map((cell) => String(cell).trim()) : []

function csvFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const line = error instanceof Error && 'lines' in error ? ` near line ${error.lines}` : ''
  const long = error instanceof Error && 'code' in error && error.code === 'CSV_MAX_RECORD_SIZE'
  const why = long ? 'a row is too long; is a quote left open?' : 'the quotes do not match'
  return new Fault('bad_input', `file${line}: ${why}`)
}

/** The first line, or what there is of it. */
function headOf(content: Uint8Array, encoding: string): string {
  const text = new TextDecoder(encoding).decode(content.subarray(0, 16_384))
  return text.split(/\r?\n/, 1)[0] ?? ''
}

const DELIMITERS = [',', '\t', ';']

const delimiterOf = (line: string) =>
  DELIMITERS.map((sign) => ({ sign, count: line.split(sign).length })).sort(
    (a, b) => b.count - a.count,
  )[0]?.sign ?? ','

function* decoded(content: Uint8Array, encoding: string): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for (let from = 0; from < content.length; from += CHUNK)
      yield decoder.decode(content.subarray(from, from + CHUNK), { stream: true })
    yield decoder.decode()
  } catch {
    throw new Fault('bad_input', 'file: its letters are neither UTF-8 nor GBK; save it as UTF-8')
  }
}
