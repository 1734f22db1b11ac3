import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Day, type Segment } from '../../backend/contract/days.ts'
import { parseGpx } from '../../geo/index.ts'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { faultsOf } from '../support/story.ts'

const LEAD = 'lead01'
const REPS = ['rep01', 'rep02', 'rep03', 'rep04'] // of whom the lead sees the tracks
const HOUR = 3_600_000

let stage: Stage
let REP = '' // whoever has a day fit for the story
let date = ''
let token = ''
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
  await vi.waitUntil(findDay, { timeout: 120_000, interval: 2000 }) // history is written meanwhile
})
afterAll(() => stage.close())

const dayOf = async (on: string) => {
  const to = `${stage.url}/api/v1/people/${REP}/days/${on}`
  const response = await fetch(to, { headers: { authorization: `Bearer ${token}` } })
  return Day.parse(await response.json())
}

/** A finished day of the last week with a silence and with a stay that is at no customer. */
async function findDay(): Promise<boolean> {
  for (const person of REPS) {
    REP = person
    token = await stage.token(person)
    for (let back = 1; back <= 6; back++) {
      date = new Date(Date.now() + 8 * HOUR - back * 24 * HOUR).toISOString().slice(0, 10)
      const { segments } = await dayOf(date)
      if (segments.some(isOther) && segments.some(({ kind }) => kind === 'silent')) return true
    }
  }
  return false
}
/** A stay at no customer, long enough to be split, with a move to the next stay behind it. */
const isOther = ({ kind, customerId, from, to }: Segment, index: number, day: Segment[]) =>
  kind === 'stay' &&
  customerId === undefined &&
  to - from > 10 * 60_000 &&
  day[index + 1]?.kind === 'move' &&
  day[index + 2]?.kind === 'stay'

/** The day's page of somebody signed in, which notes everything that goes wrong in it. */
async function openDay(who: string, kind: 'phone' | 'desk', dark = false) {
  const { context, page } = await stage.open(kind, { dark })
  const wrong = faultsOf(page)
  const to = `/people/${REP}/days/${date}`
  await page.goto(stage.url + (kind === 'phone' ? `${to}?__sim=wecom-ios` : to))
  await page.locator(`button[value="${who}"]`).click()
  await page.locator('.rows li').first().waitFor()
  return { context, page, wrong }
}

const chosenRow = (page: Page) => page.locator('.rows li.chosen')
const act = (page: Page, name: string) =>
  chosenRow(page).getByRole('button', { name, exact: true }).click()
const sheet = (page: Page) => page.getByRole('dialog')

/** A picture, taken once the map stands still. */
async function show(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.leaflet-zoom-anim') === null)
  await page.screenshot({ path: picture(name) })
}

async function save(page: Page, button = '保存'): Promise<void> {
  await sheet(page).getByRole('button', { name: button, exact: true }).click()
  await sheet(page).waitFor({ state: 'detached' })
}

test('a rep finds a stay in the ribbon, names it and splits it, disputes a silence; a reload shows the same', async () => {
  const { page, wrong, context } = await openDay(REP, 'phone')
  const { segments } = await dayOf(date)
  const index = segments.findIndex(isOther)
  const silence = segments.findIndex(({ kind }) => kind === 'silent')

  // ribbon, list and map point to the same piece
  await page.locator('.strip button.piece').nth(index).focus()
  await page.keyboard.press('Enter')
  await page.locator(`.rows li:nth-child(${index + 1}).chosen`).waitFor()
  await page.locator('.stay-mark.chosen').waitFor()
  await page.keyboard.press('ArrowRight')
  await page.locator(`.rows li:nth-child(${index + 2}).chosen`).waitFor()
  await page.keyboard.press('ArrowLeft')
  await page.locator(`.rows li:nth-child(${index + 1}).chosen`).waitFor()
  await show(page, 'day-chosen-phone')
  expect(await offences(page)).toEqual([])

  await act(page, '命名')
  await sheet(page).getByLabel('名称').fill('城西仓库')
  await sheet(page).getByText('这次停留显示为“城西仓库”。').waitFor()
  await sheet(page).getByText('当天的数字不变。').waitFor()
  await show(page, 'day-name-phone')
  expect(await offences(page)).toEqual([])
  await save(page)
  await page.locator('.rows').getByText('城西仓库').waitFor()

  await act(page, '拆分')
  await sheet(page).getByRole('button', { name: '早一分钟' }).click()
  await sheet(page)
    .getByText(/成为两段/)
    .waitFor()
  await show(page, 'day-split-phone')
  await save(page)
  await expect.poll(() => page.locator('.rows').getByText('城西仓库').count()).toBe(2)

  await page
    .locator('.rows li > button')
    .nth(silence > index ? silence + 1 : silence)
    .click()
  await act(page, '有异议')
  await sheet(page).getByLabel('实际情况是怎样的？').fill('我在地下车库卸货')
  await save(page)
  await page.locator('.rows').getByText('异议：我在地下车库卸货').waitFor()
  await show(page, 'day-disputed-phone')

  const before = await page.locator('.rows').textContent()
  await page.reload()
  await page.locator('.rows li').first().waitFor()
  expect(await page.locator('.rows').textContent()).toBe(before?.replace(CHIPS, ''))
  await page.setViewportSize({ width: 320, height: 640 })
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  expect(wrong).toEqual([])
  await context.close()
})
const CHIPS = /有异议撤回更改(?=\d\d:\d\d|$)/ // the buttons below the chosen row

