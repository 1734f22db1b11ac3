import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { button, faultsOf, fits, openerOf, show } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())
const open = openerOf(() => stage)

/** The pictures near what is shown have come. */
const pictured = (page: Page) =>
  page.waitForFunction(() =>
    [...document.images]
      .filter((image) => image.getBoundingClientRect().top < innerHeight)
      .every((image) => image.complete && image.naturalWidth > 0),
  )

test('who is not signed in reads a guide, jumps by its contents, searches, and turns it to English', async () => {
  const { context, page } = await stage.open('phone')
  const wrong = faultsOf(page)
  await page.goto(`${stage.url}/help`)
  await page.getByRole('link', { name: /外勤人员/ }).waitFor()
  await show(page, 'help-phone')
  expect(await offences(page)).toEqual([])
  await page.getByRole('searchbox').fill('范围外')
  await page.getByRole('link', { name: /在范围外签到/ }).click()
  await expect.poll(() => page.url()).toBe(`${stage.url}/help/rep#outside`)
  await page.getByText('目录').click()
  await page.getByRole('navigation').getByRole('link', { name: '在店里签到' }).click()
  const heading = page.getByRole('heading', { name: /在店里签到/ })
  await expect.poll(async () => (await heading.boundingBox())?.y ?? 999).toBeLessThan(200)
  await pictured(page)
  await show(page, 'help-rep-phone')
  expect(await fits(page)).toBe(true)
  expect(await offences(page)).toEqual([])
  await button(page, 'English').click()
  await page.getByText('Guide for field staff').waitFor()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(await offences(page)).toEqual([])
  expect(new URL(page.url()).pathname).toBe('/help/rep')
  expect(wrong).toEqual([])
  await context.close()
})

test('HR at a desk comes to the guides from the navigation, in the dark, with contents beside the text', async () => {
  const { context, page, wrong } = await open('hr01', 'desk', '/me', true)
  await page.getByRole('link', { name: '帮助' }).first().click()
  await page.getByRole('link', { name: /外勤人员/ }).click()
  await page.getByRole('heading', { name: /第一分钟/ }).waitFor()
  await pictured(page)
  await show(page, 'help-rep-desk-dark')
  expect(await fits(page)).toBe(true)
  expect(await offences(page)).toEqual([])
  expect(wrong).toEqual([])
  await context.close()
})

test('the question mark of a page leads to where the guide explains it', async () => {
  const { context, page, wrong } = await open('rep05', 'phone', '/requests')
  await page.getByRole('link', { name: '这一页的帮助' }).click()
  await page.getByRole('heading', { name: /补卡、请假、外出/ }).waitFor()
  expect(page.url()).toBe(`${stage.url}/help/rep#requests`)
  expect(wrong).toEqual([])
  await context.close()
})
