import { open, rename, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Database, Db } from '../../core/db.ts'
import { Fault } from '../../core/errors.ts'
import type { FileStore } from '../../core/files.ts'
import { appliedMigrations } from '../../core/migrate.ts'
import { listPartitions, listTables, plainTexts, type Table } from './catalog.ts'
import {
  FILES,
  MANIFEST,
  MANIFEST_HASH,
  partName,
  SECRET,
  sha256,
  type Manifest,
} from './manifest.ts'
import { only, tarInto } from './tar.ts'

export interface BackupOrder {
  db: Database
  files: FileStore
  /** The secret kept in the data directory; null: there is none, the environment has it. */
  secret: string | null
  out: string
  madeAt: string
  say: (line: string) => void
}

/**
 * Everything of a running server as one file: all tables as they are in one moment, then the stored files. Others go
 * on writing meanwhile (those of an embedded database wait while its tables are read: it has one session). The file is
 * there as a whole or not at all.
 * @throws Fault `conflict` when there is nothing to keep.
 */
export async function writeBackup(order: BackupOrder): Promise<Manifest> {
  const draft = `${order.out}.part`
  const file = await open(draft, 'w', 0o600)
  try {
    const manifest = await fill(order, tarInto(file))
    await file.sync()
    await file.close()
    await rename(draft, order.out)
    return manifest
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
}

type Tar = ReturnType<typeof tarInto>
type Entries = Manifest['entries']

async function fill(order: BackupOrder, tar: Tar): Promise<Manifest> {
  const entries: Entries = []
  const add = async (name: string, content: Buffer) => {
    await tar.add(name, content.length, only(content))
    entries.push({ name, bytes: content.length, sha256: sha256(content) })
  }
  const database = await order.db.transact((tx) => dump(tx, order.say, add))
  if (order.secret !== null) await add(SECRET, Buffer.from(order.secret))
  const files = await addFiles(order, tar)
  const manifest: Manifest = {
    ...{ format: 'zuji-backup', version: 1, madeAt: order.madeAt, madeFrom: order.db.kind },
    ...{ ...database, entries, files },
  }
  const text = Buffer.from(JSON.stringify(manifest))
  await tar.add(MANIFEST, text.length, only(text))
  const hash = Buffer.from(sha256(text))
  await tar.add(MANIFEST_HASH, hash.length, only(hash))
  await tar.end()
  return manifest
}

type Add = (name: string, content: Buffer) => Promise<void>

async function dump(tx: Db, say: BackupOrder['say'], add: Add) {
  await tx.raw('set transaction isolation level repeatable read, read only')
  await plainTexts(tx)
  const tables = await listTables(tx)
  if (!tables.some(({ name }) => name === 'orgs'))
    throw new Fault('conflict', 'this database has no tables of ours: there is nothing to back up')
  await tx.raw(`lock table ${tables.map(({ name }) => name).join(', ')} in access share mode`)
  const migrations = await appliedMigrations(tx)
  const partitions = await listPartitions(tx)
  const dumped: Manifest['tables'] = []
  for (const table of tables) {
    const done = await dumpTable(tx, table, add)
    if (done.rows > 0) say(`${table.name}  ${done.rows} rows`)
    dumped.push(done)
  }
  return { migrations, partitions, tables: dumped }
}

const FETCH = 2000 // rows asked for at once
const PART = 4_000_000 // characters of rows that become one entry

async function dumpTable(tx: Db, { name, columns }: Table, add: Add) {
  const texts = columns.map((column) => `t."${column}"::text`).join(', ')
  await tx.raw(`declare dumped no scroll cursor for select json_build_array(${texts})::text as row from ${name} t`) // prettier-ignore
  let [rows, parts] = [0, 0]
  let lines: string[] = []
  let length = 0
  const flush = async () => {
    if (lines.length === 0) return
    await add(partName(name, ++parts), await zip(`[${lines.join(',\n')}]`))
    ;[lines, length] = [[], 0]
  }
  for (;;) {
    const page = rowsOf((await tx.raw(`fetch ${FETCH} from dumped`)).rows)
    for (const row of page) length += row.length
    lines.push(...page)
    rows += page.length
    if (length >= PART) await flush()
    if (page.length < FETCH) break
  }
  await flush()
  await tx.raw('close dumped')
  return { name, columns: [...columns], rows, parts }
}

const rowsOf = (rows: unknown[]): string[] =>
  rows.flatMap((row) => (typeof row === 'object' && row && 'row' in row ? [String(row.row)] : []))

const gzipped = promisify(gzip)
const zip = (text: string): Promise<Buffer> => gzipped(text, { level: 4 })

/** Files are put before the row that names them is committed, so those that are there now are enough. */
async function addFiles({ files, say }: BackupOrder, tar: Tar): Promise<Manifest['files']> {
  let [count, bytes] = [0, 0]
  const names: string[] = []
  for await (const address of files.list()) {
    const source = await files.source(address)
    if (!source) continue // erased since
    await tar.add(FILES + address, source.bytes, source.read(0, source.bytes))
    names.push(address)
    count++
    bytes += source.bytes
    if (count % 1000 === 0) say(`files  ${count}, ${Math.round(bytes / 1e6)} MB`)
  }
  if (count > 0) say(`files  ${count}, ${(bytes / 1e6).toFixed(1)} MB`)
  return { count, bytes, sha256: sha256(names.join('\n')) }
}
