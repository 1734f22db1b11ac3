import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { connect } from '../../backend/core/connect.ts'
import type { Db } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { sql } from '../../backend/core/sql.ts'
import { insertDuty, openSession, upsertPeople } from '../../backend/people/index.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { openChromium } from '../support/chromium.ts'
import { startCluster } from '../support/cluster.ts'
import { buildAll, startServer } from '../support/serverProcess.ts'
import { dragged, drawnWhile, named } from './drawn.ts'
import { createLedger, walk, type Reporter } from './liveLoad.ts'

const ORG = 'demo'
const PEOPLE = 5000
const MOVING = 1000 // of them report each 10 s while the map is panned
const SECONDS = 8
const HOUR = 3_600_000
const MARKS = '.leaflet-marker-icon'
const BAR = { framesPerSecond: 50 }

/**
 * The live map of 5,000 people in Chromium while it is dragged to and fro, then zoomed, and people move; and
 * zoomed without people, which is what the map alone costs this machine. The pages are the real ones.
 */
export async function run(): Promise<Record<string, unknown>> {
  buildAll()
  const cluster = await startCluster()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-frames-'))
  const DATABASE_URL = cluster.urlOf('postgres')
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL, LOG_LEVEL: 'fatal', DEMO: '1' }
  const server = await startServer(env)
  const browser = await openChromium()
  try {
    const log = createLog('silent')
    const db = await connect({ databaseUrl: DATABASE_URL, dataDir, log, root: '' })
    const reps = await seed(db)
    await db.close()
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
    await page.goto(`${server.url}/live`)
    await page.locator('button[value="boss01"]').click()
    await page.getByText(/5\d{3} 人/).first().waitFor() // prettier-ignore
    const moving = walk(server.url, reps, {
      ms: (2 * SECONDS + 5) * 1000,
      ledger: createLedger([]),
    })
    const panned = await drawnWhile(page, MARKS, () => dragged(page, { x: 900, seconds: SECONDS }))
    const zoomed = await drawnWhile(page, MARKS, () => inAndOut(page))
    await moving
    await page.locator('.leaflet-marker-pane').evaluate((pane) => pane.style.setProperty('display', 'none')) // prettier-ignore
    const bare = await drawnWhile(page, MARKS, () => inAndOut(page))
    const all = { ...named('pan', panned), ...named('zoom', zoomed), ...named('bareZoom', bare) }
    return { people: PEOPLE, moving: MOVING, ...all, bar: BAR }
  } finally {
    await browser.close()
    await server.end('SIGKILL')
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function seed(db: Db): Promise<Reporter[]> {
  const now = Date.now()
  const ids = Array.from({ length: PEOPLE }, (_, n) => `many${n}`)
  const above = await db.first<{ id: string }>(sql`
    select p.department_id as id from people p where p.org_id = ${ORG} and p.id = 'boss01'`)
  const person = { departmentId: above?.id ?? '', position: null, role: 'rep' as const, leads: [] }
  await upsertPeople(db, ORG, ids.map((id) => ({ ...person, id, name: id }))) // prettier-ignore
  const window = { date: new Date(now).toISOString().slice(0, 10), zone: 'Asia/Shanghai', from: now - HOUR, to: now + HOUR } // prettier-ignore
  await insertDuty(db, ORG, ids.map((personId) => ({ personId, ...window }))) // prettier-ignore
  await db.run(sql`
    insert into last_positions (org_id, person_id, at, point, accuracy)
    select ${ORG}, 'many' || n, now(), st_point(114.02 + (random() - 0.5) * 0.12, 22.54 + (random() - 0.5) * 0.06, 4326), 15
    from generate_series(0, ${PEOPLE - 1}::int) n`)
  const reps: Reporter[] = []
  for (const id of ids.slice(0, MOVING)) {
    await giveConsent(db, ORG, id, now - HOUR)
    reps.push({
      id,
      token: await openSession(db, { orgId: ORG, personId: id, kind: 'token' }, now),
    })
  }
  return reps
}

/** Two zooms nearer and out again, for as long as the map was dragged. */
async function inAndOut(page: Page): Promise<void> {
  const end = performance.now() + SECONDS * 1000
  while (performance.now() < end) {
    for (const name of ['放大', '放大', '缩小', '缩小']) {
      await page.getByRole('button', { name }).click()
      await page.locator('.leaflet-zoom-anim').waitFor({ state: 'detached' })
    }
  }
}
