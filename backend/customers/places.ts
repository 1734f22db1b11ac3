import { v7 as uuid } from 'uuid'
import { toWgs84 } from '../../geo/index.ts'
import type { PlaceInput, Proposal } from '../contract/customers.ts'
import type { PositionIn } from '../contract/workplaces.ts'
import type { Db } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { customersChanged, customersSeen, disposes, type Access } from './access.ts'
import { recordChange } from './history.ts'

/** A position as it was given, and in WGS-84. */
export interface Place {
  lng: number // WGS-84
  lat: number
  rawLng: number
  rawLat: number
  rawDatum: 'wgs84' | 'gcj02' | 'bd09'
}

/** Throws Fault `bad_input` where a company requires a datum and there is none. */
export function placeOf(position: PositionIn, datumRequired: boolean): Place {
  if (position.datum === undefined && datumRequired) {
    const rule = 'your company takes no position without a datum: wgs84, gcj02 or bd09'
    throw new Fault('bad_input', `body.position.datum: ${rule}`, [
      { field: 'position.datum', rule },
    ])
  }
  const rawDatum = position.datum ?? 'wgs84'
  const [lng, lat] = toWgs84([position.lng, position.lat], rawDatum)
  return { lng, lat, rawLng: position.lng, rawLat: position.lat, rawDatum }
}

const rounded = ({ lng, lat }: { lng: number; lat: number }) =>
  [lng, lat].map((degrees) => Math.round(degrees * 1e6) / 1e6)

/** What a position is for the customer, and who says so. */
export interface Placing {
  by: string
  at: number // epoch ms
  placedBy: 'first_visit' | 'corrected'
  cause?: string
}

/**
 * The first visit sets the position of a customer that has none, in the visit's own transaction.
 * @returns whether it did; false when there was a position already.
 */
export async function placeFirst(
  tx: Db,
  orgId: string,
  customerId: string,
  { place, by, at }: { place: Place; by: string; at: number },
): Promise<boolean> {
  const set = await setPlace(tx, { orgId, customerId, onlyFirst: true }, place, {
    by,
    at,
    placedBy: 'first_visit',
  })
  return set
}

async function setPlace(
  tx: Db,
  which: { orgId: string; customerId: string; onlyFirst?: boolean },
  place: Place,
  { by, at, placedBy, cause }: Placing,
): Promise<boolean> {
  const { orgId, customerId, onlyFirst = false } = which
  const before = await tx.first<{ lng: number | null; lat: number | null }>(sql`
    select st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat
    from customers c
    where c.org_id = ${orgId} and c.id = ${customerId}::uuid
    for update`)
  if (!before || (onlyFirst && before.lng !== null)) return false
  await tx.run(sql`
    update customers
    set at = st_point(${place.lng}::float8, ${place.lat}::float8, 4326)::geography,
      raw_lng = ${place.rawLng}::float8, raw_lat = ${place.rawLat}::float8, raw_datum = ${place.rawDatum},
      placed_by = ${placedBy}, version = version + 1, changed_at = to_timestamp(${at}::float8 / 1000)
    where org_id = ${orgId} and id = ${customerId}::uuid`)
  const { lng, lat } = before
  const from = lng === null || lat === null ? null : rounded({ lng, lat })
  await recordChange(tx, orgId, {
    customerId,
    kind: 'placed',
    by,
    at,
    changes: { position: [from, rounded(place)] },
    ...(cause && { cause }),
  })
  return true
}

/**
 * Takes a position for a customer: the first one counts, and that of a supervisor or admin who may
 * change the customer; any other is a proposal.
 * @throws Fault `not_found`, `bad_input`
 */
export function takePlace(
  tx: Db,
  access: Access,
  given: { customerId: string; input: PlaceInput; now: number },
): Promise<'placed' | 'proposed'> {
  const { viewer, settings } = access
  const { customerId, input, now } = given
  const place = placeOf(input, settings.datumRequired)
  return tx.transact(async (inner) => {
    const known = found(await findPlaced(inner, access, customerId), 'this customer')
    const first = !known.placed
    const decides = known.editable && disposes(viewer)
    if (!first && !decides) {
      await propose(inner, access, given, place)
      return 'proposed'
    }
    const placedBy = first && input.here ? 'first_visit' : 'corrected'
    await setPlace(inner, { orgId: viewer.orgId, customerId }, place, {
      by: viewer.id,
      at: now,
      placedBy,
    })
    return 'placed'
  })
}

