import type { Place } from '../../geo/index.ts'
import type { CheckinKind } from '../contract/checkins.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { listWorkplaces } from '../customers/index.ts'
import { likeliest, type Site } from './place.ts'
import { findOpen } from './queries.ts'

interface CustomerRow {
  id: string
  name: string
  lng: number | null // null: nobody has been there yet
  lat: number | null
  radius: number
  tags: string[]
  tier: string | null
}

/** A customer as a place; null when there is none of this id. */
export async function customerSite(db: Db, orgId: string, id: string): Promise<Site | null> {
  const row = await db.first<CustomerRow>(sql`
    select c.id, c.name, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat, c.radius, c.tags, c.tier
    from customers c
    where c.org_id = ${orgId} and c.id = ${id}::uuid`)
  if (!row) return null
  const { lng, lat, name, radius, tags, tier } = row
  const at = lng === null || lat === null ? null : { lng, lat }
  return { id: row.id, kind: 'customer', name, at, radius, wifi: [], tags, tier }
}

/** Where people of a department may be at work. */
export async function workplaceSites(db: Db, orgId: string, departmentId: string): Promise<Site[]> {
  const all = await listWorkplaces(db, orgId)
  return all
    .filter(
      ({ departmentIds }) => departmentIds.length === 0 || departmentIds.includes(departmentId),
    )
    .map(({ id, name, lng, lat, radius, wifi }) => ({
      id,
      kind: 'workplace',
      name,
      at: { lng, lat },
      radius,
      wifi,
      tags: [],
      tier: null,
    }))
}

interface Wanted {
  who: { orgId: string; personId: string }
  given: { kind: CheckinKind; customerId?: string | undefined; workplaceId?: string | undefined; place?: string | undefined } // prettier-ignore
  position: (Place & { accuracy: number | null }) | null
  departmentId: string
}

/**
 * The place that a check-in is compared with: the one it names; else for a check-out the one that is
 * open, for a punch the likeliest of the workplaces. Null: a new place, or none.
 * @throws Fault bad_input for a customer or workplace that does not exist.
 */
export async function siteOf(db: Db, wanted: Wanted): Promise<Site | null> {
  const { who, given, position, departmentId } = wanted
  if (given.customerId) return named(await customerSite(db, who.orgId, given.customerId), 'customerId') // prettier-ignore
  if (given.place) return null
  const workplaces = await workplaceSites(db, who.orgId, departmentId)
  const workplaceId = given.workplaceId
  if (workplaceId)
    return named(
      workplaces.find(({ id }) => id === workplaceId),
      'workplaceId',
    )
  if (given.kind === 'punch') return likeliest(position, workplaces)
  const open = given.kind === 'out' ? await findOpen(db, who) : null
  if (open?.customerId) return customerSite(db, who.orgId, open.customerId)
  return workplaces.find(({ id }) => id === open?.workplaceId) ?? null
}

function named(site: Site | null | undefined, field: string): Site {
  if (site) return site
  const rule = 'there is no such place'
  throw new Fault('bad_input', `body.${field}: ${rule}`, [{ field, rule }])
}
