import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ImportReply, type ImportCounts } from '../../backend/contract/customerImport.ts'
import { CustomerDetails, Customers } from '../../backend/contract/customers.ts'
import { Job } from '../../backend/contract/jobs.ts'
import { sql } from '../../backend/core/sql.ts'
import { zipTo } from '../../backend/core/sheets/writeZip.ts'
import { wgs84ToGcj02 } from '../../geo/index.ts'
import { ORG } from './company.ts'
import { openCustomers, type CustomersStage } from './customersStage.ts'

const API = '/api/v1/customers'
const PATH = `${API}/import`
let stage: CustomersStage
beforeAll(async () => {
  stage = await openCustomers()
  await stage.put(`${API}/settings`, 'admin', {
    fields: [{ key: 'size', label: '面积', kind: 'number' }],
  })
})
afterAll(() => stage.close())

async function upload(
  text: string | Uint8Array<ArrayBuffer>,
  query = '?dryRun=1',
  who: string | null = 'admin',
  options = {},
) {
  const form = new FormData()
  form.append('file', new File([text], '客户.csv', { type: 'text/csv' }))
  form.append('options', JSON.stringify(options))
  const headers: Record<string, string> = who
    ? { authorization: `Bearer ${await stage.tokenOf(who)}` }
    : {}
  const answer = await fetch(stage.url + PATH + query, { method: 'POST', body: form, headers })
  const body: unknown = await answer.json()
  return { status: answer.status, body }
}
const dryRun = async (text: string, options = {}) => {
  const { status, body } = await upload(text, '?dryRun=1', 'admin', options)
  expect(status, JSON.stringify(body)).toBe(200)
  return ImportReply.parse(body)
}
async function imported(text: string, options = {}) {
  const { body } = await upload(text, '', 'admin', options)
  const { jobId } = ImportReply.parse(body)
  await stage.work()
  const job = Job.parse((await stage.get(`/api/v1/jobs/${jobId}`, 'admin')).body)
  expect(job.state, job.error ?? '').toBe('done')
  return job
}
/** Everything that is kept, but when it was changed. */
const kept = () =>
  stage.db.many<object>(sql`
    select c.id, c.name, c.address, c.code, c.phone, c.tier, c.tags, c.contacts, c.custom, c.note, c.radius, c.version,
      c.owner_id, st_astext(c.at) as at, c.import_key, c.import_hash
    from customers c where c.org_id = ${ORG} order by c.id`)
/** 60 MB of spaces as a workbook of some kilobytes. */
async function bomb() {
  const sink = new PassThrough()
  const zip = zipTo(sink)
  const content = buffer(sink)
  const entry = await zip.entry('xl/workbook.xml')
  await entry.write(' '.repeat(60_000_000))
  await entry.end()
  await zip.finish()
  return Uint8Array.from(await content)
}
const counts = (most: Partial<ImportCounts>) => ({
  rows: 0,
  added: 0,
  changed: 0,
  same: 0,
  failed: 0,
  alike: 0,
  ...most,
})
const find = async (q: string) => {
  const { customers } = Customers.parse(
    (await stage.get(`${API}?q=${encodeURIComponent(q)}`, 'admin')).body,
  )
  const { body } = await stage.get(`${API}/${customers[0]?.id}`, 'admin')
  return CustomerDetails.parse(body)
}

const HEAD = '客户名称,客户编码,详细地址,联系电话,等级,标签,负责人,经度,纬度,联系人,面积,其他'

