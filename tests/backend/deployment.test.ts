import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SETTINGS } from '../../backend/core/config.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { relayFacts } from '../../backend/core/relay.ts'
import { createFacts } from '../../backend/core/facts.ts'
import { createLog } from '../../backend/core/log.ts'
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

test('each metric of the alert rules is told by the server', async () => {
  const told = (await (await fetch(`${server.url}/metrics`)).text()) + (await joinedMetrics())
  const known = new Set([...told.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name))
  const asked = [...textOf('backend/deploy/alerts.rules.yaml').matchAll(/\b(?:zuji|nodejs)_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, '')) // prettier-ignore
  expect(asked.length).toBeGreaterThan(12)
  expect(asked.filter((name) => !known.has(name))).toEqual([])
})

test('what Compose, the image and systemd set is a setting of the server', () => {
  const service = /^ {2}zuji:\n([^]*?)^ {2}\w/m.exec(textOf('compose.yaml'))?.[1] ?? ''
  const names = [
    ...[...service.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name = '']) => name),
    ...[...textOf('Dockerfile').matchAll(/([A-Z_]+)=/g)].map(([, name = '']) => name),
    ...[...textOf('backend/deploy/zuji.service').matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name = '']) => name), // prettier-ignore
  ]
  expect(names).toContain('DATABASE_URL')
  expect(names.filter((name) => name !== 'NODE_ENV' && !SETTINGS.includes(name))).toEqual([])
})
