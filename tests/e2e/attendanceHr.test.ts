import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MonthClosing } from '../../backend/contract/closing.ts'
import { Me } from '../../backend/contract/people.ts'
import { offences } from '../support/axe.ts'
import { convertWorkbook, readWorkbook } from '../support/sheets.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { button, fits, lastMonth, openerOf, tabTo } from '../support/story.ts'

const HR = 'hr01'
const REP = 'rep29'
const DAY = 86_400_000

let stage: Stage
/** The month before the one on Shanghai's clock: it is over. */
let month = ''
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
  month = lastMonth()
})
afterAll(() => stage.close())

const openAs = openerOf(() => stage)

const show = (page: Page, name: string) => page.screenshot({ path: picture(`hr-${name}`) })

async function closing() {
  const headers = { authorization: `Bearer ${await stage.token(HR)}` }
  const reply = await fetch(`${stage.url}/api/v1/attendance/months/${month}/closing`, { headers })
  return MonthClosing.parse(await reply.json())
}

/** The workbook as LibreOffice renders it, its matrix kept as a picture. */
async function drawn(file: string): Promise<void> {
  const folder = path.dirname(file)
  await convertWorkbook(file, 'html', folder)
  const page = await stage.browser.newPage({ viewport: { width: 2400, height: 900 } })
  await page.goto(`file://${path.join(folder, 'attendance.html')}`)
  const matrix = page.locator('table').nth(1)
  expect(await matrix.locator('tr').count()).toBeGreaterThan(30)
  await matrix.screenshot({ path: picture('hr-workbook') })
  await page.close()
}

test('HR begins at the month, and sets a shift with grace and half Saturdays after seeing what it would change', async () => {
  const { page, wrong, context } = await openAs(HR, 'desk', '/')
  await page.getByRole('heading', { name: '考勤月表' }).waitFor()
  await page.goto(`${stage.url}/hr/rules`)
  await button(page, '修改').click()
  await page.getByLabel('迟到宽限').first().fill('10')
  await page.getByLabel('迟到宽限').first().blur()
  await button(page, '＋ 加一个班次').click()
  const saturday = page.getByLabel('周六')
  await saturday.selectOption({ label: '半天班' })
  await page.getByLabel('从哪天起执行').fill(`${month}-01`)
  await page.getByLabel('从哪天起执行').blur()
  await button(page, '预览影响').click()
  await page.getByText('这样改会影响谁').waitFor()
  await show(page, 'rules-preview-desk')
  expect(await offences(page)).toEqual([])
  await button(page, /起执行$/).click()
  await button(page, '修改').waitFor()
  await page.getByText('周六 半天班').waitFor()
  await page
    .getByText(/晚到 10 分钟以内不算迟到/)
    .first()
    .waitFor()
  await show(page, 'rules-desk')
  expect(await offences(page)).toEqual([])
  expect(wrong).toEqual([])
  await context.close()
})

