import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { verifyChain } from '../../checkins/index.ts'
import type { Database, Db } from '../../core/db.ts'
import { Fault } from '../../core/errors.ts'
import type { FileStore } from '../../core/files.ts'
import { appliedMigrations, migrate, ownMigrations } from '../../core/migrate.ts'
import { sql } from '../../core/sql.ts'
import { sentenceOf } from '../verifyChain.ts'
import { inOrder, listPartitions, listTables, plainTexts, typesOf } from './catalog.ts'
import { FILES, partName, SECRET, type Manifest } from './manifest.ts'
import type { Archive } from './read.ts'

export interface Restored {
  rows: number
  files: number
  /** Check-ins whose chain was followed, of all companies. */
  links: number
}

export interface RestoreOrder {
  archive: Archive
  db: Database
  files: FileStore
  /** Takes over the secret of the data directory, where the archive has it. */
  keepSecret: (secret: Buffer) => Promise<void>
  /** The folder that holds `backend/migrations`. */
  root: string
  say: (line: string) => void
}

/**
 * Fills an empty database from an archive that was checked. Files first, then all rows in one transaction that ends
 * only when their number and the chain of check-ins are right: until then the database has no company.
 * @throws Fault `conflict` when the database is not empty or the archive is of a newer program
 */
export async function restoreInto(order: RestoreOrder): Promise<Restored> {
  const { archive, db, root, say } = order
  await refuseNewer(archive.manifest, root)
  await refuseFull(db, archive.manifest)
  await migrateTo(archive.manifest.migrations, db, root)
  if (archive.entries.has(SECRET)) await order.keepSecret(await archive.bytesOf(SECRET))
  const files = await putFiles(order)
  const loaded = await db.transact(async (tx) => {
    const rows = await load(tx, archive, say)
    return { rows, links: await followChains(tx, say) }
  })
  await migrate(db, root)
  await db.raw('analyze')
  return { ...loaded, files }
}

/** Says whether this program knows every migration of an archive. */
export async function refuseNewer({ migrations }: Manifest, root: string): Promise<void> {
  const own = new Set(await ownMigrations(root))
  const unknown = migrations.filter((name) => !own.has(name))
  if (unknown.length > 0)
    throw new Fault('conflict', `the archive is of a newer program, it has ${unknown.join(', ')}: restore with that one`) // prettier-ignore
}

async function refuseFull(db: Database, { migrations }: Manifest): Promise<void> {
  const known = new Set(migrations)
  const ahead = (await appliedMigrations(db)).filter((name) => !known.has(name))
  if (ahead.length > 0)
    throw new Fault('conflict', `the database already has ${ahead.join(', ')}, the archive does not: give a database without tables`) // prettier-ignore
  const full: string[] = []
  for (const { name } of await listTables(db)) {
    const row = await db.raw(`select exists (select from "${name}") as full`)
    if (JSON.stringify(row.rows) === '[{"full":true}]') full.push(name)
  }
  if (full.length > 0)
    throw new Fault('conflict', `the database is not empty, it has rows in ${full.slice(0, 5).join(', ')}: give an empty one`) // prettier-ignore
}

/** The schema as the archive's rows know it; what came later follows when they are there. */
async function migrateTo(migrations: readonly string[], db: Database, root: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zuji-restore-'))
  const inside = path.join(folder, 'backend/migrations')
  try {
    await mkdir(inside, { recursive: true })
    for (const name of migrations)
      await cp(path.join(root, 'backend/migrations', `${name}.sql`), path.join(inside, `${name}.sql`)) // prettier-ignore
    await migrate(db, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function putFiles({ archive, files, say }: RestoreOrder): Promise<number> {
  let count = 0
  for (const name of archive.entries.keys()) {
    if (!name.startsWith(FILES)) continue
    await files.put(await archive.bytesOf(name))
    if (++count % 1000 === 0) say(`files  ${count}`)
  }
  if (count > 0) say(`files  ${count}`)
  return count
}

async function load(tx: Db, archive: Archive, say: RestoreOrder['say']): Promise<number> {
  const { tables, partitions } = archive.manifest
  await plainTexts(tx)
  const there = new Set((await listPartitions(tx)).map(({ name }) => name))
  for (const { table, name, from, to } of partitions)
    if (!there.has(name))
      await tx.raw(`create table ${name} partition of ${table} for values from ('${from}') to ('${to}')`) // prettier-ignore
  let all = 0
  for (const table of await inOrder(tx, tables)) {
    const rows = await loadTable(tx, archive, table)
    if (rows !== table.rows)
      throw new Fault(
        'bad_input',
        `${table.name} has ${rows} rows, the manifest says ${table.rows}`,
      )
    if (rows > 0) say(`${table.name}  ${rows} rows`)
    all += rows
  }
  return all
}

const unzip = promisify(gunzip)

async function loadTable(
  tx: Db,
  archive: Archive,
  { name, columns, parts }: Manifest['tables'][number],
) {
  const types = await typesOf(tx, name)
  const missing = columns.filter((column) => !types.has(column))
  if (missing.length > 0)
    throw new Fault('conflict', `${name} has no column ${missing.join(', ')} in this version`)
  const values = columns.map((column, at) => `(r ->> ${at})::${types.get(column)}`).join(', ')
  const named = columns.map((column) => `"${column}"`).join(', ')
  let rows = 0
  for (let part = 1; part <= parts; part++) {
    const text = (await unzip(await archive.bytesOf(partName(name, part)))).toString()
    const done = await tx.raw(`insert into ${name} (${named}) select ${values} from jsonb_array_elements($1::jsonb) r`, [text]) // prettier-ignore
    rows += done.rowCount ?? 0
  }
  return rows
}

/** @throws Fault `bad_input` naming the first link that does not hold */
async function followChains(tx: Db, say: RestoreOrder['say']): Promise<number> {
  let all = 0
  for (const { id } of await tx.many<{ id: string }>(sql`select o.id from orgs o order by o.id`)) {
    const { broken, links, days } = await verifyChain(tx, id)
    if (broken)
      throw new Fault('bad_input', `the chain of check-ins of ${id} does not hold: ${sentenceOf(broken)}`) // prettier-ignore
    if (links > 0) say(`verify-chain  ${id}: ${days} days, ${links} check-ins, ok`)
    all += links
  }
  return all
}
