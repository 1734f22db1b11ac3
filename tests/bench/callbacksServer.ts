import { createServer } from 'node:http'
import { performance } from 'node:perf_hooks'
import { createApp } from '../../backend/core/http/serve.ts'
import { readConfig } from '../../backend/core/config.ts'
import { openDatabase } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { createKit } from '../../backend/kit.ts'
import { createCallbacks } from '../../backend/wecom/index.ts'
import { randomKeys } from '../../fixtures/wecom-sim/callbacks/crypto.ts'

// The callback address alone, in a process of its own: says where it is, and what it has used when asked.
const CORP = 'ww0000000000000001'
const log = createLog('silent')
const connections = [{ host: '127.0.0.1', port: 1 }]
const db = openDatabase({
  kind: 'server',
  connections,
  max: 1,
  guarded: false,
  onError: () => undefined,
})
const kit = createKit({ db, log, config: readConfig({}) })
const keys = { app: randomKeys(), contacts: null }
const callbacks = createCallbacks(kit, { orgId: CORP, corpId: CORP, keys })
const edge = { log, metrics: kit.metrics, identify: () => Promise.resolve(null), publicUrl: '' }
const answer = createApp(edge, callbacks.routes).callback()
let slowest = 0 // ms in here, from the head of a request to the last of its answer
const server = createServer((request, response) => {
  const from = performance.now()
  response.on('finish', () => (slowest = Math.max(slowest, performance.now() - from)))
  void answer(request, response)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  process.send?.({ url: `http://127.0.0.1:${port}/wecom/callback/app`, keys: keys.app })
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: (user + system) / 1000, slowest })
  slowest = 0
})
