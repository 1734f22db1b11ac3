import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { SYNCED, SyncedFiles } from '../../backend/core/embedded/syncedFiles.ts'

const SINGLES = 500
const BATCHES = 200
const BATCH = 50
const ROUNDS = 3 // the best one counts: others are disturbed

/**
 * What it costs the embedded database that commits wait for the disk: milliseconds a commit, with fsync and without,
 * of one row and of a phone's block of 50. It is the disk below the temporary folder that is measured.
 */
export async function run(): Promise<Record<string, unknown>> {
  const synced = await best((directory) => PGlite.create({ fs: new SyncedFiles(directory), startParams: SYNCED })) // prettier-ignore
  const unsynced = await best((directory) => PGlite.create(directory))
  return {
    singleMs: synced.single,
    singleMsWithoutSync: unsynced.single,
    batchMs: synced.batch,
    batchMsWithoutSync: unsynced.batch,
    checkpointMs: synced.checkpoint,
    checkpointMsWithoutSync: unsynced.checkpoint,
  }
}

type Took = Record<'single' | 'batch' | 'checkpoint', number>

async function best(open: (directory: string) => Promise<PGlite>): Promise<Took> {
  const rounds: Took[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measured(open))
  const least = (key: keyof Took) => Math.round(Math.min(...rounds.map((each) => each[key])) * 1000) / 1000 // prettier-ignore
  return { single: least('single'), batch: least('batch'), checkpoint: least('checkpoint') }
}

async function measured(open: (directory: string) => Promise<PGlite>): Promise<Took> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zuji-bench-'))
  const db = await open(path.join(folder, 'postgres'))
  try {
    await db.exec(
      'create table fixes (id uuid primary key, at timestamptz, lng float8, lat float8)',
    )
    const insert = (rows: number) =>
      db.query('insert into fixes select gen_random_uuid(), now(), 114, 22.5 from generate_series(1, $1::int)', [rows]) // prettier-ignore
    const single = await each(SINGLES, () => insert(1))
    const batch = await each(BATCHES, () => insert(BATCH))
    return { single, batch, checkpoint: await each(1, () => db.exec('checkpoint')) }
  } finally {
    await db.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Milliseconds that one of them takes. */
async function each(times: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  for (let time = 0; time < times; time++) await work()
  return (performance.now() - start) / times
}
