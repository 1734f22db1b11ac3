import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { fits } from '../support/story.ts'
import { asked, contextOf, signedIn } from './wecomApps.ts'

const HERE = { latitude: 22.5312, longitude: 114.0391 }
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
  const headers = { authorization: `Bearer ${await stage.token('hr01')}` }
  const position = { lng: HERE.longitude, lat: HERE.latitude }
  const place = { name: '云杉仓库', position, radius: 60, wifi: ['AA-BB-CC-00-11-33'] }
  const init = { method: 'POST', headers, body: JSON.stringify(place) }
  expect((await fetch(`${stage.url}/api/v1/workplaces`, init)).status).toBe(200)
})
afterAll(() => stage.close())

test.each([
  ['the Wi-Fi of the workplace', 'aa:bb:cc:00:11:33', '连着这里登记的 Wi-Fi', 'rep27'],
  ['another Wi-Fi', 'aa:bb:cc:99:99:99', '连着别的 Wi-Fi，不计分', 'rep28'],
])('deep in a building, %s says what the position can not', async (_, BSSID, words, who) => {
  const positions = [{ ...HERE, accuracy: 150 }]
  const opening = { app: 'wecom-android', at: '/me', sim: { positions, wifi: { SSID: '云杉', BSSID } } } as const // prettier-ignore
  const context = await contextOf(stage, opening)
  const page = await signedIn(stage, context, { ...opening, who })
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.goto(`${stage.url}/checkin?kind=punch`)
  await page.getByRole('heading', { name: '无法判断是否在店里' }).waitFor()
  await page.getByText('云杉仓库').first().waitFor()
  await expect.poll(() => asked(page, 'getConnectedWifi')).toBeGreaterThan(0)
  await page.getByRole('button', { name: '照常打卡（记为无法判断）' }).click()
  await page.getByText(/\d\d:\d\d 已打卡/).waitFor()
  await page.getByText(words).waitFor()
  await page.screenshot({ path: picture(`punch-wifi-${who}-phone`), fullPage: true })
  expect(await fits(page)).toBe(true)
  expect(await offences(page)).toEqual([])
  await context.close()
})
