import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RouteRecordRaw } from 'vue-router'
import { spoken } from '../../h5/messages/index.ts'
import { offences } from '../support/axe.ts'
import { prepare, SCREENS, settled } from '../support/screens.ts'
import { openStage, type Stage } from '../support/stage.ts'
import { fits, openerOf } from '../support/story.ts'

const features = import.meta.glob<RouteRecordRaw[]>('../../h5/*/routes.ts', {
  eager: true,
  import: 'routes',
})
const HERE = { longitude: 114.0262, latitude: 22.5318, accuracy: 18 }
const WORDS = Object.keys(spoken)
const PEOPLE = [...new Set(SCREENS.map(({ who }) => who))]

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await prepare(stage.url, stage.token)
})
afterAll(() => stage.close())
const open = openerOf(() => stage)

test('every page of the router is looked at', () => {
  const routes = Object.values(features).flat().map(({ name }) => String(name)) // prettier-ignore
  expect(SCREENS.map(({ route }) => route).toSorted()).toEqual(routes.toSorted())
})

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

test.each(
  PEOPLE.flatMap((who) => [
    { who, dark: false },
    { who, dark: true },
  ]),
)(
  'the pages of $who fit into 320 px and keep to WCAG 2.2 AA (dark: $dark)',
  { timeout: 600_000 },
  async ({ who, dark }) => {
    const { context, page, wrong } = await open(who, 'phone', '/me', dark)
    await context.grantPermissions(['geolocation'])
    await context.setGeolocation(HERE)
    const found: string[] = []
    for (const { route, to } of SCREENS.filter((each) => each.who === who)) {
      await page.setViewportSize(dark ? { width: 1440, height: 900 } : { width: 320, height: 640 })
      await page.goto(stage.url + (typeof to === 'string' ? to : await to(page)))
      await settled(page)
      found.push(...(await faults(page, route)))
    }
    expect([...found, ...wrong]).toEqual([])
    await context.close()
  },
)
