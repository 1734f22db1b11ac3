import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What axe finds on a page against WCAG 2.2 A and AA: each rule with the first element that breaks it. */
export async function offences(page: Page): Promise<string[]> {
  await page.evaluate(axe) // as a script of the page its policy would refuse it
  return page.evaluate(async (tags) => {
    const run: unknown = Reflect.get(Reflect.get(window, 'axe'), 'run')
    if (typeof run !== 'function') return ['axe did not load']
    const only = { runOnly: { type: 'tag', values: tags } }
    const found: { violations: { id: string; nodes: { html: string }[] }[] } = await Reflect.apply(
      run,
      undefined,
      [document, only],
    )
    // where a mark stands on a map says where somebody is: it can not be moved away from its neighbour (WCAG 2.5.8)
    const isMark = (html: string) => html.startsWith('<div class="leaflet-marker-icon')
    return found.violations.flatMap(({ id, nodes }) => {
      const worst = nodes.find(({ html }) => id !== 'target-size' || !isMark(html))
      return worst ? [`${id}: ${worst.html.slice(0, 200)}`] : []
    })
  }, TAGS)
}
