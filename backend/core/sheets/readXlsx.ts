import { Fault } from '../errors.ts'
import { isDateFormat, textOfNumber } from './readDates.ts'
import {
  checkRow,
  tooManyRows,
  type SheetLimits,
  type SheetRow,
  type SheetRows,
} from './readRows.ts'
import { readXml, type Attributes } from './readXml.ts'
import { broken, unzip, type Unzipped } from './readZip.ts'
import { SharedStrings } from './sharedStrings.ts'
import type { Source } from '../source.ts'

const MOST_LINES = 1_048_576 // of a sheet, by the format

/** What the parts of a workbook say about the cells of its sheet. */
interface Book {
  strings: SharedStrings
  dates: readonly boolean[] // by style: whether its numbers are dates
  from1904: boolean
}

/** The rows of the first visible sheet (ECMA-376 part 1, 18.3). */
export async function* readXlsx(source: Source, limits: SheetLimits): SheetRows {
  const zip = await unzip(source)
  const strings = new SharedStrings()
  try {
    const { sheet, from1904 } = await sheetOf(zip)
    await gatherStrings(zip, strings)
    const book = { strings, from1904, dates: await datesOf(zip) }
    yield* rowsOf(zip, sheet, { book, limits })
  } finally {
    strings.close()
    zip.close()
  }
}

async function drained(reading: AsyncGenerator<void>): Promise<void> {
  for await (const _ of reading) continue
}

async function sheetOf(zip: Unzipped) {
  const book = 'xl/workbook.xml'
  const links = 'xl/_rels/workbook.xml.rels'
  if (!zip.has(book) || !zip.has(links))
    throw new Fault('bad_input', 'file: this is no XLSX file; save it as .xlsx or CSV')
  let id: string | undefined
  let from1904 = false
  await drained(
    readXml(await zip.open(book), {
      open(name, given) {
        if (name === 'workbookPr') from1904 = ['1', 'true'].includes(given['date1904'] ?? '')
        if (name === 'sheet' && (given['state'] ?? 'visible') === 'visible') id ??= given['id']
      },
      close: () => {},
      text: () => {},
    }),
  )
  let target: string | undefined
  await drained(
    readXml(await zip.open(links), {
      open: (_, given) => (given['Id'] === id ? (target = given['Target']) : undefined),
      close: () => {},
      text: () => {},
    }),
  )
  const sheet = target?.startsWith('/') ? target.slice(1) : `xl/${target ?? ''}`
  if (!zip.has(sheet)) throw broken()
  return { sheet, from1904 }
}

/** Texts that cells name by number; what is read aloud beside them (phonetics) is left out. */
async function gatherStrings(zip: Unzipped, strings: SharedStrings): Promise<void> {
  if (!zip.has('xl/sharedStrings.xml')) return
  const gather = gatherer((text) => strings.add(text), 'si')
  await drained(readXml(await zip.open('xl/sharedStrings.xml'), gather))
}

/** Joins the `t` texts of each `whole` element. */
function gatherer(found: (text: string) => void, whole: string) {
  let text = ''
  let inText = false
  let aside = 0
  return {
    open(name: string, _: Attributes) {
      if (name === whole) text = ''
      if (name === 'rPh') aside += 1
      if (name === 't') inText = aside === 0
    },
    close(name: string) {
      if (name === 'rPh') aside -= 1
      if (name === 't') inText = false
      if (name === whole) found(text)
    },
    text: (piece: string) => (inText ? (text += piece) : undefined),
  }
}

/** By style, whether numbers are shown as dates. */
async function datesOf(zip: Unzipped): Promise<boolean[]> {
  const dates: boolean[] = []
  if (!zip.has('xl/styles.xml')) return dates
  const formats = new Map<string, string>()
  let inCells = false
  await drained(
    readXml(await zip.open('xl/styles.xml'), {
      open(name, given) {
        if (name === 'numFmt') formats.set(given['numFmtId'] ?? '', given['formatCode'] ?? '')
        if (name === 'cellXfs') inCells = true
        if (name === 'xf' && inCells)
          dates.push(isDateFormat(given['numFmtId'] ?? '0', formats.get(given['numFmtId'] ?? '')))
      },
      close: (name) => (name === 'cellXfs' ? (inCells = false) : undefined),
      text: () => {},
    }),
  )
  return dates
}

async function* rowsOf(
  zip: Unzipped,
  sheet: string,
  { book, limits }: { book: Book; limits: SheetLimits },
): SheetRows {
  const reader = new RowReader(book, limits)
  let count = 0
  for await (const _ of readXml(await zip.open(sheet), reader)) {
    const rows = reader.take()
    count += rows.length
    if (count > limits.rows + 1) throw tooManyRows(limits.rows) // the first names the columns
    if (rows.length > 0) yield rows
  }
}

/** Hears a sheet's XML and gathers its rows. */
class RowReader {
  private rows: SheetRow[] = []
  private line = 0
  private cells: string[] = []
  private column = 0
  private cell: Attributes = {}
  private value = ''
  private reading = false
  private readonly book: Book
  private readonly limits: SheetLimits

  constructor(book: Book, limits: SheetLimits) {
    this.book = book
    this.limits = limits
  }

  open(name: string, given: Attributes): void {
    this.reading = name === 'v' || name === 't'
    if (name === 'row') {
      const line = Number(given['r'])
      this.line = line > this.line && line <= MOST_LINES ? line : this.line + 1
      this.cells = []
      this.column = 0
    }
    if (name === 'c') this.begin(given)
  }

  private begin(given: Attributes): void {
    this.cell = given
    this.value = ''
    this.column = given['r'] ? columnOf(given['r']) : this.column + 1
    const { columns } = this.limits
    if (!(this.column >= 1 && this.column <= columns))
      throw new Fault('bad_input', `file: line ${this.line} has more than ${columns} columns`)
  }

  close(name: string): void {
    this.reading = false
    if (name === 'c') {
      while (this.cells.length < this.column - 1) this.cells.push('')
      this.cells[this.column - 1] = textOf(this.cell, this.value, this.book).trim()
    }
    if (name !== 'row' || this.cells.every((each) => each === '')) return
    const row = { line: this.line, cells: this.cells }
    checkRow(row, this.limits)
    this.rows.push(row)
  }

  text(piece: string): void {
    if (this.reading) this.value += piece
  }

  /** The rows since the last time. */
  take(): SheetRow[] {
    const taken = this.rows
    this.rows = []
    return taken
  }
}

/** A is 1; a reference that is none is 0. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,7}/.exec(reference)?.[0] ?? ''
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
}

function textOf(cell: Attributes, value: string, book: Book): string {
  switch (cell['t'] ?? 'n') {
    case 's':
      return book.strings.at(Number(value))
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE'
    case 'e': // #N/A and the like say nothing
      return ''
    case 'n':
      return textOfNumber(value, book.dates[Number(cell['s'] ?? 0)] ?? false, book.from1904)
    default:
      return value
  }
}
