import { z } from 'zod'
import { Millis } from './terms.ts'

/** What is typed before the demo's data goes. */
export const DEMO_WORD = 'demo'

/** What there is still of the demo in this database. */
export const DemoLeft = z.object({
  people: z.int().min(0), // without who asks
  customers: z.int().min(0),
  askedAt: Millis.nullable(), // since then it is removed, and does not come back
})
export type DemoLeft = z.infer<typeof DemoLeft>

export const DemoRemoval = z.strictObject({ word: z.literal(DEMO_WORD) })
