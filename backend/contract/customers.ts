import { z } from 'zod'
import { Millis, State } from './terms.ts'

export const Customer = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string().nullable(),
  tier: z.enum(['A', 'B', 'C']).nullable(),
  lng: z.number(),
  lat: z.number(),
  radius: z.number(), // metres
})
export type Customer = z.infer<typeof Customer>

export const Customers = z.object({ customers: z.array(Customer) })

export const NearbyQuery = z.object({
  lng: z.coerce.number().min(-180).max(180),
  lat: z.coerce.number().min(-90).max(90),
  datum: z.enum(['wgs84', 'gcj02', 'bd09']).default('wgs84'),
  accuracy: z.coerce.number().min(0).max(100_000).optional(),
  radius: z.coerce.number().min(1).max(100_000).default(2000),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})
export const Nearby = z.object({
  customers: z.array(
    Customer.extend({
      metres: z.number(),
      where: z.enum(['inside', 'outside', 'cannot_tell']).optional(),
    }),
  ),
})
export type Nearby = z.infer<typeof Nearby>

/** A box in degrees WGS-84, as text in a query: west,south,east,north. */
export const BoxText = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .pipe(
    z.tuple([
      z.number().min(-180).max(180),
      z.number().min(-90).max(90),
      z.number().min(-180).max(180),
      z.number().min(-90).max(90),
    ]),
  )
  .refine(([west, south, east, north]) => west < east && south < north, 'west,south,east,north')

export const CustomersQuery = z.object({
  bbox: BoxText.optional(),
  limit: z.coerce.number().int().min(1).max(2000).default(2000),
})

export const PeopleNearQuery = z.object({
  radius: z.coerce.number().min(1).max(100_000).default(2000), // metres
})

/** Who is near a customer now, nearest first. */
export const PeopleNear = z.object({
  now: Millis,
  people: z.array(
    z.object({ id: z.string(), name: z.string(), metres: z.number(), at: Millis, state: State }),
  ),
})
export type PeopleNear = z.infer<typeof PeopleNear>
