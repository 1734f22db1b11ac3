import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { Job, Jobs, JobsQuery } from '../contract/jobs.ts'
import type { Db } from '../core/db.ts'
import { found } from '../core/errors.ts'
import type { Feature, Kit } from '../core/kit.ts'
import type { Queue } from '../core/queues.ts'
import { FileReply, route, signedIn } from '../core/http/route.ts'
import {
  cancelJob,
  countJobs,
  findFile,
  findJob,
  insertJob,
  listJobs,
  removeEnded,
} from './queries.ts'
import { createWorker, type Run } from './run.ts'

export type { Done, Run, Running } from './run.ts'

export interface NewJob {
  orgId: string
  personId: string // who asks, and alone sees it
  kind: string
  /** Plain JSON. A file it reads is named by its address in the store as `file`, and goes with the job. */
  input: { readonly file?: string; readonly [key: string]: unknown }
  /** Made by whoever asks: the same again starts nothing. */
  id?: string
}

export interface JobsDoor {
  /** To be called while the server is put together, once for each kind. */
  define(kind: string, run: Run): void
  /** Puts a job on record, in the transaction of what causes it; it begins soon after the commit. @returns its id */
  start(db: Db, job: NewJob): Promise<string>
}

const EVERY_MS = 2_000
const DAY_MS = 86_400_000
const KEPT_DAYS = 7 // of a job that ended, and of its file
const SOON_MS = 50 // the transaction that started it commits first

/** Long work with progress: resumed after a killed process, cancelled by who asked, its file kept for a week. */
export function createJobs(kit: Kit, orgId: string): Feature & JobsDoor {
  const runs = new Map<string, Run>()
  const worker = createWorker(kit, orgId, runs)
  const soon = () =>
    setTimeout(() => {
      worker.kick().catch((error: unknown) => kit.log.error({ err: error }, 'jobs stopped'))
    }, SOON_MS).unref()
  return {
    routes: [listRoute(kit), oneRoute(kit), fileRoute(kit), cancelRoute(kit)],
    chores: [
      { name: 'jobs.work', everyMs: EVERY_MS, run: worker.kick },
      { name: 'jobs.remove', everyMs: DAY_MS / 4, run: () => removeOld(kit, orgId) },
    ],
    get queues() {
      return [...runs.keys()].map((kind) => queueOf(kit, orgId, kind)) // known when all rooms are open
    },
    close: worker.close,
    define: (kind, run) => void runs.set(kind, run),
    async start(db, { kind, input, id = uuid(), ...who }) {
      await insertJob(db, { ...who, id }, { kind, input, now: kit.clock.now() })
      soon()
      return id
    },
  }
}

const queueOf = ({ db }: Kit, orgId: string, kind: string): Queue => ({
  name: `job_${kind.replaceAll('.', '_')}`,
  read: () => countJobs(db, orgId, kind),
})

async function removeOld(kit: Kit, orgId: string): Promise<void> {
  const files = await removeEnded(kit.db, orgId, kit.clock.now() - KEPT_DAYS * DAY_MS)
  for (const sha256 of files) await kit.files.remove(sha256)
}

const OneJob = z.object({ id: z.uuid() })

function listRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/jobs',
    summary: 'My long work of the last week, newest first',
    query: JobsQuery,
    reply: Jobs,
    allow: signedIn,
    run: async ({ viewer, query }) => {
      const who = { orgId: viewer.orgId, personId: viewer.id }
      return { jobs: await listJobs(kit.db, who, query.kind ?? null) }
    },
  })
}

function oneRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/jobs/:id',
    summary: 'How far one of my jobs has come',
    params: OneJob,
    reply: Job,
    allow: signedIn,
    run: async ({ viewer, params }) => {
      const key = { orgId: viewer.orgId, personId: viewer.id, id: params.id }
      return found(await findJob(kit.db, key), 'this job')
    },
  })
}

function fileRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/jobs/:id/file',
    summary: 'The file that a job of mine has made',
    params: OneJob,
    reply: FileReply,
    allow: signedIn,
    run: async ({ viewer, params }) => {
      const key = { orgId: viewer.orgId, personId: viewer.id, id: params.id }
      const file = found(await findFile(kit.db, key), 'a file of this job')
      const content = found(await kit.files.get(file.sha256), 'the file')
      return { type: file.type, name: file.name, content }
    },
  })
}

function cancelRoute(kit: Kit) {
  return route({
    method: 'POST',
    path: '/api/v1/jobs/:id/cancel',
    summary: 'Stops a job of mine; what it has done so far stays',
    params: OneJob,
    reply: Job,
    allow: signedIn,
    run: async ({ viewer, params }) => {
      const key = { orgId: viewer.orgId, personId: viewer.id, id: params.id }
      await cancelJob(kit.db, key, kit.clock.now())
      return found(await findJob(kit.db, key), 'this job')
    },
  })
}
