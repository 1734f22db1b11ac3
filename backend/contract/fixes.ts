import { z } from 'zod'
import { Datum, Millis, SilenceReason } from './terms.ts'

export const MAX_FIXES = 1000
export const MAX_SILENCES = 200

/** Numbers may arrive as strings: the JS-SDK's bridge is known to send them so. */
const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?(e-?\d+)?$/i)
    .transform(Number),
])

/** An optional measurement that never costs the fix: null, NaN-as-null or nonsense count as absent. */
const measured = (min: number, max: number) =>
  number.pipe(z.number().min(min).max(max)).nullish().catch(undefined)

/** One reported position, as a phone sends it. */
export const Fix = z.object({
  id: z.uuid(), // made on the phone; the same id twice is the same fix
  at: number.pipe(Millis), // phone clock, epoch ms
  lng: number.pipe(z.number().min(-180).max(180)), // degrees
  lat: number.pipe(z.number().min(-90).max(90)), // degrees
  datum: Datum.default('wgs84'),
  accuracy: measured(0, 100_000), // metres, 68 % radius
  speed: measured(0, 400), // m/s; WeCom always says 0, which means nothing
  heading: measured(0, 360), // degrees from north
  altitude: measured(-1000, 20_000), // metres
  battery: measured(0, 100), // per cent
  network: z.string().max(16).nullish().catch(undefined),
  mock: z.boolean().nullish().catch(undefined),
  source: z.string().max(16).nullish().catch(undefined), // wecom | wechat | browser | owntracks | osmand | overland | import
})
export type Fix = z.infer<typeof Fix>

export const Silence = z.object({
  id: z.uuid(),
  from: number.pipe(Millis),
  to: number.pipe(Millis),
  reason: SilenceReason.catch('unknown'),
})
export type Silence = z.infer<typeof Silence>

/** The envelope. Items are parsed one by one, so that one bad item never costs the others. */
export const FixBatch = z.object({
  sentAt: number.pipe(Millis).optional(), // phone clock when the batch left: gives the clock's offset
  device: z.string().max(128).optional(),
  fixes: z.array(z.unknown()).max(MAX_FIXES),
  silences: z.array(z.unknown()).max(MAX_SILENCES).optional(),
})
export type FixBatch = z.infer<typeof FixBatch>

export const RejectCode = z.enum([
  'in_future',
  'too_old',
  'bad_position',
  'off_duty',
  'no_consent',
  'bad_item',
])
export type RejectCode = z.infer<typeof RejectCode>

/** The answer, given after commit: only what is counted here may be forgotten by the phone. */
export const Ingested = z.object({
  accepted: z.number().int(),
  duplicate: z.number().int(),
  rejected: z.array(
    z.object({
      index: z.number().int(), // place in `fixes`; silences follow after the fixes
      id: z.string().nullable(),
      code: RejectCode,
      message: z.string(), // names the field and the rule
    }),
  ),
  warnings: z
    .array(z.object({ index: z.number().int(), code: z.literal('swapped_lng_lat') }))
    .optional(),
})
export type Ingested = z.infer<typeof Ingested>

/** Room for the rules of `domain.md` section 1; milliseconds. */
export const FIX_RULES = {
  futureMs: 2 * 60_000, // later than this after the server's clock: in_future
  ageMs: 7 * 86_400_000, // older than this: too_old
  clockOffsetMs: 60_000, // a phone clock further off than this is corrected
} as const
