import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Person } from '../../backend/contract/people.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { asked, contextOf, signedIn, turn, type Opening } from './wecomApps.ts'

const REP = 'rep27' // rostered round the clock, never moved by the simulator
let stage: Stage
let token: string
let context: BrowserContext | null = null
beforeAll(async () => {
  stage = await openStage()
  token = await stage.token('lead03')
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterEach(async ({ task }) => {
  const page = context?.pages()[0]
  if (page && task.result?.state === 'fail') await shot(page, `failed-${task.id}`)
  await context?.close()
})
afterAll(() => stage.close())

/** The rep signs in within this app. */
async function open(opening: Opening): Promise<Page> {
  context = await contextOf(stage, opening)
  return signedIn(stage, context, { ...opening, who: REP })
}

let places = 0
/** A place of its own for each story, as a bridge tells it. */
const place = () => ({ latitude: 22.53 + ++places / 1000, longitude: 114.02, accuracy: 12 })

/** The supervisor sees the rep there. */
async function seen(latitude: number): Promise<void> {
  const last = async () => {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${stage.url}/api/v1/people/${REP}`, { headers })
    return Person.parse(await response.json()).last?.lat
  }
  await expect.poll(last, { timeout: 90_000, interval: 500 }).toBeCloseTo(latitude, 6)
}

const report = (page: Page) => page.getByRole('button', { name: /立即上报/ })
const again = (page: Page) => page.getByRole('button', { name: /再试一次/ })
const alarm = (page: Page) => page.getByRole('alert')
const notice = (page: Page) => page.getByText('正在用浏览器定位')
const shot = (page: Page, name: string) => page.screenshot({ path: picture(`trouble-${name}`) })

test('WeCom on an iPhone: reports, and goes on when a refusal is taken back', async () => {
  const here = place()
  const page = await open({ app: 'wecom-ios', sim: { positions: [here] } })
  await report(page).click()
  await seen(here.latitude)
  expect(await asked(page, 'preVerifyJSAPI')).toBe(1)

  await turn(page, { permission: 'refused' })
  await report(page).click()
  await alarm(page).getByText('设置 → 企业微信 → 位置').waitFor()
  await shot(page, 'refused-ios')
  await turn(page, { permission: 'granted' })
  await again(page).click()
  await report(page).waitFor()
  expect(await alarm(page).count()).toBe(0)
})

test('WeCom on an iPhone signs a new route by itself', async () => {
  const here = place()
  const page = await open({ app: 'wecom-ios', sim: { positions: [here] }, at: '/tracks' })
  await page.getByRole('link', { name: '今天' }).first().click()
  await seen(here.latitude)
  await expect.poll(() => asked(page, 'startAutoLBS')).toBe(1)
  const before = await asked(page, 'preVerifyJSAPI')
  await page.evaluate(() => history.replaceState(history.state, '', '/?from=card'))
  await report(page).click()
  await expect.poll(() => asked(page, 'preVerifyJSAPI')).toBe(before + 1)
  await expect.poll(() => asked(page, 'geoLocation')).toBeGreaterThan(1)
  expect(await alarm(page).count()).toBe(0)
})

test('WeCom on Android: location that is switched off is explained, and on again is noticed', async () => {
  const here = place()
  const page = await open({
    app: 'wecom-android',
    sim: { positions: [here], everyMs: 300, gps: 'closed' },
  })
  await alarm(page).getByText('下拉手机状态栏').waitFor()
  await shot(page, 'gps-android')
  await turn(page, { gps: 'on' })
  await again(page).click()
  await report(page).waitFor()
  await seen(here.latitude)
  await turn(page, { gps: 'closed' })
  await alarm(page).getByText('下拉手机状态栏').waitFor()
  await turn(page, { gps: 'on' })
  await report(page).waitFor() // the continuous reports tell
})

test('a refused permission that is granted in the settings is noticed on the way back', async () => {
  const here = place()
  const page = await open({
    app: 'wecom-android',
    sim: { positions: [here], permission: 'refused' },
  })
  await alarm(page).getByText('设置 → 应用 → 企业微信 → 权限').waitFor()
  await shot(page, 'refused-android')
  await turn(page, { permission: 'granted' })
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await report(page).waitFor()
  await seen(here.latitude)
  expect(await asked(page, 'startAutoLBS')).toBeGreaterThan(0)
})

test('a signature that is refused once is made again, and no one notices', async () => {
  const here = place()
  const refusals = { preVerifyJSAPI: ['fail_invalid signature'] }
  const page = await open({ app: 'wecom-ios', sim: { positions: [here], refusals } })
  await report(page).click()
  await seen(here.latitude)
  expect(await asked(page, 'preVerifyJSAPI')).toBe(2)
  expect(await notice(page).count()).toBe(0)
})

test('a signature that stays refused: the browser locates, and the rep knows what to tell', async () => {
  const here = place()
  const refusals = { preVerifyJSAPI: 'fail_invalid signature' }
  const page = await open({ app: 'wecom-ios', sim: { refusals }, browserAt: here })
  await notice(page).waitFor()
  await page.getByText(/invalid signature/).waitFor()
  await seen(here.latitude)
  await shot(page, 'signature-instead')
  expect(await asked(page, 'preVerifyJSAPI')).toBe(2)
  await turn(page, { refusals: {}, positions: [here] })
  await report(page).click()
  await notice(page).waitFor({ state: 'detached' })
})

test('a domain that is not trusted, and no browser to step in: the host is named', async () => {
  const refusals = { preVerifyJSAPI: 'fail_invalid url domain' }
  const page = await open({ app: 'wecom-android', sim: { refusals } })
  await alarm(page).getByText(new URL(stage.url).host).waitFor()
  await shot(page, 'domain')
})

test.each([
  ['fail_nopermission', '本应用还没有定位权限', 'permission'],
  ['fail, not in visible range', '你不在本应用的可见范围内', 'visible'],
  ['function_not_exist', 'App 版本太旧', 'old'],
])('an app that may not locate says why: %s', async (word, words, name) => {
  const page = await open({ app: 'wecom-ios', sim: { refusals: { geoLocation: word } } })
  await alarm(page).getByText(words).waitFor()
  await shot(page, name)
})

test('a server that can not sign: the browser locates until it can', async () => {
  const here = place()
  const page = await open({
    app: 'wecom-ios',
    sim: { positions: [here] },
    browserAt: here,
    without: '**/jssdk-signature',
  })
  await notice(page).waitFor()
  await page.getByText('暂时连不上服务器').waitFor()
  await seen(here.latitude)
  await page.unroute('**/jssdk-signature')
  await report(page).click()
  await notice(page).waitFor({ state: 'detached' })
})

test('a plain browser locates by itself, and says what to do when it may not', async () => {
  const here = place()
  const page = await open({ app: 'browser', sim: null, browserAt: here })
  await report(page).waitFor()
  await seen(here.latitude)
  expect(await notice(page).count()).toBe(0)
  await context?.clearPermissions()
  await page.reload()
  await alarm(page).getByText('网站设置').waitFor()
  await shot(page, 'browser')
  await context?.grantPermissions(['geolocation'])
  await report(page).waitFor() // told by the browser, without a press
})

test('WeCom without a bridge: the browser locates', async () => {
  const here = place()
  const page = await open({ app: 'wecom-ios', sim: null, browserAt: here })
  await notice(page).waitFor()
  await seen(here.latitude)
  await shot(page, 'silent-instead')
})

test('a bridge that never answers, and no browser to step in', async () => {
  const page = await open({ app: 'wecom-android', sim: { silent: true } })
  await alarm(page).getByText('完全退出企业微信').waitFor({ timeout: 40_000 })
  await shot(page, 'silent')
})

test('WeCom on Windows can not locate, says so, and lets the browser', async () => {
  const here = place()
  const page = await open({ app: 'pc', browserAt: here })
  await notice(page).waitFor()
  await page.getByText('电脑版不能定位').waitFor()
  await seen(here.latitude)
  await shot(page, 'desktop-instead')
  expect(await asked(page, 'preVerifyJSAPI')).toBe(0)
})

test('WeCom on Windows whose browser may not locate either', async () => {
  const page = await open({ app: 'pc' })
  await alarm(page).getByText('手机的企业微信').waitFor()
  await shot(page, 'desktop')
})

test.each(['wechat', 'wechat-android'] as const)(
  '%s signs the address that it compares, also when the page was opened elsewhere',
  async (app) => {
    const here = place()
    const page = await open({ app, sim: { positions: [here] }, at: '/tracks' })
    await page.getByRole('link', { name: '今天' }).first().click()
    await seen(here.latitude)
    expect(await asked(page, 'preVerifyJSAPI')).toBe(1)
    expect(await asked(page, 'startAutoLBS')).toBe(0)
  },
)
