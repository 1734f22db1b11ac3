import { z } from 'zod'
import { IsoDate, Millis, PersonId, SilenceReason } from './terms.ts'

const Point = z.tuple([z.number(), z.number()]) // [lng, lat] WGS-84

/** One piece of the ribbon. Pieces follow each other without gap or overlap. */
export const Segment = z.object({
  kind: z.enum(['stay', 'move', 'inferred_stay', 'silent']),
  from: Millis,
  to: Millis,
  place: z
    .object({ lng: z.number(), lat: z.number(), name: z.string().nullable().optional() })
    .optional(),
  customerId: z.string().optional(),
  reason: SilenceReason.optional(), // of a silent or inferred piece
  metres: z.number().optional(), // of a move: the cleaned line; of a silent piece: the straight line, never counted
  line: z.array(Point).optional(), // of a move or a silent piece with two known ends
})
export type Segment = z.infer<typeof Segment>

export const Day = z.object({
  date: IsoDate,
  zone: z.string(), // IANA
  algorithmVersion: z.string(),
  duty: z.array(z.object({ from: Millis, to: Millis })),
  segments: z.array(Segment),
  totals: z.object({
    movedMetres: z.number(),
    gapMetres: z.number(),
    staySeconds: z.number(),
    moveSeconds: z.number(),
    silentSeconds: z.number(),
  }),
  visits: z.array(z.object({ customerId: z.string(), name: z.string(), from: Millis, to: Millis })),
  flags: z.object({
    inaccurate: z.number(),
    jump: z.number(),
    stale: z.number(),
    mock: z.number(),
    clock: z.number(),
  }),
  simplified: z.boolean().optional(), // true when `zoom` or the 5,000-vertex cap thinned a line
})
export type Day = z.infer<typeof Day>

/** At most so many vertices leave in the lines of one day. */
export const MAX_VERTICES = 5000

export const DayPath = z.object({ id: PersonId, date: IsoDate })
export const DayQuery = z.object({
  zoom: z.coerce.number().int().min(0).max(22).optional(), // of the map that draws it: lines are thinned to half a pixel
})

/** The days of everybody in my scope as ribbons without lines, for the live list. */
export const Ribbons = z.object({
  date: IsoDate,
  ribbons: z.array(
    z.object({
      personId: PersonId,
      movedMetres: z.number(),
      segments: z.array(Segment.pick({ kind: true, from: true, to: true, customerId: true })),
    }),
  ),
})
export type Ribbons = z.infer<typeof Ribbons>
