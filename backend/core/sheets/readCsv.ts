import { parse, type Parser } from 'csv-parse'
import { Readable } from 'node:stream'
import { Fault } from '../errors.ts'
import type { Source } from '../source.ts'
import {
  checkRow,
  noTable,
  tooManyRows,
  type SheetLimits,
  type SheetRow,
  type SheetRows,
} from './readRows.ts'

const BATCH = 500 // rows given on at once

/** What the first bytes of a file have told. */
export interface CsvStart {
  head: Uint8Array
  encoding: string // a name that TextDecoder knows
  mark: number // bytes before the text
}

export async function* readCsv(source: Source, start: CsvStart, limits: SheetLimits): SheetRows {
  const first = firstLine(start)
  if (/^\s*<(!doctype|html|\?xml|table)/i.test(first)) throw noTable()
  const parser = parse({
    delimiter: delimiterOf(first),
    relaxColumnCount: true,
    relaxQuotes: true,
    info: true,
    maxRecordSize: Math.min(limits.columns * limits.text, 2_000_000),
  })
  const text = Readable.from(decoded(source, start))
  text.on('error', (error) => parser.destroy(error))
  yield* batchesOf(text.pipe(parser), limits)
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
function firstLine({ head, encoding, mark }: CsvStart): string {
  const text = new TextDecoder(encoding).decode(head.subarray(mark))
  return text.split(/\r?\n/, 1)[0] ?? ''
}

const DELIMITERS = [',', '\t', ';']

const delimiterOf = (line: string) =>
  DELIMITERS.map((sign) => ({ sign, count: line.split(sign).length })).sort(
    (a, b) => b.count - a.count,
  )[0]?.sign ?? ','

async function* decoded(source: Source, { encoding, mark }: CsvStart): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  for await (const chunk of source.read(mark, source.bytes)) yield decode(decoder, chunk)
  yield decode(decoder)
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined })
  } catch {
    throw new Fault('bad_input', 'file: its letters are neither UTF-8 nor GBK; save it as UTF-8')
  }
}
