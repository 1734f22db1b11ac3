import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './db.ts'
import type { FactBus } from './facts.ts'
import type { FileStore } from './files.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Notify } from './notify.ts'
import type { Queue } from './queues.ts'
import type { RawRoute, Route } from './http/route.ts'

/** What every feature is given: the plumbing, nothing of other features. */
export interface Kit {
  db: Database
  clock: Clock
  log: Log
  facts: FactBus
  files: FileStore
  notify: Notify
  metrics: Metrics
  config: Config
}

/** What every feature hands to the app. */
export interface Feature {
  routes: readonly (Route | RawRoute)[]
  /** Work that comes round by itself. `everyMs` after the last run began; errors are logged, never fatal. */
  chores?: readonly Chore[]
  /** What waits here, for whoever watches over the server. */
  queues?: readonly Queue[]
  /** Finishes what is under way: called at shutdown, before the database closes. */
  close?: () => Promise<void>
}

export interface Chore {
  name: string
  everyMs: number
  run: () => Promise<unknown>
}
