import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pageRoutes } from '../../backend/core/http/pages.ts'
import { createApp } from '../../backend/core/http/serve.ts'
import { openCompany, type Company } from './company.ts'

const SCRIPT = 'export const long = 1\n'.repeat(200)

let company: Company
let folder: string
let server: Server
let url: string
beforeAll(async () => {
  company = await openCompany(() => [])
  folder = await mkdtemp(path.join(tmpdir(), 'zuji-pages-'))
  await mkdir(path.join(folder, 'assets'))
  await writeFile(path.join(folder, 'index.html'), '<p>index</p>')
  const script = path.join(folder, 'assets/a-1.js')
  await writeFile(script, SCRIPT)
  await writeFile(`${script}.br`, brotliCompressSync(SCRIPT))
  await writeFile(`${script}.gz`, gzipSync(SCRIPT))
  const { kit, identity } = company
  const edge = { log: kit.log, metrics: kit.metrics, identify: identity.identify, publicUrl: 'http://localhost' } // prettier-ignore
  const answer = createApp(edge, pageRoutes(folder, "default-src 'self'")).callback()
  server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(async () => {
  server.close()
  await company.close()
  await rm(folder, { recursive: true, force: true })
})

const get = (at: string, headers: Record<string, string> = {}) => fetch(url + at, { headers })

test.each([
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['identity', null],
])('who takes %s gets %s, and the same text', async (accepted, encoding) => {
  const reply = await get('/assets/a-1.js', { 'accept-encoding': accepted })
  expect(reply.headers.get('content-encoding')).toBe(encoding)
  expect(reply.headers.get('vary')).toContain('accept-encoding')
  expect(await reply.text()).toBe(SCRIPT)
})

test('hashed files are kept for ever; a page is asked for again and sent again only when it has changed', async () => {
  const script = await get('/assets/a-1.js')
  expect(script.headers.get('cache-control')).toContain('immutable')
  const first = await get('/month')
  expect(first.headers.get('cache-control')).toBe('no-cache')
  const tag = first.headers.get('etag') ?? ''
  const again = await get('/team', { 'if-none-match': tag })
  expect(again.status).toBe(304)
  expect(await again.text()).toBe('')
  await writeFile(path.join(folder, 'index.html'), '<p>a newer index</p>')
  const newer = await get('/month', { 'if-none-match': tag })
  expect(newer.status).toBe(200)
  expect(await newer.text()).toContain('newer')
})
