import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { faultsOf, fits } from '../support/story.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const HERE = { longitude: 114.0262, latitude: 22.5318, accuracy: 18 }

/** A page of somebody signed in, which notes everything that goes wrong in it. */
async function visit(who: string, kind: 'phone' | 'desk', dark = false) {
  const { context, page } = await stage.open(kind, { dark })
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation(HERE)
  const wrong = faultsOf(page)
  await page.goto(stage.url + (kind === 'phone' ? '/?__sim=wecom-ios' : '/'))
  await page.locator(`button[value="${who}"]`).click()
  await page.locator('nav.bar').waitFor()
  return { page, wrong, close: () => context.close() }
}

async function shown(page: Page, name: string) {
  expect(await fits(page)).toBe(true)
  await page.screenshot({ path: picture(name) })
}

test('a rep finds his customers, adds one with what he typed before a reload, and sees it', async () => {
  const { page, wrong, close } = await visit('rep27', 'phone')
  await page.goto(`${stage.url}/customers`)
  await page.getByRole('heading', { name: '客户' }).waitFor()
  await page.locator('a.row').first().waitFor()
  await shown(page, 'customers-phone')
  await page.getByRole('link', { name: '新客户' }).click()
  await page.getByLabel('名称 *').fill('春晓水果店（香蜜湖店）')
  await page.getByLabel('地址').fill('香蜜湖路 8 号')
  await page.reload()
  await page.getByText('已恢复上次没保存的内容').waitFor()
  expect(await page.getByLabel('名称 *').inputValue()).toBe('春晓水果店（香蜜湖店）')
  await page.getByLabel('等级').selectOption('A')
  await shown(page, 'customer-new-phone')
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  await page.setViewportSize({ width: 375, height: 812 })
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('heading', { name: '春晓水果店（香蜜湖店）' }).waitFor()
  await page.getByText('新建').waitFor()
  await shown(page, 'customer-phone')
  expect(wrong).toEqual([])
  await close()
})

test('an admin imports a file, sees which rows are wrong and why, and fetches them as a file', async () => {
  const { page, wrong, close } = await visit('admin01', 'phone')
  await page.goto(`${stage.url}/customers/import`)
  const rows = ['客户名称,编码,地址,等级,业务员,经度,纬度', '益民大药房,Y1,深南大道 1 号,A,rep01,114.03,22.53', ',Y2,,,,,', '康宁超市,Y3,红荔路 9 号,Z,谁,200,22.5', '<b>=1+1</b>,Y4,,B,,,'] // prettier-ignore
  await page.locator('input[type=file]').setInputFiles({
    name: '客户名单.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(rows.join('\n')),
  })
  await page.getByText('有错误的行').waitFor()
  await page.getByText('第 3 行').waitFor()
  await shown(page, 'import-phone')
  await page.getByRole('button', { name: '导入 2 行' }).click()
  await page.getByText('完成').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '下载文件' }).click(),
  ])
  expect(download.suggestedFilename()).toContain('errors.csv')
  await shown(page, 'import-done-phone')
  await page.goto(`${stage.url}/customers`)
  await page.getByPlaceholder('搜索名称').fill('=1+1')
  await page.getByText('<b>=1+1</b>').waitFor()
  expect(wrong).toEqual([])
  await close()
})

test('a supervisor at a desk has list and map beside each other, and hands customers on and back', async () => {
  const { page, wrong, close } = await visit('lead01', 'desk')
  await page.goto(`${stage.url}/customers`)
  await page.locator('a.row').first().waitFor()
  await page.locator('.customer-cluster, .customer-touch').first().waitFor()
  await shown(page, 'customers-desk')
  await page.goto(`${stage.url}/customers/transfers`)
  await page.getByLabel('从').selectOption('rep01')
  await page.getByLabel('交给').selectOption('rep02')
  await page.getByRole('button', { name: '看看会移交哪些' }).click()
  await page.getByText('家客户会移交').waitFor()
  await page.getByRole('button', { name: '移交', exact: true }).click()
  await page.getByRole('button', { name: '撤回' }).click()
  await page.getByText('已撤回').waitFor()
  await shown(page, 'transfer-desk')
  expect(wrong).toEqual([])
  await close()
})

test('HR adds a workplace, in the dark', async () => {
  const { page, wrong, close } = await visit('hr01', 'phone', true)
  await page.goto(`${stage.url}/workplaces`)
  await page.getByRole('button', { name: '新地点' }).click()
  await page.getByLabel('名称 *').fill('泰然办公室')
  await page.getByLabel('经度 *').fill('114.0248')
  await page.getByLabel('纬度 *').fill('22.5349')
  await page.getByLabel('Wi-Fi').fill('AA-BB-CC-00-11-22')
  await shown(page, 'workplace-phone-dark')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: /泰然办公室/ }).waitFor()
  await shown(page, 'workplaces-phone-dark')
  expect(wrong).toEqual([])
  await close()
})

test('an admin sets what reps may do, how often tiers are visited and a field of his own', async () => {
  const { page, wrong, close } = await visit('admin01', 'phone')
  await page.goto(`${stage.url}/customers/settings`)
  await page.getByLabel('A', { exact: true }).fill('10')
  await page.getByRole('button', { name: '加一个字段' }).click()
  await page.getByLabel('名称').fill('门店面积')
  await page.getByLabel('类型').selectOption('number')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('已保存').waitFor()
  await page.reload()
  await page.getByRole('button', { name: '去掉' }).waitFor()
  expect(await page.getByLabel('名称').inputValue()).toBe('门店面积')
  expect(await page.getByLabel('A', { exact: true }).inputValue()).toBe('10')
  await shown(page, 'customer-settings-phone')
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await close()
})

test('a rep proposes where a customer is, his leader decides about it at a desk in the dark', async () => {
  const rep = await visit('rep27', 'phone')
  await rep.page.goto(`${stage.url}/customers`)
  const placed = rep.page.locator('a.row').filter({ hasText: /\d ?(米|公里)/ }) // the one that a story before added has no place
  await placed.first().click()
  await rep.page.getByRole('button', { name: '提议改到我这里' }).click()
  await rep.page.getByText('已提交，等主管确认').waitFor()
  expect(rep.wrong).toEqual([])
  await shown(rep.page, 'customer-timeline-phone')
  await rep.close()
  const { page, wrong, close } = await visit('admin01', 'desk', true)
  await page.goto(`${stage.url}/customers`)
  await page.locator('a.row').first().waitFor()
  await shown(page, 'customers-desk-dark')
  await page.getByRole('link', { name: '位置提议' }).click()
  await page.getByRole('button', { name: '采用', exact: true }).first().waitFor()
  await shown(page, 'proposals-desk-dark')
  await page.getByRole('button', { name: '采用', exact: true }).first().click()
  await page.getByText('已采用：').waitFor()
  await page.getByText('没有等待决定的提议').waitFor()
  expect(wrong).toEqual([])
  await close()
})