test('a rep’s own page keeps the day that he turned to over a reload', async () => {
  const { page, wrong, context } = await openDay(REP, 'phone')
  await page.goto(`${stage.url}/tracks`)
  await page.getByRole('button', { name: '前一天' }).click()
  await page.waitForURL(/date=\d{4}-\d\d-\d\d$/)
  const title = await page.getByRole('heading', { level: 1 }).textContent()
  await page.reload()
  await page.locator('.rows li, .state').first().waitFor()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(title)
  expect(wrong).toEqual([])
  await context.close()
})

test('a supervisor sees whose word it is, and can change nothing', async () => {
  const { page, wrong, context } = await openDay(LEAD, 'desk', true)
  await page.getByText('本人更改 2 处，异议 1 处').click()
  await page.locator('.rows').getByText('异议：我在地下车库卸货').waitFor()
  const record = page.locator('.record')
  await record.getByText('城西仓库').waitFor()
  await record.getByText(/对 \d\d:\d\d–\d\d:\d\d 有异议：我在地下车库卸货/).waitFor()
  await page.locator('.rows li > button').first().click()
  await chosenRow(page).waitFor()
  expect(await page.locator('.acts, .record button').count()).toBe(0)
  await show(page, 'day-lead-desk-dark')
  expect(await offences(page)).toEqual([])
  expect(wrong).toEqual([])
  await context.close()
})

test('what cannot be saved without a network waits on the phone, also over a closed sheet', async () => {
  const { page, wrong, context } = await openDay(REP, 'phone')
  await page.locator('.rows li > button').first().click()
  await act(page, '有异议')
  await sheet(page).getByLabel('实际情况是怎样的？').fill('我到得更早')
  await context.setOffline(true)
  await sheet(page).getByRole('button', { name: '保存', exact: true }).click()
  await sheet(page)
    .getByText(/没有网络，还没有保存/)
    .waitFor()
  await show(page, 'day-offline-phone')
  await sheet(page).getByRole('button', { name: '关闭' }).click()
  await context.setOffline(false)
  await page.reload()
  await page.getByText(/有一项没有保存的更改/).waitFor()
  await page.getByRole('button', { name: '继续' }).click()
  expect(await sheet(page).getByLabel('实际情况是怎样的？').inputValue()).toBe('我到得更早')
  await save(page)
  await page.locator('.rows').getByText('异议：我到得更早').waitFor()
  expect(await page.getByText(/没有保存的更改/).count()).toBe(0)
  expect(wrong).toEqual([])
  await context.close()
})

