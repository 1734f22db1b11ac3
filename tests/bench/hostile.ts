import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { uuidOf } from '../../fixtures/random.ts'
import { dayToReport, REPS, seedCompany } from '../faults/company.ts'
import { startCluster } from '../support/cluster.ts'
import { freePort } from '../support/ports.ts'
import { buildServer, startServer } from '../support/serverProcess.ts'
import { bundled } from './serverProcess.ts'
import { quantile } from './truthScore.ts'

const ATTACKS = ['idleSockets', 'slowLoris', 'badLogins', 'longHeads', 'deepJson', 'evilTexts']
const WARMING = 3_000 // ms
const EVERY = 100 // ms between two requests of one good user
const BAR = 2 // times the calm p99

/**
 * What good users notice while one server is attacked: the slowest hundredth of what they ask and report, beside that
 * of the same server in peace. Attackers run beside it with less right to the processor, as if elsewhere.
 * @param args `--seconds N` of each attack (10), `--only KIND`
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const options = { seconds: { type: 'string', default: '10' }, only: { type: 'string' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const forMs = Number(values.seconds) * 1000
  await buildServer()
  const cluster = await startCluster({ durable: true })
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-hostile-'))
  const databaseUrl = cluster.urlOf('postgres')
  const env = { ...process.env, DEMO: '0', LOG_LEVEL: 'fatal', DATA_DIR: dataDir, DATABASE_URL: databaseUrl } // prettier-ignore
  const port = await freePort()
  const server = await startServer(env, { port })
  const day = dayToReport(Date.now())
  const db = await connect({ databaseUrl, dataDir: '', log: createLog('silent'), root: '' })
  const tokens = await seedCompany(db, day).finally(() => db.close())
  try {
    const attacked = {
      url: server.url,
      port,
      date: day.date,
      midnight: day.midnight,
      tokens,
      forMs,
    }
    await goodUsers(attacked, WARMING)
    const calm = p99(await goodUsers(attacked, forMs))
    const rows: Record<string, unknown> = { calm: { p99Ms: calm } }
    let worst = 0
    for (const kind of ATTACKS.filter((each) => !values.only || each === values.only)) {
      const { taken, struckPerSecond } = await during(attacked, kind)
      const ratio = Math.round((p99(taken) / calm) * 100) / 100
      worst = Math.max(worst, ratio)
      rows[kind] = { p99Ms: p99(taken), ratio, asked: taken.length, struckPerSecond }
    }
    console.table(rows)
    return { ...rows, worst, bar: BAR, ok: worst <= BAR }
  } finally {
    await server.end('SIGTERM')
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface Attacked {
  url: string
  port: number
  date: string
  midnight: number
  tokens: ReadonlyMap<string, string>
  forMs: number
}

async function during(attacked: Attacked, kind: string) {
  const child = fork(await bundled('hostileAttack'), [], { execArgv: [] })
  const attacker = attacked.tokens.get(REPS.at(-1) ?? '') ?? '' // one of the company, where one must be signed in
  let struck = 0
  child.on(
    'message',
    (message) => (struck = z.object({ struck: z.number() }).parse(message).struck),
  )
  child.send({ kind, port: attacked.port, token: attacker, date: attacked.date })
  await wait(WARMING)
  const before = struck
  const taken = await goodUsers(attacked, attacked.forMs)
  const struckPerSecond = Math.round((struck - before) / (attacked.forMs / 1000))
  child.kill('SIGKILL')
  await wait(WARMING) // what it left is cleared away before the next
  return { taken, struckPerSecond }
}

/** Everybody but the attacker looks at his day and reports, by turns, at a steady pace. @returns ms of each request */
async function goodUsers(attacked: Attacked, forMs: number): Promise<number[]> {
  const taken: number[] = []
  const end = performance.now() + forMs
  const user = async (personId: string, index: number) => {
    const headers = { authorization: `Bearer ${attacked.tokens.get(personId) ?? ''}`, 'x-forwarded-for': `198.51.100.${index + 1}` } // prettier-ignore
    for (let turn = 0; performance.now() < end; turn++) {
      const from = performance.now()
      const { path: to, ...init } = turn % 2 ? look(attacked, personId) : report(attacked, personId)
      const reply = await fetch(attacked.url + to, { ...init, headers: { ...headers, 'content-type': 'application/json' }, signal: AbortSignal.timeout(30_000) }) // prettier-ignore
      if (reply.status !== 200) throw new Error(`${to} answers ${reply.status} to ${personId}: ${await reply.text()}`) // prettier-ignore
      await reply.arrayBuffer()
      taken.push(performance.now() - from)
      await wait(Math.max(0, EVERY - (performance.now() - from)))
    }
  }
  await Promise.all(REPS.slice(0, -1).map(user))
  return taken
}

const look = ({ date }: Attacked, personId: string) => ({
  path: `/api/v1/people/${personId}/days/${date}`,
  method: 'GET',
})

let reported = 0

function report({ midnight }: Attacked, personId: string) {
  const at = midnight + 9 * 3_600_000 + (reported++ % 30_000) * 1_000
  const fix = { id: uuidOf(personId, at), at, lng: 114.05, lat: 22.54, accuracy: 15 }
  return { path: '/api/v1/fixes', method: 'POST', body: JSON.stringify({ fixes: [fix] }) }
}

const p99 = (taken: readonly number[]) => Math.round(quantile(taken, 0.99) * 10) / 10
