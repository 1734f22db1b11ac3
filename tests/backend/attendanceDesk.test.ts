import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MonthClosing, MyMonth } from '../../backend/contract/closing.ts'
import { Payslip, PayslipImports, PayslipOutcome } from '../../backend/contract/payslips.ts'
import { RosterOutcome } from '../../backend/contract/rosters.ts'
import { readWorkbook } from '../support/sheets.ts'
import { NINE, openAttendance, type AttendanceStage } from './attendanceStage.ts'
import { MINUTE } from './company.ts'

const MONTH = '/api/v1/attendance/months/2026-11'
const DECEMBER = Date.parse('2026-12-01T02:00:00Z')
const HOUR = 60 * MINUTE
let stage: AttendanceStage
let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuji-desk-'))
  stage = await openAttendance()
  stage.company.clock.at = NINE + 12 * MINUTE
  await stage.checkIn('rep1', NINE + 12 * MINUTE)
  await stage.checkIn('rep1', NINE + 9 * HOUR, 'out')
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stage.company.close()
})

const post = (path_: string, who: string | null, body: object) =>
  stage.company.post(path_, who, body)
const closing = async () =>
  MonthClosing.parse((await stage.company.get(`${MONTH}/closing`, 'hr')).body)
const mine = async (who: string) =>
  MyMonth.parse((await stage.company.get(`${MONTH}/mine`, who)).body)

async function upload(to: string, who: string | null, text: string) {
  const headers: Record<string, string> = { 'content-type': 'text/csv' }
  if (who) headers['authorization'] = `Bearer ${await stage.company.tokenOf(who)}`
  const reply = await fetch(stage.company.url + to, { method: 'POST', headers, body: text })
  const body: unknown = await reply.json()
  return { status: reply.status, body }
}

const ROUTES: ['GET' | 'POST', string, object][] = [
  ['GET', `${MONTH}/closing`, {}],
  ['GET', `${MONTH}/differences`, {}],
  ['GET', `${MONTH}/confirmations`, {}],
  ['GET', `${MONTH}.csv`, {}],
  ['POST', `${MONTH}/lock`, { id: uuid() }],
  ['POST', `${MONTH}/reopen`, { id: uuid(), reason: '数据有误' }],
  ['POST', `${MONTH}/grace`, { id: uuid(), until: 1 }],
  ['POST', `${MONTH}/export`, {}],
]

