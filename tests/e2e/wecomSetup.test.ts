import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../backend/core/config.ts'
import { pagesPolicy } from '../../backend/core/http/guard.ts'
import { pageRoutes } from '../../backend/core/http/pages.ts'
import { SESSION_COOKIE } from '../../backend/core/http/serve.ts'
import { createPeople } from '../../backend/people/index.ts'
import { consentOf } from '../../backend/privacy/index.ts'
import { mapOf } from '../../backend/settings/index.ts'
import { createWecom } from '../../backend/wecom/index.ts'
import { offences } from '../support/axe.ts'
import { answering, openChecksStage, SITE, type ChecksStage } from '../backend/wecomChecksStage.ts'
import { ORG } from '../backend/company.ts'
import { openChromium } from '../support/chromium.ts'
import { picture } from '../support/stage.ts'
import { faultsOf, fits } from '../support/story.ts'

const PAGE = '/settings/wecom'
const DESK = { width: 1440, height: 900 }
const PHONE = { width: 375, height: 812 }

let stage: ChecksStage
let browser: Browser

beforeAll(async () => {
  stage = await openChecksStage((kit) => {
    const { clock, log, config } = kit
    const bases = { apiBase: '', openBase: '', loginBase: '' }
    const wecom = createWecom({ corpId: 'ww1', agentId: '1', secret: 's', clock, log, ...bases })
    const parts = { consent: consentOf(kit), map: mapOf(config) }
    const root = path.resolve(import.meta.dirname, '../../dist/h5')
    return [
      createPeople(kit, wecom, { ...parts, wecom: { corpId: 'ww1', agentId: '1' } }, ORG),
      { routes: pageRoutes(root, pagesPolicy(config.publicUrl, [])) },
    ]
  })
  browser = await openChromium()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(async () => {
  await browser.close()
  await stage.close()
})
beforeEach(() => stage.renew())

/** The page of somebody signed in, which notes everything that goes wrong in it. */
async function visit(who: string, viewport = DESK, to = PAGE) {
  const context = await browser.newContext({
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  const { url } = stage.company
  const cookie = { name: SESSION_COOKIE, value: await stage.company.tokenOf(who, 'browser'), url }
  await context.addCookies([cookie])
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url })
  const page = await context.newPage()
  const wrong = faultsOf(page)
  await page.goto(url + to)
  return { context, page, wrong }
}

const card = (page: Page, title: string) => page.getByRole('region', { name: title })
const home = answering('/agent/get', (body) => ({ ...body, home_url: `https://${SITE}/` }))

test('an admin finds what is wrong at its step, mends it and sees that it works', async () => {
  const { context, page, wrong } = await visit('admin', DESK, '/me')
  stage.run({}, home)
  stage.up.sim.faults.answer('/cgi-bin/department/simplelist', 60020)
  await page.getByRole('link', { name: '接入企业微信' }).click()
  const ip = card(page, '企业可信IP')
  await ip.getByText('需处理').waitFor()
  expect(await ip.innerText()).toContain('应用管理 → 足迹 → 开发者接口 → 企业可信IP → 配置')
  expect(await ip.innerText()).toContain('Trusted company IPs')
  await card(page, '可见范围').getByText('先完成「企业可信IP」').waitFor()
  await card(page, '自建应用').getByText('AgentId 1000002').waitFor()
  await page.screenshot({ path: picture('setup-desk-zh') })
  expect(await offences(page)).toEqual([])
  await page.getByRole('button', { name: /秒后可再检查/ }).waitFor()
  stage.company.clock.at += 20_000
  await page.clock.install()
  await page.clock.fastForward(20_000)
  await page.getByRole('button', { name: '重新检查' }).click()
  await ip.getByText('企业微信接受这台服务器的 IP').waitFor()
  await card(page, '可见范围').getByText('应用能看到 2 个部门').waitFor()
  expect(wrong).toEqual([])
  await context.close()
})

test('callback addresses are there to copy, and no secret is on the page', async () => {
  const { context, page, wrong } = await visit('admin', PHONE)
  const callback = card(page, '接收消息')
  await callback.getByText('我们这边应答正确').waitFor()
  await callback.getByRole('button', { name: /复制/ }).click()
  await callback.getByRole('button', { name: /已复制/ }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toBe(`https://${SITE}/wecom/callback/app`)
  const html = await page.content()
  for (const secret of ['a-secret-of-tests', 'contacts-of-tests', 'FieldTrackTestToken', 'AAECAw'])
    expect(html).not.toContain(secret)
  expect(await fits(page)).toBe(true)
  await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded()
  await page.screenshot({ path: picture('setup-phone-zh') })
  await page.getByRole('navigation', { name: '步骤' }).getByText('接收消息').click()
  await page.screenshot({ path: picture('setup-phone-step-zh') })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: picture('setup-phone-dark') })
  expect(await offences(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await context.close()
})

test('on the simulator it says what to set to go live, in English, too', async () => {
  stage.begin(readConfig({}))
  const { context, page, wrong } = await visit('admin')
  await page.getByText('演示正在使用本机的企业微信模拟器').waitFor()
  await card(page, '企业ID').getByText('未设置').waitFor()
  await page.screenshot({ path: picture('setup-simulator-desk-zh') })
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByText('This demo runs on a simulator of WeCom').waitFor()
  await card(page, 'Corp id').getByText('我的企业 → 企业信息 → 企业ID').waitFor()
  await page.screenshot({ path: picture('setup-simulator-desk-en') })
  expect(wrong).toEqual([])
  await context.close()
})

/** Whether the page can open again without a network. */
const isKept = (page: Page) =>
  page.evaluate(async () => {
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
    const parts = loaded.filter((name) => name.includes('/assets/'))
    const found = await Promise.all(['/', ...parts].map((name) => caches.match(name)))
    return found.every((each) => each !== undefined)
  })

test('without a network the guide can still be read, and printed whole', async () => {
  const { context, page, wrong } = await visit('admin')
  await card(page, '自建应用').getByText('AgentId 1000002').waitFor()
  await expect.poll(() => isKept(page), { timeout: 60_000 }).toBe(true)
  await context.setOffline(true)
  await page.getByText('没有网络').first().waitFor()
  await card(page, '自建应用').getByText('AgentId 1000002').waitFor()
  expect(await page.getByRole('region').count()).toBeGreaterThanOrEqual(10)
  await page.emulateMedia({ media: 'print' })
  await page.getByRole('button', { name: '打印' }).waitFor({ state: 'hidden' })
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  expect(height).toBeGreaterThan(2_000) // all of it, not one screen
  await page.screenshot({ path: picture('setup-print'), fullPage: true })
  await page.emulateMedia({ media: 'screen' })
  await page.reload()
  await page.getByText('现在没有检查结果').waitFor()
  await card(page, '接收消息').getByText('应用管理 → 足迹 → 接收消息').waitFor()
  expect(wrong).toEqual([])
  await context.close()
})

test('an answer that fails leaves the guide and says so; who is no admin is told', async () => {
  const { context, page } = await visit('admin', PHONE, '/me')
  await context.route('**/api/v1/wecom/checks', (route) => route.abort())
  await page.goto(stage.company.url + PAGE)
  await page.getByText('现在没有检查结果').waitFor()
  await card(page, '自建应用').waitFor()
  await page.screenshot({ path: picture('setup-failed-phone') })
  await context.unroute('**/api/v1/wecom/checks')
  await page.getByRole('button', { name: '重新检查' }).click()
  await card(page, '自建应用').getByText('AgentId 1000002').waitFor()
  await context.close()
  const other = await visit('boss')
  await other.page.getByText('只有管理员可以查看企业微信的接入').waitFor()
  await other.context.close()
})
