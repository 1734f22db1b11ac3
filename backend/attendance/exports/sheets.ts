import type { LeaveKind } from '../../contract/approvalSettings.ts'
import type { Cell, Column, Sheet, Tint } from '../../core/sheets/write.ts'
import { readCell } from '../../contract/months.ts'
import { chosen, CORRECTIONS, DAILY, MONTH_HEAD, MONTH_SUMS, PUNCHES, type ExportColumn } from './columns.ts' // prettier-ignore
import type { About, ExportDay, ExportPerson } from './source.ts'
import { wordIn, type ExportWords } from './words.ts'

/** As on the screen: the sign says it, the colour helps. */
const TINTS: Record<string, Tint> = {
  l: { fill: 'FDF0E2', ink: 'B35C00', bold: true, centred: true },
  s: { fill: 'FBDDBD', ink: '8A4600', bold: true, centred: true },
  e: { fill: 'FDF0E2', ink: 'B35C00', bold: true, centred: true },
  k: { fill: 'FDF0E2', ink: 'B35C00', bold: true, centred: true },
  m: { fill: 'FBE7E5', ink: 'C8372D', bold: true, centred: true },
  a: { fill: 'C8372D', ink: 'FFFFFF', bold: true, centred: true },
  v: { fill: 'EEE9F9', ink: '6B4FBB', bold: true, centred: true },
  o: { fill: 'E3EEFB', ink: '1769D2', bold: true, centred: true },
  c: { fill: 'E3F2ED', ink: '0F7B5F', bold: true, centred: true },
  t: { fill: 'F1F4F2', ink: '51605A', centred: true },
  p: { fill: 'F5F7F6', ink: '51605A', centred: true },
  h: { fill: 'E3F2ED', ink: '51605A', centred: true },
  r: { fill: 'F5F7F6', ink: '84918B', centred: true },
}
const PLAIN: Tint = { centred: true }
const HOLIDAY: Tint = { fill: 'CDE7DD', ink: '0B5C47' }
const REST: Tint = { fill: 'E9ECEA', ink: '51605A' }

export interface Wanted {
  readonly about: About
  readonly words: ExportWords
  readonly columns: readonly string[] | null // keys; null: all
  readonly days: readonly { date: string; type: string; makeUp: boolean }[]
  readonly leaveKinds: readonly LeaveKind[]
}

/** A sheet and the rows that a person adds to it. */
export interface PersonSheet {
  readonly sheet: Omit<Sheet, 'rows'>
  readonly rowsOf: (person: ExportPerson) => Cell[][]
}

/** The workbook of a month but for its first sheet: the matrix, every day, every punch, every correction, the sums. */
export const monthSheets = (wanted: Wanted): PersonSheet[] => [
  matrixSheet(wanted),
  dailySheet(wanted),
  table(wanted, PUNCHES, 'punches', punchesOf),
  table(wanted, CORRECTIONS, 'corrections', correctedOf),
  summarySheet(wanted),
]

/** One row a person and date: also what CSV is made of. */
export const dailySheet = (wanted: Wanted): PersonSheet =>
  table(wanted, DAILY, 'daily', (person, day) => [{ person, day }])

const punchesOf = (person: ExportPerson, day: ExportDay) =>
  day.punches.map((punch) => ({ person, day, punch }))

const correctedOf = (person: ExportPerson, day: ExportDay) =>
  day.due.filter(({ corrected }) => corrected).map((due) => ({ person, day, due }))

const titled = <Of>(words: ExportWords, { key, kind, width }: ExportColumn<Of>): Column => ({
  ...{ title: words.column[key], kind },
  ...(width !== undefined && { width }),
})

function table<Of>(
  { words, columns }: Wanted,
  all: readonly ExportColumn<Of>[],
  name: keyof ExportWords['sheets'],
  itemsOf: (person: ExportPerson, day: ExportDay) => readonly Of[],
): PersonSheet {
  const wanted = chosen(all, columns)
  const frozenColumns = Math.min(2, wanted.length)
  return {
    sheet: { name: words.sheets[name], columns: wanted.map((each) => titled(words, each)), frozenColumns }, // prettier-ignore
    rowsOf: (person) =>
      person.days.flatMap((day) =>
        itemsOf(person, day).map((item) => wanted.map((column) => column.of(item, words))),
      ),
  }
}

/** One row a person with the sums of the month and no days. */
function summarySheet({ words, columns }: Wanted): PersonSheet {
  const wanted = chosen([...MONTH_HEAD, ...MONTH_SUMS], columns)
  const frozenColumns = Math.min(2, wanted.length)
  return {
    sheet: { name: words.sheets.summary, columns: wanted.map((each) => titled(words, each)), frozenColumns }, // prettier-ignore
    rowsOf: (person) => [wanted.map((column) => column.of(person, words))],
  }
}

function matrixSheet(wanted: Wanted): PersonSheet {
  const { words, days } = wanted
  const head = chosen(MONTH_HEAD, wanted.columns)
  const sums = chosen(MONTH_SUMS, wanted.columns)
  const dayColumns = days.map(({ date, type, makeUp }): Column => {
    const tint = makeUp ? undefined : type === 'holiday' ? HOLIDAY : type === 'restday' ? REST : undefined // prettier-ignore
    return { title: String(Number(date.slice(8))), kind: 'text', width: 8, ...(tint && { tint }) }
  })
  const columns = [...head.map((each) => titled(words, each)), ...dayColumns, ...sums.map((each) => titled(words, each))] // prettier-ignore
  return {
    sheet: { name: words.sheets.matrix, columns, frozenColumns: head.length, pagesWide: 2 },
    rowsOf: (person) => [
      [
        ...head.map((column) => column.of(person, words)),
        ...person.cells.map((cell) => signCell(cell, words)),
        ...sums.map((column) => column.of(person, words)),
      ],
    ],
  }
}

/** "迟14": the sign, and its minutes where it has any. */
function signCell(cell: string, words: ExportWords): Cell {
  const { marks, minutes } = readCell(cell)
  const [first = ''] = marks
  if (first === '') return null
  const value = `${wordIn(words.mark, first)}${minutes ?? ''}`
  return { value, tint: TINTS[first] ?? PLAIN }
}

/** What the file is: whose, of when, by which rules, and the newest link of the chain. */
export function aboutSheet({ about, words }: Wanted): Sheet {
  const say = words.about
  const rows: Cell[][] = [
    [say.company, about.company],
    [say.month, about.month],
    [say.zone, about.zone],
    [say.department, about.department ?? say.all],
    [say.search, about.search ?? say.none],
    [say.people, { value: about.people, kind: 'whole' }],
    [say.closing, words.closing[about.closing]],
    ...(about.lockedAt ? [[say.lockedAt, { value: about.lockedAt, kind: 'moment' as const }]] : []),
    ...about.rules.map((rule) => [say.rules, rule]),
    [say.chain, about.chain ? `${about.chain.date} ${about.chain.hash}` : say.none],
    [say.madeAt, { value: about.madeAt, kind: 'moment' }],
    [say.madeBy, about.madeBy],
    ...Object.entries(words.mark).map(([mark, sign]) => [say.signs, `${sign}  ${wordIn(words.markName, mark)}`]), // prettier-ignore
  ]
  const columns: Column[] = [
    { title: say.item, kind: 'text', width: 26 },
    { title: say.value, kind: 'text', width: 80 },
  ]
  return { name: words.sheets.about, columns, rows: [rows], filter: false }
}
