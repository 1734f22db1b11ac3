import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from './db.ts'
import type { Kit } from './kit.ts'
import type { Sql } from './sql.ts'

export interface QueueState {
  waiting: number
  /** Epoch ms since when the one that waits for longest could have been done; null: none waits. */
  since: number | null
  /** Given up: nobody tries again by himself. Left out by queues that give nothing up. */
  dead?: number
}

/** Work that waits, in the database or in this process. */
export interface Queue {
  /** Lower case with underscores; a word of ours, never of a person or a company. */
  name: string
  read: () => QueueState | Promise<QueueState>
}

/** One state of the queues of several companies. */
export function joined(states: readonly QueueState[]): QueueState {
  const since = states.flatMap((state) => state.since ?? [])
  const dead = states.flatMap((state) => state.dead ?? [])
  return {
    waiting: states.reduce((sum, { waiting }) => sum + waiting, 0),
    since: since.length === 0 ? null : since.reduce((a, b) => Math.min(a, b)),
    ...(dead.length > 0 && { dead: dead.reduce((a, b) => a + b) }),
  }
}

/** The state that a query counts: `waiting`, `since` and, if it knows, `dead`. */
export const countedBy = async (db: Db, query: Sql): Promise<QueueState> =>
  (await db.first<QueueState>(query)) ?? { waiting: 0, since: null }

const PATIENCE_MS = 3_000 // a scrape goes on without a queue that takes longer

/**
 * Depth, age and dead letters of every queue, read when Prometheus asks. Queues in the database read
 * the same in every process. A queue that can not be read is left out, and counted.
 */
export function measureQueues(kit: Measuring, queues: readonly Queue[]) {
  const read = reading(kit, queues)
  const family = (name: string, help: string, value: (state: QueueState) => number | undefined) =>
    kit.metrics.gauges(name, help, {
      label: 'queue',
      read: async () =>
        (await read()).flatMap(({ queue, state }) => {
          const found = value(state)
          return found === undefined ? [] : [[queue, found]]
        }),
    })
  const ageOf = ({ since }: QueueState) =>
    since === null ? 0 : Math.max(0, kit.clock.now() - since) / 1000
  family('zuji_queue_items', 'What waits, by queue', ({ waiting }) => waiting)
  family(
    'zuji_queue_oldest_seconds',
    'How long the oldest that could be done waits; 0: none',
    ageOf,
  )
  family('zuji_queue_dead_items', 'Given up until somebody looks, by queue', ({ dead }) => dead)
}

type Measuring = Pick<Kit, 'metrics' | 'clock' | 'log'>

function reading(kit: Measuring, queues: readonly Queue[]) {
  const help = 'Readings of a queue that failed or took too long'
  const failures = kit.metrics.counter('zuji_queue_read_failures_total', help, ['queue'])
  const read = async (queue: Queue) => {
    const state = await readSoon(kit, queue)
    if (!state) failures.inc({ queue: queue.name })
    return state ? [{ queue: queue.name, state }] : []
  }
  return shared(async () => (await Promise.all(queues.map(read))).flat())
}

async function readSoon({ log }: Pick<Kit, 'log'>, queue: Queue): Promise<QueueState | null> {
  try {
    return await Promise.race([queue.read(), sleep(PATIENCE_MS, null, { ref: false })])
  } catch (error) {
    log.warn({ err: error, queue: queue.name }, 'a queue could not be measured')
    return null
  }
}

/** Who asks while an answer is on its way gets the same: one scrape reads once. */
function shared<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null
  return () => (loading ??= load().finally(() => (loading = null)))
}
