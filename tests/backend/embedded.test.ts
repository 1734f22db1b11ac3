import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fsyncSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { startEmbedded } from '../../backend/core/embedded/index.ts'
import { withoutUnused } from '../../backend/core/embedded/postgis.ts'
import { SYNCED, SyncedFiles } from '../../backend/core/embedded/syncedFiles.ts'
import { createLog } from '../../backend/core/log.ts'
import { sql } from '../../backend/core/sql.ts'

const log = createLog('silent')
const root = path.resolve(import.meta.dirname, '../..')
let dataDir: string
let db: Database

async function newDataDir(): Promise<string> {
  const fresh = await mkdtemp(path.join(tmpdir(), 'zuji-embedded-'))
  await cp(inject('embeddedTemplate'), fresh, { recursive: true })
  return fresh
}

beforeAll(async () => {
  dataDir = await newDataDir()
  db = await connect({ dataDir, log, root: '' })
  await db.raw('create table written (id integer primary key)')
})
afterAll(async () => {
  await db.close()
  await rm(dataDir, { recursive: true, force: true })
})

test('a second process is told who has the data', async () => {
  await expect(startEmbedded({ dataDir, log })).rejects.toThrow(
    `process ${process.pid} already has the data in ${dataDir}`,
  )
})

test('a command joins the database of the running server', async () => {
  const joined = await connect({ dataDir, log, root: '', join: true })
  await db.run(sql`insert into written (id) values (-1)`)
  expect(await joined.many(sql`select id from written where id = -1`)).toEqual([{ id: -1 }])
  await joined.close()
})

test('only its own user may enter the folder of the socket', async () => {
  const { mode } = await stat(String(db.connection.host))
  expect(mode & 0o777).toBe(0o700)
})

test('statements of two connections never mix, in and out of transactions', async () => {
  const other = await connect({ dataDir, log, root: '', join: true })
  const plusOne = (via: Database, n: number) =>
    via.transact(async (tx) => {
      const first = await tx.first<{ x: number }>(sql`select ${n}::int as x`)
      await new Promise((resolve) => setImmediate(resolve))
      return tx.first<{ x: number }>(sql`select ${first?.x}::int + 1 as x`)
    })
  const asked = Array.from({ length: 100 }, (_, n) => plusOne(n % 2 ? db : other, n))
  expect(await Promise.all(asked)).toEqual(asked.map((_, n) => ({ x: n + 1 })))
  await other.close()
})

test('an error answers the query that made it and no other', async () => {
  const divide = (n: number) => db.first<{ x: number }>(sql`select 12 / ${n}::int as x`)
  const answers = await Promise.allSettled([1, 0, 2, 0, 0, 3].map(divide))
  expect(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value?.x : 'error')),
  ).toEqual([12, 'error', 6, 'error', 'error', 4])
})

test('what a lost connection left open is rolled back', async () => {
  const client = new pg.Client(db.connection)
  client.on('error', () => undefined)
  await client.connect()
  await client.query('begin')
  await client.query('insert into written (id) values (-2)')
  await client.end()
  expect(await db.many(sql`select id from written where id = -2`)).toEqual([])
})

test('what is acknowledged is on the disk, not only in the memory of the machine', async () => {
  const [settings] = await db.many(sql`
    select current_setting('fsync') as fsync, current_setting('wal_sync_method') as way,
      current_setting('synchronous_commit') as waits, current_setting('full_page_writes') as pages`)
  expect(settings).toEqual({ fsync: 'on', way: 'fsync', waits: 'on', pages: 'on' })
  let syncs = 0
  const own = await mkdtemp(path.join(tmpdir(), 'zuji-synced-'))
  const synced = new SyncedFiles(path.join(own, 'postgres'), (descriptor) => {
    fsyncSync(descriptor)
    syncs++
  })
  const plain = await PGlite.create({ fs: synced, startParams: SYNCED })
  await plain.exec('create table written (id integer)')
  for (let id = 0; id < 20; id++) {
    const before = syncs
    await plain.query('insert into written values ($1)', [id])
    expect(syncs, 'each commit waits for the disk').toBeGreaterThan(before)
  }
  const before = syncs
  await plain.exec('checkpoint') // folders, too
  expect(syncs).toBeGreaterThan(before + 5)
  await plain.close()
  await rm(own, { recursive: true, force: true })
})

test('of PostGIS only what we use is loaded, in the order and bytes of the package', async () => {
  const packed = await readFile(
    new URL('postgis.tar.gz', import.meta.resolve('@electric-sql/pglite-postgis')),
  )
  const whole = gunzipSync(packed)
  const used = withoutUnused(whole)
  for (const name of [
    'lib/postgresql/postgis-3.so',
    'share/proj/proj.db',
    'extension/postgis.control',
  ])
    expect(used.includes(name)).toBe(true)
  for (const name of ['postgis_raster-3.so', 'postgis_topology-3.so', 'tiger_geocoder'])
    expect(used.includes(`${name}\0`)).toBe(false)
  expect(used.length).toBeLessThan(whole.length / 2)
  expect(withoutUnused(used).equals(used)).toBe(true)
  const kept = (await readdir(dataDir)).filter((name) => name.startsWith('postgis'))
  expect(kept).toEqual([`postgis-${packed.length}.tar.gz`])
})

test('the event loop turns while the database works', async () => {
  let turns = 0
  let busy = true
  const query = db
    .many(sql`select count(*) from generate_series(1, 3000000)`)
    .finally(() => (busy = false))
  while (busy) {
    await new Promise((resolve) => setImmediate(resolve))
    turns++
  }
  await query
  expect(turns).toBeGreaterThan(100)
})

test('a killed process leaves every acknowledged row and a directory that opens again', async () => {
  const own = await newDataDir()
  const before = await connect({ dataDir: own, log, root: '' })
  await before.raw('create table written (id integer primary key)')
  await before.close()

  const acknowledged = await writeUntilKilled(own, 300)
  const after = await connect({ dataDir: own, log, root: '' })
  const rows = await after.many<{ id: number }>(sql`select id from written order by id`)
  expect(rows.map(({ id }) => id).slice(0, acknowledged.length)).toEqual(acknowledged)
  await after.close()
  await rm(own, { recursive: true, force: true })
})

/** The ids that the writer was told are stored, up to the moment it was killed. */
async function writeUntilKilled(folder: string, rows: number): Promise<number[]> {
  const program = path.join(root, 'tests/support/writer.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program, folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const acknowledged: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line))
    if (acknowledged.length === rows) child.kill('SIGKILL')
  }
  await exited
  return acknowledged
}
