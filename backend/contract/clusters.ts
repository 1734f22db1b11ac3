import { z } from 'zod'
import { BoxText, Customer } from './customers.ts'

export const ClustersQuery = z.object({
  bbox: BoxText,
  tag: z.string().max(30).optional(), // only customers that have it
  zoom: z.coerce.number().min(0).max(20).transform(Math.floor), // of a map of 256-pixel tiles
})

/** Customers of a part of the map: those that stand alone, and how many lie together where. */
export const Clusters = z.object({
  total: z.number(), // on the whole map, of the tag asked for
  clusters: z.array(z.object({ lng: z.number(), lat: z.number(), count: z.number() })),
  customers: z.array(Customer.pick({ id: true, name: true, tier: true, lng: true, lat: true })),
})
export type Clusters = z.infer<typeof Clusters>
