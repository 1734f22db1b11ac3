import fc from 'fast-check'
import { createWriteStream, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clockText, type Batches, type Cell, type Column } from '../../backend/core/sheets/write.ts'
import { writeCsv } from '../../backend/core/sheets/writeCsv.ts'
import { sheetNames, writeXlsx } from '../../backend/core/sheets/writeXlsx.ts'
import { convertWorkbook, readWorkbook } from '../support/sheets.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'zuji-sheets-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const COLUMNS: Column[] = [
  { title: '姓名', kind: 'text', width: 14 },
  { title: '日期', kind: 'date' },
  { title: '打卡', kind: 'moment', width: 20 },
  { title: '出勤分钟', kind: 'whole' },
  { title: '得分', kind: 'decimal' },
  { title: '时长', kind: 'duration' },
]
const HOSTILE = [
  '=HYPERLINK("http://x.example","点我")',
  '+86 138',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '＝1+1',
  '<b>王&"小"明</b>',
  ' 前后有空格 ',
  '两\n行',
  'a_x0041_b',
  '\u0000\u0007\uFFFF',
  '\uD800单',
  '👩‍💼',
  '001234',
  '2026-02-30',
]
const rowOf = (name: string): Cell[] => [name, '2026-02-28', '2026-02-28 23:59:58', 480, 0.5, 1805]

async function written(name: string, rows: Batches, columns = COLUMNS): Promise<string> {
  const file = path.join(folder, `${name}.xlsx`)
  const sheet = { name, columns, rows, frozenColumns: 1 }
  await writeXlsx(createWriteStream(file), [sheet])
  return file
}

test('every cell comes back with its type through an independent reader', async () => {
  const negative = ['负', '2024-02-29', '2024-02-29 00:00', -3, -0.25, -90]
  const file = await written('月表', [[rowOf('李晓曼'), ['空']], [negative]])
  const [sheet] = await readWorkbook(file)
  const { name, frozen, filter, rows = [] } = sheet ?? {}
  expect({ name, frozen, filter }).toEqual({ name: '月表', frozen: 'B2', filter: 'A1:F4' })
  const valuesOf = (row: number) => rows[row]?.map(({ value }) => value)
  expect(valuesOf(0)).toEqual(COLUMNS.map(({ title }) => title))
  expect(valuesOf(1)).toEqual(['李晓曼', '2026-02-28 00:00:00', '2026-02-28 23:59:58', 480, 0.5, 1805]) // prettier-ignore
  expect(rows[1]?.map(({ type }) => type)).toEqual(['s', 'd', 'd', 'n', 'n', 'd'])
  expect(rows[1]?.map(({ format }) => format).at(-1)).toBe('[h]:mm')
  expect(valuesOf(2)).toEqual(['空', null, null, null, null, null])
  const midnight = '2024-02-29 00:00:00'
  expect(valuesOf(3)?.slice(0, 5)).toEqual(['负', midnight, midnight, -3, -0.25])
})

test('names that are formulas or HTML stay the text they are, also when somebody edits the cell', async () => {
  const file = await written('防注入', [HOSTILE.map(rowOf)])
  const cells = (await readWorkbook(file))[0]?.rows.slice(1).map((row) => row[0]) ?? []
  expect(cells.map((cell) => cell?.type)).toEqual(HOSTILE.map(() => 's'))
  const shown = HOSTILE.map((text) => text.replace(/[\u0000\u0007\uFFFF\uD800]/g, '\uFFFD'))
  expect(cells.map((cell) => cell?.value)).toEqual(shown)
  expect(cells.map((cell) => cell?.quoted)).toEqual(HOSTILE.map((_, index) => index < 6))
})

test('a value that is not of its column’s kind stays text instead of becoming a wrong date', async () => {
  const file = await written('种类', [[['a', '昨天', '2026-02-30 08:00', Number.NaN, 'x', null]]])
  const row = (await readWorkbook(file))[0]?.rows[1]
  expect(row?.map(({ value }) => value)).toEqual([
    'a',
    '昨天',
    '2026-02-30 08:00',
    'NaN',
    'x',
    null,
  ])
})

