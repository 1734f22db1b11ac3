import { afterAll, beforeAll, expect, test } from 'vitest'
import { inOrder, spread, spreadOverCitus } from '../../backend/core/citus.ts'
import { sql } from '../../backend/core/sql.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'

let borrowed: Borrowed
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())

test('without Citus nothing is spread, in words', async () => {
  await expect(spreadOverCitus(borrowed.db)).rejects.toThrow('this database has no Citus')
})

test('every table is spread once, behind those that it points to; a second time only what is new', async () => {
  const { db } = borrowed
  await db.run(sql`create table citus_calls (nr serial, what text, name text)`)
  await db.run(sql`create function create_reference_table(t regclass) returns void language sql as
    $$ insert into citus_calls (what, name) values ('reference', t::text) $$`)
  await db.run(sql`create function create_distributed_table(t regclass, by text, colocate_with text) returns void language sql as
    $$ insert into citus_calls (what, name) values (by, t::text) $$`)
  await db.run(sql`create function truncate_local_data_after_distributing_table(t regclass) returns void language sql as
    $$ insert into citus_calls (what, name) values ('truncate', t::text) $$`)
  const names = await spread(db)
  const calls = await db.many<{ what: string; name: string }>(
    sql`select what, name from citus_calls order by nr`,
  )
  expect(calls.slice(0, names.length).map(({ name }) => name)).toEqual(names)
  expect(calls.slice(names.length).map(({ name }) => name)).toEqual([...names].reverse())
  expect(calls.slice(0, 3).map(({ what }) => what)).toEqual(['reference', 'reference', 'reference'])
  const pointing = await db.many<{ from: string; to: string }>(sql`
    select distinct conrelid::regclass::text as "from", confrelid::regclass::text as "to" from pg_constraint
    where contype = 'f' and conrelid <> confrelid and conparentid = 0`)
  expect(pointing.length).toBeGreaterThan(20)
  for (const { from, to } of pointing)
    expect(names.indexOf(from), `${from} to ${to}`).toBeGreaterThan(names.indexOf(to))
  expect(names.length).toBeGreaterThan(80)
  expect(new Set(names).size).toBe(names.length)
  expect(await spread(db, new Set(names.filter((name) => name !== 'fixes')))).toEqual(['fixes'])
})

test('tables that point to each other are no order', () => {
  const table = (name: string, needs: string[]) => ({ name, kind: 'distributed' as const, needs })
  expect(inOrder([table('b', ['a']), table('a', [])]).map(({ name }) => name)).toEqual(['a', 'b'])
  expect(() => inOrder([table('a', ['b']), table('b', ['a'])])).toThrow('a, b')
  const orgs = { name: 'orgs', kind: 'reference' as const, needs: [] }
  expect(inOrder([table('a', []), orgs]).map(({ name }) => name)).toEqual(['orgs', 'a'])
  expect(() => inOrder([table('a', []), { ...orgs, needs: ['a'] }])).toThrow('orgs is on every')
})
