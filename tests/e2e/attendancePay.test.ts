import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DayDifferences, MonthClosing } from '../../backend/contract/closing.ts'
import { AttendanceDay, AttendanceMonth, readCell } from '../../backend/contract/months.ts'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { button, fits, lastMonth, openerOf, show } from '../support/story.ts'

const HR = 'hr01'
const REP = 'rep29'

let stage: Stage
/** The month before the one on Shanghai's clock: it is over, and locked. */
let month = ''
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
  month = lastMonth()
  const locked = MonthClosing.parse(await ask(HR, `months/${month}/lock`, { id: uuid() }))
  expect(locked.state).toBe('locked')
})
afterAll(() => stage.close())

const openAs = openerOf(() => stage)

async function ask(who: string, to: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${await stage.token(who)}` }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  return (await fetch(`${stage.url}/api/v1/attendance/${to}`, init)).json()
}

/** A look at a page as it stands, in both sizes: it fits, and can be read by everybody. */
async function seen(page: Page, name: string): Promise<void> {
  for (const [width, height] of [[375, 812], [1440, 900]] as const) {
    await page.setViewportSize({ width, height })
    await show(page, `${name}-${width}`)
    expect(await fits(page), `${name} at ${width}`).toBe(true)
    expect(await offences(page), `${name} at ${width}`).toEqual([])
  } // prettier-ignore
}

const csv = (text: string) => ({ name: '工资.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }) // prettier-ignore

test('HR hands out payslips from a table for the locked month, and each reads his own alone', async () => {
  const hr = await openAs(HR, 'desk', `/hr/payslips?month=${month}`)
  const { page } = hr
  const choose = page.getByLabel(/选择 XLSX/)
  await choose.setInputFiles(csv(`账号,姓名,实发\n${REP},别人,1\n`))
  await page.getByText('第 2 行 姓名或名称：与账号对不上').waitFor()
  const name = AttendanceMonth.parse(await ask(REP, `people/${REP}/months/${month}`)).rows[0]?.name
  await choose.setInputFiles(csv(`账号,姓名,基本工资,外勤补贴,迟到扣款,实发\n${REP},${name},8000,650.50,-30,8620.50\n`)) // prettier-ignore
  await page.getByText('1 人，列：基本工资、外勤补贴、迟到扣款、实发').waitFor()
  await button(page, '确认导入').click()
  await page.getByText('1 人，其中 0 人已查看').waitFor()
  await seen(page, 'pay-hr')

  const rep = await openAs(REP, 'phone', '/payslips')
  await rep.page.getByRole('link', { name: new RegExp(month) }).click()
  await rep.page.getByText('8620.50').waitFor()
  await rep.page.getByText('只有你自己能看到这一页。').waitFor()
  await rep.page.getByText('出勤天', { exact: true }).waitFor()
  await seen(rep.page, 'pay-rep')
  const other = await openAs('rep28', 'phone', `/payslips/${month}`, true)
  await other.page.getByText('这个月还没有工资条').waitFor()
  expect(await other.page.getByText('8620.50').count()).toBe(0)
  const dark = await openAs(REP, 'phone', `/payslips/${month}`, true)
  await dark.page.getByText('8620.50').waitFor()
  await seen(dark.page, 'pay-rep-dark')

  await page.reload()
  await page.getByText('1 人，其中 1 人已查看').waitFor()
  expect([...hr.wrong, ...rep.wrong, ...other.wrong, ...dark.wrong]).toEqual([])
  for (const { context } of [hr, rep, other, dark]) await context.close()
})

/** A day of the locked month on which somebody forgot a punch, and when he should have punched. */
async function dayWithoutPunch() {
  const { rows, days } = AttendanceMonth.parse(await ask(HR, `months/${month}?limit=200`))
  for (const { personId, cells } of rows)
    for (const [index, cell] of cells.entries()) {
      if (!readCell(cell).marks.includes('m')) continue
      const date = days[index]?.date ?? ''
      const day = AttendanceDay.parse(await ask(HR, `people/${personId}/days/${date}`))
      const missing = day.ledger.due.find(({ result }) => result === 'missing')
      if (!missing) continue
      const { due, at } = missing
      return { personId, date, due, at: due.startsWith('in') ? at - 5 : at + 5 }
    }
  throw new Error('nobody forgot a punch in the demo month')
}

const differences = async () =>
  DayDifferences.parse(await ask(HR, `months/${month}/differences`)).differences

test('a punch that arrives after the month was locked is a difference without effect, and counts once HR opens the month again', async () => {
  const { personId, date, due, at } = await dayWithoutPunch()
  const { page, wrong, context } = await openAs(HR, 'desk', '/hr/people')
  await button(page, '导入考勤机打卡').click()
  const clock = [Math.floor(at / 60), at % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  await page.setInputFiles('input[type=file]', csv(`账号,打卡时间\n${personId},${date} ${clock}\n`)) // prettier-ignore
  await page.getByText('1 人，1 次打卡；新增 0 次。').waitFor()
  await button(page, '确认导入').click()
  await page.getByText('1 人，1 次打卡；新增 1 次。').waitFor()
  await expect
    .poll(async () => (await differences()).map(({ date, locked }) => ({ date, locked })), {
      timeout: 90_000,
    }) // prettier-ignore
    .toEqual([{ date, locked: true }])

  await page.goto(`${stage.url}/month?month=${month}`)
  await button(page, '锁定与确认').click()
  await page.getByRole('link', { name: '重算差异 1 条' }).click()
  await page.getByText('已锁定，未生效').waitFor()
  await page.getByText(/结果 由 .*缺卡.* 变为/).waitFor()
  await page.getByText(/新到的打卡/).waitFor()
  await seen(page, 'changes-locked')

  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(`${stage.url}/month?month=${month}`)
  await button(page, '锁定与确认').click()
  await page.getByLabel('为什么要重新打开').fill('考勤机晚传了一条打卡')
  await button(page, '重新打开').click()
  await page.getByText('已重新打开').first().waitFor()
  const dayNow = async () => AttendanceDay.parse(await ask(HR, `people/${personId}/days/${date}`))
  await expect.poll(async () => (await dayNow()).ledger.due.find((each) => each.due === due)?.result, { timeout: 90_000 }).toBe('normal') // prettier-ignore
  await page.goto(`${stage.url}/month/changes?month=${month}`)
  await page.getByText('已生效').waitFor()
  await show(page, 'changes-applied')
  expect(wrong).toEqual([])
  await context.close()
})
