import type { Database, Db } from './db.ts'
import { Fault } from './errors.ts'
import { sql } from './sql.ts'

/** How a table is spread: each names it in its comment. */
export interface Spread {
  name: string
  kind: 'distributed' | 'reference' | 'local'
  needs: string[] // tables that it points to
}

/**
 * Spreads the tables over the workers of a Citus (13.2, installed by the operator): reference tables whole on each,
 * distributed ones by `org_id`, together. Tables that are spread already stay as they are, so that it is run again
 * after each upgrade. What is in them goes along.
 * @returns the tables that were spread, in their order
 * @throws Fault `not_ready` where there is no Citus
 */
export async function spreadOverCitus(db: Database): Promise<string[]> {
  const found = await db.first(sql`select 1 from pg_extension where extname = 'citus'`)
  if (!found)
    throw new Fault('not_ready', 'this database has no Citus: create extension citus; first')
  const done = await db.many<{ name: string }>(
    sql`select logicalrelid::regclass::text as name from pg_dist_partition`,
  )
  return spread(db, new Set(done.map(({ name }) => name)))
}

/** The statements themselves, in one transaction; apart from the above so that a test needs no Citus. */
export async function spread(db: Db, done: ReadonlySet<string> = new Set()): Promise<string[]> {
  const waiting = inOrder(await spreads(db)).filter(({ name }) => !done.has(name))
  return db.transact(async (tx) => {
    await tx.run(sql`set local citus.enable_local_reference_table_foreign_keys = off`)
    await tx.run(sql`set local citus.multi_shard_modify_mode = 'sequential'`)
    for (const { name, kind } of waiting)
      if (kind === 'reference') await tx.many(sql`select create_reference_table(${name}::regclass)`)
      else await tx.many(sql`select create_distributed_table(${name}::regclass, 'org_id', colocate_with => ${ANCHOR})`) // prettier-ignore
    for (const { name } of [...waiting].reverse())
      await tx.many(sql`select truncate_local_data_after_distributing_table(${name}::regclass)`)
    return waiting.map(({ name }) => name)
  })
}

/** Citus puts tables whose `org_id` has one type together by itself. */
const ANCHOR = 'default'

const spreads = (db: Db) =>
  db.many<Spread>(sql`
    select c.relname as name, obj_description(c.oid, 'pg_class') as kind,
      array(
        select distinct f.relname::text
        from pg_constraint k
          join pg_class f on f.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid
      ) as needs
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and obj_description(c.oid, 'pg_class') in ('distributed', 'reference')
    order by c.relname`)

/** Reference tables first, and each table behind those that it points to. @throws Error where they go round in a circle */
export function inOrder(tables: readonly Spread[]): Spread[] {
  const ordered: Spread[] = []
  let left = [...tables]
  while (left.length > 0) {
    const open = new Set(left.map(({ name }) => name))
    const free = left.filter(({ needs }) => !needs.some((name) => open.has(name)))
    if (free.length === 0) throw new Error(`tables point to each other: ${[...open].join(', ')}`)
    ordered.push(...free)
    left = left.filter((table) => !free.includes(table))
  }
  const isReference = ({ kind }: Spread) => kind === 'reference'
  const apart = new Set(ordered.filter((table) => !isReference(table)).map(({ name }) => name))
  const wrong = ordered.find((table) => isReference(table) && table.needs.some((name) => apart.has(name))) // prettier-ignore
  if (wrong) throw new Error(`${wrong.name} is on every worker, what it points to is not`)
  return [...ordered.filter(isReference), ...ordered.filter((table) => !isReference(table))]
}
