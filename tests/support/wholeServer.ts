import { once } from 'node:events'
import path from 'node:path'
import { createZuji } from '../../backend/app.ts'
import { readConfig } from '../../backend/core/config.ts'
import type { Database } from '../../backend/core/db.ts'
import { createFacts } from '../../backend/core/facts.ts'
import type { Kit } from '../../backend/core/kit.ts'
import { createLog } from '../../backend/core/log.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { simulatorOf } from '../../backend/demo/simulator.ts'
import { createWecom, type Callbacks, type Messaging } from '../../backend/wecom/index.ts'
import type { WecomSim } from '../../fixtures/wecom-sim/index.ts'
import { borrowDatabase } from './database.ts'

export interface WholeServer {
  db: Database
  url: string
  clock: { at: number; now(): number }
  /** Calls this server back; its clock is the machine's. */
  simulator: WecomSim
  callbacks: Callbacks
  messaging: Messaging
  close(): Promise<void>
}

/** The server with all of its features on a borrowed, empty database, its clock in the test's hand. */
export async function openWholeServer(orgId: string, now: number): Promise<WholeServer> {
  const borrowed = await borrowDatabase()
  const clock = { at: now, now: () => clock.at }
  const kit: Kit = {
    db: borrowed.db,
    clock,
    log: createLog('silent'),
    facts: createFacts((error) => {
      throw error
    }),
    metrics: createMetrics(),
    config: readConfig({}),
  }
  const simulator = simulatorOf(kit.config)
  const wecom = createWecom({ ...simulator.settings, clock, log: kit.log })
  const root = path.resolve(import.meta.dirname, '../..')
  const zuji = createZuji(kit, wecom, {
    orgId,
    root,
    before: [],
    callbacks: simulator.settings.callbacks,
  })
  zuji.server.listen(0, '127.0.0.1')
  await once(zuji.server, 'listening')
  const address = zuji.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = `http://127.0.0.1:${port}`
  simulator.callbacks.aim(url)
  return {
    db: borrowed.db,
    url,
    clock,
    simulator,
    callbacks: zuji.callbacks,
    messaging: zuji.messaging,
    async close() {
      await zuji.close()
      await borrowed.close()
    },
  }
}
