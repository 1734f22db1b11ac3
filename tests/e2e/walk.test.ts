import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { Day } from '../../backend/contract/days.ts'
import { Person } from '../../backend/contract/people.ts'
import { demoCompany } from '../../fixtures/company.ts'
import { simulateDay } from '../../fixtures/day.ts'
import { placeAt } from '../../fixtures/signal.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'

const REP = 'rep27' // rostered round the clock, never moved by the simulator
const LEAD = 'lead03'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const name = demoCompany().people.find((person) => person.id === REP)?.name ?? ''
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10) // Shanghai's

/** Places of a moving stretch of a simulated day, 30 s of life apart. */
function walk(): { longitude: number; latitude: number; accuracy: number }[] {
  const person = demoCompany().people.find((each) => each.id === REP)
  const from = Date.parse('2026-11-20T01:00:00Z')
  const window = { from, to: from + 9 * 3_600_000 }
  const customers = demoCompany().customers.filter((each) => each.ownerId === REP)
  const home = person?.home ?? { lng: 114.0248, lat: 22.5349 }
  const day = simulateDay({
    seed: 'walk',
    personId: REP,
    date: '2026-11-20',
    window,
    home,
    customers,
  })
  const stay = day.truth.stays[0]
  const start = stay?.to ?? from
  return Array.from({ length: 12 }, (_, index) => {
    const [longitude, latitude] = placeAt(day.truth.path, start + index * 30_000).place
    return { longitude, latitude, accuracy: 8 }
  })
}

async function signIn(page: Page, personId: string, to: string) {
  await page.goto(stage.url + to)
  await page.locator(`button[value="${personId}"]`).click()
}

async function ask<T>(schema: z.ZodType<T>, to: string, token: string): Promise<T> {
  const response = await fetch(stage.url + to, { headers: { authorization: `Bearer ${token}` } })
  return schema.parse(await response.json())
}

/** WeCom's bridge tells the page that the phone is here now. */
const stand = (page: Page, place: object) =>
  page.evaluate((here) => {
    const phone: unknown = Reflect.get(window, '__zujiSim')
    if (typeof phone === 'object' && phone !== null)
      Reflect.apply(Reflect.get(phone, 'push'), phone, [here])
  }, place)

/** The rep's page in WeCom, where the phone stands. */
async function openRep(place: object | undefined) {
  const rep = await stage.open('phone')
  await rep.context.addInitScript((first) => {
    Reflect.set(window, '__zujiSim', { positions: [first] })
  }, place)
  await signIn(rep.page, REP, '/?__sim=wecom-ios')
  await rep.page.getByRole('button', { name: /立即上报/ }).waitFor()
  return rep
}

/** How many positions wait on the phone that stands there. */
async function waitingAt(page: Page, place: object): Promise<number> {
  await stand(page, place)
  const [text] = await page.getByText(/条待上传/).allTextContents()
  return Number(text?.match(/\d+/)?.[0] ?? 0)
}

test('a rep walks, loses the network and comes back; the supervisor sees the walk, then the late block', async () => {
  const token = await stage.token(LEAD)
  const lastSeen = async () => (await ask(Person, `/api/v1/people/${REP}`, token)).last
  const places = walk()
  const rep = await openRep(places[0])

  const desk = await stage.open('desk')
  await signIn(desk.page, LEAD, '/live')
  const row = desk.page.getByRole('button', { name: new RegExp(name) }).first()
  await row.waitFor()

  const [online, offline] = [places.slice(0, 7), places.slice(7)]
  // a phone says again and again where it is; the page keeps one position every few seconds
  for (const place of online)
    await expect
      .poll(
        async () => {
          await stand(rep.page, place)
          return (await lastSeen())?.lng
        },
        { timeout: 90_000, interval: 1000 },
      )
      .toBeCloseTo(place.longitude, 6)
  await row.click()
  await desk.page.getByText('查看已记录，本人可见').waitFor()
  await expect.poll(() => row.textContent(), { timeout: 90_000 }).toMatch(/移动/)
  await rep.page.screenshot({ path: picture('phone-today') })
  await desk.page.screenshot({ path: picture('desk-live') })
  const before = await lastSeen()
  const walked = await ask(Day, `/api/v1/people/${REP}/days/${today()}`, token)

  await rep.context.setOffline(true)
  for (const [index, place] of offline.entries())
    await expect
      .poll(() => waitingAt(rep.page, place), { timeout: 90_000, interval: 1000 })
      .toBeGreaterThan(index)
  await rep.page.screenshot({ path: picture('phone-offline') })
  expect((await lastSeen())?.at).toBe(before?.at)

  await rep.context.setOffline(false)
  await rep.page.getByText('已全部上传').waitFor({ timeout: 60_000 })
  const end = offline.at(-1)
  await expect
    .poll(async () => (await lastSeen())?.lng, { timeout: 90_000 })
    .toBeCloseTo(end?.longitude ?? 0, 6)
  const after = await ask(Day, `/api/v1/people/${REP}/days/${today()}`, token)
  expect(after.totals.movedMetres).toBeGreaterThan(walked.totals.movedMetres)

  await desk.page.goto(`${stage.url}/people/${REP}/days/${today()}`)
  await desk.page.getByText(name).first().waitFor()
  await desk.page.screenshot({ path: picture('desk-day') })
  await rep.context.close()
})

/** Lets the browser wake the worker of the stage, as it does when there is a network again. */
async function wakeWorker(context: BrowserContext, tag: string): Promise<void> {
  const session = await context.newCDPSession(await context.newPage())
  const id = new Promise<string>((resolve) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL.startsWith(stage.url))
      if (ours) resolve(ours.registrationId)
    }),
  )
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.dispatchSyncEvent', { origin: stage.url, registrationId: await id, tag, lastChance: false }) // prettier-ignore
}

test('what waited when the page was closed goes without it once there is a network', async () => {
  const token = await stage.token(LEAD)
  const lastAt = async () => (await ask(Person, `/api/v1/people/${REP}`, token)).last?.at ?? 0
  const [place] = walk()
  const { context, page } = await openRep(place)
  await page.getByText('已全部上传').waitFor({ timeout: 60_000 })
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await context.setOffline(true)
  await expect
    .poll(() => waitingAt(page, place ?? {}), { timeout: 90_000, interval: 1000 })
    .toBeGreaterThan(0)
  const before = await lastAt()
  await page.close()
  await context.setOffline(false)
  expect(await lastAt()).toBe(before)
  await wakeWorker(context, `zuji.report.${REP}`)
  await expect.poll(lastAt, { timeout: 90_000 }).toBeGreaterThan(before)
  await context.close()
})
