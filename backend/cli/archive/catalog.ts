import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

export interface Table {
  readonly name: string
  readonly columns: readonly string[]
}

/** Not data of ours: the list of applied migrations has its own place, PostGIS brings its systems itself. */
const APART = ['schema_migrations', 'spatial_ref_sys']

/** Every table with its columns, without those that are computed; partitions are part of theirs. */
export const listTables = (db: Db) =>
  db.many<{ name: string; columns: string[] }>(sql`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> all (${APART}::text[])
    group by c.relname
    order by c.relname`)

export interface Partition {
  table: string
  name: string
  from: string // as the database writes a moment, in UTC
  to: string
}

/** Partitions by time; the default ones belong to their table. The session's zone must be UTC. */
export const listPartitions = (db: Db) =>
  db.many<Partition>(sql`
    select p.relname as table, c.relname as name, b.bounds[1] as from, b.bounds[2] as to
    from pg_inherits i
      join pg_class p on p.oid = i.inhparent and p.relnamespace = 'public'::regnamespace
      join pg_class c on c.oid = i.inhrelid
      cross join lateral regexp_match(
        pg_get_expr(c.relpartbound, c.oid), $$FROM \('([^']+)'\) TO \('([^']+)'\)$$) b (bounds)
    where b.bounds is not null
    order by c.relname`)

/** The type of each column of a table, as a cast names it. */
export async function typesOf(db: Db, table: string): Promise<Map<string, string>> {
  const rows = await db.many<{ name: string; type: string }>(sql`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_attribute a
    where a.attrelid = to_regclass(${table}) and a.attnum > 0 and not a.attisdropped`)
  return new Map(rows.map(({ name, type }) => [name, type]))
}

/** Tables so that each stands behind those it points to. */
export async function inOrder<T extends { name: string }>(db: Db, tables: T[]): Promise<T[]> {
  const arrows = await db.many<{ from: string; to: string }>(sql`
    select f.relname as from, t.relname as to
    from pg_constraint k
      join pg_class f on f.oid = k.conrelid
      join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and k.conrelid <> k.confrelid`)
  const waiting = new Map(tables.map((table) => [table.name, table]))
  const ordered: T[] = []
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(({ name }) => !arrows.some(({ from, to }) => from === name && waiting.has(to))) // prettier-ignore
    if (free.length === 0) throw new Error(`tables point to each other in a circle: ${[...waiting.keys()].join(', ')}`) // prettier-ignore
    for (const table of free) waiting.delete(table.name)
    ordered.push(...free)
  }
  return ordered
}

/** How values are written as text and read back, whatever the server's own settings are. */
export async function plainTexts(tx: Db): Promise<void> {
  for (const setting of [
    "timezone = 'UTC'",
    "datestyle = 'ISO, MDY'",
    "intervalstyle = 'postgres'",
    "bytea_output = 'hex'",
    'extra_float_digits = 1',
  ])
    // prettier-ignore
    await tx.raw(`set local ${setting}`)
}
