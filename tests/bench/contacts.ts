import Koa from 'koa'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import {
  createWecomSim,
  type SimDepartment,
  type SimMember,
} from '../../fixtures/wecom-sim/index.ts'
import { startCluster } from '../support/cluster.ts'
import { bundled, heard } from './serverProcess.ts'

const ORG = 'ww0000000000000001'
const MEMBERS = 20_000
const DEPARTMENTS = 500
const ANSWER_MS = 40 // between a data centre and WeCom

const Done = z.object({
  seconds: z.number(),
  people: z.number(),
  counts: z.record(z.string(), z.number()),
  held: z.boolean(),
  peakMb: z.number(),
})

/**
 * 20,000 members in 500 departments, from a simulator that keeps WeCom's quotas and answers after 40 ms,
 * into PostgreSQL with fsync on: all of them new, then nothing new, then one in twenty changed, then a
 * fifth gone (which waits for an admin).
 */
export async function run(): Promise<Record<string, unknown>> {
  const cluster = await startCluster({ durable: true })
  const wecom = await openWecom()
  try {
    const url = cluster.urlOf('postgres')
    const db = await connect({ databaseUrl: url, dataDir: '', log: createLog('silent'), root: '' })
    await migrate(db)
    await db.close()
    const server = fork(await bundled('contactsServer'), [url, wecom.base, ORG], { execArgv: [] })
    await heard(server, z.literal('ready'))
    const first = await synced(server)
    const same = await synced(server)
    wecom.replace(
      members().map((each, index) => (index % 20 ? each : { ...each, name: `改${index}` })),
    )
    const some = await synced(server)
    wecom.replace(members().slice(0, MEMBERS * 0.8))
    const fewer = await synced(server)
    server.kill()
    return resultOf({ first, same, some, fewer }, wecom.calls)
  } finally {
    await wecom.close()
    await cluster.stop()
  }
}

type Run = z.infer<typeof Done>

function resultOf(runs: { first: Run; same: Run; some: Run; fewer: Run }, calls: number) {
  const { first, same, some, fewer } = runs
  const right =
    first.counts['person_new'] === MEMBERS &&
    Object.keys(same.counts).length === 0 &&
    some.counts['person_renamed'] === MEMBERS / 20 &&
    fewer.held &&
    fewer.people === MEMBERS
  if (!right) throw new Error(`not what the directory says: ${JSON.stringify(runs)}`)
  const tenth = (seconds: number) => Math.round(seconds * 10) / 10
  return {
    members: MEMBERS,
    departments: DEPARTMENTS,
    firstSeconds: tenth(first.seconds),
    sameSeconds: tenth(same.seconds),
    someSeconds: tenth(some.seconds),
    heldSeconds: tenth(fewer.seconds),
    rssMb: Math.round(fewer.peakMb),
    calls,
  }
}

async function synced(server: ChildProcess): Promise<Run> {
  server.send('sync')
  return heard(server, Done)
}

/** The simulator behind HTTP, with the way there and back. */
async function openWecom() {
  const sim = createWecomSim({
    ...{ corpId: ORG, agentId: '1000002', secret: 'bench', trustedHosts: [] },
    ...{ people: members(), departments: departments(), clock: { now: Date.now } },
    publicBase: 'http://127.0.0.1:1/wecom-sim',
  })
  const app = new Koa()
  app.use(async (_ctx, next) => {
    await sleep(ANSWER_MS)
    await next()
  })
  app.use(sim.app)
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    base: `http://127.0.0.1:${port}/wecom-sim`,
    replace: (people: readonly SimMember[]) => sim.directory.replace(people),
    get calls() {
      return [...sim.calls.values()].reduce((sum, count) => sum + count, 0)
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Four levels under one root; each department has a leader of its own. */
const departments = (): SimDepartment[] =>
  Array.from({ length: DEPARTMENTS }, (_, index) => ({
    id: String(index + 1),
    parentId: index === 0 ? null : String(Math.floor((index - 1) / 8) + 1),
    name: `部门${index + 1}`,
    leaderId: `m${index}`,
  }))

/** One in ten is in two departments; the first of each department leads it. */
const members = (): SimMember[] =>
  Array.from({ length: MEMBERS }, (_, index) => ({
    id: `m${index}`,
    name: `成员${index}`,
    role: 'rep',
    departmentId: String((index % DEPARTMENTS) + 1),
    position: '客户经理',
    ...(index % 10 === 0 && { otherDepartments: [String(((index + 7) % DEPARTMENTS) + 1)] }),
  }))
