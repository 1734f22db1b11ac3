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

test('HR writes to everybody; a rep reads it on the phone, HR sees who has, reminds the others and takes it back', async () => {
  const hr = await openAs('hr01', 'desk', '/announcements')
  await button(hr.page, '写公告').click()
  await hr.page.getByLabel('标题').fill('国庆放假安排')
  await hr.page.getByLabel('内容').fill('十月一日至七日放假，八日上班。\n请提前安排客户拜访。')
  await show(hr.page, 'announcement-write-desk')
  expect(await offences(hr.page)).toEqual([])
  await button(hr.page, '发布').click()
  await hr.page.getByText('未读（', { exact: false }).waitFor()

  const rep = await openAs('rep01', 'phone', '/me', true)
  await rep.page.getByRole('link', { name: '公告' }).click()
  const row = rep.page.getByRole('link', { name: /国庆放假安排/ })
  await row.getByText('未读', { exact: true }).waitFor()
  await show(rep.page, 'announcements-phone-dark')
  expect(await offences(rep.page)).toEqual([])
  await row.click()
  await button(rep.page, '我已阅读').waitFor()
  await rep.page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(rep.page)).toBe(true)
  await rep.page.setViewportSize({ width: 375, height: 812 })
  await show(rep.page, 'announcement-phone-dark')
  expect(await offences(rep.page)).toEqual([])
  await button(rep.page, '我已阅读').click()
  await rep.page.getByRole('status').getByText('已读').waitFor()

  await hr.page.reload()
  await hr.page.getByRole('heading', { name: '已读（1）' }).waitFor()
  await show(hr.page, 'announcement-receipts-desk')
  expect(await offences(hr.page)).toEqual([])
  await button(hr.page, '提醒未读的人').click()
  await hr.page.getByText(/已提醒 \d+ 人/).waitFor()
  await button(hr.page, '撤回').click()
  await hr.page.getByText('确定撤回？', { exact: false }).waitFor()
  await button(hr.page, '撤回').click()
  await hr.page.getByText('已撤回').waitFor()
  await rep.page.goto(`${stage.url}/announcements`)
  await rep.page.getByText('还没有公告').waitFor()
  expect([...hr.wrong, ...rep.wrong]).toEqual([])
  await hr.context.close()
  await rep.context.close()
})

test('everybody finds a colleague, and lets the others know a birthday only as long as he wishes', async () => {
  const { context, page, wrong } = await openAs('rep02', 'phone', '/colleagues')
  const people = page.getByRole('list', { name: '通讯录' }).getByRole('listitem')
  await people.first().waitFor()
  await page.getByLabel('月', { exact: true }).selectOption('02')
  await page.getByLabel('日', { exact: true }).selectOption('30')
  expect(await button(page, '保存').isDisabled()).toBe(true)
  await page.getByLabel('日', { exact: true }).selectOption('28')
  await button(page, '保存').click()
  await page.getByText('已保存').waitFor()
  await button(page, '清除').waitFor()
  await show(page, 'colleagues-phone')
  expect(await offences(page)).toEqual([])
  await button(page, '清除').click()
  await button(page, '清除').waitFor({ state: 'detached' })
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  const search = page.getByRole('searchbox')
  await search.fill('没有这个人')
  await search.press('Enter')
  await page.getByText('没有符合条件的人').waitFor()
  expect(wrong).toEqual([])
  await context.close()
})
