import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SETTINGS } from '../../backend/core/config.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { relayFacts } from '../../backend/core/relay.ts'
import { createFacts } from '../../backend/core/facts.ts'
import { createLog } from '../../backend/core/log.ts'
import { z } from 'zod'
import { parse } from 'yaml'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'

const root = path.resolve(import.meta.dirname, '../..')
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8')

let server: WholeServer
beforeAll(async () => {
  server = await openWholeServer('acme', Date.parse('2026-11-24T03:00:00Z'))
})
afterAll(() => server.close())

/** Of a process that is joined to others; the address need not answer. */
async function joinedMetrics(): Promise<string> {
  const kit = { metrics: createMetrics(), log: createLog('silent'), facts: createFacts(() => {}) }
  const relay = relayFacts('redis://127.0.0.1:1', kit)
  const text = await kit.metrics.registry.metrics()
  await relay.close()
  return text
}

test.for(['backend/deploy/alerts.rules.yaml', 'backend/deploy/grafana.json'])(
  'each metric of %s is told by the server',
  async (file) => {
    const told = (await (await fetch(`${server.url}/metrics`)).text()) + (await joinedMetrics())
    const known = new Set([...told.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name))
    const asked = [...textOf(file).matchAll(/\b(?:zuji|nodejs|process)_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, '')) // prettier-ignore
    expect(asked.length).toBeGreaterThan(12)
    expect(asked.filter((name) => !known.has(name))).toEqual([])
  },
)

test('what Compose, the image and systemd set is a setting of the server', () => {
  const service = /^ {2}zuji:.*\n([^]*?)^ {2}\w/m.exec(textOf('compose.yaml'))?.[1] ?? ''
  const names = [
    ...[...service.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name = '']) => name),
    ...[...textOf('Dockerfile').matchAll(/([A-Z_]+)=/g)].map(([, name = '']) => name),
    ...[...textOf('backend/deploy/zuji.service').matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name = '']) => name), // prettier-ignore
  ]
  expect(names).toContain('DATABASE_URL')
  expect(names.filter((name) => name !== 'NODE_ENV' && !SETTINGS.includes(name))).toEqual([])
})

const Service = z.object({
  image: z.string().optional(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  restart: z.string(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
})
const composed = () =>
  z
    .object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.unknown()) })
    .parse(parse(textOf('compose.yaml'), { merge: true })).services

test('Compose pins its images, and every service comes again and says whether it is well', () => {
  const services = composed()
  expect(Object.keys(services)).toEqual(['nginx', 'zuji', 'jobs', 'postgres', 'redis'])
  const imageHasCheck = /^HEALTHCHECK /m.test(textOf('Dockerfile'))
  for (const [
    name,
    { image, build, healthcheck, restart, depends_on: needs = {} },
  ] of Object.entries(services)) {
    // prettier-ignore
    expect(image ?? build, name).toMatch(build ? /^\.$/ : /^[\w/]+:\d[\w.-]*$/)
    expect(healthcheck !== undefined || (build !== undefined && imageHasCheck), name).toBe(true)
    expect(restart, name).toBe('unless-stopped')
    for (const other of Object.keys(needs)) expect(Object.keys(services)).toContain(other)
    for (const { condition } of Object.values(needs)) expect(condition).toBe('service_healthy')
  }
})

test('in Compose and under systemd some processes answer and some work, with the same settings', () => {
  const { zuji, jobs } = composed()
  expect(zuji?.command?.slice(-2)).toEqual(['--role', 'api'])
  expect(jobs?.command?.slice(-2)).toEqual(['--role', 'jobs'])
  expect(jobs?.environment).toEqual(zuji?.environment)
  const lines = (file: string) => textOf(file).split('\n').slice(1)
  const alone = lines('backend/deploy/zuji.service')
  const parted = lines('backend/deploy/zuji@.service').filter((line) => !alone.includes(line))
  expect(parted).toEqual([
    'Description=Zuji (%i), a field-sales tracker inside WeCom',
    'ExecStart=/usr/bin/node dist/backend/main.js serve --role %i',
    'User=zuji',
  ])
})

test('the image runs as nobody in particular, from pinned images, and is asked how it is', () => {
  const lines = textOf('Dockerfile').split('\n')
  const images = lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? [])
  for (const image of images) expect(image).toMatch(/^node:\d+-slim$/)
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
  expect(last.findIndex((line) => line === 'USER node')).toBeGreaterThan(0)
  const user = last.indexOf('USER node')
  expect(last.slice(user).some((line) => /^(RUN|COPY|ADD) /.test(line))).toBe(false)
  expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true)
})

test('the dashboard names each panel once and asks one source', () => {
  const Panel = z.object({ id: z.int(), title: z.string().min(1), type: z.string() })
  const { panels } = z
    .object({ uid: z.literal('zuji'), panels: z.array(Panel) })
    .parse(JSON.parse(textOf('backend/deploy/grafana.json')))
  expect(panels.length).toBeGreaterThan(20)
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length)
})
