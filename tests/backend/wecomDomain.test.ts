import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../backend/core/config.ts'
import { createLog } from '../../backend/core/log.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { createApp } from '../../backend/core/http/serve.ts'
import { domainRoute } from '../../backend/wecom/domain.ts'

let dataDir: string
let server: Server
let url: string
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-verify-'))
  await writeFile(path.join(dataDir, 'WW_verify_abcDEF0123456789.txt'), 'abcDEF0123456789')
  await writeFile(path.join(dataDir, 'secret.txt'), 'mine')
  const config = readConfig({ DATA_DIR: dataDir, WECOM_VERIFY: 'QqWw1122,Zz99' })
  const edge = { log: createLog('silent'), metrics: createMetrics(), identify: async () => null }
  const app = createApp({ ...edge, publicUrl: config.publicUrl }, [domainRoute(config)])
  const answer = app.callback()
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(dataDir, { recursive: true })
})

test.each(['abcDEF0123456789', 'QqWw1122', 'Zz99'])(
  'the file of the domain: %s',
  async (letters) => {
    const answer = await fetch(`${url}/WW_verify_${letters}.txt`)
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await answer.text()).toBe(letters)
  },
)

test.each([
  '/WW_verify_other.txt',
  '/WW_verify_.txt',
  '/WW_verify_..%2fsecret.txt',
  '/WW_verify_x/../secret.txt',
  '/secret.txt',
  `/WW_verify_${'a'.repeat(65)}.txt`,
  '/WW_verify_%00abcDEF0123456789.txt',
  '/WW_verify_abcDEF0123456789.txt%00',
])('no other file leaves the data directory: %s', async (address) => {
  expect((await fetch(url + address)).status).toBe(404)
})

test('letters that are no letters are told at the start', () => {
  expect(() => readConfig({ WECOM_VERIFY: '../x' })).toThrow('WECOM_VERIFY')
})
