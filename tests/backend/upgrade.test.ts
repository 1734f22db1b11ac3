import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raw } from 'sql-template-tag'
import type { Database } from '../../backend/core/db.ts'
import { migrate, pendingMigrations } from '../../backend/core/migrate.ts'
import { sql, type Sql } from '../../backend/core/sql.ts'
import { openSession } from '../../backend/people/index.ts'
import { borrowDatabase, borrowEmpty, lend, type Borrowed } from '../support/database.ts'
import { openWholeServer } from '../support/wholeServer.ts'
import { seedCompany } from './company.ts'

const fixture = (name: string) =>
  readFileSync(path.resolve(import.meta.dirname, '../fixtures', name), 'utf8')

/** The first migrations as they landed, by name. */
const FIRST = fixture('first-schema.sql')
  .split(/^-- migration (\w+)$/m)
  .slice(1)
const TEXTS = FIRST.flatMap((name, index) => (index % 2 === 0 ? [{ name, text: FIRST[index + 1] ?? '' }] : [])) // prettier-ignore

/** States of main that a database may be of. */
const STATES = [
  { since: 'the first hour', upTo: '0005_tracks' },
  { since: 'the first evening', upTo: '0007_wecom' },
  { since: 'the hour when 0009 had landed and 0008 had not', upTo: '0009_contacts' },
]

async function build(db: Database, upTo: string): Promise<void> {
  const wanted = TEXTS.filter(({ name }) => name <= upTo)
  expect(wanted.at(-1)?.name).toBe(upTo)
  for (const { text } of wanted) await db.raw(text)
  await db.raw(fixture('first-rows.sql'))
  if (upTo >= '0007') await db.raw(fixture('first-messages.sql'))
  await db.raw('create table schema_migrations (id serial primary key, name varchar(255) not null, run_on timestamp not null)') // prettier-ignore
  for (const { name } of wanted)
    await db.run(sql`insert into schema_migrations (name, run_on) values (${name}, now())`)
}

/** Tables, columns, indexes and constraints in words; weeks of fixes are made by a chore. */
async function schemaOf(db: Database): Promise<string[]> {
  const words = async (query: Sql) =>
    (await db.many<{ words: string }>(query)).map((row) => row.words)
  const ours = sql`c.relnamespace = 'public'::regnamespace and c.relname !~ '^fixes_[0-9]{4}w[0-9]+'`
  const columns = await words(sql`
    select format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' end, ' = ' || pg_get_expr(d.adbin, d.adrelid)) as words
    from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where ${ours} and c.relkind in ('r', 'p') order by 1`)
  const indexes = await words(sql`
    select pg_get_indexdef(c.oid) as words from pg_class c where ${ours} and c.relkind in ('i', 'I')
      and pg_get_indexdef(c.oid) !~ ' ON (ONLY )?public.fixes_[0-9]{4}w[0-9]+ ' order by 1`)
  const constraints = await words(sql`
    select format('%s %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as words
    from pg_class c join pg_constraint k on k.conrelid = c.oid
    where ${ours} order by 1`)
  const tables = await words(sql`
    select format('%s %s %s %s', c.relname, c.relkind, obj_description(c.oid, 'pg_class'), array_to_string(c.reloptions, ',')) as words
    from pg_class c where ${ours} and c.relkind in ('r', 'p') order by 1`)
  return [...tables, ...columns, ...indexes, ...constraints]
}

const counts = async (db: Database) => {
  const tables = ['orgs', 'people', 'sessions', 'duty_windows', 'consents', 'access_log', 'customers', 'fixes', 'silences', 'last_positions'] // prettier-ignore
  const counted: Record<string, number> = {}
  for (const name of tables) {
    const row = await db.first<{ n: number }>(sql`select count(*)::int as n from ${raw(name)} t`)
    counted[name] = row?.n ?? 0
  }
  return counted
}

let fresh: string[] = []
beforeAll(async () => {
  const borrowed = await borrowDatabase()
  fresh = await schemaOf(borrowed.db)
  await borrowed.close()
})

describe.each(STATES)('a database of $since', ({ upTo }) => {
  let old: Borrowed
  let before: Record<string, number> = {}
  beforeAll(async () => {
    old = await borrowEmpty()
    await build(old.db, upTo)
    before = await counts(old.db)
    await migrate(old.db)
  })
  afterAll(() => old.close())

  test('comes to the very schema of a new one', async () => {
    expect(fresh.length).toBeGreaterThan(500)
    expect(await schemaOf(old.db)).toEqual(fresh)
    expect(await pendingMigrations(old.db)).toEqual([])
    const week = await old.db.many<{ words: string }>(sql`
      select pg_get_indexdef(i.indexrelid) as words from pg_index i where i.indrelid = 'fixes_2026w48'::regclass`) // prettier-ignore
    expect(week.map(({ words }) => words).join('\n')).toContain(`(datum <> ''::text)`)
  })

  test('keeps every row, and its company works on', async () => {
    expect(await counts(old.db)).toEqual(before)
    expect(before['fixes']).toBe(242)
    const now = Date.parse('2026-11-23T06:00:00Z')
    lend({ ...old, close: () => Promise.resolve() })
    const whole = await openWholeServer('o1', now, { answersOnly: true })
    const token = await openSession(old.db, { orgId: 'o1', personId: 'rep1', kind: 'token' }, now)
    const ask = (address: string) => fetch(whole.url + address, { headers: { authorization: `Bearer ${token}` } }) // prettier-ignore
    try {
      for (const address of [
        '/api/v1/me',
        '/api/v1/people/rep1/days/2026-11-23',
        '/api/v1/access-log/me',
      ])
        // prettier-ignore
        expect((await ask(address)).status, address).toBe(200)
      expect(await (await ask('/api/v1/people/rep1/days/2026-11-23')).text()).toContain('"stay"')
    } finally {
      await whole.close()
    }
  })
})

test('who was still here when 0033 first came is employed, not for one day; who was changed since stays so', async () => {
  const borrowed = await borrowDatabase()
  const { db } = borrowed
  try {
    await seedCompany(db, { orgId: 'o1' })
    const day = JSON.stringify([{ from: '2026-11-20', to: '2026-11-20' }])
    await db.run(sql`
      update people p set employments = ${day}::jsonb, left_at = case when p.id = 'rep2' then now() end
      where p.org_id = 'o1' and p.id in ('rep1', 'rep2', 'rep3')`)
    await db.run(sql`
      insert into employment_changes (org_id, person_id, id, periods, made_at)
      values ('o1', 'rep3', gen_random_uuid(), ${day}::jsonb, now())`)
    await db.raw(readFileSync(path.resolve(import.meta.dirname, '../../backend/migrations/0087_employed_still.sql'), 'utf8')) // prettier-ignore
    const rows = await db.many<{ id: string; to: string | null }>(sql`
      select p.id, p.employments -> 0 ->> 'to' as to from people p
      where p.org_id = 'o1' and p.id in ('rep1', 'rep2', 'rep3') order by 1`)
    expect(rows.map(({ id, to }) => [id, to])).toEqual([
      ['rep1', null],
      ['rep2', '2026-11-20'],
      ['rep3', '2026-11-20'],
    ])
  } finally {
    await borrowed.close()
  }
})
