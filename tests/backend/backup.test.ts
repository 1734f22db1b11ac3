import { copyFile, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v7 as uuid } from 'uuid'
import { raw } from 'sql-template-tag'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { listWaiting } from '../../backend/attendance/days/changes.ts'
import { restoreInto } from '../../backend/cli/archive/load.ts'
import { openArchive } from '../../backend/cli/archive/read.ts'
import { entriesOf } from '../../backend/cli/archive/tar.ts'
import { writeBackup } from '../../backend/cli/archive/write.ts'
import type { Database } from '../../backend/core/db.ts'
import { directoryStore, type FileStore } from '../../backend/core/files.ts'
import type { Route } from '../../backend/core/http/route.ts'
import { ownMigrations, pendingMigrations } from '../../backend/core/migrate.ts'
import { sql } from '../../backend/core/sql.ts'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { borrowDatabase, borrowEmpty, lend } from '../support/database.ts'
import { photoOf } from '../support/photo.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'
import { MINUTE, NOW, seedCompany } from './company.ts'
import { admittedTo, openLife, seedLife, type Life } from './life/company.ts'

const ORG = 'o1'
const root = path.resolve(import.meta.dirname, '../..')
const PLACE = { lng: 114.06, lat: 22.54 }
/** They speak of WeCom's own state; a copy of one's data has the ids of the looks that these questions leave. */
const APART = /^\/api\/v1\/(contacts|wecom|attendance\/wecom|me\/data)/

let folder = ''
let source: WholeServer
let life: Life
const tokens = new Map<string, string>()
let routes: Route[]
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zuji-backup-'))
  source = await openWholeServer(ORG, NOW, { answersOnly: true })
  await seedLife(source.db, ORG, '甲')
  life = openLife(source, ORG, '甲', tokens)
  routes = source.routes.filter((route): route is Route => 'answer' in route && !APART.test(route.path) && !route.bytes && !route.text) // prettier-ignore
  await checkIn('rep1', [await photo('rep1')])
  for (const personId of ['rep1', 'rep2']) await report(personId)
  for (const route of routes)
    for (const personId of admittedTo(route)) {
      const { status, text } = await life.ask(route, personId)
      if (status < 300) life.learn(route, text)
    }
  await giveConsent(source.db, ORG, 'rep2', source.clock.at) // he may have withdrawn it
  await source.db.run(sql`delete from checkin_settings where org_id = ${ORG}`) // and they, made rules that no later test fits
}, 600_000)
afterAll(async () => {
  await source.close()
  await rm(folder, { recursive: true, force: true })
})

async function post(address: string, personId: string, body: BodyInit, type = 'application/json') {
  const authorization = `Bearer ${await life.tokenOf(personId)}`
  const headers = { authorization, 'content-type': type }
  const answer = await fetch(source.url + address, { method: 'POST', headers, body })
  const text = await answer.text()
  expect(answer.status, text).toBeLessThan(300)
  return text
}

async function photo(personId: string): Promise<string> {
  const body = new Uint8Array(await photoOf('shop'))
  return PhotoReply.parse(JSON.parse(await post('/api/v1/photos', personId, body, 'image/jpeg'))).id
}

async function checkIn(personId: string, photoIds: string[] = []): Promise<void> {
  const at = (source.clock.at += MINUTE)
  const position = { ...PLACE, accuracy: 12, datum: 'wgs84' }
  const input = { id: uuid(), at, kind: 'in', position, photoIds, place: '新店', note: '门口' }
  await post('/api/v1/checkins', personId, JSON.stringify(input))
}

async function report(personId: string): Promise<void> {
  const fixes = Array.from({ length: 240 }, (_, index) => ({
    id: uuid(),
    at: NOW - (240 - index) * 30_000,
    lng: PLACE.lng + (index > 120 ? index / 10_000 : 0),
    lat: PLACE.lat,
    datum: 'wgs84',
    accuracy: 10,
  }))
  await post('/api/v1/fixes', personId, JSON.stringify({ sentAt: source.clock.at, fixes }))
}

