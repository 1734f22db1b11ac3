import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Ingested } from '../../backend/contract/fixes.ts'
import { sql } from '../../backend/core/sql.ts'
import { uuidOf } from '../../fixtures/random.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { startRedis, type RedisServer } from '../support/redis.ts'
import { buildServer, startServer, tokenFor, type ServerProcess } from '../support/serverProcess.ts'

/** One process that answers and one that works, as Compose starts them. */
let borrowed: Borrowed
let redis: RedisServer
let folder: string
let api: ServerProcess
let jobs: ServerProcess

const env = () => ({
  ...process.env,
  LOG_LEVEL: 'fatal',
  SESSION_SECRET: 'of both',
  DATA_DIR: folder,
  DATABASE_URL: borrowed.url,
  REDIS_URL: redis.url,
})

beforeAll(async () => {
  await buildServer()
  folder = await mkdtemp(path.join(tmpdir(), 'zuji-roles-'))
  borrowed = await borrowDatabase()
  redis = await startRedis()
  api = await startServer({ ...env(), DEMO: '1' }, { words: ['--role', 'api'] })
  jobs = await startServer({ ...env(), DEMO: '0' }, { words: ['--role', 'jobs'] })
})
afterAll(async () => {
  await api.end('SIGTERM')
  await jobs.end('SIGTERM')
  await redis.kill()
  await borrowed.close()
  await rm(folder, { recursive: true, force: true })
})

const statusOf = async (place: string) => (await fetch(place)).status
const choresOf = async ({ url }: ServerProcess) =>
  [...(await (await fetch(`${url}/metrics`)).text()).matchAll(/^zuji_chore_interval_seconds\{/gm)]
    .length

test('the one that works tells how it is and answers nothing else', async () => {
  for (const place of ['/healthz', '/readyz', '/metrics'])
    expect(await statusOf(jobs.url + place), place).toBe(200)
  for (const place of ['/', '/api/v1/me', '/api/openapi.json', '/auth/wecom/start', '/wecom-sim/'])
    expect(await statusOf(jobs.url + place), place).toBe(404)
  const socket = await statusOf(`${jobs.url}/socket.io/?EIO=4&transport=polling`)
  expect(socket).toBe(404)
  expect(await choresOf(jobs)).toBeGreaterThan(10)
})

test('the one that answers does no chores', async () => {
  expect(await statusOf(`${api.url}/api/openapi.json`)).toBe(200)
  expect(await choresOf(api)).toBe(0)
})

test('what the one takes in, the other makes days of', async () => {
  const token = await tokenFor('rep27', env())
  const at = Date.now() - 60_000
  const reply = await fetch(`${api.url}/api/v1/fixes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ fixes: [{ id: uuidOf('roles', at), at, lng: 114.05, lat: 22.54 }] }),
  })
  expect(Ingested.parse(await reply.json()).accepted).toBe(1)
  const derived = () =>
    borrowed.db.many(sql`
      select 1 from track_days t
        join day_changes c on c.org_id = t.org_id and c.person_id = t.person_id and c.date = t.date
      where t.person_id = 'rep27' and t.version = c.version
        and c.changed_at > to_timestamp(${at}::float8 / 1000)`)
  await expect.poll(async () => (await derived()).length, { timeout: 240_000 }).toBeGreaterThan(0)
}, 300_000)
