import type { Site } from '../../geo/types.ts'
import type { Db } from '../core/db.ts'
import { listCustomersIn, type Box } from './queries.ts'

const MAX_SITES = 20_000

/** Customers with their circles whose centres lie in the box, by id: what a day's stays are named after. */
export async function loadSites(db: Db, orgId: string, box: Box): Promise<Site[]> {
  const customers = await listCustomersIn(db, orgId, { box, limit: MAX_SITES })
  return customers.map(({ id, lng, lat, radius, name }) => ({
    customerId: id,
    lng,
    lat,
    radius,
    name,
  }))
}
