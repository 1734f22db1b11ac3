import { raw } from 'sql-template-tag'
import type { Db } from '../core/db.ts'
import type { FileStore } from '../core/files.ts'
import { sql, type Sql } from '../core/sql.ts'
import type { PersonalTable } from './personal.ts'

export interface Person {
  orgId: string
  personId: string
}

const owned = ({ key }: PersonalTable, { orgId, personId }: Person): Sql =>
  sql`org_id = ${orgId} and ${raw(key ?? 'person_id')} = ${personId}`

const olderThan = ({ at }: PersonalTable, before: number | null): Sql =>
  before === null ? sql`true` : sql`${raw(at)} < to_timestamp(${before}::float8 / 1000)`

/**
 * Takes a person's rows away, or what they say.
 * @param before epoch ms; rows about later moments stay. Null: none stays.
 * @returns how many, and the files that no row of the table has any more
 */
export async function eraseRows(tx: Db, table: PersonalTable, who: Person, before: number | null) {
  const rows = sql`${owned(table, who)} and ${olderThan(table, before)}`
  if (table.rewrite)
    return { rows: await rewritten(tx, table.name, table.rewrite, rows), files: [] }
  const files = await filesOf(tx, table, rows)
  const gone = await counted(tx, sql`delete from ${raw(table.name)} where ${rows} returning 1`)
  return { rows: gone, files: await unheld(tx, table, files) }
}

const rewritten = (
  tx: Db,
  name: string,
  { set, where }: NonNullable<PersonalTable['rewrite']>,
  rows: Sql,
) => counted(tx, sql`update ${raw(name)} set ${set} where ${rows} and ${where} returning 1`)

export async function counted(tx: Db, change: Sql): Promise<number> {
  const row = await tx.first<{ rows: number }>(
    sql`with changed as (${change}) select count(*)::int as rows from changed`,
  )
  return row?.rows ?? 0
}

export async function filesOf(
  tx: Db,
  { name, files = [] }: PersonalTable,
  rows: Sql,
): Promise<string[]> {
  const found: string[] = []
  for (const column of files) {
    const addresses = await tx.many<{ file: string }>(sql`
      select distinct ${raw(column)} as file from ${raw(name)} where ${rows} and ${raw(column)} is not null`)
    found.push(...addresses.map(({ file }) => file))
  }
  return found
}

export const listOrgIds = (db: Db) => db.many<{ id: string }>(sql`select o.id from orgs o`)

/**
 * Of those addresses the ones that no row has: the same photo may be somebody else's too, also of another company in
 * this database, since a file's address is what is in it.
 */
export async function unheld(
  tx: Db,
  { name, files = [] }: PersonalTable,
  addresses: readonly string[],
): Promise<string[]> {
  const held = new Set<string>()
  for (const { id } of addresses.length > 0 ? await listOrgIds(tx) : [])
    for (const column of files) {
      const rows = await tx.many<{ file: string }>(sql`
        select distinct ${raw(column)} as file from ${raw(name)}
        where org_id = ${id} and ${raw(column)} = any (${addresses}::text[])`)
      for (const { file } of rows) held.add(file)
    }
  return addresses.filter((file) => !held.has(file))
}

export async function removeFiles(store: FileStore, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) await store.remove(address)
}

/**
 * How many rows of a person a table has still to give up, and the newest of their moments, epoch ms.
 * @param before epoch ms; `old` are the rows about earlier moments, all of them when it is null
 */
export async function remaining(
  db: Db,
  table: PersonalTable,
  who: Person,
  before: number | null = null,
) {
  const row = await db.first<{ rows: number; old: number; newest: number | null }>(sql`
    select count(*)::int as rows, count(*) filter (where ${olderThan(table, before)})::int as old,
      (extract(epoch from max(${raw(table.at)})::timestamptz) * 1000)::float8 as newest
    from ${raw(table.name)}
    where ${owned(table, who)} and ${table.rewrite?.where ?? sql`true`}`)
  return row ?? { rows: 0, old: 0, newest: null }
}

/** A person's rows page by page, as objects with the columns' names; geometries are GeoJSON. */
export async function* copyOf(db: Db, table: PersonalTable, who: Person): AsyncGenerator<object[]> {
  const hidden = ['org_id', ...(table.hide ?? [])]
  let last: End | undefined
  do {
    const rows: (End & { row: object })[] = await db.many(sql`
      select to_jsonb(t) - ${hidden}::text[] as row, t.${raw(table.at)}::text as at, t::text as key
      from ${raw(table.name)} t
      where ${owned(table, who)} and ${behind(table, last)}
      order by t.${raw(table.at)}, t::text
      limit ${PAGE}`)
    yield rows.map(({ row }) => row)
    last = rows.length < PAGE ? undefined : rows.at(-1)
  } while (last)
}

const PAGE = 2000

/** The row that a page ended with: its moment, null where none is known, and what tells it from others of the moment. */
interface End {
  at: string | null
  key: string
}

/** Rows without a moment come last. */
function behind({ at }: PersonalTable, last: End | undefined): Sql {
  if (!last) return sql`true`
  const column = raw(at)
  if (last.at === null) return sql`t.${column} is null and t::text > ${last.key}`
  return sql`(t.${column} is null or (t.${column}, t::text) > (${last.at}, ${last.key}))`
}
