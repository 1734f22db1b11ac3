import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Move } from '../../backend/contract/live.ts'
import { Ingested } from '../../backend/contract/fixes.ts'
import { uuidOf } from '../../fixtures/random.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { startRedis, type RedisServer } from '../support/redis.ts'
import { buildServer, startServer, tokenFor, type ServerProcess } from '../support/serverProcess.ts'
import { snapshotOf, watch, type Client } from './liveClients.ts'

/** Two servers of one company on one database, joined by Redis, as behind a load balancer. */
let borrowed: Borrowed
let redis: RedisServer
let folder: string
const servers = new Map<string, ServerProcess>()
const clients: Client[] = []
let boss: string
let rep: string

const envOf = (name: string) => ({
  ...process.env,
  DEMO: name === 'a' ? '1' : '0', // one of them plays the company
  LOG_LEVEL: 'fatal',
  SESSION_SECRET: 'of both',
  DATA_DIR: path.join(folder, name),
  DATABASE_URL: borrowed.url,
  REDIS_URL: redis.url,
})

beforeAll(async () => {
  await buildServer()
  folder = await mkdtemp(path.join(tmpdir(), 'zuji-processes-'))
  borrowed = await borrowDatabase()
  redis = await startRedis()
  for (const name of ['a', 'b']) servers.set(name, await startServer(envOf(name)))
  boss = await tokenFor('boss01', envOf('a'))
  rep = await tokenFor('rep27', envOf('a')) // on duty round the clock, and not played
})
afterAll(async () => {
  for (const client of clients) client.close()
  for (const server of servers.values()) await server.end('SIGKILL')
  await redis.kill()
  await borrowed.close()
  await rm(folder, { recursive: true, force: true })
})

const urlOf = (name: string) => servers.get(name)?.url ?? ''

function clientOf(name: string): Client {
  const options = { transports: ['websocket'], forceNew: true, reconnection: false }
  const client: Client = io(`${urlOf(name)}/live`, { auth: { token: boss }, ...options })
  clients.push(client)
  return client
}

async function report(name: string, at: number) {
  const response = await fetch(`${urlOf(name)}/api/v1/fixes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${rep}`, 'content-type': 'application/json' },
    body: JSON.stringify({ fixes: [{ id: uuidOf('rep27', at), at, lng: 114.05, lat: 22.54 }] }),
  })
  const { accepted, rejected } = Ingested.parse(await response.json())
  expect({ accepted, rejected }).toEqual({ accepted: 1, rejected: [] })
}

/** The move of rep27 that was reported at this time. */
const movedAt = (client: Client, at: number) =>
  new Promise<Move>((resolve) => {
    client.on('moved', ({ moves }) => {
      const move = moves.find((each) => each.personId === 'rep27' && each.at === at)
      if (move) resolve(move)
    })
  })

const lastOfRep = async (client: Client, since?: number) => {
  const { people } = snapshotOf(await watch(client, since === undefined ? {} : { since }))
  return people.find((person) => person.id === 'rep27')?.last?.at
}

test('what one process takes in, the watchers of the other see; when one is killed, its own find all with the other', async () => {
  const [first, second] = [Date.now() - 60_000, Date.now() - 30_000]
  const there = clientOf('b')
  await watch(there)
  const told = movedAt(there, first)
  await report('a', first)
  expect(await told).toMatchObject({ personId: 'rep27', lng: 114.05, lat: 22.54 })

  const here = clientOf('a')
  const { seq } = snapshotOf(await watch(here))
  const gone = new Promise((resolve) => here.on('disconnect', resolve))
  await servers.get('a')?.end('SIGKILL')
  servers.delete('a')
  await gone
  await report('b', second)
  expect(await lastOfRep(clientOf('b'), seq)).toBe(second) // its number is of another process: a snapshot

  servers.set('a', await startServer(envOf('a')))
  const again = clientOf('a')
  expect(await lastOfRep(again)).toBe(second)
  const third = Date.now() - 1000
  const heard = movedAt(again, third)
  await report('b', third)
  expect(await heard).toMatchObject({ at: third })
})
