import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '../core/connect.ts'
import type { Config } from '../core/config.ts'
import { Fault, found } from '../core/errors.ts'
import { openDatabase, type Database } from '../core/db.ts'
import { startEmbedded } from '../core/embedded/index.ts'
import type { Log } from '../core/log.ts'
import { spreadOverCitus } from '../core/citus.ts'
import { migrate } from '../core/migrate.ts'
import { findPerson, openSession } from '../people/index.ts'
import type { Command } from './arguments.ts'

/** Opens the database (the running server's, if there is one), does the work, closes it. */
export async function withDatabase<T>(
  config: Config,
  log: Log,
  root: string,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const db = await connect({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    log,
    root,
    join: true,
  })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

export async function migrateCommand(
  config: Config,
  log: Log,
  root: string,
  { citus }: Command,
): Promise<void> {
  const spread = await withDatabase(config, log, root, async (db) => {
    await migrate(db, root)
    return citus ? spreadOverCitus(db) : null
  })
  console.log('the database is at this version')
  if (spread) console.log(`spread over the workers: ${spread.join(', ') || 'nothing new'}`)
}

/** Prints one token and nothing else. */
export async function tokenCommand(
  config: Config,
  log: Log,
  root: string,
  command: Command,
): Promise<void> {
  const personId = command.person
  if (!personId) throw new Fault('bad_input', '--person ID is needed')
  const orgId = config.wecom?.corpId ?? 'demo'
  const kind = command.command === 'device-token' ? 'device' : 'token'
  const token = await withDatabase(config, log, root, async (db) => {
    found(await findPerson(db, orgId, personId), `person ${personId}`)
    return openSession(db, { orgId, personId, kind }, Date.now())
  })
  console.log(token)
}

/** Part of the build: a migrated, empty embedded database as dist/snapshot.tar.gz. */
export async function snapshotCommand(log: Log, root: string): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-snapshot-'))
  const embedded = await startEmbedded({ dataDir, log })
  const onError = (error: unknown) => log.error({ err: error }, 'a database connection broke')
  const connections = [embedded.connection]
  const db = openDatabase({ kind: 'embedded', connections, max: 1, guarded: true, onError })
  try {
    await migrate(db, root)
    await embedded.dump(path.join(root, 'dist/snapshot.tar.gz'))
  } finally {
    await db.close()
    await embedded.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
