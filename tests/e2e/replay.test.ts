import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { faultsOf, fits } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const yesterday = () => new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10)

test('a director plays yesterday: many people by one clock, scrubbed, faster, to its end', async () => {
  const { context, page } = await stage.open('desk')
  const wrong = faultsOf(page)
  await page.goto(`${stage.url}/replay?date=${yesterday()}`)
  await page.locator('button[value="boss01"]').click()
  const people = page.getByRole('complementary').getByRole('button', { pressed: false })
  await people.first().waitFor()
  expect(await people.count()).toBeGreaterThan(20)
  const slider = page.getByRole('slider', { name: '时间' })
  const [from, to] = await slider.evaluate((input) =>
    input instanceof HTMLInputElement ? [Number(input.min), Number(input.max)] : [0, 0],
  )
  await slider.fill(String(Math.round(((from ?? 0) + (to ?? 0)) / 2000) * 1000))
  await people.nth(2).click()
  await page.screenshot({ path: picture('replay-desk') })
  expect(await offences(page)).toEqual([])
  await page.getByRole('combobox', { name: '速度' }).selectOption('600')
  const before = await slider.inputValue()
  await page.getByRole('button', { name: '播放' }).click()
  await expect.poll(async () => Number(await slider.inputValue()) - Number(before), { timeout: 10_000 }).toBeGreaterThan(600_000) // prettier-ignore
  await page.getByRole('button', { name: '暂停' }).click()
  await slider.fill(String(to))
  expect(wrong).toEqual([])
  await context.close()
})

test('on a phone the clock is under the thumb, also in the dark and at 320 pixels', async () => {
  const { context, page } = await stage.open('phone', { dark: true })
  await page.goto(`${stage.url}/replay?__sim=wecom-ios&date=${yesterday()}`)
  await page.locator('button[value="lead01"]').click()
  await page.getByRole('slider', { name: '时间' }).waitFor()
  await page.getByRole('button', { name: '前进 10 分钟' }).click()
  await page.screenshot({ path: picture('replay-phone-dark') })
  expect(await offences(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  await context.close()
})