test('HR walks the month by keys, hears its signs as words, opens a day with its reasons, and the list of what is irregular', async () => {
  const { page, wrong, context } = await openAs(HR, 'desk', `/month?month=${month}`)
  await page.getByRole('grid').getByRole('rowheader').first().waitFor()
  await show(page, 'month-desk')
  expect(await offences(page)).toEqual([])
  const heard = await page.getByRole('grid').ariaSnapshot()
  expect(heard).toMatch(/columnheader "姓名"/)
  expect(heard).toMatch(/gridcell "[^"]*正常/)
  const cell = page.locator('[data-row="2"][data-day="14"]')
  await tabTo(page, page.locator('[role="gridcell"][tabindex="0"]').first())
  for (let day = 0; day < 14; day++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  expect(await cell.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary')
  await panel.getByText('为什么这样算').or(panel.getByText(/规则/)).first().waitFor()
  await show(page, 'day-desk')
  expect(await offences(page)).toEqual([])
  await page.getByRole('link', { name: '异常清单' }).click()
  await page.getByRole('heading', { name: /异常清单/ }).waitFor()
  await show(page, 'anomalies-desk')
  expect(await offences(page)).toEqual([])
  expect(wrong).toEqual([])
  await context.close()
})

test('the rep confirms his month; HR gives it grace, locks it, exports it and opens it again with a reason', async () => {
  const rep = await openAs(REP, 'phone', `/attendance/months/${month}/confirm`)
  await button(rep.page, '确认无误').click()
  await rep.page.getByText('你已确认无误').first().waitFor()
  await show(rep.page, 'confirm-phone')
  expect(await offences(rep.page)).toEqual([])

  const { page, wrong, context } = await openAs(HR, 'desk', `/month?month=${month}`)
  await button(page, '锁定与确认').click()
  await page.getByText(/1 人同意/).waitFor()
  const until = new Date(Date.now() + 2 * DAY + 8 * 3_600_000).toISOString().slice(0, 16)
  await page.getByLabel('补卡宽限到').fill(until)
  await button(page, '保存宽限').click()
  await page
    .getByText(/宽限至/)
    .first()
    .waitFor()
  expect((await closing()).state).toBe('grace')
  await button(page, '锁定与确认').click()
  await page.getByLabel(/我知道还有/).check()
  await show(page, 'closing-desk')
  expect(await offences(page)).toEqual([])
  await button(page, '锁定本月').click()
  await page.getByText('已锁定').first().waitFor()
  await button(page, '导出').click()
  await button(page, '开始导出').click()
  const link = page.getByRole('link', { name: /下载/ })
  await link.waitFor({ timeout: 60_000 })
  await show(page, 'export-desk')
  expect(await offences(page)).toEqual([])
  const reply = await page.request.get(stage.url + (await link.getAttribute('href')))
  const file = path.join(path.dirname(picture('any')), 'attendance.xlsx')
  await writeFile(file, await reply.body())
  const names = (await readWorkbook(file)).map(({ name }) => name)
  expect(names).toEqual(['说明', '月表', '每日', '打卡', '补卡', '汇总'])
  await drawn(file)

  await page.goto(`${stage.url}/month?month=${month}`)
  await button(page, '锁定与确认').click()
  await page.getByLabel('为什么要重新打开').fill('漏了一天外勤')
  await button(page, '重新打开').click()
  await page.getByText('已重新打开').first().waitFor()
  expect(await closing()).toMatchObject({ state: 'reopened', reason: '漏了一天外勤' })
  expect([...wrong, ...rep.wrong]).toEqual([])
  await rep.context.close()
  await context.close()
})

test('HR sets how months close and no quiet hours; then the leader approves a correction on a WeCom card', async () => {
  const { page, wrong, context } = await openAs(HR, 'desk', '/hr/closing')
  await page.getByLabel('开始', { exact: true }).fill('03:00')
  await page.getByLabel('结束', { exact: true }).fill('03:00')
  await page.getByText('没有免打扰时段').waitFor()
  await page.getByLabel(/锁定后自动导出/).selectOption(HR)
  await button(page, '保存').click()
  await page.getByText('已保存').waitFor()
  await show(page, 'settings-desk')
  expect(await offences(page)).toEqual([])

  const rep = await openAs('rep25', 'phone', '/attendance')
  const date = new Date(Date.now() + 8 * 3_600_000 - DAY).toISOString().slice(0, 10)
  await rep.page.goto(`${stage.url}/requests/new/correction?date=${date}&due=out1&at=18:00&__sim=wecom-ios`) // prettier-ignore
  await button(rep.page, '忘记打卡').click()
  await button(rep.page, '提交').click()
  await rep.page.getByText('待审批').first().waitFor()

  const { name } = Me.parse(await (await rep.page.request.get(`${stage.url}/api/v1/me`)).json())
  const card = page.locator('article.message', { hasText: `${name} 补卡` }).filter({ has: page.getByRole('button', { name: /同意/ }) }).first() // prettier-ignore
  await expect
    .poll(
      async () => {
        await page.goto(`${stage.url}/wecom-sim/control`)
        return card.count()
      },
      { timeout: 60_000, interval: 2000 },
    )
    .toBe(1)
  await show(page, 'card')
  await card.getByRole('button', { name: /同意/ }).click()
  await expect
    .poll(
      async () => {
        await rep.page.reload()
        const told = rep.page.getByText('已批准').first()
        return told.waitFor({ timeout: 5000 }).then(() => true, () => false) // prettier-ignore
      },
      { timeout: 60_000 },
    )
    .toBe(true)
  await show(rep.page, 'card-approved-phone')
  expect([...wrong, ...rep.wrong]).toEqual([])
  await rep.context.close()
  await context.close()
})

const PAGES = [
  ['month', '/month'],
  ['anomalies', '/month/anomalies?month='],
  ['roster', '/hr/roster'],
  ['rules', '/hr/rules'],
  ['calendar', '/hr/calendar'],
  ['closing', '/hr/closing'],
  ['payslips', '/hr/payslips'],
  ['approvals', '/approvals'],
  ['leave', '/settings/leave'],
] as const

test.each([
  [320, false],
  [375, true],
  [768, false],
  [1440, true],
] as const)('HR’s pages fit %i px and can be read by everybody (dark: %s)', async (width, dark) => {
  const { page, wrong, context } = await openAs(HR, 'desk', '/me', dark)
  await page.setViewportSize({ width, height: width < 800 ? 812 : 900 })
  for (const [name, to] of PAGES) {
    await page.goto(stage.url + (to.endsWith('=') ? to + month : to))
    await page.locator('h1').first().waitFor()
    await page.waitForLoadState('networkidle')
    await show(page, `${name}-${width}${dark ? '-dark' : ''}`)
    expect(await fits(page), `${name} at ${width}`).toBe(true)
    expect(await offences(page), `${name} at ${width}`).toEqual([])
  }
  expect(wrong).toEqual([])
  await context.close()
})

test('HR gives a tag to somebody for a time, and sees its dates again', async () => {
  const { page, wrong, context } = await openAs(HR, 'phone', '/hr/people')
  await button(page, '标签').click()
  await page.getByLabel('加一个标签').fill('展会组')
  await page.getByLabel('账号', { exact: true }).fill(REP)
  await page.getByLabel('账号', { exact: true }).blur()
  const tag = page.getByRole('region', { name: '展会组' })
  const [from, to] = [tag.getByLabel(/开始日期$/), tag.getByLabel(/结束日期$/)]
  const saved = () =>
    page.waitForResponse((reply) => reply.request().method() === 'PUT' && reply.ok())
  for (const [field, day] of [[from, '05'], [to, '20']] as const) {
    const answer = saved()
    await field.fill(`${month}-${day}`)
    await field.blur()
    await answer
  } // prettier-ignore
  await from.fill(`${month}-28`)
  await from.blur()
  await page.getByRole('alert').waitFor()
  await show(page, 'tags')
  expect(await page.getByRole('alert').innerText()).toBe('第 1 人 结束：不能早于开始日期')
  await page.reload()
  await button(page, '标签').click()
  await tag.waitFor()
  expect(await from.inputValue()).toBe(`${month}-05`)
  expect(await to.inputValue()).toBe(`${month}-20`)
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await context.close()
})
