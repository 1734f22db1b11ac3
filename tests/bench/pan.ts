import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { sql } from '../../backend/core/sql.ts'
import { openChromium } from '../support/chromium.ts'
import { startCluster } from '../support/cluster.ts'
import { buildAll, startServer } from '../support/serverProcess.ts'
import { dragged, drawnWhile, named } from './drawn.ts'

const ORG = 'demo'
const CUSTOMERS = 100_000
const MARKS = '.customer-touch, .customer-cluster'
const PULLS = { x: 960, seconds: 5 }
const BAR = { framesPerSecond: 50 }

/**
 * The customers' map with 100,000 customers in Chromium while it is dragged to and fro for five seconds: as it opens
 * (clusters), three zooms nearer (single customers), and with no customers at all, which is what the map alone costs
 * this machine. The pages are the real ones.
 */
export async function run(): Promise<Record<string, unknown>> {
  buildAll()
  const cluster = await startCluster()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-pan-'))
  const DATABASE_URL = cluster.urlOf('postgres')
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL, LOG_LEVEL: 'fatal', DEMO: '1' }
  const server = await startServer(env)
  const browser = await openChromium()
  try {
    await seed(DATABASE_URL)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
    await page.goto(`${server.url}/customers`)
    await page.locator('button[value="boss01"]').click()
    const far = await drawnWhile(page, MARKS, () => dragged(page, PULLS))
    for (let zoom = 0; zoom < 3; zoom++) {
      await page.getByRole('button', { name: '放大' }).click()
      await page.locator('.leaflet-zoom-anim').waitFor({ state: 'detached' })
    }
    await page.locator('.customer-touch').first().waitFor()
    const near = await drawnWhile(page, MARKS, () => dragged(page, PULLS))
    await page.route('**/api/v1/customers/clusters?*', (route) =>
      route.fulfill({ json: { total: 0, clusters: [], customers: [] } }),
    )
    await page.reload()
    await page.locator('.leaflet-tile').first().waitFor()
    const bare = await drawnWhile(page, MARKS, () => dragged(page, PULLS))
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