const findPlaced = (tx: Db, access: Access, id: string) =>
  tx.first<{ placed: boolean; editable: boolean }>(sql`
    select c.at is not null as placed, ${customersChanged(access)} as editable
    from customers c
    where c.org_id = ${access.viewer.orgId} and c.id = ${id}::uuid and ${customersSeen(access)}
    for update`)

/** A person's newer proposal for a customer takes the place of his older one. */
async function propose(
  tx: Db,
  { viewer }: Access,
  { customerId, input, now }: { customerId: string; input: PlaceInput; now: number },
  place: Place,
) {
  await tx.run(sql`
    delete from customer_proposals
    where org_id = ${viewer.orgId} and customer_id = ${customerId}::uuid
      and proposed_by = ${viewer.id} and state = 'open'`)
  await tx.run(sql`
    insert into customer_proposals (org_id, id, customer_id, at, raw_lng, raw_lat, raw_datum, accuracy, note,
      proposed_by, proposed_at)
    values (${viewer.orgId}, ${uuid()}::uuid, ${customerId}::uuid,
      st_point(${place.lng}::float8, ${place.lat}::float8, 4326)::geography, ${place.rawLng}::float8,
      ${place.rawLat}::float8, ${place.rawDatum}, ${input.accuracy ?? null}::float8, ${input.note},
      ${viewer.id}, to_timestamp(${now}::float8 / 1000))`)
}

/** Open proposals, oldest first: of one customer, or of all that the viewer may change. */
export const listProposals = (db: Db, access: Access, customerId: string | null = null) =>
  db.many<Proposal>(sql`
    select r.id, r.customer_id as "customerId", c.name as customer, st_x(r.at::geometry) as lng,
      st_y(r.at::geometry) as lat, st_distance(r.at, c.at) as metres, r.accuracy, r.note,
      coalesce(p.name, r.proposed_by) as by, r.proposed_at as at
    from customer_proposals r
      join customers c on c.org_id = ${access.viewer.orgId} and c.id = r.customer_id
      left join people p on p.org_id = ${access.viewer.orgId} and p.id = r.proposed_by
    where r.org_id = ${access.viewer.orgId} and r.state = 'open'
      and (${customerId}::uuid is null or r.customer_id = ${customerId}::uuid)
      and ${customerId === null ? customersChanged(access) : customersSeen(access)}
    order by r.proposed_at, r.id
    limit 200`)

interface Open {
  customerId: string
  proposedBy: string
  customer: string
  lng: number
  lat: number
  rawLng: number
  rawLat: number
  rawDatum: Place['rawDatum']
}

export interface Decision {
  id: string
  accept: boolean
  reason: string | null
  now: number
}

/**
 * Accepts or refuses a proposal of a customer that the viewer may change.
 * @returns what was decided about, so that who proposed can be told.
 * @throws Fault `not_found` when it is not open any more.
 */
export async function decideProposal(tx: Db, access: Access, decision: Decision): Promise<Open> {
  const { orgId, id: by } = access.viewer
  const { id, accept, reason, now } = decision
  const open = found(
    await tx.first<Open>(sql`
      select r.customer_id as "customerId", r.proposed_by as "proposedBy", c.name as customer,
        st_x(r.at::geometry) as lng, st_y(r.at::geometry) as lat, r.raw_lng as "rawLng",
        r.raw_lat as "rawLat", r.raw_datum as "rawDatum"
      from customer_proposals r
        join customers c on c.org_id = ${orgId} and c.id = r.customer_id
      where r.org_id = ${orgId} and r.id = ${id}::uuid and r.state = 'open' and ${customersChanged(access)}
      for update of r`),
    'this proposal',
  )
  await tx.run(sql`
    update customer_proposals
    set state = ${accept ? 'accepted' : 'refused'}, decided_by = ${by}, reason = ${reason},
      decided_at = to_timestamp(${now}::float8 / 1000)
    where org_id = ${orgId} and id = ${id}::uuid`)
  const placing: Placing = { by, at: now, placedBy: 'corrected', cause: id }
  if (accept) await setPlace(tx, { orgId, customerId: open.customerId }, open, placing)
  return open
}