const said: string[] = []
const backup = async (name: string, { db, kit }: Pick<WholeServer, 'db' | 'kit'> = source) => {
  const out = path.join(folder, name)
  const madeAt = new Date(NOW).toISOString()
  const say = (line: string) => void said.push(line)
  await writeBackup({ db, files: kit.files, secret: 'a secret of the server', out, madeAt, say })
  return out
}

async function restore(file: string, db: Database, files: FileStore) {
  const archive = await openArchive(file)
  const secrets: string[] = []
  const keepSecret = (secret: Buffer) => Promise.resolve(void secrets.push(secret.toString()))
  const say = (line: string) => void said.push(line)
  try {
    return { ...(await restoreInto({ archive, db, files, root, say, keepSecret })), secrets }
  } finally {
    await archive.close()
  }
}

const count = async (db: Database, table: string) =>
  (await db.first<{ n: number }>(sql`select count(*)::int as n from ${raw(table)} t`))?.n ?? 0

/** A number that changes with the rows, for each table. */
async function digestsOf(db: Database): Promise<Record<string, string | null>> {
  const tables = await db.many<{ name: string }>(sql`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname not in ('schema_migrations', 'spatial_ref_sys')
    order by 1`)
  const digests: Record<string, string | null> = {}
  for (const { name } of tables) {
    const row = await db.first<{ digest: string | null }>(sql`
      select md5(string_agg(t::text, '|' order by t::text)) as digest from ${raw(name)} t`)
    digests[name] = row?.digest ?? null
  }
  return digests
}

test('a backup made while people go on writing is one moment, and its chain holds', async () => {
  const before = await count(source.db, 'checkins')
  let over = false
  const writing = (async () => {
    while (!over) await checkIn('rep2')
  })()
  const file = await backup('meanwhile.zuji').finally(() => (over = true))
  await writing
  const after = await count(source.db, 'checkins')
  const target = await borrowEmpty()
  try {
    const files = directoryStore(path.join(folder, 'meanwhile'))
    const { links, secrets, ...done } = await restore(file, target.db, files)
    expect(links).toBeGreaterThanOrEqual(before)
    expect(links).toBeLessThanOrEqual(after)
    expect(after).toBeGreaterThan(before)
    expect(await count(target.db, 'checkins')).toBe(links)
    expect(secrets).toEqual(['a secret of the server'])
    expect(done.files).toBeGreaterThan(0)
    expect(said.join('\n')).toMatch(/fixes {2}\d+ rows[^]*verify-chain {2}o1: \d+ days/)
  } finally {
    await target.close()
  }
})

/** Of a server in process, or from one kind to the other and back. */
const WAYS = [['server', 'embedded'], ['embedded']] as const

test('what is restored, into either kind of database, shows what the source shows', async () => {
  const now = source.clock.at
  await expect.poll(() => listWaiting(source.db, ORG, { now, limit: 1 })).toEqual([])
  const digests = await digestsOf(source.db)
  let file = await backup('stopped.zuji')
  const here = inject('databaseKind')
  for (const kind of WAYS[here === 'server' ? 0 : 1].toReversed()) {
    lend(await borrowEmpty(kind))
    const restored = await openWholeServer(ORG, now, { answersOnly: true })
    try {
      await restore(file, restored.db, restored.kit.files)
      expect(await digestsOf(restored.db)).toEqual(digests)
      file = await backup(`${kind}.zuji`, restored) // the next one is restored from this one
      if (kind === here) await expectSameViews(restored)
    } finally {
      await restored.close()
    }
  }
}, 600_000)

/** Everybody, still signed in, asks both servers the same, whatever he may read. */
async function expectSameViews(restored: WholeServer): Promise<void> {
  const views = routes.filter(({ method }) => method === 'GET')
  const [there, here] = [source, restored].map((server) => openLife(server, ORG, 'views', tokens))
  let told = 0
  for (const route of [...views, ...views])
    for (const personId of admittedTo(route)) {
      const was = await there?.ask(route, personId, life.ids)
      const is = await here?.ask(route, personId, life.ids)
      expect(is, `${route.path} ${personId}`).toEqual(was)
      if (was?.status === 200) told++
    }
  expect(told).toBeGreaterThan(100)
}

