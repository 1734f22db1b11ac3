import type { Locator, Page } from 'playwright-core'
import { picture, type Stage } from './stage.ts'

/** `register` of WeCom's SDK throws it to nobody when a route is left while its address is signed; who asks next signs anew. */
const LEFT_WHILE_SIGNING = 'SDK Error: Aborted'

/** What the page throws to nobody from now on, in words: nothing in a good one. */
export function faultsOf(page: Page): string[] {
  const wrong: string[] = []
  page.on('pageerror', ({ message }) => message === LEFT_WHILE_SIGNING || wrong.push(message))
  return wrong
}

/** A page of somebody signed in, which notes everything that goes wrong in it. @param stageOf asked when a story opens a page */
export const openerOf =
  (stageOf: () => Stage) =>
  async (who: string, kind: 'phone' | 'desk', to: string, dark = false) => {
    const stage = stageOf()
    const { context, page } = await stage.open(kind, { dark })
    const wrong = faultsOf(page)
    const mark = to.includes('?') ? '&' : '?'
    await page.goto(stage.url + (kind === 'phone' ? `${to}${mark}__sim=wecom-ios` : to))
    await page.locator(`button[value="${who}"]`).click()
    return { context, page, wrong }
  }

/** By its name as it is, or by a part of it. */
export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

export const show = (page: Page, name: string) => page.screenshot({ path: picture(name) })

/** Nothing is wider than the screen. */
export const fits = (page: Page) =>
  page
    .waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth, undefined, { timeout: 10_000 }) // prettier-ignore
    .then(() => true, () => false) // prettier-ignore

/** Resolves when the map of a page, if it has one, shows its ground and moves no more. */
export const mapDrawn = (page: Page) =>
  page.waitForFunction(() => {
    if (document.querySelector('.leaflet-zoom-anim')) return false
    if (document.querySelector('.leaflet-container') === null) return true
    const tiles = [...document.querySelectorAll('.leaflet-tile')]
    return tiles.some((tile) => getComputedStyle(tile).opacity === '1')
  })

/** The month before the one on Shanghai's clock, YYYY-MM: it is over. */
export function lastMonth(): string {
  const now = new Date(Date.now() + 8 * 3_600_000)
  const first = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)
  return new Date(first).toISOString().slice(0, 7)
}

const MOST_TABS = 250

/** Comes to something by the Tab key alone, as who has no mouse. @throws when the key does not lead there */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let tab = 0; tab < MOST_TABS; tab++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${wanted.toString()}`)
}

/** What moves for longer than an eye sees, by the style sheets: nothing may where less motion is asked for. */
export const moving = (page: Page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter((each) => Number(each.effect?.getComputedTiming().duration ?? 0) > 1)
      .map((each) => (each instanceof CSSAnimation ? each.animationName : each.id)),
  )
