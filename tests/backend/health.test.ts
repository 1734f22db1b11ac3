import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { z } from 'zod'
import { startChores } from '../../backend/core/chores.ts'
import { systemClock } from '../../backend/core/clock.ts'
import { diskTrouble } from '../../backend/core/disk.ts'
import { healthRoutes, type Check } from '../../backend/core/health.ts'
import { createApp } from '../../backend/core/http/serve.ts'
import { createLog } from '../../backend/core/log.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { joined, measureQueues, type Queue } from '../../backend/core/queues.ts'
import { sql } from '../../backend/core/sql.ts'
import { createWecom } from '../../backend/wecom/index.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'

const NOW = Date.parse('2026-11-24T03:00:00Z')
const log = createLog('silent')

let server: WholeServer
beforeAll(async () => {
  server = await openWholeServer('acme', NOW)
  await server.db.raw("insert into orgs (id, name) values ('acme', 'Acme')")
})
afterAll(() => server.close())

const metricsText = async () => (await fetch(`${server.url}/metrics`)).text()

const UNIT =
  /_(total|seconds|bytes|items|rows|connections|requests|sockets|watchers|days|joined|timestamp_seconds)$/
const LABELS = new Set('method route status le outcome door kind queue chore use api'.split(' '))

test('each metric of ours has a unit, help, and labels that are few', async () => {
  const text = await metricsText()
  const helps = [...text.matchAll(/^# HELP (zuji_\w+) (.*)$/gm)]
  expect(helps.length).toBeGreaterThan(25)
  expect(helps.filter(([, name = '']) => !UNIT.test(name)).map(([, name]) => name)).toEqual([])
  expect(helps.filter(([, , help = '']) => help.length < 10)).toEqual([])
  const counters = [...text.matchAll(/^# TYPE (zuji_\w+) counter$/gm)].map(([, name = '']) => name)
  expect(counters.filter((name) => !name.endsWith('_total'))).toEqual([])
  const labels = new Set([...text.matchAll(/^zuji_\w+\{(.*)\} /gm)].flatMap(([, each = '']) => [...each.matchAll(/(\w+)="/g)].map(([, label = '']) => label))) // prettier-ignore
  expect([...labels].filter((label) => !LABELS.has(label))).toEqual([])
})

const QUEUES = [
  'alert_digests',
  'alert_looks',
  'announcements',
  'attendance_days',
  'callbacks',
  'card_closings',
  'cards',
  'days',
  'fixes',
  'job_attendance_export',
  'job_attendance_wecom',
  'job_customers_import',
  'job_demo_remove',
  'messages',
  'punches',
  'webhooks',
]

const valuesOf = (text: string, name: string) =>
  Object.fromEntries(
    [...text.matchAll(new RegExp(`^${name}\\{queue="(\\w+)"\\} (.+)$`, 'gm'))].map(
      ([, queue = '', value]) => [queue, Number(value)],
    ),
  )

test('each queue has a depth and an age, of this moment', async () => {
  await server.db.run(sql`
    insert into wecom_events (org_id, id, door, name, told_at, received_at, due_at, outcome)
    values ('acme', gen_random_uuid(), 'app', 'n', now(), to_timestamp(${NOW - 40_000}::float8 / 1000), now(), null),
      ('acme', gen_random_uuid(), 'app', 'n', now(), now(), null, 'failed')`)
  const text = await metricsText()
  const [items, ages, dead] = ['items', 'oldest_seconds', 'dead_items'].map((unit) =>
    valuesOf(text, `zuji_queue_${unit}`),
  )
  expect(Object.keys(items ?? {}).sort()).toEqual(QUEUES)
  expect(Object.keys(ages ?? {}).sort()).toEqual(QUEUES)
  expect(items).toMatchObject({ callbacks: 1, messages: 0 })
  expect(ages).toMatchObject({ callbacks: 40, messages: 0 })
  expect(dead).toMatchObject({ callbacks: 1, webhooks: 0, job_attendance_export: 0 })
})

test('a queue that can not be read is left out and counted; the others are told', async () => {
  const metrics = createMetrics()
  const queues: Queue[] = [
    { name: 'broken', read: () => Promise.reject(new Error('no')) },
    { name: 'whole', read: () => ({ waiting: 3, since: NOW - 1000 }) },
  ]
  measureQueues({ metrics, log, clock: { now: () => NOW } }, queues)
  const text = await metrics.registry.metrics()
  expect(valuesOf(text, 'zuji_queue_items')).toEqual({ whole: 3 })
  expect(valuesOf(text, 'zuji_queue_oldest_seconds')).toEqual({ whole: 1 })
  expect(await metrics.registry.getSingleMetricAsString('zuji_queue_read_failures_total')).toContain('{queue="broken"} 1') // prettier-ignore
})

test('states of several companies make one: the sum, and the oldest', () => {
  const none = { waiting: 0, since: null }
  expect(joined([])).toEqual(none)
  expect(joined([none, { waiting: 2, since: 5, dead: 1 }, { waiting: 1, since: 3, dead: 2 }])).toEqual({ waiting: 3, since: 3, dead: 3 }) // prettier-ignore
})

test('a chore tells when it went well last, and how often it failed', async () => {
  const metrics = createMetrics()
  let runs = 0
  const run = () => (++runs === 1 ? Promise.reject(new Error('once')) : Promise.resolve())
  const chores = startChores([{ name: 'try', everyMs: 1, run }], { log, metrics, clock: systemClock }) // prettier-ignore
  await expect.poll(() => runs).toBeGreaterThan(1)
  await chores.stop()
  const text = await metrics.registry.metrics()
  expect(text).toContain('zuji_chore_failures_total{chore="try"} 1')
  expect(text).toContain('zuji_chore_interval_seconds{chore="try"} 0.001')
  expect(text).toMatch(/zuji_chore_last_success_timestamp_seconds\{chore="try"\} \d{10}/)
})

const Ready = z.object({ ok: z.boolean(), checks: z.record(z.string(), z.string()) })

test('ready when everything is: each part says so', async () => {
  const answer = await fetch(`${server.url}/readyz`)
  expect(answer.status).toBe(200)
  expect(Ready.parse(await answer.json())).toEqual({
    ok: true,
    checks: { database: 'ok', migrations: 'ok', disk: 'ok', redis: 'ok', wecom: 'ok' },
  })
})

async function readyWith(run: () => Promise<number>, checks: readonly Check[]) {
  const metrics = createMetrics()
  const kit = { metrics, log, identify: async () => null, publicUrl: 'http://localhost' }
  const routes = healthRoutes({ ...server.kit, db: { ...server.db, run } }, checks)
  const handle = createApp(kit, routes).callback()
  const http = createServer((asked, answer) => void handle(asked, answer)).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const address = http.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
  const body = Ready.parse(await answer.json())
  http.close()
  return { status: answer.status, ...body }
}

test('what is wrong is told in words, and stops only where the process can not work', async () => {
  const away = { name: 'redis', needed: false, trouble: async () => 'Redis does not answer' }
  const secret = { name: 'wecom', needed: false, trouble: () => Promise.reject(new Error('corpsecret=s3cret')) } // prettier-ignore
  const less = await readyWith(async () => 1, [away, secret])
  expect(less).toEqual({
    status: 200,
    ok: true,
    checks: { database: 'ok', redis: 'Redis does not answer', wecom: 'could not be checked' },
  })
  const none = await readyWith(() => Promise.reject(new Error('postgres://me:pw@host')), [])
  expect(none).toEqual({ status: 503, ok: false, checks: { database: 'the database does not answer' } }) // prettier-ignore
})

test('WeCom that refuses the secret is told in words, without the secret', async () => {
  const refusing = async () =>
    Response.json({ errcode: 40001, errmsg: 'invalid s3cret from ip 1.2.3.4' })
  const bases = { apiBase: 'http://wecom', openBase: 'http://wecom', loginBase: 'http://wecom' }
  const metrics = createMetrics()
  const wecom = createWecom({
    ...{
      ...bases,
      corpId: 'ww1',
      agentId: '1',
      secret: 's3cret',
      clock: systemClock,
      log,
      metrics,
    },
    fetch: refusing,
  })
  expect(await wecom.trouble()).toBe('WeCom refuses our secret (40001)')
  expect(await metrics.registry.metrics()).toContain(
    'zuji_wecom_calls_total{api="/cgi-bin/gettoken",outcome="stale_token"} 1',
  )
})

test('a disk without room is told with figures', async () => {
  expect(await diskTrouble(import.meta.dirname, 1)).toBeNull()
  expect(await diskTrouble(import.meta.dirname, 1e18)).toMatch(/^only \d+ MB are free/)
  expect(await diskTrouble('/proc/version')).toMatch(/can not be written|only 0 MB/)
  expect(await diskTrouble('/nowhere/at/all')).toBeNull()
})
