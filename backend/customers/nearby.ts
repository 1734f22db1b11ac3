import type { z } from 'zod'
import { toWgs84, whereIs } from '../../geo/index.ts'
import type { Nearby, NearbyQuery } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import type { Access } from './access.ts'
import { listNearby } from './queries.ts'

/**
 * Customers around a position of any datum, nearest first, `metres` from their centre. With an
 * accuracy each one also says whether the position is inside of its circle, as far as can be told.
 */
export async function nearby(
  db: Db,
  access: Access,
  query: z.infer<typeof NearbyQuery>,
): Promise<Nearby['customers']> {
  const [lng, lat] = toWgs84([query.lng, query.lat], query.datum)
  const customers = await listNearby(db, access, { ...query, lng, lat })
  const accuracy = query.accuracy
  if (accuracy === undefined) return customers
  return customers.map((customer) => ({
    ...customer,
    where: whereIs({ lng, lat }, accuracy, customer),
  }))
}
