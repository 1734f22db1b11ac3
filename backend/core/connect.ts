import path from 'node:path'
import type pg from 'pg'
import { openDatabase, type Database } from './db.ts'
import { connectEmbedded, startEmbedded } from './embedded/index.ts'
import { Fault } from './errors.ts'
import { addressesOf } from './hosts.ts'
import type { Log } from './log.ts'
import { sql } from './sql.ts'

export interface ConnectOptions {
  /** A server PostgreSQL, perhaps with several hosts; without it the embedded one in `dataDir`. */
  databaseUrl?: string | undefined
  dataDir: string
  log: Log
  /** The folder that holds `dist`: a snapshot there spares a new embedded database its first steps; '' for none. */
  root: string
  /** Use the embedded database of the process that already has `dataDir`, if one runs (commands do). */
  join?: boolean
  /** The thread of the embedded database ended by itself: nothing can be stored any more. */
  onLost?: () => void
  /** Without it, a second connection inside a transaction is not refused on a server: saves a sixth of the time. */
  guarded?: boolean
}

const SERVER_CONNECTIONS = 10 // a few per core of a usual database; more only queue there

/**
 * Opens the database of either kind and checks that it can serve.
 * @throws Fault `not_ready` with a sentence for the operator: too old, PostGIS missing, in use.
 */
export async function connect(options: ConnectOptions): Promise<Database> {
  const db = options.databaseUrl
    ? openServer(options.databaseUrl, options)
    : await openEmbedded(options)
  try {
    await checkVersions(db)
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

interface Opening {
  kind: 'server' | 'embedded'
  connections: readonly pg.ClientConfig[]
  guarded: boolean
}

const open = ({ kind, connections, guarded }: Opening, log: Log) =>
  openDatabase({
    kind,
    connections,
    max: kind === 'server' ? SERVER_CONNECTIONS : 1,
    guarded,
    onError: (error) => log.warn({ err: error }, 'a database connection broke'),
  })

/** Whoever asks hears after a while that no connection came free, and a wire that was cut is found out. */
const PATIENCE = {
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
}

function openServer(databaseUrl: string, { guarded = true, log }: ConnectOptions): Database {
  const connections = addressesOf(databaseUrl).map((connectionString) => ({
    connectionString,
    ...PATIENCE,
  }))
  return open({ kind: 'server', connections, guarded }, log)
}

async function openEmbedded(options: ConnectOptions): Promise<Database> {
  const running = options.join ? await connectEmbedded(options.dataDir) : null
  if (running) return open({ kind: 'embedded', connections: [running], guarded: true }, options.log)
  const { dataDir, log } = options
  const embedded = await startEmbedded({
    dataDir,
    log,
    snapshot: options.root === '' ? undefined : path.join(options.root, 'dist', 'snapshot.tar.gz'),
    onLost: (error) => {
      log.fatal({ err: error }, 'the embedded database is gone')
      options.onLost?.()
    },
  })
  const db = open({ kind: 'embedded', connections: [embedded.connection], guarded: true }, log)
  return {
    ...db,
    async close() {
      await db.close()
      await embedded.stop()
    },
  }
}

/** PostgreSQL 15 for what the migrations use, PostGIS 3.3 as Debian 12 has it. */
const OLDEST = { postgres: 150_000, postgis: [3, 3] } as const

async function checkVersions(db: Database): Promise<void> {
  const found = await db.first<{ postgres: number; postgis: string | null }>(sql`
    select current_setting('server_version_num')::int as postgres,
      (select coalesce(installed_version, default_version)
        from pg_available_extensions where name = 'postgis') as postgis`)
  if (!found || found.postgres < OLDEST.postgres)
    throw new Fault('not_ready', `PostgreSQL 15 or newer is needed, this is ${found?.postgres}`)
  if (found.postgis === null)
    throw new Fault(
      'not_ready',
      'PostGIS is not installed beside this PostgreSQL (Debian: postgresql-15-postgis-3)',
    )
  const [major = 0, minor = 0] = found.postgis.split('.').map(Number)
  const [wantedMajor, wantedMinor] = OLDEST.postgis
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor))
    throw new Fault('not_ready', `PostGIS 3.3 or newer is needed, this is ${found.postgis}`)
}
