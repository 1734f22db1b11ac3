import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSheet } from '../../backend/core/sheets/read.ts'
import type { Column } from '../../backend/core/sheets/write.ts'
import { writeCsv } from '../../backend/core/sheets/writeCsv.ts'
import { writeXlsx } from '../../backend/core/sheets/writeXlsx.ts'
import type { Source } from '../../backend/core/source.ts'
import { zipTo } from '../../backend/core/sheets/writeZip.ts'

const LIMITS = { rows: 1000, columns: 50, text: 1000 }

async function read(content: Uint8Array | string, limits = LIMITS) {
  const rows: (readonly string[])[] = []
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  for await (const batch of readSheet(bytes, limits)) rows.push(...batch.map(({ cells }) => cells))
  return rows
}

const column = (title: string, kind: Column['kind'] = 'text'): Column => ({ title, kind })

async function xlsx(columns: Column[], rows: (string | number | null)[][]) {
  const sink = new PassThrough()
  const [content] = await Promise.all([
    buffer(sink),
    writeXlsx(sink, [{ name: 'a', columns, rows: [rows] }]),
  ])
  return content
}

/** A workbook of parts made by hand. */
async function bookOf(parts: Record<string, string>) {
  const sink = new PassThrough()
  const zip = zipTo(sink)
  const whole = buffer(sink)
  const all = {
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="x"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="x" Target="worksheets/sheet1.xml"/></Relationships>',
    ...parts,
  }
  for (const [name, text] of Object.entries(all)) {
    const entry = await zip.entry(name)
    await entry.write(text)
    await entry.end()
  }
  await zip.finish()
  return whole
}
const sheet = (rows: string) =>
  bookOf({ 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>` })

test('CSV comes in UTF-8 with and without mark, UTF-16, GBK, by comma, semicolon and tab', async () => {
  const gbk = Buffer.from([0xc3, 0xfb, 0xb3, 0xc6, 0x2c, 0x61]) // 名称,a
  expect(await read(gbk)).toEqual([['名称', 'a']])
  expect(await read('\uFEFF名称,a')).toEqual([['名称', 'a']])
  expect(await read('名称;a\r\n"一;二";3')).toEqual([
    ['名称', 'a'],
    ['一;二', '3'],
  ])
  expect(await read(Buffer.from('\uFEFF名称\ta', 'utf16le'))).toEqual([['名称', 'a']])
})

test('quotes, line ends within cells, empty lines, HTML and formulas are text', async () => {
  expect(await read('a,b\n"x\n""y""",<b>\n\n=1+1,\' z ')).toEqual([
    ['a', 'b'],
    ['x\n"y"', '<b>'],
    ['=1+1', "' z"],
  ])
})

test('what was written as XLSX or CSV is read as it was', async () => {
  const cell = fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .map((text) => text.replace(/[\p{C}\s'_]/gu, ''))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), async (rows) => {
      const columns = [column('一'), column('b')]
      const kept = rows.filter((row) => row.some((each) => each !== ''))
      const plain = (each: readonly string[]) => each.map((text) => text.normalize())
      const fromXlsx = await read(await xlsx(columns, rows))
      expect(fromXlsx.slice(1).map(plain)).toEqual(kept.map(plain))
      const sink = new PassThrough()
      const [csv] = await Promise.all([buffer(sink), writeCsv(sink, { columns, rows: [rows] })])
      const unguarded = (await read(csv))
        .slice(1)
        .map((row) => row.map((text) => text.replace(/^'/, '')))
      expect(unguarded.map(plain)).toEqual(kept.map(plain))
    }),
    { numRuns: 30 },
  )
})

test('numbers stay what people see: long codes, fractions, dates', async () => {
  const columns = [column('a', 'decimal'), column('b', 'date')]
  const rows = await read(
    await xlsx(columns, [
      [13800138000, '2024-02-29'],
      [0.1 + 0.2, '1999-12-31'],
    ]),
  )
  expect(rows.slice(1)).toEqual([
    ['13800138000', '2024-02-29'],
    ['0.3', '1999-12-31'],
  ])
})

test('a formula in XLSX is what it last came to', async () => {
  const cell =
    '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c><c r="D1" t="b"><v>1</v></c>'
  expect(await read(await sheet(`<row r="1">${cell}</row>`))).toEqual([['2', 'a', '', 'TRUE']])
})

/** Bytes that come by few at a time, as from a slow disk. */
const inPieces = (content: Uint8Array, size: number): Source => ({
  bytes: content.length,
  read: (from, to) =>
    Readable.from(
      Array.from({ length: Math.ceil((to - from) / size) }, (_, n) =>
        content.subarray(from + n * size, Math.min(to, from + (n + 1) * size)),
      ),
      { objectMode: false },
    ),
})

test('a file read piece by piece says the same as one at hand, wherever the pieces are cut', async () => {
  const written = await xlsx([column('名称'), column('b')], [['深南大道店', 'x']])
  const files = [
    Buffer.from('名称,b\n深南大道店,x'),
    Buffer.from('\uFEFF名称\tb\n深南大道店\tx', 'utf16le'),
    Buffer.from([0xc3, 0xfb, 0xb3, 0xc6, 0x2c, 0x61, 0x0a, 0xc3, 0xfb, 0x2c, 0x62]),
    written,
  ]
  for (const content of files)
    for (const size of [1, 2, 3, 7]) {
      const rows: (readonly string[])[] = []
      for await (const batch of readSheet(inPieces(content, size), LIMITS))
        rows.push(...batch.map(({ cells }) => cells))
      expect(rows).toEqual(await read(content))
    }
})

test('the shared strings of a long workbook are read back in any order; a number that none has is empty', async () => {
  const count = 20_000
  const strings = Array.from({ length: count }, (_, n) => `<si><t>店${n}</t></si>`).join('')
  const asked = Array.from({ length: count }, (_, n) => (n * 7919) % count)
  const cellOf = (number: number) => `<row><c t="s"><v>${number}</v></c></row>`
  const book = await bookOf({
    'xl/sharedStrings.xml': `<sst>${strings}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${asked.map(cellOf).join('')}
      <row><c t="s"><v>${count}</v></c><c t="s"><v>-1</v></c><c t="s"><v>x</v></c><c><v>end</v></c></row>
      </sheetData></worksheet>`,
  })
  const rows = await read(book, { ...LIMITS, rows: count + 1 })
  expect(rows).toEqual([...asked.map((number) => [`店${number}`]), ['', '', '', 'end']])
})

test('lines that a workbook numbers wrongly are counted instead', async () => {
  const lines: number[] = []
  const content = await sheet(
    ['2', '-5', 'x', '1e99', '9'].map((r) => `<row r="${r}"><c><v>1</v></c></row>`).join(''),
  )
  for await (const rows of readSheet(content, LIMITS)) lines.push(...rows.map(({ line }) => line))
  expect(lines).toEqual([2, 3, 4, 5, 9])
})

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
test.each<[string, () => Promise<Uint8Array | string> | Uint8Array | string, string]>([
  ['a picture', () => PNG, 'neither an XLSX nor a CSV'],
  ['a page', () => '<!DOCTYPE html><table>', 'neither an XLSX nor a CSV'],
  ['the old format', () => Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'old Excel format'],
  ['broken letters', () => Buffer.from([0x61, 0xff, 0xff, 0x80, 0xff]), 'neither UTF-8 nor GBK'],
  ['an open quote', () => `a\n"${'x'.repeat(3_000_000)}`, 'near line'],
  ['a zip of something else', async () => bookOf({ 'xl/workbook.xml': '<a/>' }), 'damaged'],
  ['half a zip', async () => (await sheet('<row/>')).subarray(0, 200), 'damaged'],
  [
    'a DOCTYPE',
    async () =>
      bookOf({
        'xl/worksheets/sheet1.xml': '<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>',
      }),
    'damaged',
  ],
  [
    'XML that does not end',
    async () => bookOf({ 'xl/worksheets/sheet1.xml': '<worksheet>' }),
    'damaged',
  ],
  [
    'a column far out',
    async () => sheet('<row r="1"><c r="XFDXFD1"><v>1</v></c></row>'),
    'more than 50 columns',
  ],
  ['columns without end', () => `a${','.repeat(1_000_000)}`, 'columns'],
  ['rows without end', () => 'a\n'.repeat(2000), 'more than 1000 rows'],
  ['a long cell', () => `a\n${'x'.repeat(1001)}`, 'over 1000 characters'],
  ['a bomb', async () => sheet(' '.repeat(60_000_000)), 'unpacked it would have'],
])('%s is refused by name', async (_, make, words) => {
  await expect(read(await make())).rejects.toThrow(words)
})
