import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { button, fits, openerOf, show } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())
const openAs = openerOf(() => stage)

test.each([
  ['desk', false],
  ['phone', true],
] as const)(
  'a supervisor reads his team’s day at a %s, takes it away, looks at the weeks and opens a person',
  async (kind, dark) => {
    const { page, context, wrong } = await openAs('lead01', kind, '/team/day', dark)
    const people = page.locator(kind === 'desk' ? 'tbody tr' : 'ul.card > li')
    await people.first().waitFor()
    await show(page, `team-day-${kind}`)
    expect(await fits(page)).toBe(true)
    expect(await offences(page)).toEqual([])
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: '导出 CSV' }).click()
    expect((await download).suggestedFilename()).toMatch(/\.csv$/)
    await button(page, '趋势').click()
    await page.getByRole('img', { name: /计划完成率，8 周/ }).waitFor()
    await show(page, `team-weeks-${kind}`)
    expect(await fits(page)).toBe(true)
    expect(await offences(page)).toEqual([])
    await button(page, '当天').click()
    await people.first().getByRole('link').click()
    await page.waitForURL((url) => !url.pathname.startsWith('/team'))
    expect(wrong).toEqual([])
    await context.close()
  },
)
