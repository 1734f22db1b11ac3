import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type CDPSession, type Page } from 'playwright-core'
import { z } from 'zod'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { sql } from '../../backend/core/sql.ts'
import { startCluster } from '../support/cluster.ts'
import { startServer } from '../support/serverProcess.ts'

const ORG = 'demo'
const CUSTOMERS = 100_000
const SECONDS = 5
const BAR = { framesPerSecond: 50 }

/**
 * The customers' map with 100,000 customers in Chromium while it is dragged to and fro for five seconds: as it opens
 * (clusters), three zooms nearer (single customers), and with no customers at all, which is what the map alone costs
 * this machine. The pages have to be built (`node .config/build.mjs`).
 */
export async function run(): Promise<Record<string, unknown>> {
  const cluster = await startCluster()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-pan-'))
  const DATABASE_URL = cluster.urlOf('postgres')
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL, LOG_LEVEL: 'fatal', DEMO: '1' }
  const server = await startServer(env)
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] }) // prettier-ignore
  try {
    await seed(DATABASE_URL)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
    await page.goto(`${server.url}/customers`)
    await page.locator('button[value="boss01"]').click()
    const wire = await page.context().newCDPSession(page)
    const far = await panned(page, wire)
    for (let zoom = 0; zoom < 3; zoom++) {
      await page.getByRole('button', { name: '放大' }).click()
      await page.locator('.leaflet-zoom-anim').waitFor({ state: 'detached' })
    }
    await page.locator('.customer-touch').first().waitFor()
    const near = await panned(page, wire)
    await page.route('**/api/v1/customers/clusters?*', (route) =>
      route.fulfill({ json: { total: 0, clusters: [], customers: [] } }),
    )
    await page.reload()
    await page.locator('.leaflet-tile').first().waitFor()
    const bare = await panned(page, wire)
    return {
      customers: CUSTOMERS,
      ...named('far', far),
      ...named('near', near),
      ...named('bare', bare),
      bar: BAR,
    }
  } finally {
    await browser.close()
    await server.end('SIGKILL')
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

const named = (prefix: string, of: Record<string, number>) =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [prefix + key, value]))

async function seed(databaseUrl: string): Promise<void> {
  const db = await connect({ databaseUrl, dataDir: '', log: createLog('silent'), root: '' })
  await db.run(sql`
    insert into customers (org_id, id, name, at, raw_lng, raw_lat, placed_by, name_key, search_key)
    select ${ORG}, gen_random_uuid(), '客户' || n, st_point(lng, lat, 4326)::geography, lng, lat, 'imported',
      'c' || n, 'c' || n
    from (
      select n, 114.02 + (random() - 0.5) * 0.6 as lng, 22.6 + (random() - 0.5) * 0.36 as lat
      from generate_series(1, ${CUSTOMERS}::int) n
    ) places`)
  await db.close()
}

/** Drags the map to and fro for a while. @returns what was drawn and what it took */
async function panned(page: Page, wire: CDPSession): Promise<Record<string, number>> {
  await page.waitForLoadState('networkidle')
  let bytes = 0
  const count = ({ encodedDataLength }: { encodedDataLength: number }) => (bytes += encodedDataLength) // prettier-ignore
  wire.on('Network.loadingFinished', count)
  await wire.send('Network.enable')
  await wire.send('Performance.enable')
  const before = await timesOf(wire)
  const watched = page.evaluate(WATCH)
  const end = performance.now() + SECONDS * 1000
  for (let round = 0; performance.now() < end; round++)
    await dragged(page, round % 2 === 0 ? 1 : -1)
  await page.evaluate(`document.dispatchEvent(new Event('watched'))`)
  const { gaps, tasks } = Watched.parse(await watched)
  const after = await timesOf(wire)
  wire.off('Network.loadingFinished', count)
  const sorted = gaps.toSorted((a, b) => a - b)
  const ms = gaps.reduce((sum, gap) => sum + gap, 0)
  const share = (name: string) =>
    Math.round((((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 100_000) / ms)
  return {
    FramesPerSecond: Math.round((gaps.length * 1000) / ms),
    FrameP95Ms: Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? NaN),
    LongestFrameMs: Math.round(sorted.at(-1) ?? NaN),
    LongTasks: tasks.length,
    LongestTaskMs: Math.round(Math.max(0, ...tasks)),
    MainThreadPercent: share('TaskDuration'),
    ScriptPercent: share('ScriptDuration'),
    LayoutPercent: share('LayoutDuration') + share('RecalcStyleDuration'),
    MarksDrawn: await page.locator('.customer-touch, .customer-cluster').count(),
    WireKb: Math.round(bytes / 1024),
  }
}

/** One pull across the map, a step each frame. */
async function dragged(page: Page, way: 1 | -1): Promise<void> {
  await page.mouse.move(960 - way * 240, 400)
  await page.mouse.down()
  for (let step = 1; step <= 60; step++) {
    await page.mouse.move(960 - way * 240 + way * step * 8, 400 + step)
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))')
  }
  await page.mouse.up()
}

/** Seconds that the page has spent so far, by what they were spent on. */
async function timesOf(wire: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await wire.send('Performance.getMetrics')
  return new Map(metrics.map(({ name, value }) => [name, value]))
}

const Watched = z.object({ gaps: z.array(z.number()), tasks: z.array(z.number()) })

/** Lengths of all frames and of tasks over 50 ms until the document hears `watched`, in ms. As text: see matrix.ts. */
const WATCH = `new Promise((resolve) => {
  const gaps = []
  const tasks = []
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push(entry.duration)
  })
  observer.observe({ type: 'longtask' })
  let before = performance.now()
  let goes = true
  const frame = (now) => {
    gaps.push(now - before)
    before = now
    if (goes) return requestAnimationFrame(frame)
    observer.disconnect()
    resolve({ gaps, tasks })
  }
  document.addEventListener('watched', () => (goes = false), { once: true })
  requestAnimationFrame(frame)
})`
