import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { sql } from '../../backend/core/sql.ts'
import { insertFixes, type Reported } from '../../backend/fixes/queries.ts'
import { startCluster } from '../support/cluster.ts'
import { seedPhones } from './ingestSeed.ts'
import { LoadResult, type Load } from './ingestLoad.ts'
import { bundled, heard } from './serverProcess.ts'

const ORG = 'bench'
export const PHONES = 1000
export const CONNECTIONS = 64

/**
 * Points per second through HTTP into a PostgreSQL with fsync on, beside the same rows by the same
 * statement without HTTP, by way of a staging table, by the plain handler (Koa, body parser, one INSERT
 * for each request) and by a tuned one. Server, load and database share the machine.
 * @param args `--seconds N` for each measurement, 8 without it.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const at = args.indexOf('--seconds')
  const seconds = at < 0 ? 8 : Number(args[at + 1])
  const cluster = await startCluster({ durable: true })
  try {
    const url = cluster.urlOf('postgres')
    const db = await connect({ databaseUrl: url, dataDir: '', log: createLog('silent'), root: '' })
    await migrate(db)
    const tokens = await seedPhones(db, ORG, PHONES)
    const ids = tokens.map((_, index) => `p${index}`)
    const bench = { db, url, seconds, program: await bundled('ingestServer') }
    await throughServer(bench, { kind: 'ours', fixesPerRequest: 50, tokens }, 2) // partitions, warm caches
    const through = (kind: Kind, fixesPerRequest: number) =>
      throughServer(bench, { kind, fixesPerRequest, tokens: kind === 'ours' ? tokens : ids })
    const batches = await through('ours', 50)
    const plainBatches = await through('plain', 50)
    const tunedBatches = await through('tuned', 50)
    const singles = await through('ours', 1)
    const plainSingles = await through('plain', 1)
    const tunedSingles = await through('tuned', 1)
    const statement = await byStatement(bench)
    const staging = await byStaging(bench)
    await db.close()
    return resultOf({
      ...{ batches, plainBatches, tunedBatches, singles, plainSingles, tunedSingles },
      ...{ statement, staging },
    })
  } finally {
    await cluster.stop()
  }
}

type Kind = 'ours' | 'plain' | 'tuned'

interface Bench {
  program: string // the server, bundled
  db: Database
  url: string
  seconds: number
}

type Through = LoadResult & { rssMb: number; cpuMicrosecondsPerRequest: number }

interface Measured {
  batches: Through
  plainBatches: Through
  tunedBatches: Through
  singles: Through
  plainSingles: Through
  tunedSingles: Through
  statement: number
  staging: number
}

const ratio = (ours: number, theirs: number) => Math.round((ours / theirs) * 100) / 100

const resultOf = (m: Measured) => ({
  pointsPerSecond: m.batches.fixesPerSecond,
  ratioToStatement: ratio(m.batches.fixesPerSecond, m.statement),
  ratioToBaseline: ratio(m.batches.fixesPerSecond, m.plainBatches.fixesPerSecond),
  ratioToStaging: ratio(m.batches.fixesPerSecond, m.staging),
  singlesRatioToBaseline: ratio(m.singles.requestsPerSecond, m.plainSingles.requestsPerSecond),
  ratioToTuned: ratio(m.batches.fixesPerSecond, m.tunedBatches.fixesPerSecond),
  singlesRatioToTuned: ratio(m.singles.requestsPerSecond, m.tunedSingles.requestsPerSecond),
  p50Ms: m.batches.p50Ms,
  p99Ms: m.batches.p99Ms,
  rssMb: Math.max(m.batches.rssMb, m.singles.rssMb),
  singlesPerSecond: m.singles.requestsPerSecond,
  singlesP99Ms: m.singles.p99Ms,
  failed: m.batches.failed + m.singles.failed,
  statementPointsPerSecond: m.statement,
  stagingPointsPerSecond: m.staging,
  baselinePointsPerSecond: m.plainBatches.fixesPerSecond,
  baselineP99Ms: m.plainBatches.p99Ms,
  baselineSinglesPerSecond: m.plainSingles.requestsPerSecond,
  tunedPointsPerSecond: m.tunedBatches.fixesPerSecond,
  tunedSinglesPerSecond: m.tunedSingles.requestsPerSecond,
  cpuMicrosecondsPerBatch: m.batches.cpuMicrosecondsPerRequest,
  cpuMicrosecondsPerSingle: m.singles.cpuMicrosecondsPerRequest,
})

const Stats = z.object({ rssMb: z.number(), nowMb: z.number(), cpuSeconds: z.number() })

/** Most memory of the server so far, its memory now, and the CPU it has used. */
export async function statsOf(server: ChildProcess) {
  server.send('stats')
  return heard(server, Stats)
}

