import { randomUUID } from 'node:crypto'
import { Fault } from '../core/errors.ts'
import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import {
  claimJob,
  finishJob,
  noteAlive,
  noteProgress,
  releaseJob,
  type Claimed,
  type Ending,
  type JobKey,
  type Progress,
} from './queries.ts'

/** A job under way, as the function that does it sees it. */
export interface Running {
  readonly orgId: string
  readonly personId: string // who asked
  readonly id: string
  readonly input: unknown // parse it
  /** What the last `step` kept, when a process was killed since; else null. */
  readonly checkpoint: unknown
  /**
   * Notes progress. With `tx` in the transaction of the work itself, so that what is noted is done and
   * what is done is noted. Throws when the job was cancelled or another process has it: let it through.
   */
  step(progress: Progress, tx?: Db): Promise<void>
}

export interface Done {
  /** Facts about what came of it, for the page. */
  result?: object
  /** A file to be fetched, already in the store. */
  file?: { sha256: string; name: string; type: string }
}

/**
 * Does one kind of job. A thrown Fault fails it with its sentence; any other error lets it be tried
 * again from its checkpoint, three times in all.
 */
export type Run = (job: Running) => Promise<Done>

/** Thrown out of `step`. */
export class Stopped extends Error {
  readonly why: 'cancelled' | 'lost'
  constructor(why: 'cancelled' | 'lost') {
    super(`the job was ${why}`)
    this.why = why
  }
}

const BEAT_MS = 5_000
const STALE_MS = 30_000 // without a heartbeat for so long the process is gone
const MOST_ATTEMPTS = 3 // that end in an error
const MOST_DEATHS = 10 // processes that one job may take with it

/** Works off the jobs of a company, one at a time in this process. */
export function createWorker(kit: Kit, orgId: string, runs: ReadonlyMap<string, Run>) {
  const owner = randomUUID()
  let closed = false
  let working: Promise<void> | null = null
  const claim = () => {
    const now = kit.clock.now()
    return claimJob(kit.db, orgId, { owner, now, staleBefore: now - STALE_MS })
  }
  const workOff = async () => {
    for (let job = await claim(); job && !closed; job = await claim())
      await work(kit, { orgId, owner, job, run: runs.get(job.kind), closed: () => closed })
  }
  const kick = (): Promise<void> => {
    if (closed) return Promise.resolve()
    working ??= workOff().finally(() => (working = null))
    return working
  }
  return {
    /** Works until nothing is due; whoever asks meanwhile waits for the same. */
    kick,
    async close() {
      closed = true
      await working?.catch(() => undefined)
    },
  }
}

interface Work {
  orgId: string
  owner: string
  job: Claimed
  run: Run | undefined
  /** The process is going down: the job stays for the next one. */
  closed: () => boolean
}

async function work(kit: Kit, given: Work): Promise<void> {
  const { orgId, owner, job } = given
  const key: JobKey = { orgId, personId: job.personId, id: job.id }
  const beat = setInterval(() => {
    noteAlive(kit.db, key, { owner, now: kit.clock.now() }).catch((error: unknown) =>
      kit.log.warn({ err: error, job: job.kind }, 'a job could not say that it runs'),
    )
  }, BEAT_MS)
  try {
    const ending = await endingOf(kit, key, given)
    if (ending) await finishJob(kit.db, key, { owner, now: kit.clock.now(), ending })
    else if (given.closed()) await releaseJob(kit.db, key, owner)
  } finally {
    clearInterval(beat)
  }
}

const FAILED: Ending = {
  state: 'failed',
  error: 'something went wrong here; it has been noted',
}

/** How it ended; null when it stays, for a later attempt or another process. */
async function endingOf(kit: Kit, key: JobKey, given: Work): Promise<Ending | null> {
  const { job, run } = given
  if (!run) return { state: 'failed', error: `nothing here does ${job.kind}` }
  if (job.attempts > MOST_DEATHS) return FAILED
  try {
    return { state: 'done', ...(await run(runningOf(kit, key, given))) }
  } catch (error) {
    if (error instanceof Stopped) return error.why === 'cancelled' ? { state: 'cancelled' } : null
    if (error instanceof Fault) return { state: 'failed', error: error.message }
    kit.log.error({ err: error, job: job.kind, attempt: job.attempts }, 'a job failed')
    return job.attempts < MOST_ATTEMPTS ? null : FAILED
  }
}

function runningOf(kit: Kit, key: JobKey, { owner, job, closed }: Work): Running {
  return {
    ...key,
    input: job.input,
    checkpoint: job.checkpoint,
    async step(progress, tx = kit.db) {
      if (closed()) throw new Stopped('lost')
      const going = await noteProgress(tx, key, { owner, now: kit.clock.now(), progress })
      if (going === null) throw new Stopped('lost')
      if (going.cancel) throw new Stopped('cancelled')
    },
  }
}
