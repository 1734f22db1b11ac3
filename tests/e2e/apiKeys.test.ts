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

test('an admin makes a key for a program, sees it once, and takes it back', async () => {
  const { context, page, wrong } = await openAs('admin01', 'desk', '/settings/api-keys')
  await page.getByText('还没有密钥').waitFor()
  await show(page, 'api-keys-empty-desk')
  expect(await button(page, '生成密钥').isDisabled()).toBe(true)
  await page.getByLabel('用途').fill('数据仓库')
  await page.getByRole('checkbox', { name: /读取客户/ }).check()
  await button(page, '生成密钥').click()
  const key = (await page.getByText(/^zuji_/).textContent())?.trim() ?? ''
  await show(page, 'api-keys-made-desk')
  expect(await offences(page)).toEqual([])
  const headers = { authorization: `Bearer ${key}` }
  const ask = () => fetch(`${stage.url}/api/v1/customers?limit=1`, { headers })
  expect((await ask()).status).toBe(200)
  await button(page, '我已保存').click()
  await page.reload()
  await page.getByRole('heading', { name: /数据仓库/ }).waitFor()
  expect(await page.getByText(/^zuji_/).count()).toBe(0)
  await page.setViewportSize({ width: 320, height: 640 })
  await expect.poll(() => fits(page)).toBe(true)
  await show(page, 'api-keys-narrow')
  page.on('dialog', (dialog) => void dialog.accept())
  await button(page, '收回').click()
  await page.getByText(/已收回/).waitFor()
  expect((await ask()).status).toBe(401)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('link', { name: '接口说明' }).click()
  await page.getByPlaceholder('按地址、说明或权限搜索').fill('customers:read nearby')
  await page.getByText('/api/v1/customers/nearby').click()
  await page.getByText('回答（JSON Schema）').first().waitFor()
  await show(page, 'api-reference-desk')
  expect(await offences(page)).toEqual([])
  expect(wrong).toEqual([])
  await context.close()
})