describe('POST /api/v1/customers/import', () => {
  it('is for admins, and refuses what is no table', async () => {
    expect((await upload('名称\na', '?dryRun=1', null)).status).toBe(401)
    for (const who of ['rep1', 'leadN', 'hr'])
      expect((await upload('名称\na', '', who)).status).toBe(403)
    expect((await upload('a,b\n1,2')).body).toMatchObject({ error: { code: 'bad_input' } })
    expect((await upload('名称\na', '?dryRun=maybe')).status).toBe(422)
    expect((await upload(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0]))).status).toBe(422)
    const mapping = { mapping: ['name', 'custom.unknown'] }
    const { body } = await upload('a,b\n1,2', '?dryRun=1', 'admin', mapping)
    expect(JSON.stringify(body)).toContain('custom.unknown')
    expect(await kept()).toEqual([])
  })

  it('takes no position without a datum where the company requires one, and no bomb', async () => {
    const fields = [{ key: 'size', label: '面积', kind: 'number' }]
    await stage.put(`${API}/settings`, 'admin', { fields, datumRequired: true })
    const text = '名称,经度,纬度\n店,114.05,22.54'
    for (const query of ['?dryRun=1', '']) {
      const { status, body } = await upload(text, query)
      expect(status).toBe(422)
      expect(JSON.stringify(body)).toContain('options.datum')
    }
    const { counts: told } = await dryRun(text, { datum: 'gcj02' })
    expect(told?.added).toBe(1)
    await stage.put(`${API}/settings`, 'admin', { fields })
    const { status, body } = await upload(await bomb())
    expect([status, JSON.stringify(body)]).toEqual([413, expect.stringContaining('unpacked')])
    expect(await kept()).toEqual([])
  })

  it('tells first what it would do, row by row, and changes nothing', async () => {
    const told = await dryRun(
      [
        HEAD,
        '好店,K1,深南大道 1 号,13800138000,A级,"大、冷柜",rep1,114.05,22.54,王小姐,80,x',
        ',K2,,,,,,,,,,',
        '坏店,K3,,,D,,nobody,200,22.54,,大,',
        '好店二,K1,,,,,,,,,,',
      ].join('\n'),
    )
    expect(told.mapping).toEqual([
      'name',
      'code',
      'address',
      'phone',
      'tier',
      'tags',
      'owner',
      'lng',
      'lat',
      'contact',
      'custom.size',
      null,
    ])
    expect(told.counts).toEqual(counts({ rows: 4, added: 1, failed: 3 }))
    expect(
      told.errors.map(({ line, field, code, about }) =>
        [line, field, code, about].join(' ').trim(),
      ),
    ).toEqual([
      '3 name required',
      '4 custom.size number',
      '4 tier choice A, B, C',
      '4 lng degrees 180',
      '4 owner unknown',
      '5 code twice 2',
    ])
    expect(told.sample).toHaveLength(4)
    expect(told.jobId).toBeNull()
    expect(await kept()).toEqual([])
  })

  it('takes good rows with everything they say, and gives the bad ones back as a file', async () => {
    const [lng, lat] = wgs84ToGcj02([114.05, 22.54])
    const text = [
      HEAD,
      `<b>=1+1</b>,K1,"=HYPERLINK(""x"")",13800138000,甲,"大、冷柜",名 rep1,${lng},${lat},王小姐,80,x`,
      '坏店,,,,Z,,,,,,,',
    ].join('\n')
    const job = await imported(text, { datum: 'gcj02' })
    expect(job.result).toEqual(counts({ rows: 2, added: 1, failed: 1 }))
    expect(job).toMatchObject({ done: 2, total: 2, file: { name: '客户-errors.csv' } })
    const customer = await find('=1+1')
    expect(customer).toMatchObject({
      name: '<b>=1+1</b>',
      code: 'K1',
      address: '=HYPERLINK("x")',
      tier: 'A',
      tags: ['大', '冷柜'],
      ownerId: 'rep1',
      departmentId: 'north',
      custom: { size: 80 },
      placedBy: 'imported',
      source: 'import',
      contacts: [{ name: '王小姐', title: null, phone: null }],
    })
    expect(customer.lng).toBeCloseTo(114.05, 6)
    const headers = { authorization: `Bearer ${await stage.tokenOf('admin')}` }
    const errors = await (
      await fetch(`${stage.url}/api/v1/jobs/${job.id}/file`, { headers })
    ).text()
    expect(errors).toContain('3,tier,"只能是：A, B, C · one of A, B, C",Z')
    const csv = await (await fetch(`${stage.url}${API}/file.csv`, { headers })).text()
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`)
    const xlsx = await fetch(`${stage.url}${API}/file.xlsx?language=en`, { headers })
    expect((await xlsx.arrayBuffer()).byteLength).toBeGreaterThan(1000)
  })

  it('changes nothing when the same comes again, also after somebody edited; and only what is new else', async () => {
    const text = `${HEAD}\n改店,K9,路 1,1,B,,rep1,114.06,22.55,,,`
    await imported(text)
    const { id, version } = await find('改店')
    await stage.put(`${API}/${id}`, 'admin', { name: '改店', code: 'K9', phone: '2', version })
    await stage.post(`${API}/${id}/position`, 'admin', { lng: 114.07, lat: 22.55, datum: 'wgs84' })
    const before = await kept()
    expect((await imported(text)).result).toEqual(counts({ rows: 1, same: 1 }))
    expect(await kept()).toEqual(before)
    expect((await imported('名称,编号,地址\n改店,K9,路 2')).result).toEqual(
      counts({ rows: 1, changed: 1 }),
    )
    expect(await find('改店')).toMatchObject({
      id,
      address: '路 2',
      phone: '2',
      lng: 114.07,
      ownerId: 'rep1',
    })
  })

  it('tells in a dry run what may be here already: the same name anywhere, or an alike one near', async () => {
    await imported(`${HEAD}\n春晓水果超市香蜜湖店,T1,路 1,,,,,114.20,22.60,,,`)
    const { id } = await find('春晓水果超市')
    const told = await dryRun(
      [
        '名称,经度,纬度',
        '春晓水果超市（香蜜湖店）有限公司,,',
        '春晓水果超市香蜜店,114.2001,22.6001',
        '春晓水果超市香蜜二店,114.30,22.60',
        '大药房,114.2001,22.6001',
      ].join('\n'),
    )
    expect(told.counts).toEqual(counts({ rows: 4, added: 4, alike: 2 }))
    expect(told.alike).toMatchObject([
      { line: 2, customerId: id, customer: '春晓水果超市香蜜湖店', alike: 1, metres: null },
      { line: 3, customerId: id, name: '春晓水果超市香蜜店' },
    ])
    expect(told.alike[1]?.metres).toBeLessThan(300)
  })

  it('reads no more than the first rows before the job, and tells there what only a later row shows', async () => {
    const rows = Array.from({ length: 2000 }, (_, n) => `a${n}`).join('\n')
    const { body } = await upload(`name\n${rows}\n"x`, '?rows=2001')
    const told = ImportReply.parse(body)
    expect(told).toMatchObject({ counts: null, errors: [], headings: ['name'] })
    expect(told.sample).toHaveLength(10)
    await stage.work()
    const job = Job.parse((await stage.get(`/api/v1/jobs/${told.jobId}`, 'admin')).body)
    expect(job).toMatchObject({ state: 'failed' })
    expect(job.error).toMatch(/quote/)
  })

  it('changes nothing the second time, whatever the rows and their order', async () => {
    const word = fc.stringMatching(/^[一-龥a-z ="<,]{1,8}$/)
    const row = fc.tuple(
      word,
      fc.option(word, { nil: '' }),
      fc.constantFrom('', 'A', 'b', '丙', 'X'),
    )
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const file = (some: typeof rows) =>
          ['name,address,tier', ...some.map((cells) => cells.map(quoted).join(','))].join('\n')
        const first = await imported(file(rows))
        const before = await kept()
        const again = await imported(file(rows))
        const told = { ...first.result, ...again.result }
        expect(again.result).toMatchObject({ added: 0, changed: 0, failed: told['failed'] })
        expect(await kept()).toEqual(before)
      }),
      { numRuns: 15 },
    )
  })
})
