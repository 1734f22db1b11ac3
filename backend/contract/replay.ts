/** Replay: people's days by the clock. A track carries little more than what is drawn. */
import { z } from 'zod'
import { AlertKind } from './alerts.ts'
import { IsoDate, Millis, PersonId, SilenceReason } from './terms.ts'

/** So many people are played at once. */
export const MOST_PLAYED = 200

export const ReplayQuery = z.object({
  date: IsoDate,
  departmentId: z.string().max(64).optional(), // none: all whom I may see
  personId: PersonId.optional(),
})

export const ReplayPiece = z.object({
  kind: z.enum(['stay', 'move', 'inferred_stay', 'silent']),
  from: Millis,
  to: Millis,
  at: z.tuple([z.number(), z.number()]).optional(), // [lng, lat] WGS-84 of a stay
  customerId: z.string().optional(),
  name: z.string().optional(), // of the place
  reason: SilenceReason.optional(),
})
export type ReplayPiece = z.infer<typeof ReplayPiece>

export const ReplayTrack = z.object({
  personId: PersonId,
  name: z.string(),
  departmentId: z.string(),
  department: z.string(),
  pieces: z.array(ReplayPiece), // without gap within duty
  /** The moves, see `decodePath`. */
  path: z.array(z.number().int()),
})
export type ReplayTrack = z.infer<typeof ReplayTrack>

export const Replay = z.object({
  date: IsoDate,
  from: Millis, // of the earliest duty
  to: Millis, // of the latest, or now
  tracks: z.array(ReplayTrack),
  alerts: z.array(z.object({ personId: PersonId, kind: AlertKind, since: Millis, until: Millis.nullable() })), // prettier-ignore
})
export type Replay = z.infer<typeof Replay>

/** A position of a track. */
export interface PathPoint {
  readonly at: number // epoch ms, in whole seconds
  readonly lng: number // WGS-84, to 1e-5 degrees: a metre
  readonly lat: number
}

const SCALE = 1e5

/** Whole seconds and hundred-thousandths of a degree, each as its difference to the one before: small numbers, few bytes. */
export function encodePath(points: readonly PathPoint[]): number[] {
  let before = [0, 0, 0]
  return points.flatMap(({ at, lng, lat }) => {
    const now = [Math.round(at / 1000), Math.round(lng * SCALE), Math.round(lat * SCALE)]
    const step = now.map((value, index) => value - (before[index] ?? 0))
    before = now
    return step
  })
}

export function decodePath(path: readonly number[]): PathPoint[] {
  const points: PathPoint[] = []
  let [at, lng, lat] = [0, 0, 0]
  for (let index = 0; index + 2 < path.length; index += 3) {
    at += path[index] ?? 0
    lng += path[index + 1] ?? 0
    lat += path[index + 2] ?? 0
    points.push({ at: at * 1000, lng: lng / SCALE, lat: lat / SCALE })
  }
  return points
}
