import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { AttendanceMonth } from '../../backend/contract/months.ts'
import { openChromium } from '../support/chromium.ts'
import { buildAll, startServer, tokenFor } from '../support/serverProcess.ts'
import { drawnWhile } from './drawn.ts'

const PEOPLE = 5000
const HR = 'hr01'
const MONTH = new Date(Date.now() - 35 * 86_400_000).toISOString().slice(0, 7) // over
const SCREENS = [
  ['desk', { width: 1440, height: 900 }],
  ['phone', { width: 375, height: 812 }],
] as const
const WHEELS = 120 // turns of the wheel, one each 30 ms
const BAR = { framesPerSecond: 50 }

/**
 * The month's matrix of 5,000 people in Chromium: how soon the first people are there and all of them, and how
 * many frames a second are drawn while it is scrolled far down and up again. People are those of the demo, a
 * hundred times over; the pages are the real ones.
 */
export async function run(): Promise<Record<string, unknown>> {
  buildAll()
  const folder = await mkdtemp(path.join(tmpdir(), 'zuji-bench-'))
  const env = { ...process.env, DEMO: '1', LOG_LEVEL: 'fatal', DATA_DIR: folder, DATABASE_URL: '' }
  const server = await startServer(env)
  const browser = await openChromium()
  try {
    const token = await tokenFor(HR, env)
    const real = await monthOf(server.url, token)
    const extraHTTPHeaders = { authorization: `Bearer ${token}` }
    const results: Record<string, unknown> = { people: PEOPLE }
    for (const [name, viewport] of SCREENS) {
      const page = await browser.newPage({ viewport, locale: 'zh-CN', extraHTTPHeaders })
      await serveMany(page, real)
      const took = await scrolled(page, server.url)
      for (const [key, value] of Object.entries(took)) results[`${name}${key}`] = value
      await page.close()
    }
    return { ...results, bar: BAR }
  } finally {
    await browser.close()
    await server.end('SIGTERM')
    await rm(folder, { recursive: true, force: true })
  }
}

async function monthOf(url: string, token: string): Promise<AttendanceMonth> {
  const headers = { authorization: `Bearer ${token}` }
  const reply = await fetch(`${url}/api/v1/attendance/months/${MONTH}?limit=500`, { headers })
  return AttendanceMonth.parse(await reply.json())
}

/** Answers the page's questions for people with many of them. */
async function serveMany(page: Page, real: AttendanceMonth): Promise<void> {
  const rows = Array.from({ length: PEOPLE }, (_, n) => {
    const row = real.rows[n % real.rows.length]
    if (!row) throw new Error('the demo month has nobody in it')
    return { ...row, personId: `p${n}`, name: `${row.name}${n}`, departmentId: `d${n % 40}` }
  }).sort((a, b) => a.departmentId.localeCompare(b.departmentId))
  await page.route(`**/api/v1/attendance/months/${MONTH}?*`, (route) => {
    const query = new URL(route.request().url()).searchParams
    const from = Number(query.get('after') ?? 0)
    const until = from + Number(query.get('limit') ?? 100)
    const next = until < PEOPLE ? String(until) : null
    return route.fulfill({ json: { ...real, rows: rows.slice(from, until), people: PEOPLE, next } })
  })
}

async function scrolled(page: Page, url: string) {
  const begun = performance.now()
  await page.goto(`${url}/month?month=${MONTH}`)
  await page.getByRole('grid').getByRole('rowheader').first().waitFor()
  const first = performance.now() - begun
  await page.locator(`[role=grid][aria-rowcount="${PEOPLE + 40 + 1}"]`).waitFor()
  const all = performance.now() - begun
  const box = await page.getByRole('grid').boundingBox()
  await page.mouse.move((box?.x ?? 0) + 150, (box?.y ?? 0) + 300)
  const drawn = await drawnWhile(page, '[role=grid] .lines > .row', async () => {
    for (let turn = 0; turn < WHEELS; turn++) {
      await page.mouse.wheel(0, turn < WHEELS / 2 ? 400 : -400)
      await page.waitForTimeout(30)
    }
  })
  return { FirstMs: Math.round(first), AllMs: Math.round(all), ...drawn }
}
