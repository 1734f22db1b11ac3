import type { Job } from '../contract/jobs.ts'
import type { Db } from '../core/db.ts'
import { countedBy } from '../core/queues.ts'
import { sql } from '../core/sql.ts'

export interface JobKey {
  orgId: string
  personId: string // who asked
  id: string
}

const COLUMNS = sql`
  j.id, j.kind, j.state, j.done, j.total, j.result, j.error, j.created_at as "createdAt",
  j.finished_at as "finishedAt",
  case when j.file_sha256 is null then null
    else json_build_object('name', j.file_name, 'type', j.file_type) end as file`

export const insertJob = (db: Db, key: JobKey, job: { kind: string; input: object; now: number }) =>
  db.run(sql`
    insert into jobs (org_id, person_id, id, kind, input, created_at)
    values (${key.orgId}, ${key.personId}, ${key.id}::uuid, ${job.kind},
      ${JSON.stringify(job.input)}::jsonb, to_timestamp(${job.now}::float8 / 1000))
    on conflict do nothing`)

/** A person's jobs, newest first. */
export const listJobs = (db: Db, who: Omit<JobKey, 'id'>, kind: string | null) =>
  db.many<Job>(sql`
    select ${COLUMNS}
    from jobs j
    where j.org_id = ${who.orgId} and j.person_id = ${who.personId}
      and (${kind}::text is null or j.kind = ${kind}::text)
    order by j.created_at desc, j.id
    limit 50`)

export const findJob = (db: Db, key: JobKey) =>
  db.first<Job>(sql`
    select ${COLUMNS}
    from jobs j
    where j.org_id = ${key.orgId} and j.person_id = ${key.personId} and j.id = ${key.id}::uuid`)

export const findFile = (db: Db, key: JobKey) =>
  db.first<{ sha256: string; name: string; type: string }>(sql`
    select j.file_sha256 as sha256, j.file_name as name, j.file_type as type
    from jobs j
    where j.org_id = ${key.orgId} and j.person_id = ${key.personId} and j.id = ${key.id}::uuid
      and j.file_sha256 is not null`)

/** Of one kind: those nobody works on, and those that failed and are still listed. */
export const countJobs = (db: Db, orgId: string, kind: string) =>
  countedBy(
    db,
    sql`
    select w.waiting, w.since, f.dead
    from
      (select count(*)::int as waiting, min(j.created_at) as since from jobs j
        where j.org_id = ${orgId} and j.state = 'waiting' and j.kind = ${kind}) w,
      (select count(*)::int as dead from jobs g
        where g.org_id = ${orgId} and g.state = 'failed' and g.kind = ${kind}) f`,
  )

export interface Claimed {
  personId: string
  id: string
  kind: string
  input: unknown
  checkpoint: unknown
  attempts: number
}

/**
 * Takes the oldest job that waits, or that nobody has worked on since `staleBefore`: its process was
 * killed. Two who ask at once never get the same one.
 */
export async function claimJob(
  db: Db,
  orgId: string,
  claim: { owner: string; now: number; staleBefore: number },
) {
  const [job] = await db.many<Claimed>(sql`
    update jobs j
    set state = 'running', owner = ${claim.owner}::uuid, attempts = j.attempts + 1,
      heartbeat_at = to_timestamp(${claim.now}::float8 / 1000)
    where j.org_id = ${orgId}
      and (j.person_id, j.id) = (
        select d.person_id, d.id
        from jobs d
        where d.org_id = ${orgId}
          and (d.state = 'waiting'
            or (d.state = 'running' and d.heartbeat_at < to_timestamp(${claim.staleBefore}::float8 / 1000)))
        order by d.created_at, d.id
        limit 1
        for update skip locked)
    returning j.person_id as "personId", j.id, j.kind, j.input, j.checkpoint, j.attempts`)
  return job ?? null
}

export interface Progress {
  done: number
  total?: number | null
  checkpoint?: unknown
}

/**
 * Notes how far a job has come and that somebody works on it.
 * @returns whether to go on: null when another process has it, or it is over.
 */