/** The load against a fresh server process, on an empty table. */
async function throughServer(
  { db, url, seconds, program }: Bench,
  load: Pick<Load, 'fixesPerRequest' | 'tokens'> & { kind: Kind },
  only = seconds,
): Promise<Through> {
  await empty(db)
  const server = start(program, [load.kind, url, ORG])
  const generator = start(fileURLToPath(new URL('./ingestLoad.ts', import.meta.url)), [])
  try {
    const { port } = await heard(server, z.object({ port: z.number() }))
    const warmUpSeconds = Math.min(2, only)
    const { fixesPerRequest, tokens } = load
    const order: Load = {
      port,
      connections: CONNECTIONS,
      fixesPerRequest,
      seconds: only,
      warmUpSeconds,
      tokens,
    }
    generator.send(order)
    const before = await statsOf(server)
    const result = await heard(generator, LoadResult)
    const after = await statsOf(server)
    const all = (result.requests * (only + warmUpSeconds)) / only
    const cpu = Math.round(((after.cpuSeconds - before.cpuSeconds) / all) * 1e6)
    return { ...result, rssMb: after.rssMb, cpuMicrosecondsPerRequest: cpu }
  } finally {
    server.kill()
    generator.kill()
  }
}

/** A process of this folder that is spoken with. */
export const start = (program: string, words: string[]) =>
  fork(program, words, {
    execArgv: program.endsWith('.ts') ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

const empty = (db: Database) => db.raw('truncate fixes, last_positions, day_changes')

const GROUP = 1000 // rows a statement; twice that many under way, as the server has it

/** The server's own statement with the same rows, two under way, no HTTP, nothing judged. */
const byStatement = (bench: Bench) =>
  pointsPerSecond(bench, async (reports, now) => {
    const newest = reports.flatMap(({ personId, fixes }) =>
      fixes.slice(-1).map((row) => ({ personId, row, stillSince: null, customerId: null })),
    )
    const span = { from: now - 9 * 86_400_000, to: now + 86_400_000 }
    await insertFixes(bench.db, { orgId: ORG, receivedAt: now, reports, newest, span })
  })

/** The same rows into an unlogged table without any index, and from there into fixes. */
async function byStaging(bench: Bench): Promise<number> {
  await bench.db.raw('create unlogged table staging (like fixes including defaults)')
  const columns =
    'org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum, accuracy, speed, battery, network, source'
  return pointsPerSecond(bench, async (reports) => {
    const rows = reports.flatMap(({ personId, fixes }) =>
      fixes.map((row) => ({ p: personId, ...row })),
    )
    await bench.db.transact(async (tx) => {
      await tx.run(sql`
        with given as (
          insert into staging (org_id, person_id, at, id, phone_at, received_at, point, raw_lng,
            raw_lat, datum, accuracy, speed, battery, network, source)
          select ${ORG}, f.p, to_timestamp(f.at / 1000), f.id, to_timestamp(f.at / 1000), now(),
            st_point(f.lng, f.lat, 4326), f.lng, f.lat, 'wgs84', f.accuracy, f.speed, f.battery,
            f.network, f.source
          from json_to_recordset(${JSON.stringify(rows)}::json) as f (
            p text, id uuid, at float8, lng float8, lat float8, accuracy real, speed real,
            battery real, network text, source text)
          returning 1
        )
        select count(*) from given`)
      await tx.raw(
        `
        with taken as (delete from staging where id = any ($1::uuid[]) returning ${columns})
        insert into fixes (${columns}) select ${columns} from taken on conflict do nothing`,
        [rows.map(({ id }) => id)],
      )
    })
  })
}

async function pointsPerSecond(
  { db, seconds }: Bench,
  write: (reports: Reported[], now: number) => Promise<void>,
): Promise<number> {
  await empty(db)
  const until = performance.now() + seconds * 1000
  let points = 0
  const lane = async () => {
    while (performance.now() < until) {
      const now = Date.now()
      await write(groupOf(now), now)
      points += GROUP
    }
  }
  const begin = performance.now()
  await Promise.all([lane(), lane()])
  return Math.round(points / ((performance.now() - begin) / 1000))
}

function groupOf(now: number): Reported[] {
  const shift = Math.floor(Math.random() * (PHONES - GROUP / 50))
  return Array.from({ length: GROUP / 50 }, (_, person) => ({
    personId: `p${shift + person}`,
    device: 'bench',
    fixes: Array.from({ length: 50 }, (__, i) => ({
      id: randomUUID(),
      at: now - (50 - i) * 5000,
      phoneAt: undefined,
      lng: Number((114 + i * 0.0001).toFixed(6)),
      lat: Number((22.5 + (i % 7) * 0.0001).toFixed(6)),
      raw: undefined,
      datum: 'wgs84',
      accuracy: 10 + (i % 30),
      speed: 1.2,
      heading: undefined,
      altitude: undefined,
      battery: 80,
      network: '4g',
      mock: undefined,
      source: 'wecom',
      date: '2026-01-01',
    })),
  }))
}
