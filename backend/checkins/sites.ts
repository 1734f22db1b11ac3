import type { Place } from '../../geo/index.ts'
import type { CheckinKind } from '../contract/checkins.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { likeliest, type Site } from './place.ts'
import { findOpen } from './queries.ts'

/** The places that a check-in may name: the room of the customers keeps them. */
export interface Sites {
  /** Null when there is no such customer. */
  customer(db: Db, orgId: string, id: string): Promise<Site | null>
  /** Where people of this department may be at work; all of the company's when it says nothing else. */
  workplaces(db: Db, orgId: string, departmentId: string): Promise<Site[]>
}

interface CustomerRow {
  id: string
  name: string
  lng: number
  lat: number
  radius: number
}

/** Customers as they stand in their table; a company without workplaces. */
export const plainSites: Sites = {
  async customer(db, orgId, id) {
    const row = await db.first<CustomerRow>(sql`
      select c.id, c.name, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat, c.radius
      from customers c
      where c.org_id = ${orgId} and c.id = ${id}::uuid`)
    if (!row) return null
    const { lng, lat, name, radius } = row
    return { id: row.id, kind: 'customer', name, at: { lng, lat }, radius, wifi: [], tags: [] }
  },
  workplaces: () => Promise.resolve([]),
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
export async function siteOf(db: Db, sites: Sites, wanted: Wanted): Promise<Site | null> {
  const { who, given, position, departmentId } = wanted
  if (given.customerId) return named(await sites.customer(db, who.orgId, given.customerId), 'customerId') // prettier-ignore
  if (given.place) return null
  const workplaces = await sites.workplaces(db, who.orgId, departmentId)
  const workplaceId = given.workplaceId
  if (workplaceId)
    return named(
      workplaces.find(({ id }) => id === workplaceId),
      'workplaceId',
    )
  if (given.kind === 'punch') return likeliest(position, workplaces)
  const open = given.kind === 'out' ? await findOpen(db, who) : null
  if (open?.customerId) return sites.customer(db, who.orgId, open.customerId)
  return workplaces.find(({ id }) => id === open?.workplaceId) ?? null
}

function named(site: Site | null | undefined, field: string): Site {
  if (site) return site
  const rule = 'there is no such place'
  throw new Fault('bad_input', `body.${field}: ${rule}`, [{ field, rule }])
}
