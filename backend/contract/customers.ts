import { z } from 'zod'

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
    Customer.extend({ metres: z.number(), where: z.enum(['inside', 'outside', 'cannot_tell']).optional() }),
  ),
})
export type Nearby = z.infer<typeof Nearby>
