import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { faultsOf, fits, moving, tabTo } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const HERE = { longitude: 114.0262, latitude: 22.5318, accuracy: 18 }
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10) // Shanghai's

/** A page of somebody signed in, which notes everything that goes wrong in it. */
async function visit(who: string, kind: 'phone' | 'desk', dark = false) {
  const { context, page } = await stage.open(kind, { dark })
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation(HERE)
  const wrong = faultsOf(page)
  await page.goto(stage.url + (kind === 'phone' ? '/?__sim=wecom-ios' : '/'))
  await page.locator(`button[value="${who}"]`).click()
  return { page, wrong, close: () => context.close() }
}

test('a supervisor at a desk, without a mouse, hears who is in which state and how old it is, and comes to one person’s day', async () => {
  const { page, wrong, close } = await visit('boss01', 'desk')
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(`${stage.url}/live`)
  await page.getByText('已连接').waitFor()
  const row = page.getByRole('button', { name: /李静/ }).first()
  await row.waitFor()
  const heard = await page.getByRole('main').ariaSnapshot()
  expect(heard).toMatch(/group "按状态筛选"/)
  expect(heard).toMatch(/listitem:\s+- button ".*李静.*(移动|在客户|静止|静默|下班)/)
  await tabTo(page, row)
  await page.keyboard.press('Enter')
  await page.getByText('查看已记录，本人可见').waitFor()
  expect(await row.getAttribute('aria-pressed')).toBe('true')
  expect(await moving(page)).toEqual([])
  await page
    .getByText(/\d 公里|\d 米/)
    .first()
    .waitFor()
  await page.screenshot({ path: picture('demo-live-desk') })
  await page.goto(`${stage.url}/people/rep02/days/${today()}`)
  await page.getByText('行程').waitFor()
  await page.screenshot({ path: picture('demo-day-desk') })
  expect(wrong).toEqual([])
  await close()
})

test('a supervisor on a phone sees the map above the list, a day with its gaps, and it is dark at night', async () => {
  const { page, wrong, close } = await visit('lead01', 'phone', true)
  await page.goto(`${stage.url}/live`)
  await page.getByText('已连接').waitFor()
  await page.getByRole('button', { name: /王伟/ }).first().waitFor()
  expect(await fits(page)).toBe(true)
  await page.screenshot({ path: picture('demo-live-phone-dark') })
  await page.goto(`${stage.url}/people/rep01/days/${today()}`)
  await page.getByText('行程').waitFor()
  expect(await fits(page)).toBe(true)
  await page.screenshot({ path: picture('demo-day-phone-dark') })
  expect(wrong).toEqual([])
  await close()
})

test('a rep finds today, customers near, his own track and what is known of him, at 320 px too', async () => {
  const { page, wrong, close } = await visit('rep01', 'phone')
  for (const [name, to, text] of [
    ['today', '/', '立即上报'],
    ['customers', '/customers', '米'],
    ['tracks', '/tracks', '行程'],
    ['me', '/me', '退出登录'],
  ] as const) {
    await page.setViewportSize({ width: 375, height: 812 })
    await page.goto(stage.url + to)
    await page.getByText(text).first().waitFor()
    await page.screenshot({ path: picture(`demo-${name}-phone`) })
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await fits(page), name).toBe(true)
  }
  expect(wrong).toEqual([])
  await close()
})

test('a rep’s first minute is three cards, gone through by keys or by swiping, once; they open again under 我的', async () => {
  const { context, page } = await stage.open('phone', { fresh: true, dark: true })
  const wrong = faultsOf(page)
  await page.goto(`${stage.url}/?__sim=wecom-ios`)
  await page.locator('button[value="rep27"]').click()
  const cards = page.getByRole('dialog', { name: '新手引导' })
  await cards.getByText('第 1 张，共 3 张').waitFor({ state: 'attached' })
  await page.screenshot({ path: picture('first-cards-dark'), animations: 'disabled' })
  expect(await offences(page)).toEqual([])
  const title = cards.getByRole('heading', { name: '新手引导' })
  await title.press('ArrowRight')
  await cards.getByText('第 2 张，共 3 张').waitFor({ state: 'attached' })
  await page.setViewportSize({ width: 320, height: 568 })
  await cards.getByRole('list').evaluate((row) => row.scrollTo({ left: 10_000 })) // as a finger does
  await cards.getByText('第 3 张，共 3 张').waitFor({ state: 'attached' })
  expect(await fits(page)).toBe(true)
  await page.screenshot({ path: picture('first-cards-320'), animations: 'disabled' })
  await cards.getByRole('button', { name: '开始使用' }).click()
  await cards.waitFor({ state: 'detached' })

  const files: string[] = []
  page.on('request', (request) => files.push(request.url()))
  await page.reload()
  await page.getByText('立即上报').first().waitFor()
  await page.waitForLoadState('networkidle', { timeout: 5000 }).catch(() => undefined)
  expect(files.filter((file) => file.includes('FirstCards'))).toEqual([])
  expect(await cards.count()).toBe(0)
  await page.goto(`${stage.url}/me`)
  await page.getByRole('button', { name: '新手引导' }).click()
  await cards.waitFor()
  await page.emulateMedia({ colorScheme: 'light' })
  await page.screenshot({ path: picture('first-cards-phone'), animations: 'disabled' })
  await title.press('Escape')
  await cards.waitFor({ state: 'detached' })
  expect(wrong).toEqual([])
  await context.close()
})

test('HR sees who works, without a position', async () => {
  const { page, wrong, close } = await visit('hr01', 'desk')
  await page.waitForURL((url) => url.origin === stage.url && !url.pathname.startsWith('/wecom-sim'))
  await page.waitForLoadState('load')
  const live = await page.evaluate(async () => (await fetch('/api/v1/people')).json())
  expect(JSON.stringify(live)).not.toContain('"lng"')
  expect(wrong).toEqual([])
  await close()
})

test('an admin sees the way to the first check-in, and takes the demo away by a word', async () => {
  const { page, wrong, close } = await visit('admin01', 'desk')
  await page.goto(`${stage.url}/setup`)
  await page.getByRole('heading', { name: '第一次签到' }).waitFor()
  const workplace = page.getByRole('listitem').filter({ hasText: '上班地点' })
  await workplace.getByRole('button', { name: '跳过' }).click()
  await workplace.getByText('已跳过').waitFor()
  await page.screenshot({ path: picture('setup-desk'), fullPage: true })
  await page.setViewportSize({ width: 375, height: 812 })
  await page.screenshot({ path: picture('setup-phone') })
  const remove = page.getByRole('button', { name: '删除演示数据' })
  await remove.scrollIntoViewIfNeeded()
  await page.screenshot({ path: picture('setup-demo-phone') })
  expect(await remove.isDisabled()).toBe(true)
  await page.getByRole('textbox').fill('demo')
  await remove.click()
  await page.getByText('演示数据已删除').waitFor({ timeout: 120_000 })
  await page.screenshot({ path: picture('setup-demo-gone') })
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(`${stage.url}/me`)
  await page.getByText('韩宇').first().waitFor() // who asked is here still
  expect(wrong).toEqual([])
  await close()
})
