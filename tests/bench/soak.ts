import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { sql } from '../../backend/core/sql.ts'
import { startCluster } from '../support/cluster.ts'
import { CONNECTIONS, PHONES, start, statsOf } from './ingest.ts'
import { LoadResult, type Load } from './ingestLoad.ts'
import { seedPhones } from './ingestSeed.ts'
import { bundled, heard } from './serverProcess.ts'
import { quantile } from './truthScore.ts'

const ORG = 'bench'
const OF_A_REQUEST = 50 // fixes
const BAR = { memory: 1.1, p99: 1.25 } // the last third of the time beside the first

interface Window {
  fixes: number
  failed: number
  p99Ms: number
  fixesPerSecond: number
  rssMb: number // when it ends
}

/**
 * A day of 5,000 people and more, at the pace of the machine: one server process takes fixes without a pause until it
 * has `--fixes`, into a PostgreSQL with fsync on that grows meanwhile. Its memory and its slowest answers, window by
 * window: of the last third of them beside the first. Server, database and load share the machine.
 * @param args `--fixes N` (20,000,000), `--seconds N` of a window (30)
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const options = {
    fixes: { type: 'string', default: '20000000' },
    seconds: { type: 'string', default: '30' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const cluster = await startCluster({ durable: true })
  try {
    const url = cluster.urlOf('postgres')
    const db = await connect({ databaseUrl: url, dataDir: '', log: createLog('silent'), root: '' })
    await migrate(db)
    const tokens = await seedPhones(db, ORG, PHONES)
    const soak = { url, tokens, fixes: Number(values.fixes), seconds: Number(values.seconds) }
    const windows = await soaked(soak)
    const stored = await storedIn(db)
    await db.close()
    return resultOf(windows, stored)
  } finally {
    await cluster.stop()
  }
}

interface Soak {
  url: string
  tokens: readonly string[]
  fixes: number
  seconds: number
}

async function soaked({ url, tokens, fixes, seconds }: Soak): Promise<Window[]> {
  const server = start(await bundled('ingestServer'), ['ours', url, ORG])
  const generator = start(fileURLToPath(new URL('./ingestLoad.ts', import.meta.url)), [])
  try {
    const { port } = await heard(server, z.object({ port: z.number() }))
    const order: Load = { port, connections: CONNECTIONS, fixesPerRequest: OF_A_REQUEST, seconds, warmUpSeconds: 0, tokens: [...tokens] } // prettier-ignore
    const windows: Window[] = []
    for (let sum = 0; sum < fixes;) {
      generator.send(order)
      const { requests, failed, p99Ms, fixesPerSecond } = await heard(generator, LoadResult)
      const { nowMb: rssMb } = await statsOf(server)
      windows.push({ fixes: requests * OF_A_REQUEST, failed, p99Ms, fixesPerSecond, rssMb })
      sum += requests * OF_A_REQUEST
      process.stderr.write(`${sum} fixes: ${fixesPerSecond} a second, p99 ${p99Ms} ms, ${rssMb} MB\n`) // prettier-ignore
    }
    return windows
  } finally {
    server.kill()
    generator.kill()
  }
}

const storedIn = async (db: Database) =>
  (await db.first<{ n: number }>(sql`select count(*)::float8 as n from fixes where org_id = ${ORG}`))?.n ?? 0 // prettier-ignore

function resultOf(windows: readonly Window[], stored: number) {
  const third = Math.max(1, Math.floor(windows.length / 3))
  const [first, last] = [windows.slice(0, third), windows.slice(-third)]
  const grown = (of: (window: Window) => number) =>
    Math.round((median(last.map(of)) / median(first.map(of))) * 100) / 100
  const sum = (of: (window: Window) => number) => windows.reduce((all, each) => all + of(each), 0)
  const acknowledged = sum(({ fixes }) => fixes)
  const [memory, p99] = [grown(({ rssMb }) => rssMb), grown(({ p99Ms }) => p99Ms)]
  const failed = sum(({ failed: n }) => n)
  return {
    acknowledged,
    stored, // and what was answered just after a window
    failed,
    windows: windows.length,
    pointsPerSecond: Math.round(median(windows.map(({ fixesPerSecond }) => fixesPerSecond))),
    p99Ms: [median(first.map(({ p99Ms }) => p99Ms)), median(last.map(({ p99Ms }) => p99Ms))].join(' → '), // prettier-ignore
    rssMb: [median(first.map(({ rssMb }) => rssMb)), median(last.map(({ rssMb }) => rssMb))].join(' → '), // prettier-ignore
    rssMostMb: Math.max(...windows.map(({ rssMb }) => rssMb)),
    ...{ memoryRatio: memory, p99Ratio: p99, speedRatio: grown((window) => window.fixesPerSecond) },
    bar: BAR,
    ok: memory <= BAR.memory && p99 <= BAR.p99 && failed === 0 && stored >= acknowledged,
  }
}

const median = (values: readonly number[]) => quantile(values, 0.5)
