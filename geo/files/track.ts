import { lengthOf } from '../distance.ts'

/** A day as `deriveDay` or the contract tells it: only what an export needs. */
export interface TrackDay {
  readonly date: string
  readonly zone: string // IANA
  readonly segments: readonly TrackPiece[]
}

export interface TrackPiece {
  readonly kind: 'stay' | 'move' | 'inferred_stay' | 'silent'
  readonly from: number
  readonly to: number
  readonly place?: { lng: number; lat: number; name?: string | null | undefined } | undefined
  readonly customerId?: string | undefined
  readonly reason?: string | undefined
  readonly metres?: number | undefined
  readonly line?: readonly (readonly [lng: number, lat: number])[] | undefined
}

/** The fixes as they were reported, with what the cleaning thinks of them. */
export interface RawTrack {
  readonly date: string
  readonly zone: string
  readonly fixes: readonly RawFix[]
}

export interface RawFix {
  readonly at: number
  readonly lng: number
  readonly lat: number
  readonly accuracy?: number | null | undefined
  readonly altitude?: number | null | undefined
  readonly speed?: number | null | undefined // m/s
  readonly flags?: readonly string[] | undefined
}

export type TrackSource = TrackDay | RawTrack

export interface TrackOptions {
  readonly person: string // whose track it is, as it is to be shown
}

/** A position in time, WGS-84, all of it finite and in range. */
export interface TrackPoint {
  readonly at: number
  readonly lng: number
  readonly lat: number
  readonly accuracy: number | null
  readonly altitude: number | null
  readonly speed: number | null
  readonly flags: readonly string[]
}

/** Raw fixes further apart than this are no continuous run. */
const GAP_MS = 5 * 60_000
const LAST_MS = 8.64e15 // ECMAScript's last moment

/**
 * The continuous runs of a track, each with a point or more: between two runs nothing is known, and no
 * format may draw a line there. Points that are no place or no time are left out.
 */
export function runsOf(source: TrackSource): TrackPoint[][] {
  return 'fixes' in source ? runsOfFixes(source.fixes) : runsOfDay(source.segments)
}

function runsOfFixes(fixes: readonly RawFix[]): TrackPoint[][] {
  const runs: TrackPoint[][] = []
  let last = -Infinity
  for (const point of rawPoints(fixes)) {
    if (point.at - last > GAP_MS) runs.push([])
    runs.at(-1)?.push(point)
    last = point.at
  }
  return runs
}

/** Raw fixes as points, in order of time. */
export const rawPoints = (fixes: readonly RawFix[]): TrackPoint[] =>
  fixes
    .map(({ at, lng, lat, accuracy, altitude, speed, flags }) => ({
      at,
      lng,
      lat,
      accuracy: finite(accuracy),
      altitude: finite(altitude),
      speed: finite(speed),
      flags: flags ?? [],
    }))
    .filter(isUsable)
    .sort((a, b) => a.at - b.at)

function runsOfDay(pieces: readonly TrackPiece[]): TrackPoint[][] {
  const runs: TrackPoint[][] = [[]]
  for (const piece of pieces) {
    const isKnown = piece.kind === 'stay' || piece.kind === 'move'
    if (isKnown) runs.at(-1)?.push(...pointsOfPiece(piece))
    else runs.push([])
  }
  return runs.map(withoutRepetition).filter((run) => run.length > 0)
}

const withoutRepetition = (run: readonly TrackPoint[]) =>
  run.filter((point, i) => {
    const last = run[i - 1]
    return point.at !== last?.at || point.lng !== last.lng || point.lat !== last.lat
  })

/**
 * The points of a piece. A place has two, at its beginning and its end. Vertices of a line have no times of
 * their own: between the exact first and last one they are spread by the way travelled.
 */
export function pointsOfPiece({ from, to, place, line }: TrackPiece): TrackPoint[] {
  if (place) return [pointAt(from, place), pointAt(to, place)].filter(isUsable)
  const vertices = line ?? []
  const total = lengthOf(vertices)
  let metres = 0
  let before = vertices.slice(0, 1)
  const points = vertices.map((vertex, i) => {
    metres += lengthOf([...before, vertex])
    before = [vertex]
    const isLast = i === vertices.length - 1
    const share = isLast && i > 0 ? 1 : metres / Math.max(total, 1e-9)
    const [lng, lat] = vertex
    return pointAt(Math.round(from + share * (to - from)), { lng, lat })
  })
  return points.filter(isUsable)
}

const pointAt = (at: number, { lng, lat }: { lng: number; lat: number }): TrackPoint => ({
  at,
  lng,
  lat,
  accuracy: null,
  altitude: null,
  speed: null,
  flags: [],
})

/** What no phone can mean is not told. */
const finite = (value: number | null | undefined): number | null =>
  typeof value === 'number' && Math.abs(value) < 1e9 ? value : null

const isUsable = ({ at, lng, lat }: TrackPoint): boolean =>
  Math.abs(at) <= LAST_MS && isPlace(lng, lat)

/** Finite and on the Earth. */
export const isPlace = (lng: number, lat: number): boolean =>
  Math.abs(lng) <= 180 && Math.abs(lat) <= 90

/** ISO 8601 in UTC with milliseconds; empty for a number that is no moment. */
export const isoOf = (at: number): string =>
  Math.abs(at) <= LAST_MS ? new Date(at).toISOString() : ''

/** A number without exponent, at most `digits` decimals, one or more: what xsd:decimal takes. */
export const decimal = (value: number, digits: number): string =>
  value
    .toFixed(digits)
    .replace(/\.?0+$/, '')
    .replace(/^-0$/, '0')