test('an edit is taken back from the record, which still tells of it', async () => {
  const { page, wrong, context } = await openDay(REP, 'desk')
  const split = page.locator('.record li', { hasText: '拆分停留' })
  await split.getByRole('button', { name: '撤回' }).click()
  await sheet(page)
    .getByText(/不再生效：在 \d\d:\d\d 拆分停留/)
    .waitFor()
  await show(page, 'day-withdraw-desk')
  await save(page, '撤回')
  await expect.poll(() => page.locator('.rows').getByText('城西仓库').count()).toBe(1)
  await split.getByText('已撤回').waitFor()

  const rows = await page.locator('.rows li').count()
  await chosenRow(page).getByText('城西仓库').waitFor()
  await act(page, '合并')
  await sheet(page)
    .getByLabel(/与后面的停留/)
    .check()
  await sheet(page)
    .getByText(/成为一次停留，共/)
    .waitFor()
  await sheet(page)
    .getByText(/行程：.+ → /)
    .waitFor()
  await show(page, 'day-merge-desk')
  await save(page)
  await expect.poll(() => page.locator('.rows li').count()).toBeLessThan(rows)
  const merge = page.locator('.record li', { hasText: '合并' })
  await merge.getByRole('button', { name: '撤回' }).click()
  await save(page, '撤回')
  await expect.poll(() => page.locator('.rows li').count()).toBe(rows)
  expect(wrong).toEqual([])
  await context.close()
})

test('a day leaves as a file that can be read, and a recorded track comes in after a look at it', async () => {
  const { page, wrong, context } = await openDay(REP, 'phone')
  await page.getByRole('button', { name: '导出与导入' }).click()
  await show(page, 'day-export-phone')
  expect(await offences(page)).toEqual([])
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    sheet(page)
      .getByRole('button', { name: /导出 GPX/ })
      .click(),
  ])
  expect(download.suggestedFilename()).toBe(`zuji-${REP}-${date}.gpx`)
  const parsed = parseGpx(await readFile(await download.path(), 'utf8'), { maxPoints: 100_000 })
  expect('points' in parsed ? parsed.points.length : 0).toBeGreaterThan(100)

  const { duty } = await dayOf(date)
  const begin = duty[0]?.from ?? 0
  await sheet(page).getByRole('button', { name: '导入', exact: true }).click()
  const gpx = gpxOf([
    begin - 30 * 24 * HOUR,
    ...Array.from({ length: 8 }, (_, i) => begin + i * 7001),
  ])
  await page.locator('input[type=file]').setInputFiles({
    name: 'watch.gpx',
    mimeType: 'application/gpx+xml',
    buffer: Buffer.from(gpx),
  })
  await sheet(page).getByText('检查结果 · 还没有写入').waitFor()
  await sheet(page).getByText('不收 · 早于 7 天').waitFor()
  await show(page, 'day-import-phone')
  await sheet(page).getByRole('button', { name: '导入 8 个点' }).click()
  await sheet(page).getByText('导入完成').waitFor()
  await sheet(page).getByRole('button', { name: /查看/ }).click()
  await sheet(page).waitFor({ state: 'detached' })
  expect(wrong).toEqual([])
  await context.close()
})

function gpxOf(times: number[]): string {
  const points = times.map(
    (at, index) =>
      `<trkpt lat="22.53" lon="${114.02 + index * 1e-4}"><time>${new Date(at).toISOString()}</time></trkpt>`,
  )
  return `<?xml version="1.0"?><gpx version="1.1" creator="watch" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>${points.join('')}<trkpt lat="22.53" lon="114.02"/></trkseg></trk></gpx>`
}

test('a locked day says why nothing can be changed; lines follow roads where the day has such lines', async () => {
  const { page, wrong, context } = await openDay(REP, 'phone')
  await context.route(/\/days\/\d{4}-\d\d-\d\d(\?roads=1)?$/, async (route) => {
    const response = await route.fetch()
    const day = Day.parse(await response.json())
    const matched = route.request().url().endsWith('roads=1')
    const segments = day.segments.map((each) =>
      each.line && matched ? { ...each, matched } : each,
    )
    await route.fulfill({ response, json: { ...day, segments, locked: true } })
  })
  await page.evaluate(() => sessionStorage.clear())
  await page.reload()
  await page
    .getByText(/这一天已锁定/)
    .first()
    .waitFor()
  await page.locator('.rows li > button').first().click()
  await chosenRow(page).waitFor()
  expect(await page.locator('.acts, .record button').count()).toBe(0)
  const roads = page.getByRole('button', { name: '沿道路显示' })
  expect(await roads.getAttribute('aria-pressed')).toBe('false')
  const answered = page.waitForResponse(/roads=1$/)
  await roads.click()
  await answered
  await expect.poll(() => roads.getAttribute('aria-pressed')).toBe('true')
  expect(wrong).toEqual([])
  await context.unrouteAll({ behavior: 'wait' })
  await context.close()
})
