import { v7 as uuid } from 'uuid'
import type { z } from 'zod'
import type { Transfer, TransferInput, Transfers } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { customersChanged, customersSeen, refuseStranger, type Access } from './access.ts'
import { recordChange } from './history.ts'
import { departmentOf } from './write.ts'

/**
 * Takes a customer out of the pool. Of two who do so at once one gets it.
 * @throws Fault `not_found`, `not_allowed`, `conflict` when somebody has it.
 */
export async function claimCustomer(
  tx: Db,
  access: Access,
  id: string,
  now: number,
): Promise<void> {
  const { viewer, settings, department } = access
  if (viewer.role !== 'rep' || !settings.repsMayClaim)
    throw new Fault('not_allowed', 'customers are given out by supervisors')
  const row = found(
    await tx.first<{ ownerId: string | null }>(sql`
      select c.owner_id as "ownerId"
      from customers c
      where c.org_id = ${viewer.orgId} and c.id = ${id}::uuid and c.status = 'active'
        and (${customersSeen(access)} or c.owner_id is not null)
      for update`),
    'this customer',
  )
  if (row.ownerId === viewer.id) return
  if (row.ownerId !== null) throw new Fault('conflict', 'somebody else has taken this customer')
  await setOwner(tx, access, { id, owner: viewer.id, department })
  await recordChange(tx, viewer.orgId, {
    customerId: id,
    kind: 'claimed',
    by: viewer.id,
    at: now,
    changes: { owner: [null, viewer.id] },
  })
}

/** Gives one of my own back into the pool of my department. Throws Fault `not_found`, `not_allowed`. */
export async function releaseCustomer(
  tx: Db,
  access: Access,
  id: string,
  now: number,
): Promise<void> {
  const { viewer, settings } = access
  if (viewer.role !== 'rep' || !settings.repsMayClaim)
    throw new Fault('not_allowed', 'customers are given out by supervisors')
  found(
    await tx.first(sql`
      select c.id from customers c
      where c.org_id = ${viewer.orgId} and c.id = ${id}::uuid and c.owner_id = ${viewer.id}
      for update`),
    'this customer of yours',
  )
  await setOwner(tx, access, { id, owner: null, department: null })
  await recordChange(tx, viewer.orgId, {
    customerId: id,
    kind: 'released',
    by: viewer.id,
    at: now,
    changes: { owner: [viewer.id, null] },
  })
}

const setOwner = (
  tx: Db,
  { viewer }: Access,
  given: { id: string; owner: string | null; department: string | null },
) =>
  tx.run(sql`
    update customers
    set owner_id = ${given.owner}, department_id = coalesce(${given.department}, department_id),
      version = version + 1
    where org_id = ${viewer.orgId} and id = ${given.id}::uuid`)

const SAMPLE = 20

/**
 * Hands customers on together, or tells what that would do. Only those that the viewer may change; a supervisor
 * gives to people he leads.
 * @throws Fault `bad_input`, `not_allowed`
 */
export async function transferCustomers(
  tx: Db,
  access: Access,
  input: TransferInput,
  now: number,
): Promise<z.infer<typeof Transfer>> {
  const { viewer } = access
  if (input.from === input.to)
    throw new Fault('bad_input', 'body.to: must be somebody else than from')
  await refuseStranger(tx, access, input.to)
  const department = await departmentOf(tx, viewer.orgId, input.to)
  const chosen = await tx.many<{ id: string; name: string }>(sql`
    select c.id, c.name
    from customers c
    where c.org_id = ${viewer.orgId} and c.owner_id is not distinct from ${input.from}::text
      and (${input.customerIds === undefined}::boolean or c.id = any (${input.customerIds ?? []}::uuid[]))
      and ${input.from === null ? customersSeen(access) : customersChanged(access)}
    order by c.name, c.id
    for update`)
  const told = { customers: chosen.length, sample: chosen.slice(0, SAMPLE) }
  if (input.dryRun || chosen.length === 0) return { ...told, id: null }
  const id = uuid()
  await tx.run(sql`
    insert into customer_transfers (org_id, id, from_owner, to_owner, customers, done_by, done_at)
    values (${viewer.orgId}, ${id}::uuid, ${input.from}, ${input.to}, ${chosen.length}, ${viewer.id},
      to_timestamp(${now}::float8 / 1000))`)
  const move = { id, kind: 'transferred' as const, from: input.from, to: input.to, now }
  await moveAll(tx, access, { ...move, department, ids: chosen.map((each) => each.id) })
  return { ...told, id }
}

