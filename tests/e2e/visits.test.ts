import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { fits } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const HERE = { longitude: 114.0262, latitude: 22.5318, accuracy: 18 }
const DAY_MS = 86_400_000
const shanghai = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)

async function visit(who: string, kind: 'phone' | 'desk', dark = false) {
  const { context, page } = await stage.open(kind, { dark })
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation(HERE)
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(error.message))
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
  const nextMonday = shanghai(Date.now() + (8 - (new Date(Date.now() + 8 * 3_600_000).getUTCDay() || 7)) * DAY_MS) // prettier-ignore
  await page.goto(`${stage.url}/plan/${nextMonday}`)
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
}, 120_000)

test('a day is driven and compared with its plan; the customer confirms by a link', async () => {
  const today = shanghai(Date.now())
  const driven = await drivenDay()
  const { page, wrong, close } = await visit('rep28', 'phone')
  await page.goto(`${stage.url}/plan/${today}`)
  await page.getByText('到过未签到').first().waitFor({ timeout: 30_000 })
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
}, 180_000)

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
}, 120_000)
