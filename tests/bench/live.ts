import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { LiveFacts, LiveRequests } from '../../backend/contract/live.ts'
import { Ingested } from '../../backend/contract/fixes.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Db } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import {
  insertDuty,
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { startCluster } from '../support/cluster.ts'

const ORG = 'bench'
const PEOPLE = 1000
const WATCHERS = 50
const EVERY_MS = 10_000 // each person reports so often
const HOUR = 3_600_000

/**
 * 1,000 people report each 10 s through HTTP while 50 supervisors watch: the time from POST to each
 * socket, what never came, the server's memory, and its CPU for a move against bare ws.
 * @param args `--seconds N`, 60 without it.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const at = args.indexOf('--seconds')
  const seconds = at < 0 ? 60 : Number(args[at + 1])
  const cluster = await startCluster({ durable: true })
  let server: ChildProcess | null = null
  try {
    const url = cluster.urlOf('postgres')
    const db = await connect({ databaseUrl: url, dataDir: '', log: createLog('silent'), root: '' })
    await migrate(db)
    const tokens = await seed(db)
    await db.close()
    server = startServer(url)
    return await measure(server, tokens, seconds)
  } finally {
    server?.kill()
    await cluster.stop()
  }
}

interface Tokens {
  reps: { id: string; token: string }[]
  boss: string
}

async function seed(db: Db): Promise<Tokens> {
  const now = Date.now()
  const ids = Array.from({ length: PEOPLE }, (_, i) => `p${i}`)
  await upsertOrg(db, { id: ORG, name: 'bench', zone: 'Asia/Shanghai' })
  await upsertDepartments(db, ORG, [{ id: 'root', parentId: null, name: 'root' }])
  const person = { departmentId: 'root', position: null }
  await upsertPeople(db, ORG, [
    ...ids.map((id) => ({ ...person, id, name: id, role: 'rep' as const, leads: [] })),
    { ...person, id: 'boss', name: 'boss', role: 'supervisor' as const, leads: ['root'] },
  ])
  const window = {
    date: new Date(now).toISOString().slice(0, 10),
    zone: 'UTC',
    from: now - HOUR,
    to: now + 4 * HOUR,
  }
  await insertDuty(
    db,
    ORG,
    ids.map((personId) => ({ personId, ...window })),
  )
  const reps = []
  for (const id of ids) {
    await giveConsent(db, ORG, id, now - HOUR)
    const who = { orgId: ORG, personId: id, kind: 'token' as const }
    reps.push({ id, token: await openSession(db, who, now) })
  }
  return { reps, boss: await openSession(db, { orgId: ORG, personId: 'boss', kind: 'token' }, now) }
}

function startServer(databaseUrl: string): ChildProcess {
  const program = new URL('./liveServer.ts', import.meta.url)
  const execArgv = ['--import', 'tsx', '--expose-gc']
  return fork(program, [databaseUrl, ORG], {
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

/** Asks the server process and waits for its answer, again each second while it is starting. */
async function ask<T>(server: ChildProcess, name: string, reply: z.ZodType<T>): Promise<T> {
  const send = () => server.connected && server.send(name)
  const timer = setInterval(() => name === 'ports' && send(), 1000)
  const gone = once(server, 'exit').then(() => Promise.reject(new Error('the server has ended')))
  send()
  try {
    for (;;) {
      const [message]: unknown[] = await Promise.race([once(server, 'message'), gone])
      const parsed = z.object({ name: z.literal(name), value: reply }).safeParse(message)
      if (parsed.success) return parsed.data.value
    }
  } finally {
    clearInterval(timer)
    gone.catch(() => undefined) // it ends in any case, when all is measured
  }
}

const Stats = z.object({ rssMb: z.number() })