interface Move {
  id: string // of the transfer
  kind: 'transferred' | 'returned'
  from: string | null
  to: string | null
  department: string | null
  ids: readonly string[]
  now: number
}

async function moveAll(tx: Db, { viewer }: Access, move: Move) {
  const lines = move.ids.map((customerId) => ({ customerId, id: uuid() }))
  await tx.run(sql`
    update customers
    set owner_id = ${move.to}, department_id = coalesce(${move.department}, department_id),
      version = version + 1, changed_at = to_timestamp(${move.now}::float8 / 1000)
    where org_id = ${viewer.orgId} and id = any (${move.ids}::uuid[])`)
  await tx.run(sql`
    insert into customer_history (org_id, customer_id, id, at, changed_by, kind, changes, cause)
    select ${viewer.orgId}, l."customerId", l.id, to_timestamp(${move.now}::float8 / 1000), ${viewer.id},
      ${move.kind}, ${JSON.stringify({ owner: [move.from, move.to] })}::jsonb, ${move.id}::uuid
    from json_to_recordset(${JSON.stringify(lines)}::json) as l ("customerId" uuid, id uuid)`)
}

/**
 * Gives back what a transfer handed on, as far as the new owner still has it.
 * @returns how many went back
 * @throws Fault `not_found` when there is none, or it was undone.
 */
export async function undoTransfer(
  tx: Db,
  access: Access,
  { id, now }: { id: string; now: number },
): Promise<number> {
  const { orgId, id: by } = access.viewer
  const transfer = found(
    await tx.first<{ from: string | null; to: string | null }>(sql`
      select t.from_owner as "from", t.to_owner as "to"
      from customer_transfers t
      where t.org_id = ${orgId} and t.id = ${id}::uuid and t.undone_at is null
        and (${access.viewer.role === 'admin'}::boolean or t.done_by = ${by})
      for update`),
    'a transfer of yours to undo',
  )
  const back = await tx.many<{ id: string }>(sql`
    select c.id
    from customers c
      join customer_history h on h.org_id = ${orgId} and h.customer_id = c.id and h.cause = ${id}::uuid
    where c.org_id = ${orgId} and c.owner_id is not distinct from ${transfer.to}::text
    for update of c`)
  const department = await departmentOfAnybody(tx, orgId, transfer.from)
  const ids = back.map((each) => each.id)
  const move = { id, kind: 'returned' as const, from: transfer.to, to: transfer.from, now }
  await moveAll(tx, access, { ...move, department, ids })
  await tx.run(sql`
    update customer_transfers
    set undone_by = ${by}, undone_at = to_timestamp(${now}::float8 / 1000)
    where org_id = ${orgId} and id = ${id}::uuid`)
  return ids.length
}

/** Also of somebody who has left. */
async function departmentOfAnybody(tx: Db, orgId: string, personId: string | null) {
  const person = await tx.first<{ department: string }>(sql`
    select p.department_id as department from people p
    where p.org_id = ${orgId} and p.id = ${personId}`)
  return person?.department ?? null
}

/** The newest transfers that the viewer made; an admin sees all. */
export const listTransfers = (db: Db, { viewer: { orgId, id, role } }: Access) =>
  db.many<z.infer<typeof Transfers>['transfers'][number]>(sql`
    select t.id, coalesce(f.name, t.from_owner) as "from", coalesce(o.name, t.to_owner) as "to",
      t.customers, coalesce(b.name, t.done_by) as by, t.done_at as at, t.undone_at as "undoneAt"
    from customer_transfers t
      left join people f on f.org_id = ${orgId} and f.id = t.from_owner
      left join people o on o.org_id = ${orgId} and o.id = t.to_owner
      left join people b on b.org_id = ${orgId} and b.id = t.done_by
    where t.org_id = ${orgId} and (${role === 'admin'}::boolean or t.done_by = ${id})
    order by t.done_at desc, t.id
    limit 50`)
