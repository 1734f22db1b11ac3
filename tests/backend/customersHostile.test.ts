import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ImportReply } from '../../backend/contract/customerImport.ts'
import { Customers } from '../../backend/contract/customers.ts'
import { Job } from '../../backend/contract/jobs.ts'
import { XLSX_TYPE, writeXlsx } from '../../backend/core/sheets/writeXlsx.ts'
import { readWorkbook } from '../support/sheets.ts'
import { API, openCustomers, type CustomersStage } from './customersStage.ts'

let stage: CustomersStage
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zuji-hostile-'))
  stage = await openCustomers()
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

const NAMES = [
  '=HYPERLINK("http://x.example","点我")',
  '+86 餐厅',
  '-2+3|cmd',
  '@SUM(A1:A9)',
  '＝1+1',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '"; drop table customers; --',
]

async function upload(content: Uint8Array<ArrayBuffer>, name: string, type: string, dryRun = '1') {
  const form = new FormData()
  form.append('file', new File([content], name, { type }))
  const headers = { authorization: `Bearer ${await stage.tokenOf('admin')}` }
  const url = `${stage.url}${API}/import?dryRun=${dryRun}`
  const answer = await fetch(url, { method: 'POST', body: form, headers })
  const body: unknown = await answer.json()
  return { status: answer.status, body }
}
async function file(kind: 'csv' | 'xlsx') {
  const headers = { authorization: `Bearer ${await stage.tokenOf('admin')}` }
  const answer = await fetch(`${stage.url}${API}/file.${kind}`, { headers })
  return Buffer.from(await answer.arrayBuffer())
}
async function bookOf(rows: string[][]) {
  const sink = new PassThrough()
  const columns = [{ title: '名称', kind: 'text' as const }]
  const [content] = await Promise.all([buffer(sink), writeXlsx(sink, [{ name: 'a', columns, rows: [rows] }])]) // prettier-ignore
  return Uint8Array.from(content)
}

test('formulas and HTML in names and contacts are text in both files, and come back as the same customers', async () => {
  for (const name of NAMES)
    await stage.add('admin', { name, contacts: [{ name, title: null, phone: null }], note: name })
  const place = path.join(folder, 'customers.xlsx')
  await writeFile(place, await file('xlsx'))
  const cells = (await readWorkbook(place))[0]?.rows.slice(1).flat() ?? []
  expect(cells.filter(({ type }) => type === 'f')).toEqual([])
  const texts = cells.map(({ value }) => value)
  for (const name of NAMES) expect(texts.filter((text) => text === name)).toHaveLength(3)
  const csv = (await file('csv')).toString('utf8').replace('\uFEFF', '')
  const signs = /(^|,|\r\n)"?[=+\-@＝＋－＠\t]/
  expect(signs.exec(csv.replaceAll('""', ''))).toBeNull()

  const headings = '客户名称'
  expect(csv.startsWith(headings)).toBe(true)
  for (const [content, name, type] of [
    [Buffer.from(csv), '客户.csv', 'text/csv'],
    [await file('xlsx'), '客户.xlsx', XLSX_TYPE],
  ] as const) {
    const { status, body } = await upload(Uint8Array.from(content), name, type, '0')
    expect(status, JSON.stringify(body)).toBe(200)
    await stage.work()
    const job = Job.parse((await stage.get(`/api/v1/jobs/${ImportReply.parse(body).jobId}`, 'admin')).body) // prettier-ignore
    expect(job).toMatchObject({ state: 'done', result: { rows: NAMES.length, failed: 0 } })
    const { body: list } = await stage.get(`${API}?limit=100`, 'admin')
    const names = Customers.parse(list).customers.map((each) => each.name)
    expect([...new Set(names)].sort()).toEqual([...NAMES].sort())
  }
})

test('what a file is says its content: a wrong type behind a right name is refused, a right one behind a wrong name taken', async () => {
  const png = Uint8Array.from(Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex'))
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text))
  const wrong: [Uint8Array<ArrayBuffer>, string, string][] = [
    [png, '客户.xlsx', XLSX_TYPE],
    [png, '客户.csv', 'text/csv'],
    [bytes('<!doctype html><table><tr><td>名称'), '客户.xlsx', XLSX_TYPE],
    [bytes('%PDF-1.7\n\u0000\u0001'), '客户.csv', 'text/csv'],
    [bytes('PK\u0003\u0004 no zip at all'), '客户.xlsx', XLSX_TYPE],
    [Uint8Array.from(Buffer.from('d0cf11e0a1b11ae1', 'hex')), '客户.xlsx', XLSX_TYPE],
  ]
  for (const [content, name, type] of wrong) {
    const { status, body } = await upload(content, name, type)
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('file')])
  }
  const book = await bookOf([['真的店']])
  const told = await upload(book, '客户.csv', 'text/csv')
  expect(ImportReply.parse(told.body).counts).toMatchObject({ rows: 1, failed: 0 })
  const text = await upload(bytes('名称\n真的店'), '客户.xlsx', XLSX_TYPE)
  expect(ImportReply.parse(text.body).counts).toMatchObject({ rows: 1, failed: 0 })
})