export async function noteProgress(
  db: Db,
  key: JobKey,
  mine: { owner: string; now: number; progress: Progress },
) {
  const { done, total, checkpoint } = mine.progress
  const [row] = await db.many<{ cancel: boolean }>(sql`
    update jobs
    set done = ${done}::bigint, total = coalesce(${total ?? null}::bigint, total),
      checkpoint = coalesce(${checkpoint === undefined ? null : JSON.stringify(checkpoint)}::jsonb, checkpoint),
      heartbeat_at = to_timestamp(${mine.now}::float8 / 1000)
    where org_id = ${key.orgId} and person_id = ${key.personId} and id = ${key.id}::uuid
      and owner = ${mine.owner}::uuid and state = 'running'
    returning cancel`)
  return row ?? null
}

/** Says that somebody works on a job still, however long a step takes. */
export const noteAlive = (db: Db, key: JobKey, mine: { owner: string; now: number }) =>
  db.run(sql`
    update jobs set heartbeat_at = to_timestamp(${mine.now}::float8 / 1000)
    where org_id = ${key.orgId} and person_id = ${key.personId} and id = ${key.id}::uuid
      and owner = ${mine.owner}::uuid and state = 'running'`)

export interface Ending {
  state: 'done' | 'failed' | 'cancelled'
  result?: object | undefined
  file?: { sha256: string; name: string; type: string } | undefined
  error?: string | undefined
}

export const finishJob = (
  db: Db,
  key: JobKey,
  { owner, now, ending }: { owner: string; now: number; ending: Ending },
) =>
  db.run(sql`
    update jobs
    set state = ${ending.state}, result = ${ending.result ? JSON.stringify(ending.result) : null}::jsonb,
      file_sha256 = ${ending.file?.sha256 ?? null}, file_name = ${ending.file?.name ?? null},
      file_type = ${ending.file?.type ?? null}, error = ${ending.error ?? null},
      finished_at = to_timestamp(${now}::float8 / 1000)
    where org_id = ${key.orgId} and person_id = ${key.personId} and id = ${key.id}::uuid
      and owner = ${owner}::uuid and state = 'running'`)

/** Gives a job back, for the next process to go on with at once. */
export const releaseJob = (db: Db, key: JobKey, owner: string) =>
  db.run(sql`
    update jobs set state = 'waiting', owner = null, attempts = attempts - 1
    where org_id = ${key.orgId} and person_id = ${key.personId} and id = ${key.id}::uuid
      and owner = ${owner}::uuid and state = 'running'`)

/** One that waits ends at once; one that runs ends at its next step. */
export const cancelJob = (db: Db, key: JobKey, now: number) =>
  db.run(sql`
    update jobs
    set cancel = true,
      finished_at = case when state = 'waiting' then to_timestamp(${now}::float8 / 1000) end,
      state = case when state = 'waiting' then 'cancelled' else state end
    where org_id = ${key.orgId} and person_id = ${key.personId} and id = ${key.id}::uuid
      and state in ('waiting', 'running')`)

/** Takes away jobs that ended before `before`. @returns the files that no other job has. */
export async function removeEnded(db: Db, orgId: string, before: number): Promise<string[]> {
  return db.transact(async (tx) => {
    const gone = await tx.many<{ sha256: string | null; input: { file?: string } }>(sql`
      delete from jobs
      where org_id = ${orgId} and finished_at < to_timestamp(${before}::float8 / 1000)
      returning file_sha256 as sha256, input`)
    const files = gone.flatMap(({ sha256, input }) => [sha256, input.file ?? null])
    const held = await tx.many<{ sha256: string }>(sql`
      select j.file_sha256 as sha256 from jobs j
      where j.org_id = ${orgId} and j.file_sha256 = any (${files}::text[])
      union
      select i.input ->> 'file' from jobs i
      where i.org_id = ${orgId} and i.input ->> 'file' = any (${files}::text[])`)
    const kept = new Set(held.map(({ sha256 }) => sha256))
    return [...new Set(files.filter((file) => file !== null))].filter((file) => !kept.has(file))
  })
}
