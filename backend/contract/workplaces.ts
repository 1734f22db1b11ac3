import { z } from 'zod'
import { Datum } from './terms.ts'
import { Text } from './texts.ts'

/** A position as somebody gives it. Without a datum WGS-84 is meant, where the company takes that. */
export const PositionIn = z.object({
  lng: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  datum: Datum.optional(),
})
export type PositionIn = z.infer<typeof PositionIn>

/** The hardware address of a Wi-Fi access point, kept as aa:bb:cc:dd:ee:ff. */
export const Bssid = z
  .string()
  .trim()
  .toLowerCase()
  .transform((text) => text.replaceAll('-', ':'))
  .pipe(z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'six pairs of hexadecimal digits'))

export const WorkplaceInput = z.object({
  name: Text(100),
  address: Text(200).nullable().default(null),
  position: PositionIn,
  radius: z.number().min(10).max(5000).default(200), // metres
  wifi: z.array(Bssid).max(200).default([]),
  departmentIds: z.array(z.string().max(64)).max(500).default([]), // empty: everybody works here
  active: z.boolean().default(true),
})
export type WorkplaceInput = z.infer<typeof WorkplaceInput>

export const Workplace = z.object({
  id: z.uuid(),
  name: z.string(),
  address: z.string().nullable(),
  lng: z.number(), // WGS-84
  lat: z.number(),
  radius: z.number(),
  wifi: z.array(z.string()),
  departmentIds: z.array(z.string()),
  active: z.boolean(),
})
export type Workplace = z.infer<typeof Workplace>

export const Workplaces = z.object({ workplaces: z.array(Workplace) })
