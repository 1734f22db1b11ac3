import type { BrowserContext, Page } from 'playwright-core'
import { haveSeenFirst } from '../support/first.ts'
import type { Stage } from '../support/stage.ts'

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 16_3 like Mac OS X) AppleWebKit/605.1.15'
const ANDROID = 'Mozilla/5.0 (Linux; Android 13; V2254A) AppleWebKit/537.36 (KHTML, like Gecko)'
const WECOM = 'wxwork/4.1.22 MicroMessenger/7.0.1'
/** User agents of the apps, as phones and desks send them. */
export const AGENTS = {
  'wecom-ios': `${IPHONE} (KHTML, like Gecko) Mobile/15E148 ${WECOM} Language/zh ColorScheme/Light`,
  'wecom-android': `${ANDROID} Version/4.0 Chrome/116.0 Mobile MQQBrowser/6.2 TBS/046291 Safari/537.36 ${WECOM} NetType/WIFI Language/zh`,
  wechat: `${IPHONE} (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49 NetType/4G Language/zh_CN`,
  'wechat-android': `${ANDROID} Chrome/116.0 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.49`,
  browser: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
  pc: 'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0 Safari/537.36 wxwork/4.1.22 (MicroMessenger/6.2) WindowsWechat QBCore/3.43 QQBrowser/9.0',
} as const

export interface Opening {
  app: keyof typeof AGENTS
  sim?: object | null // switches of the bridge; null: the app has none
  at?: string
  browserAt?: { latitude: number; longitude: number } // where the browser may locate
  without?: string // address that does not answer, from the beginning
  dark?: boolean
}

/** A browser that takes itself for this app, with the switches of its bridge. */
export async function contextOf({ browser }: Stage, { app, sim = {}, browserAt, dark }: Opening) {
  const context = await browser.newContext({
    viewport: app === 'pc' ? { width: 1440, height: 900 } : { width: 375, height: 812 },
    deviceScaleFactor: 2,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    userAgent: AGENTS[app],
    colorScheme: dark ? 'dark' : 'light',
    permissions: browserAt ? ['geolocation'] : [],
    ...(browserAt && { geolocation: { ...browserAt, accuracy: 30 } }),
  })
  await context.addInitScript((given) => {
    if (given !== null) Reflect.set(window, '__zujiSim', given)
  }, sim)
  await haveSeenFirst(context)
  return context
}

/** Somebody signs in there, on the simulator's page. */
export async function signedIn(
  { url }: Stage,
  context: BrowserContext,
  { app, sim, at = '/', without, who }: Opening & { who: string },
): Promise<Page> {
  const page = await context.newPage()
  if (without) await page.route(without, (route) => route.abort())
  await page.goto(`${url}${at}?__sim=${sim === null ? 'none' : app}`)
  await page.locator(`button[value="${who}"]`).click()
  return page
}

/** Turns switches of the bridge. */
export const turn = (page: Page, switches: object) =>
  page.evaluate((given) => {
    const phone: unknown = Reflect.get(window, '__zujiSim')
    if (typeof phone === 'object' && phone !== null) Object.assign(phone, given)
  }, switches)

/** How often the page asked the app for this. */
export const asked = (page: Page, name: string) =>
  page.evaluate((wanted) => {
    const calls: unknown = Reflect.get(Reflect.get(window, '__zujiSim'), 'calls')
    const of = (call: unknown) =>
      typeof call === 'object' && call !== null && Reflect.get(call, 'name') === wanted
    return Array.isArray(calls) ? calls.filter(of).length : 0
  }, name)
