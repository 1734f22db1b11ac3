import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database, Db } from './db.ts'
import { Fault } from './errors.ts'
import { sql } from './sql.ts'

const TABLE = 'schema_migrations'

/**
 * Brings the database to this program's version: the numbered SQL files that are not applied yet,
 * in one transaction, under an advisory lock (others wait). Safe to call at every start.
 * @param root the folder that holds `backend/migrations`.
 * @throws Fault `not_ready` when the database is newer than this program.
 */
export async function migrate(db: Database, root: string = ROOT): Promise<void> {
  await refuseNewer(db, root)
  const pending = await pendingMigrations(db, root)
  if (pending.length === 0) return
  const { runner } = await import('node-pg-migrate')
  await runner({
    databaseUrl: db.connection,
    dir: path.join(root, 'backend/migrations'),
    ignorePattern: '(?!.*\\.sql$).*',
    migrationsTable: TABLE,
    direction: 'up',
    singleTransaction: true,
    advisoryLockMode: 'wait',
    checkOrder: false, // numbers are given to those who write at the same time: a lower one may land later
    noLock: db.kind === 'embedded', // it has one session and one owner: a lock would mean nothing
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined }, // it throws, too
  })
  await refuseNewer(db, root)
}

/** Names of this program's migrations that the database has not seen, in order. */
export async function pendingMigrations(db: Database, root: string = ROOT): Promise<string[]> {
  const applied = new Set(await appliedMigrations(db))
  return (await ownMigrations(root)).filter((name) => !applied.has(name))
}

async function refuseNewer(db: Database, root: string): Promise<void> {
  const own = new Set(await ownMigrations(root))
  const unknown = (await appliedMigrations(db)).filter((name) => !own.has(name))
  if (unknown.length === 0) return
  throw new Fault(
    'not_ready',
    `the database is newer than this program, it has ${unknown.join(', ')}: start a newer program`,
  )
}

/** Names of this program's migrations, in order. */
export async function ownMigrations(root: string = ROOT): Promise<string[]> {
  const files = await readdir(path.join(root, 'backend/migrations'))
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => path.basename(file, '.sql'))
    .sort()
}

/** Names of the migrations that the database has seen, in order. */
export async function appliedMigrations(db: Db): Promise<string[]> {
  const table = await db.first<{ there: boolean }>(sql`
    select to_regclass(${TABLE}) is not null as there`)
  if (!table?.there) return []
  const rows = await db.many<{ name: string }>(sql`
    select name
    from schema_migrations
    order by id`)
  return rows.map(({ name }) => name)
}

/** From the source in backend/core and from the bundle in dist/backend alike: two folders up. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
