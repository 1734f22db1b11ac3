import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../backend/core/sql.ts'
import { offences } from '../support/axe.ts'
import { openStage, type Stage } from '../support/stage.ts'
import { button, fits, openerOf, show } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
const open = openerOf(() => stage)

const LEAVER = 'rep30'

test('an admin sees what becomes of a leaver’s data, types the name, and it is erased', async () => {
  const { context, page, wrong } = await open('admin01', 'desk', `/people/${LEAVER}/erasure`)
  await page.getByText('还在通讯录里，不能删除').waitFor()
  await show(page, 'erasure-works-desk')
  await stage.db.run(sql`
    update people set active = false where org_id = 'demo' and id = ${LEAVER}`)
  const person = await stage.db.first<{ name: string }>(sql`
    select p.name from people p where p.org_id = 'demo' and p.id = ${LEAVER}`)
  const name = person?.name ?? ''

  await page.goto(`${stage.url}/hr/people`)
  await page.getByRole('searchbox').fill(name)
  await page.getByRole('searchbox').press('Enter')
  await page.getByRole('button').filter({ hasText: '已离开通讯录' }).first().click()
  await show(page, 'erasure-sheet-desk')
  await page.getByRole('link', { name: '删除他的数据…' }).click()
  await page.getByText('立即删除').waitFor()
  await page.getByText('收集位置的时段').waitFor()
  await page.getByText('先保留，到期自动删除').waitFor()
  expect(await button(page, '删除他的数据').isDisabled()).toBe(true)
  await page.getByRole('textbox').fill(`${name}x`)
  await page.getByText('姓名不一样').waitFor()
  expect(await button(page, '删除他的数据').isDisabled()).toBe(true)
  await page.getByRole('textbox').fill(name)
  expect(await offences(page)).toEqual([])
  await show(page, 'erasure-desk')
  await button(page, '删除他的数据').click()
  await page.getByText(/已删除 [\d,]+ 条/).waitFor()
  await page.getByText('没有要立即删除的').waitFor()
  await show(page, 'erasure-done-desk')
  const left = await stage.db.first<{ windows: number }>(sql`
    select count(*)::int as windows from duty_windows w where w.org_id = 'demo' and w.person_id = ${LEAVER}`)
  expect(left).toEqual({ windows: 0 })
  expect(wrong).toEqual([])
  await context.close()
}, 300_000)

test('it reads on a phone too; others are not offered it', async () => {
  const { context, page, wrong } = await open('admin01', 'phone', `/people/${LEAVER}/erasure`, true)
  await page.getByText(/发起删除/).waitFor()
  await show(page, 'erasure-phone')
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await context.close()
  const hr = await open('hr01', 'desk', '/hr/people')
  await hr.page.getByRole('button').filter({ hasText: '已离开通讯录' }).first().click()
  await hr.page.getByRole('dialog').waitFor()
  expect(await hr.page.getByRole('link', { name: '删除他的数据…' }).count()).toBe(0)
  await hr.page.goto(`${stage.url}/people/${LEAVER}/erasure`)
  await hr.page.getByRole('alert').waitFor()
  await hr.context.close()
}, 300_000)

test('everybody takes a copy of what is known of him', async () => {
  const { context, page } = await open('rep29', 'phone', '/me')
  await page.getByText('我的数据', { exact: true }).scrollIntoViewIfNeeded()
  await show(page, 'me-data-phone')
  const waiting = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载我的数据' }).click()
  const file = await (await waiting).path()
  const copy: unknown = JSON.parse(await readFile(file, 'utf8'))
  expect(copy).toMatchObject({ person: 'rep29', tables: { people: [{ id: 'rep29' }] } })
  await context.close()
}, 300_000)
