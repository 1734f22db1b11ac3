import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { z } from 'zod'
import { haveSeenFirst } from '../support/first.ts'

const REP = 'rep27' // has agreed, is on duty at any hour, and nobody moves him
const HERE = { longitude: 114.0262, latitude: 22.5318, accuracy: 18 }
const SLOWER = 4 // times
const LINE = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 } // bytes/s: 1.6 and 0.75 Mbit/s
const BUTTON = '.dock a.go'

/** One start of a rep's page: what it took from the navigation's begin, in ms, and what came over the line. */
export interface Opening {
  kb: number // received, compressed and with headers
  paintMs: number // the first text or picture
  lcpMs: number // the largest one
  buttonMs: number // 签到 or 打卡 is there to be pressed
  longTasks: number // over 50 ms
  longestTaskMs: number
  files: readonly string[] // scripts and sheets asked for until the button was there
}

/** A phone that starts for the first time, signed in already, and once more when it has kept the app. */
export async function opened(browser: Browser, url: string) {
  const { context, page } = await phone(browser, url)
  const wire = await slow(page)
  const cold = await start(page, wire, url)
  await page.evaluate('navigator.serviceWorker.ready')
  await keptAll(page)
  await page.close()
  const second = await context.newPage()
  await watch(second)
  const warm = await start(second, await slow(second), url)
  await context.close()
  return { cold, warm }
}

/** The longest that the page took to answer a tap: through all of the rep's tabs and a month, twice. */
export async function tapped(browser: Browser, url: string) {
  const { context, page } = await phone(browser, url)
  await slow(page)
  await page.goto(url)
  await page.locator(BUTTON).waitFor()
  for (let round = 0; round < 2; round++)
    for (const tab of ['客户', '轨迹', '考勤', '我的', '今天']) {
      await page.locator('nav').getByText(tab, { exact: true }).tap()
      await page.waitForLoadState('networkidle')
    }
  const { taps } = Watched.parse(await page.evaluate('watched'))
  await context.close()
  const sorted = taps.toSorted((a, b) => a - b)
  return { inpMs: Math.round(sorted.at(-1) ?? NaN), tapMedianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? NaN) } // prettier-ignore
}

/** Whether the page opens when the server is off. @param endServer ends it */
export async function offlineOpened(browser: Browser, url: string, endServer: () => Promise<void>) {
  const { context, page } = await phone(browser, url)
  await page.goto(url)
  await page.locator(BUTTON).waitFor()
  await page.evaluate('navigator.serviceWorker.ready')
  await keptAll(page)
  await page.close()
  await endServer()
  const second = await context.newPage()
  const begun = performance.now()
  await second.goto(url)
  const opens = await second
    .locator('.duty, .card')
    .first()
    .waitFor({ timeout: 20_000 })
    .then(() => 1, () => 0) // prettier-ignore
  await context.close()
  return { offlineOpens: opens, offlineMs: Math.round(performance.now() - begun) }
}

async function phone(browser: Browser, url: string) {
  const context = await browser.newContext({
    ...{ viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, hasTouch: true },
    ...{ isMobile: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', geolocation: HERE },
    permissions: ['geolocation'],
  })
  await haveSeenFirst(context) // as on all days but the first
  await signedIn(context, url)
  const page = await context.newPage()
  await watch(page)
  return { context, page }
}

/** Signs in without the app, so that nothing of it is kept yet. */
async function signedIn(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage()
  await page.route('**/assets/**', (route) => route.abort())
  await page.route('**/sw.js', (route) => route.abort())
  await page.goto(`${url}/auth/wecom/start?to=/`)
  await page.locator(`button[value="${REP}"]`).click()
  await page.waitForURL((at) => at.origin === url && at.pathname === '/')
  await page.close()
}

async function slow(page: Page): Promise<CDPSession> {
  const wire = await page.context().newCDPSession(page)
  await wire.send('Network.enable')
  await wire.send('Network.emulateNetworkConditions', LINE)
  await wire.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  return wire
}

async function start(page: Page, wire: CDPSession, url: string): Promise<Opening> {
  let bytes = 0
  let atButton = false
  const files: string[] = []
  wire.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength))
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (!atButton && /\.(js|css)$/.test(pathname) && pathname !== '/sw.js') files.push(pathname)
  })
  await page.goto(url)
  await page.locator(BUTTON).waitFor()
  atButton = true
  const kb = Math.round(bytes / 1024)
  await page.waitForLoadState('networkidle')
  const seen = Watched.parse(await page.evaluate('watched'))
  return {
    kb,
    paintMs: seen.paint,
    lcpMs: seen.lcp,
    buttonMs: seen.button,
    longTasks: seen.tasks.length,
    longestTaskMs: Math.max(0, ...seen.tasks),
    files: [...new Set(files)],
  }
}

/** The worker has what a rep needs; what else he may need is kept some seconds later. */
const keptAll = (page: Page) =>
  page.waitForFunction(
    `caches.keys().then(async ([name]) => name !== undefined && (await (await caches.open(name)).keys()).length > 10)`,
  )

const Watched = z.object({
  paint: z.number(),
  lcp: z.number(),
  button: z.number(),
  tasks: z.array(z.number()),
  taps: z.array(z.number()),
})

/** What the page tells of itself, from before its first script. As text: see matrix.ts. */
const watch = (page: Page) =>
  page.addInitScript(`
  window.watched = { paint: 0, lcp: 0, button: 0, tasks: [], taps: [] }
  const on = (type, note, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more })
  on('paint', (entry) => { if (entry.name === 'first-contentful-paint') watched.paint = entry.startTime })
  on('largest-contentful-paint', (entry) => (watched.lcp = entry.startTime))
  on('longtask', (entry) => watched.tasks.push(entry.duration))
  on('event', (entry) => { if (entry.interactionId) watched.taps.push(entry.duration) }, { durationThreshold: 16 })
  new MutationObserver(() => {
    if (watched.button === 0 && document.querySelector('${BUTTON}')) watched.button = performance.now()
  }).observe(document, { childList: true, subtree: true })`)
