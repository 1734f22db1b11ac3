import path from 'node:path'
import { systemClock } from './core/clock.ts'
import { createFacts } from './core/facts.ts'
import { directoryStore } from './core/files.ts'
import type { Kit } from './core/kit.ts'
import { createMetrics } from './core/metrics.ts'
import { createNotify } from './core/notify.ts'
import { closeMessage, enqueueMessage } from './wecom/index.ts'

/**
 * The plumbing of a server, of a command, or of a test: what is not given is as in production.
 * @param given.onError hears what a listener of facts throws; it is logged where nobody listens.
 */
export function createKit(
  given: Pick<Kit, 'db' | 'config' | 'log'> &
    Partial<Pick<Kit, 'clock' | 'files'>> & { onError?: (error: unknown) => void },
): Kit {
  const { db, config, log } = given
  const onError = given.onError ?? ((error) => log.error({ err: error }, 'a listener failed'))
  return {
    db,
    config,
    log,
    clock: given.clock ?? systemClock,
    facts: createFacts(onError),
    files: given.files ?? directoryStore(path.join(config.dataDir, 'files')),
    metrics: createMetrics(),
    notify: createNotify({ tell: enqueueMessage, close: closeMessage }),
  }
}
