import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { freePort } from '../support/ports.ts'
import { startCluster } from '../support/cluster.ts'
import { createLedger, walk, type Reporter } from './liveLoad.ts'
import { seedLive } from './liveSeed.ts'
import { allBack, openWatcher, pause, resume, type Watcher } from './liveWatchers.ts'
import { bundled } from './serverProcess.ts'

const ORG = 'bench'

interface Load {
  people: number
  watchers: number
  slow: number // watchers on links that stand still
  seconds: number
}

/**
 * 5,000 people report each 10 s through HTTP while 200 supervisors watch all of them: the time from POST to each
 * socket, what never came, the server's memory; the same while 20 links stand still; its CPU for a move against bare ws; and how
 * fast all watchers are back after the server was killed. Server, database and load share the machine.
 * @param args `--people`, `--watchers`, `--slow`, `--seconds`: numbers
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const given = (name: string, usual: number) => {
    const at = args.indexOf(`--${name}`)
    return at < 0 ? usual : Number(args[at + 1])
  }
  const load = {
    people: given('people', 5000),
    watchers: given('watchers', 200),
    slow: given('slow', 20),
    seconds: given('seconds', 60),
  }
  const cluster = await startCluster({ durable: true })
  const servers: ChildProcess[] = []
  try {
    const url = cluster.urlOf('postgres')
    const db = await connect({ databaseUrl: url, dataDir: '', log: createLog('silent'), root: '' })
    await migrate(db)
    const { reps, boss } = await seedLive(db, ORG, load.people)
    await db.raw('vacuum analyze') // what is older than a minute has been; else all of it falls into the measurement
    await db.close()
    const port = await freePort()
    const program = await bundled('liveServer')
    const start = () => {
      const server = fork(program, [url, ORG, String(port)], {
        execArgv: ['--expose-gc'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      servers.push(server)
      return server
    }
    return await measure({ start, reps, boss, load, url: `http://127.0.0.1:${port}` })
  } finally {
    for (const server of servers) server.kill()
    await cluster.stop()
  }
}

/** Asks the server process and waits for its answer, again each second while it is starting. */
async function ask<T>(server: ChildProcess, name: string, reply: z.ZodType<T>): Promise<T> {
  const send = () => server.connected && server.send(name)
  const timer = setInterval(() => name === 'ports' && send(), 1000)
  const gone = once(server, 'exit').then(() => Promise.reject(new Error('the server has ended')))
  gone.catch(() => undefined) // it ends in any case, when all is measured
  send()
  try {
    for (;;) {
      const [message]: unknown[] = await Promise.race([once(server, 'message'), gone])
      const parsed = z.object({ name: z.literal(name), value: reply }).safeParse(message)
      if (parsed.success) return parsed.data.value
    }
  } finally {
    clearInterval(timer)
  }
}

const Stats = z.object({ rssMb: z.number() })
const Ports = z.object({ port: z.number(), bare: z.number() })
const FanOut = z.object({ ours: z.number(), plain: z.number() })

interface Measuring {
  start: () => ChildProcess
  reps: readonly Reporter[]
  boss: string
  load: Load
  url: string
}

async function measure({ start, reps, boss, load, url }: Measuring) {
  const server = start()
  const { bare } = await ask(server, 'ports', Ports)
  const watchers: Watcher[] = []
  for (let n = 0; n < load.watchers; n++) watchers.push(await openWatcher(url, boss))
  await walk(url, reps, { ms: 10_000, ledger: createLedger(watchers) }) // warm-up: everybody once
  await wait(2000)
  const before = await ask(server, 'stats', Stats)
  const even = createLedger(watchers)
  await walk(url, reps, { ms: load.seconds * 1000, ledger: even })
  await even.settled()
  const after = await ask(server, 'stats', Stats)
  const stuck = await withSlowLinks({ server, reps, load, url, watchers })
  const plain = await openPlain(bare, load.watchers)
  const cpu = await ask(server, 'fanOut', FanOut)
  for (const each of plain) each.close()
  const gone = once(server, 'exit')
  server.kill('SIGKILL')
  await gone
  const back = await allBack(watchers, () => ask(start(), 'ports', Ports))
  for (const { socket } of watchers) socket.close()
  return {
    ...load,
    ...even.result(),
    rssMb: Math.round(after.rssMb),
    rssGrowthMb: Math.round(after.rssMb - before.rssMb),
    ...stuck,
    cpuMicrosecondsPerMove: Math.round(cpu.ours * 100) / 100,
    cpuPerMoveVsWs: Math.round((cpu.ours / cpu.plain) * 100) / 100,
    ...back,
  }
}

/** The same load while some watchers read nothing: what the others hear, and whether the slow ones end with all. */
async function withSlowLinks({
  server,
  reps,
  load,
  url,
  watchers,
}: Omit<Measuring, 'start' | 'boss'> & { server: ChildProcess; watchers: Watcher[] }) {
  const slow = watchers.slice(0, load.slow)
  const others = watchers.slice(load.slow)
  for (const each of slow) pause(each)
  const ledger = createLedger(others)
  await walk(url, reps, { ms: Math.max(20, load.seconds / 2) * 1000, ledger })
  await ledger.settled()
  const { rssMb } = await ask(server, 'stats', Stats)
  for (const each of slow) resume(each)
  for (const each of slow) await each.until(ledger.newest())
  const { p99Ms, lost } = ledger.result()
  return { slowP99Ms: p99Ms, slowLost: lost, slowRssMb: Math.round(rssMb) }
}

async function openPlain(port: number, n: number): Promise<WebSocket[]> {
  const sockets = Array.from({ length: n }, () => new WebSocket(`ws://127.0.0.1:${port}`))
  await Promise.all(sockets.map((socket) => once(socket, 'open')))
  return sockets
}