test('LibreOffice opens the workbook and shows every value as it is meant', async () => {
  const file = await written('办公', [[rowOf('=1+1'), rowOf('<i>张</i>'), rowOf('a_x0041_b')]])
  const all = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
  await convertWorkbook(file, all, folder)
  const name = readdirSync(folder).find((each) => each.endsWith('.csv')) ?? ''
  const lines = readFileSync(path.join(folder, name), 'utf8').trim().split('\n')
  const rest = '2026-02-28,2026-02-28 23:59:58,480,0.5,30:05:00' // LibreOffice tells a duration with its seconds
  expect(lines.slice(1)).toEqual([`=1+1,${rest}`, `<i>张</i>,${rest}`, `a_x0041_b,${rest}`])
})

test('colours stand in the cells that asked for them', async () => {
  const late = { value: '迟', tint: { fill: 'FFF1DE', ink: 'B35C00', bold: true, centred: true } }
  const file = await written('颜色', [[[late], ['√']]], [{ title: '1', kind: 'text' }])
  const rows = (await readWorkbook(file))[0]?.rows ?? []
  expect(rows[1]?.[0]).toMatchObject({ value: '迟', fill: 'FFFFF1DE', bold: true })
  expect(rows[2]?.[0]?.fill).toBeNull()
})

test('sheet names are made such that every program takes them', () => {
  expect(sheetNames(['日报/明细[1]', 'a'.repeat(40), 'A'.repeat(31), "'引号'", '', 'History'])).toEqual([
    '日报 明细 1',
    'a'.repeat(31),
    `${'A'.repeat(29)} 2`,
    '引号',
    'Sheet',
    'History 2',
  ]) // prettier-ignore
})

test('a sheet of more rows or columns than Excel opens is refused', async () => {
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })
  const wide = { name: 'w', columns: Array<Column>(16_385).fill({ title: 'x', kind: 'text' }), rows: [] } // prettier-ignore
  await expect(writeXlsx(nowhere(), [wide])).rejects.toThrow('16384 columns')
  const batch = Array<Cell[]>(65_536).fill([])
  const long = { name: 'l', columns: [], rows: Array<Cell[][]>(16).fill(batch) }
  await expect(writeXlsx(nowhere(), [long])).rejects.toThrow('1048576 rows')
})

test('a reader that is gone ends the writing instead of holding it for ever', async () => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('gone')) })
  broken.on('error', () => undefined)
  const rows = Array<Cell[][]>(200).fill(Array<Cell[]>(500).fill(rowOf(Math.PI.toString(36))))
  await expect(
    writeXlsx(broken, [{ name: 'x', columns: COLUMNS, rows }]),
  ).rejects.toThrow()
}) // prettier-ignore

async function csvOf(rows: Cell[][], columns = COLUMNS): Promise<string> {
  const parts: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      parts.push(Buffer.from(chunk))
      done()
    },
  })
  await writeCsv(sink, { columns, rows: [rows] })
  return Buffer.concat(parts).toString()
}

test('CSV has a byte order mark, and text that would run as a formula gets an apostrophe', async () => {
  const text = await csvOf([rowOf('=1+1'), rowOf('王,"明"'), ['x', null, null, -3, 0.5, -90]])
  expect(text).toBe(
    '\uFEFF姓名,日期,打卡,出勤分钟,得分,时长\r\n' +
      "'=1+1,2026-02-28,2026-02-28 23:59:58,480,0.5,30:05\r\n" +
      '"王,""明""",2026-02-28,2026-02-28 23:59:58,480,0.5,30:05\r\n' +
      'x,,,-3,0.5,-1:30\r\n',
  )
})

test('no text whatever begins a CSV cell with a sign that starts a formula', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.constantFrom(...HOSTILE)), async (text) => {
      const [, cell = ''] = (await csvOf([[text]], [{ title: 't', kind: 'text' }])).split(/\r\n(.*)/s)
      expect(cell.replace(/^"/, '')).not.toMatch(/^[=+\-@\t＝＋－＠]/)
    }),
  ) // prettier-ignore
})

test('minutes are told as hours and minutes past a day and below zero', () => {
  expect([0, 59, 1805, -90, -0.2].map(clockText)).toEqual(['0:00', '0:59', '30:05', '-1:30', '0:00'])
}) // prettier-ignore
