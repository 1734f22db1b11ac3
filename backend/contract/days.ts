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
  matched: z.boolean().optional(), // the line follows roads (`?roads=1`); metres stay those of the cleaned line
  edits: z.array(z.uuid()).optional(), // what the person changed of it, see `Day.edits`
  disputed: z.string().optional(), // the person's words: what is told here is not what happened
})
export type Segment = z.infer<typeof Segment>

const EditKind = {
  split: z.object({ kind: z.literal('split'), at: Millis }), // the stay at this moment was two
  merge: z.object({ kind: z.literal('merge'), from: Millis, to: Millis }), // from one stay to another was one
  name: z.object({
    kind: z.literal('name'), // the stay at this moment has this name, or was at this customer
    at: Millis,
    name: z.string().trim().min(1).max(60),
    customerId: z.string().max(64).nullable().optional(),
  }),
  dispute: z.object({
    kind: z.literal('dispute'), // the piece at this moment did not happen so; no number changes
    at: Millis,
    note: z.string().trim().min(1).max(500),
  }),
  withdraw: z.object({ kind: z.literal('withdraw'), editId: z.uuid() }), // an earlier edit counts no more
}

/** What a person says of his own day: a fact, named by times and not by pieces, so that it survives recomputation. */
export const DayEdit = z
  .discriminatedUnion('kind', [
    EditKind.split,
    EditKind.merge,
    EditKind.name,
    EditKind.dispute,
    EditKind.withdraw,
  ])
  .and(z.object({ id: z.uuid() }))
export type DayEdit = z.infer<typeof DayEdit>

/** An edit as it is on record. `effect` is none when the facts have moved on so that it fits nothing. */
export const RecordedEdit = DayEdit.and(
  z.object({ madeAt: Millis, madeBy: PersonId, effect: z.enum(['applied', 'none', 'withdrawn']) }),
)
export type RecordedEdit = z.infer<typeof RecordedEdit>

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
  edits: z.array(RecordedEdit).optional(), // in the order they were made
  locked: z.boolean().optional(), // kept for good: neither late fixes nor edits change it
  simplified: z.boolean().optional(), // true when `zoom` or the 5,000-vertex cap thinned a line
})
export type Day = z.infer<typeof Day>

/** At most so many vertices leave in the lines of one day. */
export const MAX_VERTICES = 5000

export const DayPath = z.object({ id: PersonId, date: IsoDate })
export const DayQuery = z.object({
  roads: z.literal('1').optional(), // lines along roads, where a road service is set and knows better
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

export const TrackFormat = z.enum(['gpx', 'kml', 'geojson', 'csv'])
export type TrackFormat = z.infer<typeof TrackFormat>

/** What an import of a recorded track would do (`?dryRun=1`) or did, by work date. */
export const TrackImport = z.object({
  dryRun: z.boolean(),
  points: z.number(), // positions with a time in the file
  skipped: z.number(), // without a time or with an impossible position
  wrong: z.array(z.object({ line: z.number(), field: z.string(), rule: z.string() })).default([]), // of those, the first
  accepted: z.number(),
  duplicate: z.number(),
  rejected: z.record(z.string(), z.number()), // by code of the domain: off_duty, no_consent …
  days: z.array(
    z.object({ date: IsoDate, points: z.number(), metres: z.number(), from: Millis, to: Millis }),
  ),
})
export type TrackImport = z.infer<typeof TrackImport>