describe('the desk of HR', () => {
  test.each(ROUTES)('%s %s refuses the signed out and reps', async (method, at, body) => {
    const ask = (who: string | null) => method === 'GET' ? stage.company.get(at, who) : post(at, who, body) // prettier-ignore
    expect((await ask(null)).status).toBe(401)
    expect((await ask('rep1')).status).toBe(403)
  })

  test('bad input is refused naming field and rule', async () => {
    expect(await post(`${MONTH}/reopen`, 'hr', { id: uuid(), reason: 'x' })).toMatchObject({
      status: 422,
      body: { error: { details: [{ field: 'reason', rule: 'must say why in at least 4 characters' }] } },
    }) // prettier-ignore
    expect(await post(`${MONTH}/grace`, 'hr', { id: uuid(), until: 5 })).toMatchObject({
      status: 422,
      body: { error: { details: [{ field: 'until', rule: 'must be to come' }] } },
    })
    expect((await stage.company.get('/api/v1/attendance/months/2026-13/closing', 'hr')).status).toBe(422) // prettier-ignore
    expect((await post(`${MONTH}/export`, 'hr', { columns: ['salary'] })).status).toBe(422)
  })

  test('a month that is not over is neither locked nor agreed to', async () => {
    expect((await post(`${MONTH}/lock`, 'hr', { id: uuid() })).status).toBe(409)
    expect((await closing()).state).toBe('open')
    const { digest } = await mine('rep1')
    expect((await post(`${MONTH}/confirm`, 'rep1', { id: uuid(), digest, agrees: true })).status).toBe(409) // prettier-ignore
  })

  test('people agree to what they were shown and nothing else', async () => {
    stage.company.clock.at = DECEMBER
    const shown = await mine('rep1')
    expect(shown).toMatchObject({ state: 'grace', over: true, confirmation: { state: 'silent' } })
    const wrong = { id: uuid(), digest: '0'.repeat(64), agrees: true }
    expect((await post(`${MONTH}/confirm`, 'rep1', wrong)).status).toBe(409)
    const without = { id: uuid(), digest: shown.digest, agrees: false }
    expect((await post(`${MONTH}/confirm`, 'rep1', without)).status).toBe(422)
    const word = { id: uuid(), digest: shown.digest, agrees: true }
    for (let times = 0; times < 2; times++) {
      const said = await post(`${MONTH}/confirm`, 'rep1', word)
      expect(MyMonth.parse(said.body).confirmation.state).toBe('agreed')
    }
    expect((await closing()).confirmed.agreed).toBe(1)
  })

  test('payslips wait for the lock; a locked month stays, and is opened again with a reason', async () => {
    const file = '账号,姓名,实发\nrep1,名 rep1,8000.50\n'
    expect((await upload('/api/v1/payslips/2026-11/import', 'hr', file)).status).toBe(409)
    const locked = await post(`${MONTH}/lock`, 'hr', { id: uuid() })
    expect(MonthClosing.parse(locked.body)).toMatchObject({ state: 'locked', lockedBy: '名 hr' })
    const reopened = await post(`${MONTH}/reopen`, 'hr', { id: uuid(), reason: '补一天打卡' })
    expect(MonthClosing.parse(reopened.body)).toMatchObject({ state: 'reopened', reason: '补一天打卡' }) // prettier-ignore
    await post(`${MONTH}/lock`, 'hr', { id: uuid() })
    expect((await closing()).decisions.map(({ kind }) => kind)).toEqual(['lock', 'reopen', 'lock'])
  })

  test('a payslip is seen by its own person alone, and HR never reads amounts', async () => {
    const at = '/api/v1/payslips/2026-11/import'
    const good = '账号,姓名,应发,实发\nrep1,名 rep1,9000,8000.50\nREP2,名 rep2,7000,=6500\n'
    const bad = '账号,姓名,实发\nrep1,别人,1\nnobody,x,2\nrep2,名 rep2,3\nrep2,名 rep2,4\n'
    const faults = PayslipOutcome.parse((await upload(at, 'hr', bad)).body)
    expect(faults.importId).toBeNull()
    expect(faults.errors.map(({ line, field }) => `${line} ${field}`)).toEqual(['2 name', '3 account', '5 account']) // prettier-ignore
    expect((await upload(at, 'admin', good)).status).toBe(403)
    const dry = PayslipOutcome.parse((await upload(`${at}?dryRun=1`, 'hr', good)).body)
    expect(dry).toMatchObject({ people: 2, columns: ['应发', '实发'], importId: null })
    expect((await stage.company.get('/api/v1/payslips/mine/2026-11', 'rep1')).status).toBe(404)
    await upload(at, 'hr', good)
    const slip = Payslip.parse((await stage.company.get('/api/v1/payslips/mine/2026-11', 'rep1')).body) // prettier-ignore
    expect(slip.items).toEqual([
      { title: '应发', value: '9000' },
      { title: '实发', value: '8000.50' },
    ])
    expect((await stage.company.get('/api/v1/payslips/mine/2026-11', 'rep3')).status).toBe(404)
    const { body } = await stage.company.get('/api/v1/payslips/2026-11/imports', 'hr')
    const { imports } = PayslipImports.parse(body)
    expect(imports[0]).toMatchObject({ people: 2, seen: 1 })
    expect(JSON.stringify(body)).not.toContain('8000')
    await post(`/api/v1/payslips/2026-11/imports/${imports[0]?.id}/withdraw`, 'hr', {})
    expect((await stage.company.get('/api/v1/payslips/mine/2026-11', 'rep1')).status).toBe(404)
  })

  test('a roster comes from a table, with each wrong cell named by its line', async () => {
    const to = '/api/v1/attendance/rosters/2026-12/import?dryRun=1'
    const wrong = RosterOutcome.parse((await upload(to, 'hr', '账号,1,2\nrep1,休,没有这个班\ngone,休,休\n')).body) // prettier-ignore
    expect(wrong.saved).toBe(false)
    expect(wrong.errors.map(({ line, field }) => `${line} ${field}`)).toEqual(['2 2026-12-02', '3 account']) // prettier-ignore
    expect((await upload(to, 'rep1', 'x')).status).toBe(403)
  })

  test('the workbook names what it is made of, and holds every person and day', async () => {
    const headers = { authorization: `Bearer ${await stage.company.tokenOf('hr')}` }
    const reply = await fetch(`${stage.company.url}${MONTH}.xlsx`, { headers })
    expect(reply.status).toBe(200)
    const file = path.join(folder, 'month.xlsx')
    writeFileSync(file, Buffer.from(await reply.arrayBuffer()))
    const [about, matrix, daily, punches, , summary] = await readWorkbook(file)
    const said = new Map(about?.rows.map(([key, value]) => [key?.value, value?.value]))
    expect(said.get('时区（本文件所有时刻）')).toBe('Asia/Shanghai')
    expect(said.get('月份状态')).toBe('已锁定')
    expect(String(said.get('打卡记录链头'))).toMatch(/^2026-11-23 [0-9a-f]{64}$/)
    const row = matrix?.rows.find((cells) => cells[1]?.value === 'rep1')
    expect(row?.length).toBeGreaterThan(40)
    const valuesOf = (cells: typeof row) => (cells ?? []).map((cell) => cell?.value ?? null)
    const sums = valuesOf(summary?.rows.find((cells) => cells[1]?.value === 'rep1'))
    expect(sums).toEqual(valuesOf(row).filter((_, index) => index < 4 || index >= 34)) // the matrix without its days
    expect(matrix?.frozen).toBe('E2')
    const across = { rows: '$1:$1', orientation: 'landscape' }
    expect(matrix?.printed).toEqual({ ...across, columns: '$A:$D', wide: 2 }) // days, then sums, each beside the names
    expect(daily?.printed).toEqual({ ...across, columns: null, wide: 1 })
    expect(daily?.rows.filter((cells) => cells[2]?.value === 'rep1')).toHaveLength(30)
    const times = punches?.rows.filter((cells) => cells[2]?.value === 'rep1').map((cells) => cells[5]?.value) // prettier-ignore
    expect(times).toEqual(['2026-11-23 09:12:00', '2026-11-23 18:00:00'])
  })

  test('WeCom’s own titles come when they are asked for', async () => {
    const headers = { authorization: `Bearer ${await stage.company.tokenOf('hr')}` }
    const reply = await fetch(`${stage.company.url}${MONTH}.csv?layout=wecom`, { headers })
    const [titles = '', first = ''] = (await reply.text()).split('\r\n')
    expect(titles.startsWith('时间,姓名,账号,部门,职务,工号,所属规则,班次,最早,最晚,次数(次)')).toBe(true) // prettier-ignore
    expect(first.startsWith('2026-11-01,')).toBe(true)
  })
})
