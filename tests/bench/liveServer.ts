// The server under test as its own process: fixes in over HTTP, moves out over sockets.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as breathe } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { startChores } from '../../backend/core/chores.ts'
import { systemClock } from '../../backend/core/clock.ts'
import { readConfig } from '../../backend/core/config.ts'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { createApp } from '../../backend/core/http/serve.ts'
import { sql } from '../../backend/core/sql.ts'
import { createFixes } from '../../backend/fixes/index.ts'
import { createLive } from '../../backend/live/index.ts'
import { loadDuty } from '../../backend/people/index.ts'
import { createIdentify } from '../../backend/people/sessions.ts'
import { loadConsent } from '../../backend/privacy/index.ts'
import { createKit } from '../../backend/kit.ts'

const [databaseUrl = '', orgId = '', port = '0'] = process.argv.slice(2)
const log = createLog('error')
const db = await connect({ databaseUrl, dataDir: '', log, root: '' })
const kit = createKit({ db, log, config: readConfig({}) })
const { identify } = createIdentify(db, systemClock.now)
const fixes = createFixes(kit, { duty: loadDuty, consent: loadConsent, identify })
const live = createLive(kit, { identify })
const app = createApp(
  { log, metrics: kit.metrics, identify, publicUrl: kit.config.publicUrl },
  fixes.routes,
)
const answer = app.callback()
const server = createServer((request, response) => void answer(request, response))
live.attach(server)
server.listen(Number(port), '127.0.0.1')
const chores = startChores([...(fixes.chores ?? []), ...(live.chores ?? [])], kit)
const bare = new WebSocketServer({ port: 0, host: '127.0.0.1' })

const portOf = (address: AddressInfo | string | null) =>
  typeof address === 'object' && address ? address.port : 0

const ANSWERS: Record<string, () => Promise<unknown>> = {
  ports: async () => ({ port: portOf(server.address()), bare: portOf(bare.address()) }),
  stats: async () => {
    global.gc?.()
    return { rssMb: process.memoryUsage.rss() / 1e6 }
  },
  fanOut,
}

process.on('message', (name: string) => {
  void ANSWERS[name]?.().then((value) => process.send?.({ name, value }))
})

const ROUNDS = 50
const MOVES = 500 // a second's worth of 5,000 people who report each 10 s

/**
 * Microseconds of this process's CPU for each move that reaches a watcher: a whole tick (marking, one
 * query, encoding, sending), and the same bytes sent by bare ws. By turns, so that both see the same machine.
 */
async function fanOut() {
  await chores.stop()
  const people = await db.many<{ id: string }>(sql`
    select person_id as id from last_positions where org_id = ${orgId} order by person_id limit ${MOVES}`)
  const ids = people.map((person) => person.id)
  const message = `42/live,${JSON.stringify(['moved', { seq: Date.now(), moves: await exampleMoves(ids) }])}`
  let ours = 0
  let plain = 0
  for (let round = 0; round < ROUNDS; round++) {
    await db.run(sql`
      update last_positions set at = at + interval '1 second'
      where org_id = ${orgId} and person_id = any (${ids}::text[])`)
    kit.facts.publish('fixesStored', {
      orgId,
      people: ids.map((personId) => ({ personId, fixes: [] })),
    })
    ours += await cpuOf(() => live.chores?.[0]?.run())
    plain += await cpuOf(() => {
      for (const client of bare.clients) client.send(message)
    })
  }
  const moves = ROUNDS * ids.length * bare.clients.size
  return { ours: ours / moves, plain: plain / moves }
}

async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  for (let i = 0; i < 4; i++) await breathe()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

const exampleMoves = (ids: readonly string[]) =>
  db.many(sql`
    select person_id as "personId", st_x(point) as lng, st_y(point) as lat, at, accuracy, heading,
      'moving' as state, null as since, null as "customerId", null as customer
    from last_positions
    where org_id = ${orgId} and person_id = any (${ids}::text[])`)
