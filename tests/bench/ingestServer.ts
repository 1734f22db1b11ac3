// The server under test as its own process: ours, or the plain handler that anybody would write first.
import Koa from 'koa'
import { createServer, type RequestListener } from 'node:http'
import rawBody from 'raw-body'
import { z } from 'zod'
import { startChores } from '../../backend/core/chores.ts'
import { systemClock } from '../../backend/core/clock.ts'
import { readConfig } from '../../backend/core/config.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createFacts } from '../../backend/core/facts.ts'
import type { Kit } from '../../backend/core/kit.ts'
import { createLog } from '../../backend/core/log.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { createApp } from '../../backend/core/http/serve.ts'
import { sql } from '../../backend/core/sql.ts'
import { createFixes } from '../../backend/fixes/index.ts'
import { createLive } from '../../backend/live/index.ts'
import { loadDuty } from '../../backend/people/index.ts'
import { createIdentify } from '../../backend/people/sessions.ts'
import { loadConsent } from '../../backend/privacy/index.ts'

const [kind = '', databaseUrl = '', orgId = ''] = process.argv.slice(2)
const log = createLog('error')
const db = await connect({ databaseUrl, dataDir: '', log, root: '', guarded: false })
const listener = kind === 'plain' ? plainHandler(db, orgId) : ours(db)
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
  process.send?.({ rssMb: Math.round(peak / 1e6), cpuSeconds: (cpu.user + cpu.system) / 1e6 })
})

/** Fixes and live as in production; only the limits by phone are lifted. */
function ours(database: Database): RequestListener {
  const facts = createFacts((error) => log.error({ err: error }, 'a listener failed'))
  const kit: Kit = {
    db: database,
    facts,
    log,
    clock: systemClock,
    metrics: createMetrics(),
    config: readConfig({}),
  }
  const { identify } = createIdentify(database, systemClock.now)
  const limits = { requestsPer10s: 1e9, fixesPerMinute: 1e9 }
  const fixes = createFixes(kit, { duty: loadDuty, consent: loadConsent, identify }, limits)
  const live = createLive(kit, { identify })
  startChores([...(fixes.chores ?? []), ...(live.chores ?? [])], log)
  const { metrics, config } = kit
  const edge = { log, metrics, identify, publicUrl: config.publicUrl }
  const answer = createApp(edge, [...fixes.routes, ...live.routes]).callback()
  return (request, response) => void answer(request, response)
}

const Body = z.object({ fixes: z.array(z.unknown()) })

/** Koa, a body parser, one INSERT for each request: no check, no gate, nobody told. The token names the person. */
function plainHandler(database: Database, org: string): RequestListener {
  const app = new Koa()
  app.use(async (ctx) => {
    const text = await rawBody(ctx.req, { limit: '1mb', encoding: 'utf8' })
    const body = Body.parse(JSON.parse(text))
    const person = ctx.get('authorization').slice('Bearer '.length)
    const accepted = await database.run(sql`
      insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat,
        datum, accuracy, speed, heading, altitude, battery, network, source)
      select ${org}, ${person}, to_timestamp(f.at / 1000), f.id, to_timestamp(f.at / 1000), now(),
        st_point(f.lng, f.lat, 4326), f.lng, f.lat, 'wgs84', f.accuracy, f.speed, f.heading,
        f.altitude, f.battery, f.network, f.source
      from json_to_recordset(${JSON.stringify(body.fixes)}::json) as f (
        id uuid, at float8, lng float8, lat float8, accuracy real, speed real, heading real,
        altitude real, battery real, network text, source text)
      on conflict do nothing`)
    ctx.body = { accepted, duplicate: body.fixes.length - accepted, rejected: [] }
  })
  const answer = app.callback()
  return (request, response) => void answer(request, response)
}
