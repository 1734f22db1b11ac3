import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { faultsOf, fits } from '../support/story.ts'

const PAGE = '/settings/wecom/checkin'
const [IMPORTS, WRITES] = ['导入', '自动同步']
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

async function admin(kind: 'phone' | 'desk', dark = false) {
  const { context, page } = await stage.open(kind, { dark })
  const wrong = faultsOf(page)
  await page.goto(`${stage.url}/me`)
  await page.locator('button[value="admin01"]').click()
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  return { context, page, wrong }
}

/** The console of the simulated WeCom, in a tab of its own. */
async function consoleOf(page: Page) {
  const tab = await page.context().newPage()
  const open = () => tab.goto(`${stage.url}/wecom-sim/control`)
  await open()
  return {
    tab,
    open,
    async press(button: RegExp, fields: Record<string, string> = {}) {
      const form = tab.locator('form').filter({ has: tab.getByRole('button', { name: button }) })
      for (const [name, value] of Object.entries(fields))
        await form.locator(`[name="${name}"]`).fill(value)
      await form.getByRole('button', { name: button }).click()
      await tab.getByRole('status').waitFor()
      return tab.getByRole('status').innerText()
    },
  }
}

const part = (page: Page, title: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) })
const shot = (page: Page, name: string) =>
  page.screenshot({ path: picture(`checkin-bridge-${name}`), fullPage: true })

test('rules, rosters and punches of WeCom: tried first, then imported, and the same again brings nothing', async () => {
  const { context, page, wrong } = await admin('desk')
  const wecom = await consoleOf(page)
  expect(await wecom.press(/排一周班/, { userid: 'rep02' })).toContain('seven days')
  expect(await wecom.press(/^打卡/, { userid: 'rep01', minutes: '30' })).toContain('打卡')
  await wecom.press(/外出打卡/, { userid: 'rep01', minutes: '10' })
  await shot(wecom.tab, 'console')
  await page.goto(stage.url + PAGE)
  const card = part(page, IMPORTS)
  expect(await card.getByRole('button', { name: '导入' }).isDisabled()).toBe(true)
  await shot(page, 'desk-begin')
  await card.getByRole('button', { name: '试运行' }).click()
  await card.getByText('试运行结果').waitFor({ timeout: 60_000 })
  const said = await card.innerText()
  expect(said).toMatch(/标准班[\s\S]*新增/)
  expect(said).toMatch(/两班倒[\s\S]*2 个班次[\s\S]*新增/)
  expect(said).toMatch(/排班：1 人，\d+ 天/)
  expect(said).toContain('打卡记录：找到 1 条') // of those outside there is the check-in itself
  await shot(page, 'desk-tried')
  expect(await offences(page)).toEqual([])
  await card.getByRole('button', { name: '导入' }).click()
  await page.getByRole('dialog').getByText('导入这些规则、排班和打卡？').waitFor()
  await shot(page, 'desk-sure')
  await page.getByRole('dialog').getByRole('button', { name: '导入' }).click()
  await card.getByText('已导入').waitFor({ timeout: 60_000 })
  expect(await card.innerText()).toContain('新增 1 条')
  await page.reload() // what ran last is told to whoever comes later
  await card.getByText('已导入').waitFor()
  await card.getByRole('button', { name: '试运行' }).click()
  await card.getByText('试运行结果').waitFor({ timeout: 60_000 })
  expect(await card.innerText()).toMatch(/标准班[\s\S]*没有变化/)
  expect(wrong).toEqual([])
  await context.close()
})

test('switched on, a check-in that counts turns up in WeCom once', async () => {
  const { context, page, wrong } = await admin('phone')
  await page.goto(stage.url + PAGE)
  const card = part(page, WRITES)
  for (const name of ['读取打卡记录', '签到写入打卡', '补卡写入打卡']) {
    const toggle = card.getByRole('switch', { name })
    await toggle.click()
    await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('true')
  }
  await page.reload()
  await card.getByRole('switch', { checked: true }).nth(2).waitFor()
  await shot(page, 'phone')
  expect(await fits(page)).toBe(true)
  expect(await offences(page)).toEqual([])
  const id = uuid()
  const at = Date.now()
  const position = { ...{ lng: 114.0262, lat: 22.5318, accuracy: 15 }, at, source: 'browser', datum: 'wgs84' } // prettier-ignore
  const body = JSON.stringify({ id, at, kind: 'in', place: '写回的店', position, photoIds: [] })
  const headers = {
    ...{ authorization: `Bearer ${await stage.token('rep27')}` },
    'content-type': 'application/json',
  }
  const told = await fetch(`${stage.url}/api/v1/checkins`, { method: 'POST', headers, body })
  expect(told.status).toBe(200)
  const wecom = await consoleOf(page)
  const rows = () => wecom.tab.getByRole('row', { name: /rep27.*接口写入/ }).count()
  await expect
    .poll(async () => (await wecom.open(), rows()), { timeout: 120_000, interval: 3_000 })
    .toBe(1)
  const written = async () => {
    await page.reload() // the page shows how it stood when it was opened: of the whole company, which may write more
    await card.getByText(/已写入 \d/).waitFor()
    return card.getByText(/已写入 \d/).textContent()
  }
  await expect
    .poll(written, { timeout: 60_000, interval: 1_000 })
    .toMatch(/已写入 [1-9]\d*，等待 0，未被接受 0/)
  await shot(page, 'phone-written')
  expect(wrong).toEqual([])
  await context.close()
})

test('an app that is not listed under 可调用接口的应用 is told so, with where to list it', async () => {
  const { context, page, wrong } = await admin('phone', true)
  const wecom = await consoleOf(page)
  expect(await wecom.press(/移出可调用接口的应用/)).toContain('may not call')
  await page.goto(stage.url + PAGE)
  const card = part(page, IMPORTS)
  await card.getByRole('button', { name: '试运行' }).click()
  await card
    .getByRole('alert')
    .getByText('「打卡」→「可调用接口的应用」')
    .waitFor({ timeout: 60_000 })
  await shot(page, 'phone-dark-refused')
  expect(await offences(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  await wecom.press(/加入可调用接口的应用/)
  await card.getByRole('button', { name: '试运行' }).click()
  await card.getByText('试运行结果').waitFor({ timeout: 60_000 })
  await page.setViewportSize({ width: 1440, height: 900 })
  await shot(page, 'desk-dark')
  expect(wrong).toEqual([])
  await context.close()
})
