import { v7 as uuid } from 'uuid'
import type { Alike, Mapping } from '../../contract/customerImport.ts'
import type { Datum } from '../../contract/terms.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import { findTwins } from '../duplicates.ts'
import type { ImportedRow } from './row.ts'

/** What became of the rows of a batch. */
export interface Weighed {
  added: ImportedRow[]
  changed: { id: string; row: ImportedRow }[]
  same: number
  alike: Alike[] // of the added
}

/**
 * Which rows are new, which say something else than when they were imported last, and which say the same.
 * A customer is found again by its code, else by the name and address it was first imported with.
 * @param before epoch ms; new rows are compared with customers that were here by then; null: there were none
 */
export async function weigh(
  db: Db,
  orgId: string,
  rows: readonly ImportedRow[],
  before: number | null,
): Promise<Weighed> {
  const keys = rows.map(({ key }) => key)
  const codes = rows.flatMap(({ code }) => code ?? [])
  const known = await db.many<{
    id: string
    key: string | null
    code: string | null
    hash: string | null
  }>(sql`
    select c.id, c.import_key as key, c.code, c.import_hash as hash
    from customers c
    where c.org_id = ${orgId} and (c.import_key = any (${keys}::text[]) or c.code = any (${codes}::text[]))`)
  const byKey = new Map(known.map((each) => [each.code ? `c:${each.code}` : each.key, each]))
  for (const each of known) if (each.key && !byKey.has(each.key)) byKey.set(each.key, each)
  const weighed: Weighed = { added: [], changed: [], same: 0, alike: [] }
  for (const row of rows) {
    const found = byKey.get(row.key)
    if (!found) weighed.added.push(row)
    else if (found.hash === row.hash) weighed.same += 1
    else weighed.changed.push({ id: found.id, row })
  }
  const twins = before === null ? [] : await findTwins(db, orgId, weighed.added, before)
  weighed.alike = twins.flatMap(({ index, ...twin }) => {
    const row = weighed.added[index]
    return row ? [{ line: row.line, name: row.name, ...twin }] : []
  })
  return weighed
}

export interface Writing {
  orgId: string
  by: string
  now: number
  cause: string // the job
  mapping: Mapping
  datum: Datum
}

const jsonOf = (row: ImportedRow, id: string) => ({
  ...row,
  ...row.place,
  id,
  change: uuid(),
})

const RECORD = sql`(id uuid, change uuid, name text, address text, code text, phone text, tier text,
  tags json, contacts jsonb, custom jsonb, note text, radius float8, "ownerId" text, "departmentId" text,
  lng float8, lat float8, "rawLng" float8, "rawLat" float8, key text, hash text, "nameKey" text, "searchKey" text)`

/** Adds rows as customers, with a line of history each. One whose key is taken meanwhile is left alone. */
export async function addRows(tx: Db, rows: readonly ImportedRow[], w: Writing): Promise<void> {
  if (rows.length === 0) return
  const json = JSON.stringify(rows.map((row) => jsonOf(row, uuid())))
  await tx.run(sql`
    with r as materialized (select * from json_to_recordset(${json}::json) as r ${RECORD}), added as (
      insert into customers (org_id, id, name, address, code, phone, tier, tags, contacts, custom, note, radius,
        source, owner_id, department_id, at, raw_lng, raw_lat, raw_datum, placed_by, created_at, changed_at,
        name_key, search_key, import_key, import_hash)
      select ${w.orgId}, r.id, r.name, r.address, r.code, r.phone, r.tier,
        array(select json_array_elements_text(r.tags)), r.contacts, r.custom, r.note, r.radius, 'import',
        r."ownerId", coalesce(r."departmentId", p.department_id), st_point(r.lng, r.lat, 4326)::geography,
        r."rawLng", r."rawLat", ${w.datum}, case when r.lng is not null then 'imported' end,
        to_timestamp(${w.now}::float8 / 1000), to_timestamp(${w.now}::float8 / 1000), r."nameKey",
        r."searchKey", r.key, r.hash
      from r left join people p on p.org_id = ${w.orgId} and p.id = r."ownerId"
      on conflict do nothing
      returning id
    )
    insert into customer_history (org_id, customer_id, id, at, changed_by, kind, cause)
    select ${w.orgId}, r.id, r.change, to_timestamp(${w.now}::float8 / 1000), ${w.by}, 'imported', ${w.cause}::uuid
    from r join added on added.id = r.id`)
}

