// The server under test as its own process: ours, or one of the handlers it is compared with.
import { createServer, type RequestListener } from 'node:http'
import { startChores } from '../../backend/core/chores.ts'
import { systemClock } from '../../backend/core/clock.ts'
import { readConfig } from '../../backend/core/config.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { createApp } from '../../backend/core/http/serve.ts'
import { createFixes } from '../../backend/fixes/index.ts'
import { createLive } from '../../backend/live/index.ts'
import { loadDuty } from '../../backend/people/index.ts'
import { createIdentify } from '../../backend/people/sessions.ts'
import { loadConsent } from '../../backend/privacy/index.ts'
import { plainHandler, tunedHandler } from './ingestPlain.ts'
import { createKit } from '../../backend/kit.ts'

const [kind = '', databaseUrl = '', orgId = ''] = process.argv.slice(2)
const log = createLog('error')
const db = await connect({ databaseUrl, dataDir: '', log, root: '', guarded: false })
const LISTENERS = new Map([
  ['plain', plainHandler],
  ['tuned', tunedHandler],
])
const listener = LISTENERS.get(kind)?.(db, orgId) ?? ours(db)
const server = createServer(listener)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
process.on('SIGINT', () => process.exit(0)) // so that a profile is written
let peak = 0
setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 250).unref()
process.on('message', () => {
  const cpu = process.cpuUsage()
  const [rssMb, nowMb] = [peak, process.memoryUsage.rss()].map((bytes) => Math.round(bytes / 1e6))
  process.send?.({ rssMb, nowMb, cpuSeconds: (cpu.user + cpu.system) / 1e6 })
})

/** Fixes and live as in production; only the limits by phone are lifted. */
function ours(database: Database): RequestListener {
  const kit = createKit({ db: database, log, config: readConfig({}) })
  const { identify } = createIdentify(database, systemClock.now)
  const limits = { requestsPer10s: 1e9, fixesPerMinute: 1e9 }
  const fixes = createFixes(kit, { duty: loadDuty, consent: loadConsent, identify }, limits)
  const live = createLive(kit, { identify })
  startChores([...(fixes.chores ?? []), ...(live.chores ?? [])], kit)
  const { metrics, config } = kit
  const edge = { log, metrics, identify, publicUrl: config.publicUrl, requestsPer10s: 1e9 }
  const answer = createApp(edge, [...fixes.routes, ...live.routes]).callback()
  return (request, response) => void answer(request, response)
}
