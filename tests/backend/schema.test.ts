import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql, type Sql } from '../../backend/core/sql.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'

/**
 * The rules that let the same schema grow past one machine, read from the catalog. The table of
 * applied migrations belongs to the migration library, spatial_ref_sys to PostGIS; partitions
 * follow their parent.
 */
let borrowed: Borrowed
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())

const ours = sql`
  select c.oid, c.relname as name, obj_description(c.oid, 'pg_class') as kind
  from pg_class c
  where c.relnamespace = 'public'::regnamespace
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and c.relname not in ('schema_migrations', 'spatial_ref_sys')`

const names = async (query: Sql) =>
  (await borrowed.db.many<{ name: string }>(query)).map(({ name }) => name)

test('every table says whether it is distributed, reference or local', async () => {
  const tables = await borrowed.db.many<{ name: string; kind: string | null }>(ours)
  expect(tables.length).toBeGreaterThan(10)
  const kinds = ['distributed', 'reference', 'local']
  expect(tables.filter(({ kind }) => !kinds.includes(kind ?? ''))).toEqual([])
})

test('every distributed table has an org_id that is text and never null', async () => {
  const without = await names(sql`
    select t.name
    from (${ours}) t
    where t.kind = 'distributed'
      and not exists (
        select from pg_attribute a
        where a.attrelid = t.oid and a.attname = 'org_id' and a.attnotnull
          and a.atttypid = 'text'::regtype)`)
  expect(without).toEqual([])
})

test('org_id is in every primary key and every unique index of a distributed table', async () => {
  const without = await names(sql`
    select i.indexrelid::regclass::text as name
    from (${ours}) t
    join pg_index i on i.indrelid = t.oid
    where t.kind = 'distributed' and (i.indisunique or i.indisexclusion)
      and not exists (
        select from pg_attribute a
        where a.attrelid = t.oid and a.attname = 'org_id' and a.attnum = any (i.indkey))`)
  expect(without).toEqual([])
  const keyless = await names(sql`
    select t.name
    from (${ours}) t
    where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)`)
  expect(keyless).toEqual([])
})

test('a distributed table points to others by org_id and id, to reference tables by id', async () => {
  const wrong = await names(sql`
    select k.conname as name
    from (${ours}) t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
    where coalesce(obj_description(k.confrelid, 'pg_class'), '') <> 'reference'
      and not exists (
        select
        from unnest(k.conkey, k.confkey) as pair (own, other)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.own
        join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.other
        where a.attname = 'org_id' and b.attname = 'org_id')`)
  expect(wrong).toEqual([])
})

test('reference and local tables point to no distributed one', async () => {
  const wrong = await names(sql`
    select k.conname as name
    from (${ours}) t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
    where t.kind <> 'distributed' and obj_description(k.confrelid, 'pg_class') = 'distributed'`)
  expect(wrong).toEqual([])
})

test('personal tables have the person in their primary key', async () => {
  const without = await names(sql`
    select t.name
    from (${ours}) t
    join pg_attribute person on person.attrelid = t.oid and person.attname = 'person_id'
    join pg_index i on i.indrelid = t.oid and i.indisprimary
    where t.kind = 'distributed' and not person.attnum = any (i.indkey)`)
  expect(without).toEqual([])
})

test('there are no triggers, rules, identity columns or deletes that set null', async () => {
  const triggers = await names(sql`
    select g.tgname as name
    from (${ours}) t
    join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal`)
  const rules = await names(sql`
    select r.rulename as name
    from (${ours}) t
    join pg_rewrite r on r.ev_class = t.oid`)
  const made = await names(sql`
    select t.name || '.' || a.attname as name
    from (${ours}) t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
    where a.attidentity <> ''
      or exists (
        select from pg_attrdef d
        where d.adrelid = t.oid and d.adnum = a.attnum
          and pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')`)
  const nulling = await names(sql`
    select k.conname as name
    from (${ours}) t
    join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
    where k.confdeltype in ('n', 'd')`)
  expect({ triggers, rules, made, nulling }).toEqual({
    triggers: [],
    rules: [],
    made: [],
    nulling: [],
  })
})

test('partitions are one level deep', async () => {
  const deep = await names(sql`
    select c.relname as name
    from pg_class c
    where c.relispartition and c.relkind = 'p'`)
  expect(deep).toEqual([])
})
