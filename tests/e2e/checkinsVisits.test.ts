import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { CheckinReply } from '../../backend/contract/checkins.ts'
import { Nearby } from '../../backend/contract/customers.ts'
import { Visits } from '../../backend/contract/visits.ts'
import { offences } from '../support/axe.ts'
import { photoOf } from '../support/photo.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { faultsOf, mapDrawn } from '../support/story.ts'

const REP = 'rep27'
const START = { longitude: 114.0262, latitude: 22.5318 }
const DEGREE = 111_320 // metres of a degree of latitude
let stage: Stage
let shops: Nearby['customers']

beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
  const query = `lng=${START.longitude}&lat=${START.latitude}&limit=2`
  shops = (await ask(Nearby, `/api/v1/customers/nearby?${query}`)).customers
})
afterAll(() => stage.close())

async function ask<S extends z.ZodType>(schema: S, to: string, body?: object) {
  const headers = { authorization: `Bearer ${await stage.token(REP)}` }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const response = await fetch(stage.url + to, init)
  return schema.parse(await response.json())
}

async function visit(who: string, at: object, dark = false) {
  const { context, page } = await stage.open('phone', { dark })
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation({ ...START, accuracy: 15, ...at })
  const wrong = faultsOf(page)
  await page.goto(`${stage.url}/me`)
  await page.locator(`button[value="${who}"]`).click()
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  return { context, page, wrong }
}

const show = async (page: Page, name: string) => {
  await mapDrawn(page)
  await page.screenshot({ path: picture(name) })
}
const close = async ({ context, wrong }: { context: BrowserContext; wrong: string[] }) => {
  expect(wrong).toEqual([])
  await context.close()
}
const file = async (word: string, name = 'IMG_1.jpg') => ({ name, mimeType: 'image/jpeg', buffer: await photoOf(word, 1200, 900) }) // prettier-ignore
const shop = (index: number) => {
  const found = shops[index]
  if (!found) throw new Error('the demo has too few customers here')
  return found
}

test('the first visit gives a customer its position, in two taps from its page', async () => {
  const name = `新店 ${uuid().slice(-6)}`
  const { id } = await ask(z.object({ id: z.string() }), '/api/v1/customers', { name })
  const phone = await visit(REP, { latitude: START.latitude + 300 / DEGREE })
  const { page } = phone
  await page.goto(`${stage.url}/customers/${id}`)
  await page.getByRole('link', { name: '签到', exact: true }).click()
  await page.getByRole('heading', { name: '第一次到这里' }).waitFor()
  await page.getByText(/还没有位置，签到时就定在这里/).waitFor()
  await page.locator('.leaflet-container').waitFor()
  await show(page, 'checkin-first-phone')
  expect(await offences(page)).toEqual([])
  await page.getByRole('button', { name: '签到', exact: true }).click()
  await page.getByText('客户还没有位置，由这次签到确定').waitFor()
  await show(page, 'checkin-first-result-phone')
  await page.goto(`${stage.url}/customers/${id}`)
  await page.getByText(/位置由首次拜访确定/).waitFor()
  await close(phone)
})

test('a note and a photo survive a reload; a file that is no picture is refused in words', async () => {
  const place = shop(1)
  const far = { longitude: place.lng, latitude: place.lat + 700 / DEGREE }
  const phone = await visit(REP, far, true)
  const { page } = phone
  const address = `${stage.url}/checkin?kind=in&place=${place.id}`
  await page.goto(address)
  await page.getByRole('heading', { name: '不在范围内' }).waitFor()
  const camera = page.getByLabel(/拍门头照片并签到/)
  await camera.setInputFiles({ name: 'IMG_2.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<html>no picture</html>') }) // prettier-ignore
  await page.getByText('这个文件不是照片，请重新拍一张。').waitFor()
  await camera.setInputFiles(await file('draft'))
  await page.locator('.shots img').waitFor()
  await page.getByLabel(/范围外必填/).fill('店主约在路口的仓库')
  await page.reload()
  await page.locator('.shots img').waitFor()
  expect(await page.getByLabel(/说明/).inputValue()).toBe('店主约在路口的仓库')
  const shown = await page.locator('.shots img').evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth) // prettier-ignore
  expect(shown).toBe(1200) // drawn again with its watermark from what was kept
  await show(page, 'checkin-draft-phone-dark')
  expect(await offences(page)).toEqual([])
  await page.getByRole('button', { name: '在范围外签到' }).click()
  await page.getByText(/在范围外 · 已上传/).waitFor()
  await page.goto(address)
  await page.getByRole('heading', { name: '不在范围内' }).waitFor()
  expect(await page.locator('.shots img').count()).toBe(0)
  await close(phone)
})

test('a visit has a page with note, photo and next step; its customer opens the link, confirms and rates', async () => {
  const place = shop(0)
  const at = Date.now()
  const position = { lng: place.lng, lat: place.lat, accuracy: 10, at }
  const body = { id: uuid(), at, sentAt: at, kind: 'in', customerId: place.id, position }
  await ask(CheckinReply, '/api/v1/checkins', body)
  const today = new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
  const { visits } = await ask(Visits, `/api/v1/visits?from=${today}&to=${today}`)
  const made = visits.find(({ checkinIds }) => checkinIds.includes(body.id))
  const rep = await visit(REP, { longitude: place.lng, latitude: place.lat })
  const { page } = rep
  await page.goto(`${stage.url}/visits/${made?.id}`)
  await page.getByLabel('拍照', { exact: true }).setInputFiles(await file('visit'))
  await page.locator('.photos img').waitFor()
  await page.getByPlaceholder('写一条记录').fill('缺两种口味，答应周五补货')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByText('答应周五补货').first().waitFor()
  await page.getByLabel('下一步做什么').fill('周五补货')
  await page.getByLabel('提醒时间').fill(`${today}T23:50`)
  await page.getByRole('button', { name: '添加并提醒我' }).click()
  await page.locator('.step', { hasText: '周五补货' }).waitFor()
  await page.screenshot({ path: picture('visit-phone') })
  await page.getByRole('button', { name: '生成链接和二维码' }).click()
  const link = page.getByLabel('复制链接')
  await link.waitFor()
  await link.scrollIntoViewIfNeeded()
  await page.screenshot({ path: picture('visit-share-phone') })
  expect(await offences(page)).toEqual([])
  const url = new URL(await link.inputValue())

  const customer = await stage.open('phone')
  await customer.page.goto(stage.url + url.pathname)
  await customer.page.getByText(place.name).waitFor()
  await customer.page.locator('label[for="r5"]').click()
  await customer.page.getByLabel(/留言/).fill('来得很及时')
  await customer.page.screenshot({ path: picture('visit-customer-phone') })
  await customer.page.getByRole('button', { name: /确认，拜访属实/ }).click()
  await customer.page.getByText('谢谢！').waitFor()
  await customer.page.screenshot({ path: picture('visit-customer-thanks-phone') })
  await customer.context.close()

  await page.reload()
  await page.getByText(/客户已确认/).waitFor()
  await page.getByText(/评分 5 \/ 5/).waitFor()
  await close(rep)
})
