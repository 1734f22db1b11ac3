import PgBoss from 'pg-boss'
import type { Database, Db } from './db.ts'
import type { Log } from './log.ts'

export interface Jobs {
  /** What does the jobs of this name. Register before `start`. A thrown error means: later again. */
  work<Data extends object>(name: string, run: (data: Data) => Promise<unknown>): void
  /** Runs at the times of a cron line (five fields, UTC), in one process of all. Register before `start`. */
  schedule(name: string, cron: string, run: () => Promise<unknown>): void
  /**
   * Notes a job in the transaction that makes it necessary: it exists if and only if that commits.
   * While one of the same name and key waits, another is not added; one that runs does not count.
   * @returns whether it was added.
   */
  enqueue(tx: Db, name: string, data: object, key: string): Promise<boolean>
  start(): Promise<void>
  /** Waits for the jobs under way. */
  stop(): Promise<void>
}

/** Seconds between two looks: few jobs are in a hurry, and the embedded database has one session. */
const PACE = {
  jobs: 5, // into each queue
  clock: 30, // at the schedules; a line is due for a minute
}
const RETRIES = 5

/** Jobs kept in the database itself (pg-boss, in its own schema `jobs`), over the caller's connections. */
export function createJobs(db: Database, log: Log, pace = PACE): Jobs {
  const boss = new PgBoss({
    db: hookOf(db),
    schema: 'jobs',
    retryLimit: RETRIES,
    retryBackoff: true,
    cronWorkerIntervalSeconds: pace.jobs,
    cronMonitorIntervalSeconds: pace.clock,
  })
  boss.on('error', (error) => log.error({ err: error }, 'the job queue failed'))
  const starts: (() => Promise<unknown>)[] = []
  const jobs: Jobs = {
    work(name, run) {
      starts.push(async () => {
        await boss.createQueue(name, { name, policy: 'short' })
        await boss.work<Parameters<typeof run>[0]>(
          name,
          { pollingIntervalSeconds: pace.jobs },
          async (given) => {
            for (const job of given) await logged(log, name, () => run(job.data))
          },
        )
      })
    },
    schedule(name, cron, run) {
      jobs.work(name, run)
      starts.push(() => boss.schedule(name, cron))
    },
    enqueue: async (tx, name, data, key) =>
      (await boss.send(name, data, { singletonKey: key, db: hookOf(tx) })) !== null,
    async start() {
      await boss.start()
      for (const begin of starts) await begin()
    },
    stop: () => boss.stop({ graceful: true, close: false }),
  }
  return jobs
}

async function logged(log: Log, name: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch (error) {
    log.error({ err: error, job: name }, 'a job failed; it comes round again')
    throw error
  }
}

/**
 * pg-boss asks through our connections. Some of its texts are whole transactions: they get one of
 * ours around them, so that a failing one is rolled back before its connection is used again.
 */
function hookOf(db: Db): PgBoss.Db {
  return {
    executeSql: (text: string, values: unknown[] = []) =>
      /^\s*begin;/i.test(text) ? db.transact((tx) => tx.raw(text, values)) : db.raw(text, values),
  }
}
