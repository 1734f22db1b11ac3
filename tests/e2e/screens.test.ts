import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RouteRecordRaw } from 'vue-router'
import { sql } from '../../backend/core/sql.ts'
import { spoken } from '../../h5/messages/index.ts'
import { unlike } from '../support/alike.ts'
import { offences } from '../support/axe.ts'
import { callForHelpAlone, prepare, SCREENS, settled, type Screen } from '../support/screens.ts'
import { STILL_AT } from '../support/still.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { fits, openerOf } from '../support/story.ts'

const features = import.meta.glob<RouteRecordRaw[]>('../../h5/*/routes.ts', {
  eager: true,
  import: 'routes',
})
const HERE = { longitude: 114.0262, latitude: 22.5318, accuracy: 18 }
const WORDS = Object.keys(spoken)
/** Who needs the month that the demo writes meanwhile comes last. */
const PEOPLE = ['admin01', 'rep03', 'rep27', 'hr01', 'lead01', 'rep01']
const EARLY = 3 // of them do not
const DAYS = 26 * 31 // 26 people who move, today and 30 days before

/** Key screens whose pictures are kept and compared, and stand in the guides: route, screen, theme, language. */
const KEPT = [
  'today-phone',
  'today-phone-dark',
  'today-phone-en',
  'customers-phone',
  'tracks-phone',
  'attendance-phone',
  'plan-phone',
  'me-phone',
  'requests-phone',
  'live-desk',
  'live-desk-dark',
  'live-desk-en',
  'alerts-phone',
  'team-day-desk',
  'team-day-desk-en',
  'replay-desk',
  'replay-desk-en',
  'approvals-desk',
  'approvals-desk-en',
  'month-desk',
  'month-desk-dark',
  'month-desk-en',
  'rules-desk',
  'rules-desk-en',
  'roster-desk',
  'roster-desk-en',
  'wecom-setup-desk',
  'wecom-setup-desk-en',
  'customers-import-desk',
  'customers-import-desk-en',
  'api-keys-desk',
  'api-keys-desk-en',
] as const

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ stillAt: STILL_AT })
  await mkdir(path.dirname(picture('any')), { recursive: true })
  await callForHelpAlone(stage.url, stage.token)
  await prepare(stage.url, stage.token)
})
afterAll(() => stage.close())
const open = openerOf(() => stage)

test('every page of the router is looked at', () => {
  const routes = Object.values(features).flat().map(({ name }) => String(name)) // prettier-ignore
  expect(SCREENS.map(({ route }) => route).toSorted()).toEqual(routes.toSorted())
  expect(new Set(SCREENS.map(({ who }) => who))).toEqual(new Set(PEOPLE))
})

/** The demo has written its month; alerts of a look that began before they were turned off are gone. */
async function written(): Promise<void> {
  await expect
    .poll(() => stage.db.first(sql`select count(*)::int as days from day_changes`), {
      timeout: 400_000,
      interval: 500,
    })
    .toEqual({ days: DAYS })
  await stage.db.run(sql`delete from alerts where kind <> 'sos'`)
}

/** Keys of texts that stand on the page instead of the texts: its route does not name their words. */
const keysShown = (page: Page) =>
  page.evaluate((names) => {
    const key = new RegExp(`^(${names.join('|')})(\\.\\w+)+$`)
    return document.body.innerText.split(/\s+/).filter((word) => key.test(word))
  }, WORDS)

/** What is not good enough on the page that is open: too wide, without its words, or not for everybody to read. */
async function faults(page: Page, route: string): Promise<string[]> {
  const { width = 0 } = page.viewportSize() ?? {}
  const wide = (await fits(page)) ? [] : ['is wider than the screen']
  const keys = (await keysShown(page)).map((key) => `shows ${key}`)
  const all = [...wide, ...keys, ...(await offences(page))]
  return all.map((fault) => `${route} at ${width} px: ${fault}`)
}

/** `npm run pictures` opens the same pages, as looks at people leave marks, and judges none. */
const RENEW = process.env['REGEN'] === '1'
const looksOf = (route: string, kind: 'phone' | 'desk') =>
  KEPT.filter((name) => ['', '-dark', '-en'].some((look) => name === `${route}-${kind}${look}`))

/** Takes the kept pictures of the page that is open, and says which look otherwise than they did. */
async function changes(page: Page, { route }: Screen, kind: 'phone' | 'desk'): Promise<string[]> {
  const found: (string | null)[] = []
  for (const name of looksOf(route, kind)) {
    await page.emulateMedia({ colorScheme: name.endsWith('-dark') ? 'dark' : 'light' })
    await framed(page)
    if (name.endsWith('-en')) await speak(page, 'en')
    await settled(page)
    await page.evaluate(() => document.fonts.ready)
    found.push(await looked(page, name, kind))
    if (name.endsWith('-en')) await speak(page, 'zh-CN')
  }
  return found.filter((each) => each !== null)
}

const PATIENCE_MS = 20_000 // for what a page hears or draws after it has settled, on a slow machine

/** Two frames later: what a change of theme brings about has begun. */
const framed = (page: Page) =>
  page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )

/**
 * Takes a picture until it is like the kept one, or patience is over; to be kept, until two that follow each other are the same.
 * @returns how it is not like the kept one; null: it is
 */
async function looked(page: Page, name: string, kind: 'phone' | 'desk'): Promise<string | null> {
  const until = performance.now() + PATIENCE_MS
  let before: Buffer = Buffer.alloc(0)
  for (;;) {
    const shot = await page.screenshot({ animations: 'disabled', scale: kind === 'phone' ? 'device' : 'css' }) // prettier-ignore
    const moved = RENEW && !shot.equals(before)
    before = shot
    if (moved && performance.now() < until) continue
    await writeFile(picture(name), shot)
    const said = await unlike(name, shot)
    if (said === null || performance.now() > until) return said
  }
}

async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate((chosen) => localStorage.setItem('zuji.language', chosen), language)
  await page.reload()
}

test.each(
  PEOPLE.flatMap((who) => [
    { who, kind: 'desk' as const },
    { who, kind: 'phone' as const },
  ]),
)(
  'the pages of $who at a $kind fit, keep to WCAG 2.2 AA, and look as they did',
  { timeout: 600_000 },
  async ({ who, kind }) => {
    if (PEOPLE.indexOf(who) >= EARLY) await written()
    const { context, page, wrong } = await open(who, kind, '/me', kind === 'desk')
    await context.grantPermissions(['geolocation'])
    await context.setGeolocation(HERE)
    const found: string[] = []
    for (const screen of SCREENS.filter((each) => each.who === who)) {
      await page.emulateMedia({ colorScheme: kind === 'desk' ? 'dark' : 'light' })
      await page.setViewportSize(kind === 'desk' ? { width: 1440, height: 900 } : { width: 320, height: 640 }) // prettier-ignore
      await page.goto(stage.url + (typeof screen.to === 'string' ? screen.to : await screen.to(page))) // prettier-ignore
      await settled(page).catch(async (error: unknown) => {
        await page.screenshot({ path: picture(`unsettled-${screen.route}`) })
        throw new Error(`${screen.route} did not settle`, { cause: error })
      })
      if (!RENEW) found.push(...(await faults(page, screen.route)))
      if (kind === 'phone') await page.setViewportSize({ width: 375, height: 812 })
      found.push(...(await changes(page, screen, kind)))
    }
    expect([...found, ...wrong]).toEqual([])
    await context.close()
  },
)
