import { Fault } from '../errors.ts'
import { readSheet, type SheetRow } from './read.ts'

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

const LIMITS = {
  rows: 19_999, // below the titles
  columns: 400,
  text: 32_767, // characters of a cell, Excel's own limit
}

/**
 * The whole of a roster or a payroll, small enough to be held.
 * @throws Fault `bad_input`, `too_large` as `readSheet`
 */
export async function readTable(content: Uint8Array): Promise<TextTable> {
  const lines: SheetRow[] = []
  for await (const rows of readSheet(content, LIMITS)) lines.push(...rows)
  const [head, ...rows] = lines
  if (!head) throw new Fault('bad_input', 'file: the first line must have titles')
  const own = content[0] === 0x50 ? asWritten : unguarded
  return {
    titles: head.cells.map(own),
    rows: rows.map(({ line, cells }) => ({ line, values: cells.map(own) })),
  }
}

const asWritten = (cell: string) => cell

/** Our own CSV files keep a text from being read as a formula by an apostrophe. */
const unguarded = (cell: string) => cell.replace(/^'(?=[=+\-@])/, '').trim()
