import { buffer } from 'node:stream/consumers'
import { PassThrough } from 'node:stream'
import { unzip } from '../../backend/core/sheets/readZip.ts'
import { writeXlsx } from '../../backend/core/sheets/writeXlsx.ts'
import { zipTo } from '../../backend/core/sheets/writeZip.ts'
import { inMemory } from '../../backend/core/source.ts'
import type { Random } from '../../fixtures/random.ts'
import { mutatedBytes, mutatedTable, mutatedText } from './mutate.ts'

export type Table = readonly (readonly string[])[]

const quoted = (cell: string) =>
  /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

const csvOf = (table: Table, comma: string) =>
  table.map((row) => row.map(quoted).join(comma)).join('\r\n')

async function collected(write: (sink: PassThrough) => Promise<unknown>): Promise<Buffer> {
  const sink = new PassThrough()
  const [bytes] = await Promise.all([buffer(sink), write(sink)])
  return bytes
}

/** Titles for the longest row: the writer refuses cells without a column. */
const wide = (titles: readonly string[], rows: Table) =>
  Array.from({ length: Math.max(titles.length, ...rows.map((row) => row.length)) }, (_, at) => titles[at] ?? '') // prettier-ignore

const xlsxOf = ([titles = [], ...rows]: Table) =>
  collected((sink) =>
    writeXlsx(sink, [
      {
        name: 'a',
        columns: wide(titles, rows).map((title) => ({ title, kind: 'text' as const })),
        rows: [rows.map((row) => [...row])],
      },
    ]),
  )

const PARTS = [
  '[Content_Types].xml',
  '_rels/.rels',
  'xl/workbook.xml',
  'xl/_rels/workbook.xml.rels',
  'xl/styles.xml',
  'xl/sharedStrings.xml',
  'xl/worksheets/sheet1.xml',
]

/** The book with one of its parts mutated as text and packed again. */
async function repacked(book: Buffer, random: Random): Promise<Buffer> {
  const zip = await unzip(inMemory(book))
  const names = PARTS.filter((name) => zip.has(name))
  const chosen = random.pick(names)
  return collected(async (sink) => {
    const out = zipTo(sink)
    for (const name of names) {
      const text = (await buffer(await zip.open(name))).toString()
      const part = await out.entry(name)
      await part.write(name === chosen ? mutatedText(text, random) : text)
      await part.end()
    }
    zip.close()
    await out.finish()
  })
}

/** A spreadsheet file of a table: hostile cells, hostile parts, or turned bytes; as CSV in some separators, or XLSX. */
export async function mutatedFile(table: Table, random: Random): Promise<Uint8Array> {
  const cells = random.chance(0.7) ? mutatedTable(table, random) : table
  if (random.chance(0.5)) {
    const text = csvOf(cells, random.pick([',', ';', '\t']))
    const bytes = Buffer.from(random.chance(0.4) ? mutatedText(text, random) : text)
    return random.chance(0.3) ? mutatedBytes(bytes, random) : bytes
  }
  const book = await xlsxOf(random.chance(0.5) ? table : cells)
  if (random.chance(0.5)) return repacked(book, random)
  return random.chance(0.7) ? mutatedBytes(book, random) : book
}