/**
 * Writes what the file's columns say over what is there. A position that somebody corrected since, and the owner,
 * stay: the file is older than they are.
 */
export async function changeRows(tx: Db, rows: Weighed['changed'], w: Writing): Promise<void> {
  if (rows.length === 0) return
  const json = JSON.stringify(rows.map(({ id, row }) => jsonOf(row, id)))
  const has = (...fields: string[]) =>
    w.mapping.some((field) => field !== null && fields.includes(field))
  const custom = w.mapping.some((field) => field?.startsWith('custom.'))
  const placed = sql`(r.lng is not null and coalesce(c.placed_by, 'imported') = 'imported')`
  await tx.run(sql`
    with r as materialized (select * from json_to_recordset(${json}::json) as r ${RECORD}), changed as (
      update customers c
      set name = r.name, code = coalesce(r.code, c.code),
        address = case when ${has('address')}::boolean then r.address else c.address end,
        phone = case when ${has('phone')}::boolean then r.phone else c.phone end,
        tier = case when ${has('tier')}::boolean then r.tier else c.tier end,
        tags = case when ${has('tags')}::boolean then array(select json_array_elements_text(r.tags)) else c.tags end,
        contacts = case when ${has('contact')}::boolean then r.contacts else c.contacts end,
        custom = case when ${custom}::boolean then c.custom || r.custom else c.custom end,
        note = case when ${has('note')}::boolean then r.note else c.note end,
        radius = case when ${has('radius')}::boolean then r.radius else c.radius end,
        department_id = coalesce(r."departmentId", c.department_id),
        at = case when ${placed} then st_point(r.lng, r.lat, 4326)::geography else c.at end,
        raw_lng = case when ${placed} then r."rawLng" else c.raw_lng end,
        raw_lat = case when ${placed} then r."rawLat" else c.raw_lat end,
        raw_datum = case when ${placed} then ${w.datum} else c.raw_datum end,
        placed_by = case when ${placed} then 'imported' else c.placed_by end,
        name_key = r."nameKey", search_key = r."searchKey", import_key = r.key, import_hash = r.hash,
        version = c.version + 1, changed_at = to_timestamp(${w.now}::float8 / 1000)
      from r
      where c.org_id = ${w.orgId} and c.id = r.id
      returning c.id
    )
    insert into customer_history (org_id, customer_id, id, at, changed_by, kind, cause)
    select ${w.orgId}, r.id, r.change, to_timestamp(${w.now}::float8 / 1000), ${w.by}, 'imported', ${w.cause}::uuid
    from r join changed on changed.id = r.id`)
}

/** Whom a file may name as owner, and which departments: by id and by the names that only one has, in lower case. */
export async function loadNames(db: Db, orgId: string) {
  const people = await db.many<{ id: string; name: string }>(sql`
    select p.id, p.name from people p where p.org_id = ${orgId} and p.active`)
  const departments = await db.many<{ id: string; name: string }>(sql`
    select d.id, d.name from departments d where d.org_id = ${orgId} and d.active`)
  return { people: byName(people), departments: byName(departments) }
}

function byName(rows: readonly { id: string; name: string }[]): Map<string, string> {
  const counts = new Map<string, number>()
  for (const { name } of rows)
    counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1)
  const unique = rows.filter(({ name }) => counts.get(name.toLowerCase()) === 1)
  return new Map([
    ...unique.map(({ id, name }): [string, string] => [name.toLowerCase(), id]),
    ...rows.map(({ id }): [string, string] => [id.toLowerCase(), id]),
  ])
}