interface Damage {
  what: string
  harm: (file: string) => Promise<void>
  says: RegExp
}

async function flip(file: string, entry: RegExp): Promise<void> {
  const handle = await open(file, 'r+')
  for await (const { name, from, bytes } of entriesOf(handle)) {
    if (!entry.test(name)) continue
    const position = from + Math.floor(bytes / 2)
    const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position })
    await handle.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, position)
    break
  }
  await handle.close()
}
const cutAt = async (file: string, share: number) =>
  truncate(file, Math.floor((await readFile(file)).length * share))

const DAMAGES: Damage[] = [
  { what: 'cut in the middle', harm: (file) => cutAt(file, 0.5), says: /is cut (within|after) \w+\// },
  { what: 'cut at its end', harm: async (file) => truncate(file, (await readFile(file)).length - 1024), says: /is cut after manifest\.sha256/ },
  { what: 'empty', harm: (file) => truncate(file, 0), says: /is cut after its beginning/ },
  { what: 'no backup', harm: (file) => writeFile(file, Buffer.alloc(4096, 'x')), says: /what follows its beginning is no entry/ },
  { what: 'changed in a table', harm: (file) => flip(file, /^tables\/fixes\//), says: /tables\/fixes\/000001\.gz was changed/ },
  { what: 'changed in a photo', harm: (file) => flip(file, /^files\//), says: /files\/\w+ was changed: it does not fit its name/ },
  { what: 'changed in its manifest', harm: (file) => flip(file, /^manifest\.json/), says: /manifest\.json was changed/ },
] // prettier-ignore

test('an archive that was cut or changed is refused, and what is wrong is named', async () => {
  const whole = await backup('whole.zuji')
  for (const { what, harm, says } of DAMAGES) {
    const file = path.join(folder, 'damaged.zuji')
    await copyFile(whole, file)
    await harm(file)
    await expect(openArchive(file), what).rejects.toThrow(says)
  }
  await expect(openArchive(path.join(folder, 'none'))).rejects.toThrow('can not be read')
})

test('a backup is restored into an empty database only', async () => {
  const file = await backup('full.zuji')
  const full = await borrowDatabase()
  try {
    await seedCompany(full.db, { orgId: 'another' })
    const before = await digestsOf(full.db)
    const files = directoryStore(path.join(folder, 'full'))
    await expect(restore(file, full.db, files)).rejects.toThrow(/not empty, it has rows in .*orgs/)
    expect(await digestsOf(full.db)).toEqual(before)
  } finally {
    await full.close()
  }
})

test('a restore that fails leaves no company behind, and can be done again', async () => {
  const good = await backup('good.zuji')
  const tampered = await borrowDatabase()
  const files = directoryStore(path.join(folder, 'tampered'))
  const target = await borrowDatabase()
  try {
    await restore(good, tampered.db, files)
    await tampered.db.run(sql`update checkins c set note = 'changed later' where c.org_id = ${ORG}`)
    const bad = await backup('bad.zuji', { ...source, db: tampered.db })
    await expect(restore(bad, target.db, files)).rejects.toThrow(
      /chain of check-ins of o1 does not hold: .*its content was changed/,
    )
    expect(await count(target.db, 'orgs')).toBe(0)
    expect(await count(target.db, 'people')).toBe(0)
    expect((await restore(good, target.db, files)).links).toBeGreaterThan(0)
  } finally {
    await tampered.close()
    await target.close()
  }
})

test('a backup of a newer program is refused by its migrations', async () => {
  const { db } = source
  await db.run(sql`insert into schema_migrations (name, run_on) values ('9999_later', now())`)
  const file = await backup('newer.zuji').finally(() =>
    db.run(sql`delete from schema_migrations where name = '9999_later'`),
  )
  const target = await borrowDatabase()
  const files = directoryStore(path.join(folder, 'newer'))
  await expect(restore(file, target.db, files)).rejects.toThrow('of a newer program, it has 9999_later') // prettier-ignore
  await target.close()
  expect(await pendingMigrations(db)).toEqual([])
  expect((await ownMigrations()).length).toBeGreaterThan(30)
})
