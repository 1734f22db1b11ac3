import { v7 as uuid } from 'uuid'
import type { CustomerChange, CustomerFields, CustomerNew } from '../contract/customers.ts'
import type { z } from 'zod'
import type { Db } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { customersChanged, customersSeen, refuseStranger, type Access } from './access.ts'
import { changesOf, recordChange } from './history.ts'
import { importKey, keysOf } from './keys.ts'
import { placeOf, type Place } from './places.ts'
import { findSeen } from './queries.ts'
import { customOf } from './settings.ts'

/**
 * Adds a customer. The same id again changes nothing.
 * @returns its id
 * @throws Fault `not_allowed`, `bad_input`, `conflict` where the code is another customer's.
 */
export async function addCustomer(
  db: Db,
  access: Access,
  input: CustomerNew,
  now: number,
): Promise<string> {
  const { viewer, settings } = access
  if (viewer.role === 'hr' || (viewer.role === 'rep' && !settings.repsMayAdd))
    throw new Fault('not_allowed', 'your company lets others add customers')
  const owner = ownerOf(access, input)
  await refuseStranger(db, access, owner)
  const fields = { ...input, custom: customOf(settings.fields, input.custom) }
  const department = (await departmentOf(db, viewer.orgId, owner)) ?? access.department
  const id = input.id ?? uuid()
  await db.transact(async (tx) => {
    await refuseKnownCode(tx, viewer.orgId, { code: fields.code, id })
    const added = { id, owner, department, now, fields, ...placedBy(access, input) }
    if (!(await insertCustomer(tx, viewer.orgId, added))) return
    await recordChange(tx, viewer.orgId, {
      customerId: id,
      kind: 'created',
      by: viewer.id,
      at: now,
    })
  })
  found(await findSeen(db, access, id), 'this customer') // the id may be that of another's
  return id
}

interface Placed {
  place: Place | typeof NOWHERE
  placedBy: 'first_visit' | 'corrected' | null
}

const NOWHERE = { lng: null, lat: null, rawLng: null, rawLat: null, rawDatum: 'wgs84' as const }

function placedBy({ settings }: Access, { position }: CustomerNew): Placed {
  if (position === null) return { place: NOWHERE, placedBy: null }
  const place = placeOf(position, settings.datumRequired)
  return { place, placedBy: position.here ? 'first_visit' : 'corrected' }
}

interface Added extends Placed {
  id: string
  owner: string | null
  department: string
  now: number
  fields: CustomerFields
}

/** @returns whether it was added; false when the id is there already. */
async function insertCustomer(tx: Db, orgId: string, added: Added): Promise<boolean> {
  const { fields, place } = added
  const { nameKey: name, searchKey: search } = keysOf(fields)
  const key = importKey(fields)
  const rows = await tx.many(sql`
    insert into customers (org_id, id, name, address, code, phone, tier, tags, contacts, custom, note, radius,
      source, owner_id, department_id, at, raw_lng, raw_lat, raw_datum, placed_by, created_at, changed_at,
      name_key, search_key, import_key)
    select ${orgId}, ${added.id}::uuid, ${fields.name}, ${fields.address}, ${fields.code}, ${fields.phone},
      ${fields.tier}, ${fields.tags}::text[], ${JSON.stringify(fields.contacts)}::jsonb,
      ${JSON.stringify(fields.custom)}::jsonb, ${fields.note}, ${fields.radius}::float8, 'manual',
      ${added.owner}, ${added.department}, st_point(${place.lng}::float8, ${place.lat}::float8, 4326)::geography,
      ${place.rawLng}::float8, ${place.rawLat}::float8, ${place.rawDatum}, ${added.placedBy},
      to_timestamp(${added.now}::float8 / 1000), to_timestamp(${added.now}::float8 / 1000), ${name}, ${search},
      (select ${key}::text where not exists (
        select from customers k where k.org_id = ${orgId} and k.import_key = ${key}))
    on conflict (org_id, id) do nothing
    returning id`)
  return rows.length > 0
}

/** A rep's new customer is his own; a supervisor or admin says whose it is, else it is the pool's. */
function ownerOf({ viewer }: Access, input: CustomerNew): string | null {
  if (viewer.role !== 'rep') return input.ownerId ?? null
  if (input.ownerId == null || input.ownerId === viewer.id)
    return input.ownerId === null ? null : viewer.id
  throw new Fault('not_allowed', 'ownerId: a rep adds customers of his own or of the pool')
}

