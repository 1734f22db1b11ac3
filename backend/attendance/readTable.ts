import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import { Fault } from '../core/errors.ts'

/** A small table of a file, as text: titles, then rows with the lines they stand on. */
export interface TextTable {
  readonly titles: readonly string[]
  readonly rows: readonly { line: number; values: readonly string[] }[]
}

export const TABLE_TYPES = [
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'text/csv',
  'application/vnd.ms-excel', // what some browsers call CSV
  'application/octet-stream',
]

const MOST_ROWS = 20_000
const MOST_COLUMNS = 400
const MOST_UNPACKED = 200_000_000 // bytes that an archive may say it holds

/**
 * Reads the first sheet of an XLSX, or a CSV in UTF-8 or GBK. Numbers are written as they are kept, dates
 * as YYYY-MM-DD, a formula as its result.
 * Throws Fault `bad_input`, `too_large`.
 */
export async function readTable(content: Uint8Array): Promise<TextTable> {
  const lines = isZip(content) ? await sheetLines(content) : csvLines(content)
  if (lines.length > MOST_ROWS) throw new Fault('too_large', `rows: at most ${MOST_ROWS}`)
  const [head, ...rows] = lines.filter(({ values }) => values.some((value) => value !== ''))
  if (!head) throw new Fault('bad_input', 'body: the first line must have titles')
  if (head.values.length > MOST_COLUMNS)
    throw new Fault('bad_input', `columns: at most ${MOST_COLUMNS}`)
  return { titles: head.values, rows }
}

interface Line {
  line: number
  values: string[]
}

const isZip = (content: Uint8Array) => content[0] === 0x50 && content[1] === 0x4b

function csvLines(content: Uint8Array): Line[] {
  if (content.includes(0)) throw new Fault('bad_input', 'body: must be an XLSX or CSV file')
  const rows: string[][] = attempt(() =>
    parse(textOf(content), { bom: true, relax_column_count: true, skip_empty_lines: false }),
  )
  return rows.map((row, index) => ({
    line: index + 1,
    values: row.map((value) => value.replace(/^'(?=[=+\-@])/, '').trim()),
  }))
}

/** Excel in China saves CSV in GBK. */
function textOf(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return new TextDecoder('gb18030').decode(content)
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Fault('bad_input', `body: ${error instanceof Error ? error.message : 'can not be read'}`) // prettier-ignore
  }
}

async function sheetLines(content: Uint8Array): Promise<Line[]> {
  refuseBomb(Buffer.from(content.buffer, content.byteOffset, content.byteLength))
  const book = new ExcelJS.Workbook()
  try {
    const own = new ArrayBuffer(content.byteLength)
    new Uint8Array(own).set(content)
    await book.xlsx.load(own)
  } catch {
    throw new Fault('bad_input', 'body: must be an XLSX or CSV file')
  }
  const sheet = book.worksheets[0]
  if (!sheet) throw new Fault('bad_input', 'body: the workbook has no sheet')
  if (sheet.rowCount > MOST_ROWS) throw new Fault('too_large', `rows: at most ${MOST_ROWS}`)
  const lines: Line[] = []
  sheet.eachRow((row, line) => {
    const count = Math.min(row.cellCount, MOST_COLUMNS + 1)
    const values = Array.from({ length: count }, (_, index) => cellText(row.getCell(index + 1)))
    lines.push({ line, values })
  })
  return lines
}

function cellText({ value, text, result }: ExcelJS.Cell): string {
  const plain: unknown = typeof value === 'object' && result !== undefined ? result : value
  if (plain instanceof Date) return plain.toISOString().slice(0, 10)
  if (typeof plain === 'number') return String(Math.round(plain * 1e8) / 1e8) // 0.1 + 0.2 as it was meant
  return text.trim()
}

const ENTRY = Buffer.from([0x50, 0x4b, 0x01, 0x02]) // of an archive's directory

/** An archive that says it unpacks to more than any roster or payroll is not opened. */
function refuseBomb(content: Buffer): void {
  let sum = 0
  for (let at = content.indexOf(ENTRY); at >= 0 && at + 46 <= content.length; at = content.indexOf(ENTRY, at + 46)) sum += content.readUInt32LE(at + 24) // prettier-ignore
  if (sum === 0 || sum > MOST_UNPACKED) throw new Fault('bad_input', 'body: the workbook can not be opened') // prettier-ignore
}
