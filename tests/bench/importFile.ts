import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { zipTo } from '../../backend/core/sheets/writeZip.ts'

const HEADINGS = '客户名称,编码,地址,电话,等级,标签,业务员,经度,纬度,联系人'.split(',')

/** A shop with everything a list has; each has a twin in name elsewhere. */
function cellsOf(n: number): string[] {
  const city = n % 40
  const aside = ((n * 7919) % 1000) / 1000 - 0.5
  const place = [100 + city * 0.5 + aside * 0.3, 22 + city * 0.4 - aside * 0.3].map(String)
  const texts = [`好邻居便利店第${n}分店`, `B${n}`, `福田区深南大道${n}号`, `1380013${n % 10_000}`]
  return [...texts, 'ABC'[n % 3] ?? 'A', '冷柜', `p${n % 50}`, ...place, '王小姐']
}

/** @returns the bytes of a CSV file with so many shops below the headings */
export function csvOf(rows: number): Buffer {
  const lines = Array.from({ length: rows }, (_, n) => cellsOf(n).join(','))
  return Buffer.from([HEADINGS.join(','), ...lines].join('\n'))
}

/** The same as Excel saves it: every text once in the shared strings, the cells name it by number. */
export async function workbookOf(rows: number): Promise<Buffer> {
  const sink = new PassThrough()
  const whole = buffer(sink)
  const zip = zipTo(sink)
  const write = async (name: string, pieces: Iterable<string>) => {
    const entry = await zip.entry(name)
    for (const piece of pieces) await entry.write(piece)
    await entry.end()
  }
  await write('xl/workbook.xml', [
    '<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="x"/></sheets></workbook>',
  ])
  await write('xl/_rels/workbook.xml.rels', [
    '<Relationships><Relationship Id="x" Target="worksheets/sheet1.xml"/></Relationships>',
  ])
  const numbers = new Map<string, number>()
  await write('xl/worksheets/sheet1.xml', sheetOf(rows, numbers))
  await write('xl/sharedStrings.xml', stringsOf(numbers))
  await zip.finish()
  return whole
}

function* sheetOf(rows: number, numbers: Map<string, number>): Generator<string> {
  const cellOf = (text: string) => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return `<c t="s"><v>${number}</v></c>`
  }
  const rowOf = (cells: readonly string[], line: number) =>
    `<row r="${line}">${cells.map(cellOf).join('')}</row>`
  yield `<worksheet><sheetData>${rowOf(HEADINGS, 1)}`
  for (let n = 0; n < rows; n++) yield rowOf(cellsOf(n), n + 2)
  yield '</sheetData></worksheet>'
}

function* stringsOf(numbers: ReadonlyMap<string, number>): Generator<string> {
  yield '<sst>'
  for (const text of numbers.keys()) yield `<si><t>${text}</t></si>`
  yield '</sst>'
}
