import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { faultsOf, fits } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const HERE = { longitude: 114.0262, latitude: 22.5318, accuracy: 18 }
const DAY_MS = 86_400_000
const shanghai = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)

/** The Monday of the week to come. */
function weekAhead(): string {
  const weekday = new Date(Date.now() + 8 * 3_600_000).getUTCDay() || 7
  return shanghai(Date.now() + (8 - weekday) * DAY_MS)
}

async function visit(who: string, kind: 'phone' | 'desk', dark = false) {
  const { context, page } = await stage.open(kind, { dark })
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation(HERE)
  const wrong = faultsOf(page)
  await page.goto(stage.url + (kind === 'phone' ? '/?__sim=wecom-ios' : '/'))
  await page.locator(`button[value="${who}"]`).click()
  await page.getByRole('navigation').first().waitFor()
  return { page, wrong, close: () => context.close() }
}

/** As somebody's program asks. */
async function ask(who: string, to: string, body?: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${await stage.token(who)}` }
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) } // prettier-ignore
  const response = await fetch(stage.url + to, init)
  expect(response.status, to).toBe(200)
  return response.json()
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

test('a rep fills his week by tier, adds a customer, takes the best order and moves a stop', async () => {
  const { page, wrong, close } = await visit('rep29', 'phone')
  await page.goto(`${stage.url}/plan/${weekAhead()}`)
  await page.getByText('这一天还没有计划').waitFor()
  await page.screenshot({ path: picture('plan-empty-phone') })
  await page.getByRole('button', { name: '按周期生成一周' }).click()
  await page.getByRole('button', { name: /加入计划（\d+ 站）/ }).waitFor()
  await page.screenshot({ path: picture('plan-fill-phone') })
  await page.getByRole('button', { name: /加入计划（\d+ 站）/ }).click()
  await page.getByRole('button', { name: /编辑 / }).first().waitFor()
  const names = () => page.locator('ol .words b').allTextContents()
  await page.screenshot({ path: picture('plan-filled-phone') })
  await page.locator('.strip .day').nth(1).click()
  await page.getByText('这一天还没有计划').waitFor()
  await page.getByRole('button', { name: '添加客户' }).click()
  for (const index of [0, 1, 2]) await page.locator('.sheet li label').nth(index).click()
  await page.screenshot({ path: picture('plan-add-phone') })
  await page.getByRole('button', { name: '添加 3 家' }).click()
  await page.locator('.sheet').waitFor({ state: 'detached' })
  expect(await names()).toHaveLength(3)
  await page.getByRole('button', { name: '优化顺序' }).click()
  await page.getByText('路上', { exact: true }).waitFor()
  await page.screenshot({ path: picture('plan-order-phone') })
  const use = page.getByRole('button', { name: '采用' })
  if (await use.isEnabled()) await use.click()
  else await page.getByRole('button', { name: '关闭' }).last().click()
  await page.locator('.sheet').waitFor({ state: 'detached' })
  const first = (await names())[0] ?? ''
  await page.getByRole('button', { name: `拖动或用方向键移动 ${first}` }).press('ArrowDown')
  await expect.poll(async () => (await names())[1]).toBe(first)
  const times = async () => (await page.locator('ol .words').allTextContents()).flatMap((text) => /\d\d:\d\d/.exec(text) ?? []) // prettier-ignore
  const inOrder = async () => (await times()).join() === (await times()).sort().join()
  await expect.poll(inOrder).toBe(true) // the way is told anew
  await page.screenshot({ path: picture('plan-week-phone') })
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await close()
}, 300_000)

const overdueRows = (page: Page) => page.locator('.overdue li')
const dayOfStrip = (page: Page, index: number) => page.locator('.strip .day').nth(index)
const stopsOfDay = (page: Page, index: number) =>
  dayOfStrip(page, index).locator('small').textContent()
const middle = async (place: Locator) => {
  const { x = 0, y = 0, width = 0, height = 0 } = (await place.boundingBox()) ?? {}
  return { x: x + width / 2, y: y + height / 2 }
}

test('a supervisor drags an overdue customer onto a day of somebody he leads, and takes it back', async () => {
  const { page, wrong, close } = await visit('boss01', 'desk')
  await page.goto(`${stage.url}/calendar`)
  await page.getByRole('button', { name: '下一周' }).click()
  await page.getByRole('rowheader').getByRole('link').nth(2).click()
  await overdueRows(page).first().waitFor()
  expect(await page.locator('.overdue .late').first().textContent()).toMatch(/从未拜访|逾期/)
  const name = (await overdueRows(page).first().locator('.words > b').textContent()) ?? ''
  const before = await stopsOfDay(page, 3)

  const from = await middle(overdueRows(page).first().locator('.words'))
  const to = await middle(dayOfStrip(page, 3))
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 8 })
  await page.locator('.strip .day.over').waitFor()
  await page.screenshot({ path: picture('plan-drag-desk') })
  await page.keyboard.press('Escape')
  await page.locator('.carried').waitFor({ state: 'detached' })
  await page.mouse.up()
  expect(await stopsOfDay(page, 3)).toBe(before)

  await dragByMouse(page, overdueRows(page).first().locator('.words'), dayOfStrip(page, 3))
  await page.getByText(`${name} 已排在`).waitFor()
  expect(Number(await stopsOfDay(page, 3))).toBe(Number(before === '·' ? 0 : before) + 1)
  await overdueRows(page).first().getByText('已排在').waitFor()
  await page.screenshot({ path: picture('plan-dragged-desk') })
  await dragByMouse(page, overdueRows(page).first().locator('.words'), dayOfStrip(page, 3))
  await page.getByText(`${name} 已在`).waitFor() // once is enough
  await dragByMouse(page, overdueRows(page).first().locator('.words'), page.locator('.column .card').first()) // prettier-ignore
  await page.locator('ol .words b').getByText(name).waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.locator('ol .words b').getByText(name).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '撤销' }).waitFor({ state: 'detached' })
  expect(await offences(page)).toEqual([])
  expect(wrong).toEqual([])
  await close()
}, 300_000)

async function dragByMouse(page: Page, what: Locator, where: Locator): Promise<void> {
  const [from, to] = [await middle(what), await middle(where)]
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 5 })
  await page.mouse.up()
}

test('a rep plans an overdue customer with one thumb, by a long press, and by keys', async () => {
  const { page, wrong, close } = await visit('rep28', 'phone')
  await page.goto(`${stage.url}/plan/${weekAhead()}`)
  await page.getByRole('button', { name: /逾期客户 \d+/ }).click()
  await overdueRows(page).first().waitFor()
  await page.screenshot({ path: picture('plan-overdue-phone') })

  await page.getByRole('button', { name: /^把 .* 加入…/ }).first().tap() // prettier-ignore
  await page.locator('.sheet li button').nth(1).waitFor()
  await page.screenshot({ path: picture('plan-overdue-which-phone') })
  await page.locator('.sheet li button').nth(1).tap()
  await page.getByText('已排在').first().waitFor()
  await expect.poll(() => stopsOfDay(page, 1)).toBe('1')
  await page.screenshot({ path: picture('plan-overdue-added-phone') })

  const touch = await page.context().newCDPSession(page)
  const finger = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [at] : [] })
  const row = await middle(overdueRows(page).nth(1).locator('.words'))
  await finger('touchStart', row)
  await page.locator('.carried').waitFor()
  const target = await middle(dayOfStrip(page, 4))
  for (const part of [0.3, 0.6, 1])
    await finger('touchMove', { x: row.x + (target.x - row.x) * part, y: row.y + (target.y - row.y) * part }) // prettier-ignore
  await page.locator('.strip .day.over').waitFor()
  await page.screenshot({ path: picture('plan-overdue-drag-phone') })
  await finger('touchEnd')
  await expect.poll(() => stopsOfDay(page, 4)).toBe('1')

  await page.setViewportSize({ width: 375, height: 480 }) // now the list is longer than the page
  const scrolled = () =>
    page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('*')].map((each) => each.scrollTop)),
    )
  const last = await middle(overdueRows(page).nth(2).locator('.words'))
  await finger('touchStart', last)
  for (let part = 1; part <= 12; part++)
    await finger('touchMove', { x: last.x, y: last.y - part * 20 })
  expect(await page.locator('.carried').count()).toBe(0)
  await finger('touchEnd')
  await expect.poll(scrolled).toBeGreaterThan(50) // a swipe scrolls
  await page.setViewportSize({ width: 375, height: 812 })

  const handle = page.getByRole('button', { name: /^拖动 .*按空格选取/ }).nth(2)
  await handle.focus()
  await page.keyboard.press('Space')
  await page.getByText('已选取').waitFor({ state: 'attached' })
  await page.keyboard.press('Escape')
  await page.getByText('已取消，计划没有改动').waitFor({ state: 'attached' })
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.locator('.strip .day.over').waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => stopsOfDay(page, 2)).toBe('1')
  expect(await offences(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await close()
}, 300_000)

test('a day is driven and compared with its plan; the customer confirms by a link', async () => {
  const today = shanghai(Date.now())
  const driven = await drivenDay()
  const { page, wrong, close } = await visit('rep28', 'phone')
  await page.goto(`${stage.url}/plan/${today}`)
  await page.getByText('到过未签到').first().waitFor({ timeout: 90_000 })
  await page.screenshot({ path: picture('plan-compared-phone') })
  await page.goto(`${stage.url}/`)
  await page.getByRole('button', { name: '我去过，确认这次拜访' }).first().waitFor()
  await page.screenshot({ path: picture('plan-today-phone') })
  await page.goto(`${stage.url}/visits/${driven}`)
  await page.getByRole('button', { name: '我去过，确认这次拜访' }).click()
  await page.getByText('本人已确认').waitFor()
  await page.getByPlaceholder('写一条记录').fill('冰柜缺货，约了周五补')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('冰柜缺货').waitFor()
  await page.getByRole('button', { name: '商机' }).click()
  await page.getByLabel('标题').fill('夏季铺货')
  await page.getByLabel('金额（元）').fill('12000')
  await page.locator('.sheet').getByRole('button', { name: '保存' }).click()
  await page.getByText('¥12,000.00').waitFor()
  await page.getByRole('button', { name: '生成链接和二维码' }).click()
  const link = await page.locator('input[readonly]').inputValue()
  await page.screenshot({ path: picture('visit-phone'), fullPage: true })
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)

  const customer = await stage.open('phone')
  await customer.page.goto(link)
  await customer.page.getByText('请确认这次拜访').waitFor()
  await customer.page.screenshot({ path: picture('visit-link-phone') })
  await customer.page.locator('label[for="r5"]').click()
  await customer.page.getByRole('button', { name: /确认，拜访属实/ }).click()
  await customer.page.getByText('谢谢').waitFor()
  expect(await fits(customer.page)).toBe(true)
  await customer.page.screenshot({ path: picture('visit-thanks-phone') })
  await customer.context.close()

  await page.setViewportSize({ width: 375, height: 812 })
  await page.reload()
  await page.getByText('客户已确认').waitFor()
  await page.getByText('评分 5 / 5').waitFor()
  expect(wrong).toEqual([])
  await close()
}, 300_000)

/** rep28 plans two customers, is at one of them for twenty minutes without checking in. @returns that visit's id */
async function drivenDay(): Promise<string> {
  const today = shanghai(Date.now())
  const near = await ask(
    'rep28',
    '/api/v1/customers/nearby?lng=114.0318&lat=22.5455&radius=5000&limit=2',
  )
  const [first, second] = list(field(near, 'customers'))
  const stops = [first, second].map((one) => ({
    id: crypto.randomUUID(),
    customerId: field(one, 'id'),
  }))
  await ask('rep28', '/api/v1/plans', { id: crypto.randomUUID(), date: today, stops })
  const now = Date.now()
  const fixes = Array.from({ length: 40 }, (_, index) => ({
    id: crypto.randomUUID(),
    at: now - 25 * 60_000 + index * 30_000,
    lng: Number(field(first, 'lng')) + (index % 3) * 0.00002,
    lat: Number(field(first, 'lat')) + (index % 2) * 0.00002,
    accuracy: 12,
  }))
  await ask('rep28', '/api/v1/fixes', { sentAt: now, fixes })
  await ask('rep28', `/api/v1/people/rep28/days/${today}`)
  const visits = await ask('rep28', `/api/v1/visits?from=${today}&to=${today}`)
  const seen = list(field(visits, 'visits')).find((each) => field(each, 'status') === 'unlogged')
  return String(field(seen, 'id'))
}

test('a supervisor sees everybody’s week and who was not visited, at a desk and on a phone', async () => {
  for (const kind of ['desk', 'phone'] as const) {
    const { page, wrong, close } = await visit('boss01', kind, kind === 'phone')
    await page.goto(`${stage.url}/calendar`)
    await page.getByRole('rowheader', { name: '王伟' }).waitFor()
    await page.screenshot({ path: picture(`calendar-${kind}`) })
    await page.locator('td button').filter({ hasText: '/' }).first().click()
    await page.locator('.sheet li').first().waitFor()
    await page.screenshot({ path: picture(`calendar-day-${kind}`) })
    expect(await fits(page)).toBe(true)
    await page.goto(`${stage.url}/coverage`)
    await page.getByText('从未去过').first().waitFor()
    await page.screenshot({ path: picture(`coverage-${kind}`) })
    expect(await fits(page)).toBe(true)
    expect(wrong).toEqual([])
    await close()
  }
}, 300_000)