async function measure(server: ChildProcess, tokens: Tokens, seconds: number) {
  const ports = await ask(server, 'ports', z.object({ port: z.number(), bare: z.number() }))
  const url = `http://127.0.0.1:${ports.port}`
  const ledger = createLedger()
  const watchers = await Promise.all(
    Array.from({ length: WATCHERS }, () => openWatcher(url, tokens.boss, ledger)),
  )
  await walk(url, tokens.reps, { ms: EVERY_MS, ledger: createLedger() }) // warm-up: everybody once
  await wait(2000)
  const before = await ask(server, 'stats', Stats)
  await walk(url, tokens.reps, { ms: seconds * 1000, ledger })
  await wait(3000)
  const after = await ask(server, 'stats', Stats)
  const plain = await openPlain(ports.bare)
  const cpu = await ask(server, 'fanOut', z.object({ ours: z.number(), plain: z.number() }))
  for (const each of [...watchers, ...plain]) each.close()
  return {
    people: PEOPLE,
    watchers: WATCHERS,
    seconds,
    ...ledger.result(),
    rssMb: Math.round(after.rssMb),
    rssGrowthMb: Math.round(after.rssMb - before.rssMb),
    cpuMicrosecondsPerMove: cpu.ours,
    cpuPerMoveVsWs: Math.round((cpu.ours / cpu.plain) * 100) / 100,
  }
}

type Ledger = ReturnType<typeof createLedger>

/** Who sent what when, and when each watcher heard of it. Keys are person and time of the fix. */
function createLedger() {
  const sentAt = new Map<string, number>()
  const delays: number[] = []
  const answers: number[] = []
  let refused = 0
  return {
    sent: (personId: string, at: number) => sentAt.set(`${personId} ${at}`, performance.now()),
    answered(personId: string, at: number) {
      answers.push(performance.now() - (sentAt.get(`${personId} ${at}`) ?? 0))
    },
    refuse(personId: string, at: number) {
      refused++
      sentAt.delete(`${personId} ${at}`)
    },
    heard(personId: string, at: number) {
      const sent = sentAt.get(`${personId} ${at}`)
      if (sent !== undefined) delays.push(performance.now() - sent)
    },
    result() {
      return {
        posts: sentAt.size,
        p50Ms: quantile(delays, 0.5),
        p99Ms: quantile(delays, 0.99),
        postP99Ms: quantile(answers, 0.99),
        lost: sentAt.size * WATCHERS - delays.length,
        refused,
      }
    },
  }
}

const quantile = (values: readonly number[], share: number) =>
  Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0)

async function openWatcher(url: string, token: string, ledger: Ledger) {
  const socket: Socket<LiveFacts, LiveRequests> = io(`${url}/live`, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
  })
  socket.on('moved', ({ moves }) => {
    for (const { personId, at } of moves) ledger.heard(personId, at)
  })
  await new Promise((resolve) => socket.emit('watch', {}, resolve))
  return socket
}

async function openPlain(port: number): Promise<WebSocket[]> {
  const sockets = Array.from({ length: WATCHERS }, () => new WebSocket(`ws://127.0.0.1:${port}`))
  await Promise.all(sockets.map((socket) => once(socket, 'open')))
  return sockets
}

/** Everybody posts one fix each 10 s, spread evenly over them. */
async function walk(
  url: string,
  reps: Tokens['reps'],
  { ms, ledger }: { ms: number; ledger: Ledger },
) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const start = performance.now()
  const total = Math.round((ms / EVERY_MS) * reps.length)
  const posts: Promise<void>[] = []
  for (let i = 0; i < total; i++) {
    const due = start + (i * EVERY_MS) / reps.length
    if (due > performance.now()) await wait(due - performance.now())
    const rep = reps[i % reps.length]
    if (rep) posts.push(post(url, rep, { agent, ledger, step: i }))
  }
  await Promise.all(posts)
  agent.destroy()
}

interface Posting {
  agent: Agent
  ledger: Ledger
  step: number
}

async function post(
  url: string,
  { id, token }: { id: string; token: string },
  { agent, ledger, step }: Posting,
) {
  const at = Date.now()
  const fix = {
    id: randomUUID(),
    at,
    lng: 114 + step * 1e-6,
    lat: 22.5 + (step % 97) * 1e-4,
    accuracy: 15,
  }
  const body = JSON.stringify({ sentAt: at, fixes: [fix] })
  ledger.sent(id, at)
  const accepted = await new Promise<boolean>((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const call = request(`${url}/api/v1/fixes`, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(response.statusCode === 200 && acceptedIn(text) === 1))
    })
    call.on('error', () => resolve(false))
    call.end(body)
  })
  if (accepted) ledger.answered(id, at)
  else ledger.refuse(id, at)
}

const acceptedIn = (text: string) => Ingested.parse(JSON.parse(text)).accepted
