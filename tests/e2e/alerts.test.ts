import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Departments } from '../../backend/contract/people.ts'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { button, fits, openerOf, show } from '../support/story.ts'

const REP = 'rep01'
const LEAD = 'lead01'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const openAs = openerOf(() => stage)

test('a rep calls for help in two taps; the leader’s open page hears of it, he takes it on, the rep sees who comes', async () => {
  const lead = await openAs(LEAD, 'desk', '/alerts')
  await lead.page.getByRole('heading', { name: '预警', exact: true }).waitFor()
  const rep = await openAs(REP, 'phone', '/sos')
  await show(rep.page, 'alerts-sos-phone')
  await button(rep.page, '我需要帮助').click()
  await rep.page.getByLabel('发生了什么（可不填）').fill('车胎爆了，人没事')
  await show(rep.page, 'alerts-sos-asked-phone')
  expect(await offences(rep.page)).toEqual([])
  await button(rep.page, '现在发出求助').click()
  await rep.page.getByText('求助已发出').waitFor()
  await rep.page.getByText('还没有人回应').waitFor()
  await show(rep.page, 'alerts-sos-called-phone')

  const row = lead.page.getByRole('article').filter({ hasText: '求助，已' })
  await row.waitFor()
  await row.getByText('车胎爆了，人没事').waitFor()
  await show(lead.page, 'alerts-open-desk')
  expect(await offences(lead.page)).toEqual([])
  await row.getByRole('button', { name: '我来处理' }).click()
  await row.waitFor({ state: 'detached' })
  await button(lead.page, '处理中').click()
  await row.waitFor()

  await rep.page.reload()
  await rep.page.getByText(/已在处理/).waitFor()
  await show(rep.page, 'alerts-sos-heard-phone')
  expect(await fits(rep.page)).toBe(true)
  await button(rep.page, '我没事了').click()
  await button(rep.page, '我需要帮助').waitFor()
  await button(lead.page, '已结束').click()
  await lead.page.getByText('已自行结束').first().waitFor()
  expect([...rep.wrong, ...lead.wrong]).toEqual([])
  await rep.context.close()
  await lead.context.close()
})

test('the leader’s phone lists alerts at 320 pixels, in the dark, and the live map says how many are open', async () => {
  const rep = await openAs('rep02', 'phone', '/sos')
  await button(rep.page, '我需要帮助').click()
  await button(rep.page, '现在发出求助').click()
  await rep.page.getByText('求助已发出').waitFor()
  await rep.context.close()
  const { context, page, wrong } = await openAs(LEAD, 'phone', '/alerts', true)
  await page.setViewportSize({ width: 320, height: 640 })
  await page.getByRole('article').first().waitFor()
  expect(await fits(page)).toBe(true)
  await page.setViewportSize({ width: 375, height: 812 })
  await show(page, 'alerts-open-phone-dark')
  expect(await offences(page)).toEqual([])
  await page.goto(`${stage.url}/live`)
  await page.getByText(/条预警待处理/).waitFor()
  await show(page, 'alerts-live-phone-dark')
  expect(wrong).toEqual([])
  await context.close()
})

test('an admin sets rules as sentences, one department’s apart; a value that is noise is told', async () => {
  const { context, page, wrong } = await openAs('admin01', 'desk', '/settings/alerts')
  const minutes = page.getByRole('spinbutton', { name: '失去联系: 分钟' }).first()
  await minutes.fill('3')
  await minutes.blur()
  await page.getByText('最少 6 分钟').waitFor()
  expect(await button(page, '保存').isDisabled()).toBe(true)
  await minutes.fill('45')
  await minutes.blur()
  await page.getByLabel('选择部门').selectOption({ index: 1 })
  await button(page, '为部门单独设置').click()
  await button(page, '恢复为公司的规则').waitFor()
  await show(page, 'alerts-rules-desk')
  expect(await offences(page)).toEqual([])
  await button(page, '保存').click()
  await page.getByText('已保存，正在按新规则重新检查').waitFor()
  await page.reload()
  expect(await page.getByRole('spinbutton', { name: '失去联系: 分钟' }).first().inputValue()).toBe('45') // prettier-ignore
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await context.close()
})

test('a leader keeps asking who is near a customer and free; the list follows the question', async () => {
  const { context, page, wrong } = await openAs('boss01', 'desk', '/live')
  await button(page, '添加问题').click()
  await page.getByLabel('想知道谁').selectOption('near')
  await page.getByLabel('多少公里以内').fill('50')
  await page.getByRole('dialog').getByRole('button', { name: '添加问题' }).click()
  const asked = page.getByRole('button', { name: /50 公里内有空/ })
  await asked.waitFor()
  await asked.click()
  await expect.poll(() => asked.getAttribute('aria-pressed')).toBe('true')
  await show(page, 'questions-desk')
  const marks = /leaflet-marker/ // that lie over one another where the places do
  expect((await offences(page)).filter((each) => !marks.test(each))).toEqual([])
  await page.reload()
  await asked.waitFor()
  expect(wrong).toEqual([])
  await context.close()
})

