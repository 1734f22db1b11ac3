import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { once } from 'node:events'
import path from 'node:path'
import { createZuji, type Zuji } from '../../backend/app.ts'
import { readConfig } from '../../backend/core/config.ts'
import type { Database } from '../../backend/core/db.ts'
import type { Kit } from '../../backend/core/kit.ts'
import { createLog } from '../../backend/core/log.ts'
import { simulatorOf } from '../../backend/demo/simulator.ts'
import { createWecom, type Callbacks, type Messaging } from '../../backend/wecom/index.ts'
import type { WecomSim } from '../../fixtures/wecom-sim/index.ts'
import { borrowDatabase } from './database.ts'
import { directoryStore } from '../../backend/core/files.ts'
import { createKit } from '../../backend/kit.ts'

export interface WholeServer {
  db: Database
  kit: Kit
  routes: Zuji['routes']
  features: Zuji['features']
  url: string
  clock: { at: number; now(): number }
  /** Calls this server back; its clock is the machine's. */
  simulator: WecomSim
  callbacks: Callbacks
  messaging: Messaging
  notify: Kit['notify']
  close(): Promise<void>
}

/** The server with all of its features on a borrowed, empty database, its clock in the test's hand. */
export async function openWholeServer(
  orgId: string,
  now: number,
  { log = createLog('silent'), answersOnly = false, through = (db: Database) => db } = {},
): Promise<WholeServer> {
  const borrowed = await borrowDatabase()
  const clock = { at: now, now: () => clock.at }
  const files = await mkdtemp(path.join(tmpdir(), 'zuji-files-'))
  const kit = createKit({
    ...{ db: through(borrowed.db), clock, log, config: readConfig({}) },
    files: directoryStore(files),
    onError: (error) => {
      throw error
    },
  })
  const simulator = simulatorOf(kit.config)
  const wecom = createWecom({ ...simulator.settings, clock, log: kit.log, metrics: kit.metrics })
  const root = path.resolve(import.meta.dirname, '../..')
  const zuji = createZuji(kit, wecom, {
    orgId,
    root,
    before: [],
    answersOnly,
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
    kit,
    routes: zuji.routes,
    features: zuji.features,
    url,
    clock,
    simulator,
    callbacks: zuji.callbacks,
    messaging: zuji.messaging,
    notify: kit.notify,
    async close() {
      await zuji.close()
      await borrowed.close()
      await rm(files, { recursive: true, force: true })
    },
  }
}
