import type { Customer } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import { inScope } from '../people/index.ts'
import { customersSeen, type Access } from './access.ts'

/** Degrees WGS-84: west, south, east, north. */
export type Box = readonly [west: number, south: number, east: number, north: number]

const COLUMNS = sql`
  c.id, c.name, c.address, c.tier, c.radius, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat`

/** Customers whose centre lies in the box, by id. */
export const listCustomersIn = (db: Db, orgId: string, scope: { box: Box; limit: number }) =>
  db.many<Customer>(sql`
    select ${COLUMNS}
    from customers c
    where c.org_id = ${orgId} and ${inside(scope.box)}
    order by c.id
    limit ${scope.limit}`)

const WIDE_DEGREES = 10

/**
 * Exact by comparing degrees; a narrow box first asks the geography index for the circle around it,
 * because an envelope's edges as great circles would cut off what lies along its parallels.
 */
export function inside([west, south, east, north]: Box): Sql {
  const exact = sql`
    st_x(c.at::geometry) between ${west} and ${east}
    and st_y(c.at::geometry) between ${south} and ${north}`
  if (east - west > WIDE_DEGREES || north - south > WIDE_DEGREES) return exact
  const metres = Math.hypot(east - west, north - south) * 0.5 * 111_700 // a degree is at most 111.7 km
  return sql`
    st_dwithin(c.at, st_point(${(west + east) / 2}, ${(south + north) / 2}, 4326)::geography, ${metres})
    and ${exact}`
}

export interface Around {
  lng: number // degrees WGS-84
  lat: number
  radius: number // metres
  limit: number
}

/**
 * Nearest first with the distance in metres; of those that may be seen. The index gives the nearest one after
 * another (KNN), and what is too far falls away after: asked for all within the radius, it would sort thousands.
 */
export function listNearby(db: Db, access: Access, around: Around) {
  const here = sql`st_point(${around.lng}::float8, ${around.lat}::float8, 4326)::geography`
  return db.many<Customer & { metres: number; tags: string[] }>(sql`
    select ${COLUMNS}, c.tags, c.metres
    from (
      select c.*, st_distance(c.at, ${here}) as metres
      from customers c
      where c.org_id = ${access.viewer.orgId} and c.status = 'active' and c.at is not null
        and ${customersSeen(access)}
      order by c.at <-> ${here}
      limit ${around.limit}
    ) c
    where c.metres <= ${around.radius}
    order by c.metres, c.id`)
}

export const customerExists = (db: Db, orgId: string, id: string) =>
  db.first<{ id: string }>(sql`
    select c.id from customers c where c.org_id = ${orgId} and c.id = ${id}::uuid`)

/** The same among the customers that a viewer may see. */
export const findSeen = (db: Db, access: Access, id: string) =>
  db.first<{ id: string; name: string }>(sql`
    select c.id, c.name from customers c
    where c.org_id = ${access.viewer.orgId} and c.id = ${id}::uuid and ${customersSeen(access)}`)

export interface PersonNear {
  id: string
  name: string
  metres: number
  at: number
  stillSince: number | null
  customerId: string | null
}

/**
 * People on duty now whose newest position of this duty window lies within `radius` metres of the customer.
 * @param scope.departments 'all' or the ids that may be seen.
 */
export function listPeopleNear(
  db: Db,
  scope: { orgId: string; departments: readonly string[] | 'all' },
  near: { customerId: string; radius: number; now: number },
) {
  const now = sql`to_timestamp(${near.now}::float8 / 1000)`
  return db.many<PersonNear>(sql`
    select p.id, p.name, st_distance(c.at, l.point::geography) as metres, l.at,
      l.still_since as "stillSince", l.customer_id as "customerId"
    from customers c
      join last_positions l on l.org_id = ${scope.orgId}
        and st_dwithin(c.at, l.point::geography, ${near.radius})
      join people p on p.org_id = ${scope.orgId} and p.id = l.person_id and p.active
      join duty_windows w on w.org_id = ${scope.orgId} and w.person_id = p.id
        and w.from_at <= ${now} and w.to_at > ${now} and l.at >= w.from_at
    where c.org_id = ${scope.orgId}
      and c.id = ${near.customerId}::uuid
      and ${inScope(scope)}
    order by metres, p.id
    limit 500`)
}