test('an admin draws where a department works, corner by corner, and sees it again', async () => {
  const { context, page, wrong } = await openAs('admin01', 'desk', '/settings/territories')
  await page.getByRole('button', { name: /车公庙组/ }).click()
  await button(page, '绘制').click()
  const map = page.locator('.map .leaflet-container')
  for (const position of [
    { x: 300, y: 200 },
    { x: 700, y: 250 },
    { x: 600, y: 600 },
    { x: 250, y: 500 },
  ])
    // prettier-ignore
    await map.click({ position })
  await page.getByText('已有 4 个点').waitFor()
  await show(page, 'territories-drawing-desk')
  await button(page, '保存区域').click()
  await page.getByText('已保存').waitFor()
  expect((await offences(page)).filter((each) => !/leaflet/.test(each))).toEqual([])
  await page.reload()
  await page.getByRole('button', { name: /车公庙组 已设置/ }).waitFor()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await context.close()
})

/** As an admin's program sets it. */
async function drawTerritory(name: string) {
  const headers = { authorization: `Bearer ${await stage.token('admin01')}` }
  const known = await (await fetch(`${stage.url}/api/v1/departments`, { headers })).json()
  const id = Departments.parse(known).departments.find((each) => each.name === name)?.id ?? ''
  const ring = [[113.99, 22.52], [114.04, 22.52], [114.04, 22.55], [113.99, 22.55]] // prettier-ignore
  const body = JSON.stringify({ area: { type: 'MultiPolygon', coordinates: [[ring]] } })
  const reply = await fetch(`${stage.url}/api/v1/territories/${id}`, { method: 'PUT', headers, body }) // prettier-ignore
  expect(reply.status).toBe(200)
}

test('a leader adds territories to the live map by keyboard, and follows the last half hour of a person', async () => {
  await drawTerritory('车公庙组')
  for (const dark of [false, true]) {
    const { context, page, wrong } = await openAs('boss01', 'desk', '/live', dark)
    await page.getByText('已连接').waitFor()
    await page.getByText('图层', { exact: true }).focus()
    await page.keyboard.press('Enter')
    const box = page.getByRole('checkbox', { name: '负责区域' })
    await box.focus()
    await page.keyboard.press('Space')
    await page.locator('.area-name', { hasText: '车公庙组' }).waitFor({ state: 'attached' })
    await page.getByRole('button', { name: /李静/ }).first().click()
    await page.getByText('查看已记录，本人可见').waitFor()
    await show(page, `live-layers-desk${dark ? '-dark' : ''}`)
    await page.getByRole('checkbox', { name: /全天轨迹/ }).check()
    await page.reload()
    await page.getByText('图层', { exact: true }).click()
    expect(await page.getByRole('checkbox', { name: /全天轨迹/ }).isChecked()).toBe(true)
    await page.getByRole('checkbox', { name: /全天轨迹/ }).uncheck()
    await page.setViewportSize({ width: 375, height: 812 })
    await page.getByText('已连接').waitFor()
    await page.getByRole('button', { name: /李静/ }).first().waitFor()
    await show(page, `live-layers-phone${dark ? '-dark' : ''}`)
    expect((await offences(page)).filter((each) => !/leaflet-marker/.test(each))).toEqual([])
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await fits(page)).toBe(true)
    expect(wrong).toEqual([])
    await context.close()
  }
})

test('a leader hears of some kinds together, at hours of his own', async () => {
  const { context, page, wrong } = await openAs('lead02', 'phone', '/alerts')
  await page.getByRole('link', { name: '预警汇总' }).click()
  await page.getByRole('checkbox', { name: '长时间停留' }).check()
  await button(page, '添加时间').click()
  await page.getByLabel('第 3 个时间').fill('15:00')
  await show(page, 'alerts-digest-phone')
  expect(await offences(page)).toEqual([])
  await button(page, '保存').click()
  await page.getByText('已保存').waitFor()
  await page.reload()
  expect(await page.getByRole('checkbox', { name: '长时间停留' }).isChecked()).toBe(true)
  expect(await page.getByLabel('第 3 个时间').inputValue()).toBe('15:00')
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await context.close()
})

test('an admin has alerts sent to another system: address, secret once, test, what was given up', async () => {
  const { context, page, wrong } = await openAs('admin01', 'desk', '/settings/webhooks')
  await page.getByText('还没有推送地址').waitFor()
  await show(page, 'webhooks-empty-desk')
  const url = page.getByLabel('接收地址（https）')
  await url.fill('https://192.168.1.5/hook')
  await button(page, '添加地址').click()
  await page.getByText('请填公网的 https 地址').waitFor()
  await url.fill('https://hooks.invalid/alerts')
  await button(page, '添加地址').click()
  await page.getByText(/^whsec_/).waitFor()
  await button(page, '发送测试').click()
  await page.getByText('已发出测试').waitFor()
  await page.getByText('如何验证签名').click()
  await show(page, 'webhooks-secret-desk')
  expect(await offences(page)).toEqual([])
  await button(page, '我已保存').click()
  await page.reload()
  await page.getByRole('heading', { name: 'https://hooks.invalid/alerts' }).waitFor()
  await page.getByText('没有失败的推送').waitFor()
  expect(await page.getByText(/^whsec_/).count()).toBe(0)
  await page.setViewportSize({ width: 320, height: 640 })
  await expect.poll(() => fits(page)).toBe(true) // the page turns into that of a phone
  page.on('dialog', (dialog) => void dialog.accept())
  await button(page, '删除').click()
  await page.getByText('还没有推送地址').waitFor()
  expect(wrong.filter((each) => !each.includes('422'))).toEqual([])
  await context.close()
})