/** @returns null when nobody owns it. Throws Fault `bad_input` for somebody who is not here. */
export async function departmentOf(db: Db, orgId: string, owner: string | null) {
  if (owner === null) return null
  const person = await db.first<{ department: string }>(sql`
    select p.department_id as department from people p
    where p.org_id = ${orgId} and p.id = ${owner} and p.active`)
  if (person) return person.department
  throw new Fault('bad_input', `ownerId: ${owner} is nobody here`)
}

async function refuseKnownCode(
  tx: Db,
  orgId: string,
  { code, id }: { code: string | null; id: string },
) {
  const known = await tx.first(sql`
    select c.id from customers c
    where c.org_id = ${orgId} and c.code = ${code} and c.id <> ${id}::uuid`)
  if (known)
    throw new Fault('conflict', `code: another customer has ${code}`, [
      { field: 'code', rule: 'another customer has it' },
    ])
}

type Kept = CustomerFields & { version: number; status: 'active' | 'archived' }

/** A customer that the viewer may change, locked. Throws Fault `not_found`, `not_allowed`. */
async function takeCustomer(tx: Db, access: Access, id: string): Promise<Kept> {
  const row = await tx.first<Kept & { editable: boolean }>(sql`
    select c.name, c.address, c.code, c.phone, c.tier, c.tags, c.contacts, c.custom, c.note, c.radius,
      c.version, c.status, ${customersChanged(access)} as editable
    from customers c
    where c.org_id = ${access.viewer.orgId} and c.id = ${id}::uuid and ${customersSeen(access)}
    for update`)
  const { editable, ...kept } = found(row, 'this customer')
  if (!editable) throw new Fault('not_allowed', 'this customer is not yours to change')
  return kept
}

/**
 * Changes what is known of a customer.
 * @throws Fault `conflict` when somebody else changed it since `version`.
 */
export async function changeCustomer(
  tx: Db,
  access: Access,
  id: string,
  given: { input: z.infer<typeof CustomerChange>; now: number },
): Promise<void> {
  const { viewer, settings } = access
  const { version, ...after } = given.input
  const { version: current, status: _status, ...before } = await takeCustomer(tx, access, id)
  const gone = Object.entries(before.custom).filter(
    ([key]) => !settings.fields.some((field) => field.key === key),
  )
  after.custom = { ...Object.fromEntries(gone), ...customOf(settings.fields, after.custom) }
  const changes = changesOf(before, after)
  if (Object.keys(changes).length === 0) return
  if (version !== current)
    throw new Fault('conflict', 'version: somebody else has changed this customer meanwhile')
  await refuseKnownCode(tx, viewer.orgId, { code: after.code, id })
  const { nameKey: key, searchKey: search } = keysOf(after)
  await tx.run(sql`
    update customers
    set name = ${after.name}, address = ${after.address}, code = ${after.code}, phone = ${after.phone},
      tier = ${after.tier}, tags = ${after.tags}::text[],
      contacts = ${JSON.stringify(after.contacts)}::jsonb, custom = ${JSON.stringify(after.custom)}::jsonb,
      note = ${after.note}, radius = ${after.radius}::float8, name_key = ${key}, search_key = ${search},
      version = version + 1, changed_at = to_timestamp(${given.now}::float8 / 1000)
    where org_id = ${viewer.orgId} and id = ${id}::uuid`)
  await recordChange(tx, viewer.orgId, {
    customerId: id,
    kind: 'changed',
    by: viewer.id,
    at: given.now,
    changes,
  })
}

/** Takes a customer out of the lists, or back into them; what happened there stays. */
export async function setStatus(
  tx: Db,
  access: Access,
  id: string,
  { status, now }: { status: Kept['status']; now: number },
): Promise<void> {
  const { orgId, id: by } = access.viewer
  const before = await takeCustomer(tx, access, id)
  if (before.status === status) return
  await tx.run(sql`
    update customers
    set status = ${status}, version = version + 1, changed_at = to_timestamp(${now}::float8 / 1000)
    where org_id = ${orgId} and id = ${id}::uuid`)
  const kind = status === 'archived' ? 'archived' : 'restored'
  await recordChange(tx, orgId, { customerId: id, kind, by, at: now })
}
