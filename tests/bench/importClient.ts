// One import in a process of its own, so that its memory is its own.
import { z } from 'zod'
import { readConfig } from '../../backend/core/config.ts'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import type { Db } from '../../backend/core/db.ts'
import { sql } from '../../backend/core/sql.ts'
import { accessOf } from '../../backend/customers/access.ts'
import { findDuplicates } from '../../backend/customers/duplicates.ts'
import { headImport, importJob, tryImport } from '../../backend/customers/import/index.ts'
import { createJobs } from '../../backend/jobs/index.ts'
import { createKit } from '../../backend/kit.ts'
import type { Source } from '../../backend/core/source.ts'
import { csvOf, workbookOf } from './importFile.ts'

const [databaseUrl = '', dataDir = '', orgId = '', size = '0', format = ''] = process.argv.slice(2)
const KIND = 'customers.import'
const log = createLog('error')
const db = await connect({ databaseUrl, dataDir: '', log, root: '' })
const kit = createKit({ db, log, config: readConfig({ DATA_DIR: dataDir }) })
const jobs = createJobs(kit, orgId)
jobs.define(KIND, importJob(kit))

const { gc } = global
if (!gc) throw new Error('start it with --expose-gc')
const rss = () => process.memoryUsage.rss() / 1e6
/** MB in use, garbage taken away: what an import needs, however lazy the collector is. */
function live(): number {
  gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}
let peak = 0
let livePeak = 0
setInterval(() => (peak = Math.max(peak, rss())), 20).unref()
setInterval(() => (livePeak = Math.max(livePeak, live())), 500).unref()
const seconds = (from: number) => (performance.now() - from) / 1000

/** The file as an upload leaves it in the store; what made it is gone with this function. */
async function stored(): Promise<string> {
  const content = format === 'xlsx' ? await workbookOf(Number(size)) : csvOf(Number(size))
  return (await kit.files.put(content)).sha256
}

/** What the page does: check, then take. A second time nothing may change. */
async function measure() {
  const file = await stored()
  for (let n = 0; n < 3; n++) await settled()
  const content = await kit.files.source(file)
  if (!content) throw new Error('the file is gone')
  const liveBefore = live()
  peak = livePeak = 0
  const before = rss()
  const began = performance.now()
  const { counts } = await tryImport(db, orgId, { content, options: {}, now: Date.now() })
  const checked = seconds(began)
  const first = await taken(content, file)
  const again = await taken(content, file)
  if (counts.added !== Number(size) || first.result.added !== counts.added)
    throw new Error(`not all were added: ${JSON.stringify(first.result)}`)
  if (again.result.same !== counts.rows) throw new Error('an import again has changed something')
  const memory = { extraMb: peak - before, liveMb: livePeak - liveBefore }
  const duplicateMs = await asked(db)
  return { checked, taken: first.seconds, again: again.seconds, ...memory, duplicateMs }
}

const settled = () => {
  live()
  return new Promise((resolve) => setTimeout(resolve, 100))
}

/** ms, the 95th percentile: who may be the same as a shop that is added by hand among all these branches? */
async function asked(db: Db): Promise<number> {
  const access = await accessOf(db, {
    ...{ orgId, id: 'p1', name: 'p1', role: 'admin', session: 'token', sessionHash: '' },
    departments: 'all',
  })
  const times: number[] = []
  for (let n = 0; n < 40; n++) {
    const at = n % 2 ? { lng: 100 + (n % 40) * 0.5, lat: 22 + (n % 40) * 0.4 } : null
    const began = performance.now()
    const found = await findDuplicates(db, access, { name: `好邻居便利店第${n * 7}分店`, at })
    times.push(performance.now() - began)
    if (found.length === 0) throw new Error('a twin in name is not found')
  }
  return times.sort((a, b) => a - b)[37] ?? 0
}

async function taken(content: Source, file: string) {
  const began = performance.now()
  const { mapping } = await headImport(db, orgId, { content, options: {} })
  const input = {
    file,
    name: 'bench.csv',
    rows: Number(size),
    mapping,
    startedAt: Date.now(),
  }
  const id = await jobs.start(db, { orgId, personId: 'p1', kind: KIND, input })
  await jobs.chores?.[0]?.run()
  const row = await db.first<{ result: unknown }>(
    sql`select j.result from jobs j where j.org_id = ${orgId} and j.person_id = 'p1' and j.id = ${id}::uuid`,
  )
  const Counts = z.object({ added: z.number(), same: z.number() })
  return { seconds: seconds(began), result: Counts.parse(row?.result) }
}

process.send?.(await measure())
await jobs.close?.()
await db.close()
process.disconnect()
