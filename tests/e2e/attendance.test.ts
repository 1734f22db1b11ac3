import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AttendanceDay, AttendanceMonth, readCell } from '../../backend/contract/months.ts'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { button, fits, openerOf, show } from '../support/story.ts'

const LEAD = 'lead03'
const REP = 'rep29' // of lead03
const HR = 'hr01'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const openAs = openerOf(() => stage)

const ask = async (who: string, to: string): Promise<unknown> => {
  const headers = { authorization: `Bearer ${await stage.token(who)}` }
  return (await fetch(stage.url + to, { headers })).json()
}
const monthOf = async (who: string, month: string) =>
  AttendanceMonth.parse(await ask(who, `/api/v1/attendance/people/${who}/months/${month}`))
const dayOf = async (date: string) =>
  AttendanceDay.parse(await ask(REP, `/api/v1/attendance/people/${REP}/days/${date}`))

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
const before = (date: string, days: number) => new Date(Date.parse(date) - days * 86_400_000).toISOString().slice(0, 10) // prettier-ignore

/** The newest workday that is over, and was on time: to be made late by another rule below. */
async function lastWorkday(): Promise<string> {
  for (let back = 1; ; back++) {
    const date = before(today(), back)
    if ((await dayOf(date)).dayType === 'workday') return date
  }
}

test('the demo month looks like one that people worked: on time mostly, some late, few absent, leave and overtime among it', async () => {
  const last = before(`${today().slice(0, 7)}-01`, 1).slice(0, 7)
  const { rows } = AttendanceMonth.parse(await ask(HR, `/api/v1/attendance/months/${last}?limit=200`)) // prettier-ignore
  const marks = rows.flatMap(({ cells }) => cells.map((cell) => readCell(cell).marks))
  const share = (mark: string) => marks.filter((each) => each.includes(mark)).length / marks.filter((each) => /[nalsem]/.test(each)).length // prettier-ignore
  expect(share('n')).toBeGreaterThan(0.8)
  expect(share('a')).toBeLessThan(0.01)
  expect(share('l')).toBeGreaterThan(0.02)
  expect(share('m')).toBeGreaterThan(0)
  const all = [...new Set([...marks, ...(await monthOf('rep04', today().slice(0, 7))).rows.flatMap(({ cells }) => cells)].join(''))] // prettier-ignore
  expect(all).toEqual(expect.arrayContaining(['n', 'l', 'm', 'r']))
})

test('HR previews what stricter rules would do to which days before they hold; a rep is late by them, sees why, corrects, and the leader agrees', async () => {
  const date = await lastWorkday()
  const hr = await openAs(HR, 'desk', '/hr/rules')
  await button(hr.page, '修改').click()
  await hr.page.getByLabel('从哪天起执行').fill(date)
  await hr.page.getByLabel('从哪天起执行').blur()
  const begin = hr.page.getByLabel('上班时间').first()
  await begin.fill('08:00')
  await begin.blur()
  await button(hr.page, '预览影响').click()
  await hr.page.getByText('这样改会影响谁').waitFor()
  await hr.page.getByText(/其中 [1-9]\d* 个结果会变/).waitFor()
  await show(hr.page, 'attendance-preview-desk')
  expect(await offences(hr.page)).toEqual([])
  expect((await dayOf(date)).ruleSet.version).toBe(1)
  await button(hr.page, /起执行$/).click()
  await button(hr.page, '修改').waitFor()
  await expect.poll(async () => (await dayOf(date)).ruleSet.version, { timeout: 90_000 }).toBe(2)
  const late = await dayOf(date)
  expect(late.ledger.due[0]?.result).toMatch(/late|absent|missing/)

  const rep = await openAs(REP, 'phone', `/attendance?date=${date}`)
  await rep.page.getByText('为什么这样算').first().waitFor()
  await show(rep.page, 'attendance-late-phone')
  expect(await fits(rep.page)).toBe(true)
  expect(await offences(rep.page)).toEqual([])
  await rep.page.getByRole('link', { name: '补卡' }).first().click()
  await button(rep.page, '忘记打卡').click()
  await button(rep.page, '提交').click()
  await rep.page.getByText('待审批').first().waitFor()

  const lead = await openAs(LEAD, 'phone', '/approvals')
  await lead.page.getByText('忘记打卡').first().click()
  await lead.page.getByText(/的事实/).waitFor()
  await button(lead.page, '同意').click()
  await lead.page.getByText('已批准').first().waitFor()
  await expect
    .poll(async () => (await dayOf(date)).ledger.due[0], { timeout: 90_000 })
    .toMatchObject({ result: 'normal', corrected: true })
  await rep.page.goto(`${stage.url}/attendance?date=${date}`)
  await rep.page.getByText('为什么这样算').first().waitFor()
  await show(rep.page, 'attendance-corrected-phone')
  expect([...hr.wrong, ...rep.wrong, ...lead.wrong]).toEqual([])
  for (const { context } of [hr, rep, lead]) await context.close()
})

test('HR sees since when everybody is employed, corrects a date, and the days before are nobody’s absence', async () => {
  const { page, wrong, context } = await openAs(HR, 'desk', '/hr/people')
  await page.getByText('人员与打卡文件').first().waitFor()
  await page.getByRole('searchbox').fill('rep28')
  await page.getByRole('searchbox').press('Enter')
  const found = page.locator('.list button')
  await expect.poll(() => found.count()).toBe(1)
  await found.click()
  await page.getByText(/^改 彭飞/).waitFor()
  const date = before(today(), 5)
  await page.getByLabel('入职日期').fill(date)
  await show(page, 'attendance-employment-desk')
  expect(await offences(page)).toEqual([])
  await button(page, '保存').click()
  await page.getByText(`${date} 起`).waitFor()
  const { rows, days } = await monthOf('rep28', before(date, 1).slice(0, 7))
  const index = days.findIndex((day) => day.date === before(date, 1))
  expect(rows[0]?.cells[index]).toBe('x')
  await button(page, '导入考勤机打卡').click()
  await page.getByText(/流水号/).waitFor()
  await page.setInputFiles('input[type=file]', {
    name: '打卡.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`账号,打卡时间\nrep28,${date} 25:99\n`),
  })
  await page.getByText('打卡时间：要写成 2026-03-01 08:58 这样的时间').waitFor()
  await show(page, 'attendance-punches-desk')
  expect(wrong).toEqual([])
  await context.close()
})
