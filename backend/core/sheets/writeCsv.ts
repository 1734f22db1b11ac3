import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { clockText, settled, type Cell, type Column, type Sheet } from './write.ts'
import { looksLikeFormula } from './writeCells.ts'

export const CSV_TYPE = 'text/csv; charset=utf-8'
const BOM = '\uFEFF' // without it Excel takes Chinese for another encoding

/**
 * Writes one table as CSV (RFC 4180: CRLF, quotes doubled) with a byte order mark to `sink`, and ends
 * the sink. Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers,
 * also negative ones, are left alone. Durations are h:mm.
 */
export async function writeCsv(
  sink: Writable,
  { columns, rows }: Pick<Sheet, 'columns' | 'rows'>,
  progress: (rows: number) => Promise<void> | void = () => {},
): Promise<void> {
  const send = async (text: string) => {
    if (!sink.write(text)) await once(sink, 'drain')
  }
  await send(BOM + line(columns.map(({ title }) => textCell(title))))
  let count = 0
  for await (const batch of rows) {
    const lines: readonly (readonly Cell[])[] = batch
    await send(lines.map((cells) => rowLine(cells, columns)).join(''))
    count += lines.length
    await progress(count)
  }
  await new Promise<void>((resolve, reject) => {
    sink.once('error', reject)
    sink.end(resolve)
  })
}

const rowLine = (cells: readonly Cell[], columns: readonly Column[]) =>
  line(cells.map((cell, index) => csvCell(cell, columns[index])))

const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`

function csvCell(cell: Cell, column: Column | undefined): string {
  if (!column) throw new Error('a row has more cells than columns')
  const { value, kind } = settled(cell, column)
  if (value === null) return ''
  if (typeof value === 'string') return textCell(value)
  return kind === 'duration' ? clockText(value) : String(value)
}

function textCell(text: string): string {
  const safe = looksLikeFormula(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
