import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { button, fits, openerOf } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const openAs = openerOf(() => stage)
const SIZES = { phone: { width: 375, height: 812 }, desk: { width: 1440, height: 900 } }

/** The page from top to bottom, a picture a screen. */
async function whole(page: Page, name: string): Promise<void> {
  expect(await fits(page)).toBe(true)
  expect(await offences(page)).toEqual([])
  const body = page.locator('.page-body')
  const { height, step } = await body.evaluate((each) => ({ height: each.scrollHeight, step: each.clientHeight })) // prettier-ignore
  for (let at = 0; at < height; at += step) {
    await body.evaluate((each, top) => each.scrollTo(0, top), at)
    await page.screenshot({ path: picture(`${name}-${at / step}`) })
  }
}

test.each(['phone', 'desk'] as const)('on a %s HR reads and changes every part of a rule as a sentence', async (kind) => {
  const { page, wrong, context } = await openAs('hr01', kind, '/hr/rules')
  await page.setViewportSize(SIZES[kind])
  await page.getByText('可以补的异常').waitFor()
  await whole(page, `rules-read-${kind}`)
  await button(page, '修改').click()

  await page.getByLabel('上班方式').first().selectOption({ label: '弹性时间' })
  await page.getByLabel('最多早来').first().fill('15')
  await page.getByLabel('最多早来').first().blur()
  await page.getByLabel('下班打卡').first().selectOption({ label: '不用打卡' })
  await page.getByRole('group', { name: '可补的异常' }).getByRole('button', { name: '旷工' }).click()
  await page.getByLabel('下班后起算').fill('30')
  await page.getByLabel('下班后起算').blur()
  await page.getByLabel('加班中的休息').nth(0).selectOption({ label: '按固定时段扣' })
  await page.getByLabel('加班中的休息').nth(1).selectOption({ label: '按加班时长扣' })
  await page.getByLabel('让过的迟到').first().fill('15')
  await page.getByLabel('让过的迟到').first().blur()
  await button(page, '＋ 加一条轮班（如大小周）').click()
  await button(page, '＋ 加一个特殊日期').click()
  await page.getByText('没有这一天').waitFor()
  await page.getByLabel('日期', { exact: true }).last().fill('2026-12-31')
  await page.getByLabel('日期', { exact: true }).last().blur()
  await whole(page, `rules-edit-${kind}`)

  await button(page, '预览影响').click()
  await page.getByText('这样改会影响谁').waitFor()
  await button(page, kind === 'desk' ? /起执行$/ : '取消').click() // only one of them is kept
  await button(page, '修改').waitFor()
  expect(wrong).toEqual([])
  await context.close()
}) // prettier-ignore
