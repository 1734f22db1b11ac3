import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { photoOf } from '../support/photo.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { asked, contextOf, signedIn, turn, type Opening } from './wecomApps.ts'

const HERE = { latitude: 22.5318, longitude: 114.0262, accuracy: 18 }
let stage: Stage
let context: BrowserContext
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterEach(() => context.close())
afterAll(() => stage.close())

/** The check-in page in an app whose camera sees this word next. */
async function atCheckin(app: Opening['app'], word: string, more: object = {}) {
  const photos = [(await photoOf(word, 1200, 900)).toString('base64')]
  const opening = { app, sim: { positions: [HERE], photos, ...more }, at: '/me' }
  context = await contextOf(stage, opening)
  const page = await signedIn(stage, context, { ...opening, who: 'rep27' })
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.goto(`${stage.url}/checkin?kind=punch`)
  await shoot(page).waitFor()
  return page
}
const shoot = (page: Page) => page.getByRole('button', { name: '拍照并打卡' })
const show = (page: Page, name: string) => page.screenshot({ path: picture(`photo-${name}`) })
const checkedIn = (page: Page) => page.getByText(/\d\d:\d\d 已打卡/).waitFor()

/** What the picture of the check-in shows is a picture. */
const isShown = (page: Page) =>
  expect
    .poll(() =>
      page
        .getByAltText('签到照片')
        .first()
        .evaluate((image) => Reflect.get(image, 'naturalWidth')),
    )
    .toBeGreaterThan(100)

test.each(['wecom-ios', 'wecom-android', 'wechat'] as const)(
  '%s: one press takes a photo with the app’s camera, the server fetches it, and the check-in has it',
  async (app) => {
    const page = await atCheckin(app, `camera ${app}`)
    await shoot(page).click()
    await checkedIn(page)
    await isShown(page)
    expect([await asked(page, 'chooseImage'), await asked(page, 'uploadImage')]).toEqual([1, 1])
    await show(page, app)
    expect(await offences(page)).toEqual([])
  },
)

test('only the camera is offered, never the album, and nothing is saved into it', async () => {
  const page = await atCheckin('wecom-ios', 'camera only')
  await shoot(page).click()
  await checkedIn(page)
  const params = await page.evaluate(() => {
    const calls: unknown = Reflect.get(Reflect.get(window, '__zujiSim'), 'calls')
    const all: { name: string; params: object }[] = Array.isArray(calls) ? calls : []
    return all.find(({ name }) => name === 'chooseImage')?.params
  })
  expect(params).toMatchObject({ sourceType: ['camera'], count: 1, isSaveToAlbum: 0 })
})

test('a camera that may not be used: told where to allow it, and the phone’s own camera is there', async () => {
  const page = await atCheckin('wecom-android', 'refused', { camera: 'refused' })
  await shoot(page).click()
  await page.getByRole('alert').getByText('没有相机权限').waitFor()
  await show(page, 'refused')
  expect(await offences(page)).toEqual([])
  await page.getByLabel('用手机相机拍').setInputFiles({
    ...{ name: 'IMG_1.jpg', mimeType: 'image/jpeg' },
    buffer: await photoOf('instead', 1200, 900),
  })
  await checkedIn(page)
})

test('who puts the camera away is told nothing, and a bridge that is stuck has a way around it', async () => {
  const page = await atCheckin('wecom-ios', 'away', { refusals: { chooseImage: ['cancel'] } })
  await shoot(page).click()
  await expect.poll(() => asked(page, 'chooseImage')).toBe(1)
  await shoot(page).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await turn(page, { silent: true })
  await shoot(page).click()
  await page.getByText('用手机相机拍').waitFor({ timeout: 40_000 })
})

test('a photo that did not reach us is sent again without being taken again', async () => {
  const page = await atCheckin('wecom-ios', 'unsent')
  await page.route('**/api/v1/photos/wecom', (route) => route.abort())
  await shoot(page).click()
  await page.getByRole('alert').getByText('还没有传到服务器').waitFor()
  await show(page, 'unsent')
  await page.unroute('**/api/v1/photos/wecom')
  await page.getByRole('button', { name: '再传一次照片' }).click()
  await checkedIn(page)
  expect(await asked(page, 'chooseImage')).toBe(1)
})

test('a photo that WeCom has no longer: told so, and the next one goes through', async () => {
  const page = await atCheckin('wecom-ios', 'lost')
  const refuse = new URLSearchParams({ api: '/cgi-bin/media/get', errcode: '40007' })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  await fetch(`${stage.url}/wecom-sim/control/fault`, {
    method: 'POST',
    headers,
    body: refuse.toString(),
    redirect: 'manual',
  })
  await shoot(page).click()
  await page.getByRole('alert').getByText('企业微信里已经没有这张照片').waitFor()
  await show(page, 'lost')
  await shoot(page).click()
  await checkedIn(page)
})

test('a desk and a plain browser keep the browser’s own way to a picture', async () => {
  const opening = { app: 'pc', at: '/me', browserAt: HERE } as const
  context = await contextOf(stage, opening)
  const page = await signedIn(stage, context, { ...opening, who: 'rep27' })
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.goto(`${stage.url}/checkin?kind=punch`)
  await page.getByLabel('拍照并打卡').waitFor({ state: 'attached' })
  expect(await asked(page, 'chooseImage')).toBe(0)
})

test('a photo that a form asks for is taken with the app’s camera too, and fills the field', async () => {
  const admin = { authorization: `Bearer ${await stage.token('admin01')}` }
  const fields = [{ key: 'face', label: '门头照', type: 'photo', required: true, options: [] }]
  const form = { name: '打卡表', tags: [], kinds: ['punch'], fields, active: true }
  const body = JSON.stringify(form)
  const path = `${stage.url}/api/v1/checkins/forms`
  expect((await fetch(path, { method: 'POST', headers: admin, body })).status).toBe(200)
  const page = await atCheckin('wecom-android', 'form', {
    refusals: { chooseImage: ['auth deny'] },
  })
  const field = page.getByRole('group', { name: '门头照' })
  await field.getByRole('button', { name: '拍照' }).click()
  await field.getByRole('alert').getByText('没有相机权限').waitFor()
  await field.getByRole('button', { name: '拍照' }).click()
  await field.getByRole('button', { name: '1 张照片' }).waitFor()
  await show(page, 'form')
  expect(await offences(page)).toEqual([])
  await shoot(page).click()
  await checkedIn(page)
  await isShown(page)
  expect(await asked(page, 'uploadImage')).toBe(2)
})
