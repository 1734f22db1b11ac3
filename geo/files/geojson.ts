import {
  isoOf,
  isPlace,
  rawPoints,
  type TrackOptions,
  type TrackPiece,
  type TrackPoint,
  type TrackSource,
} from './track.ts'

type Position = readonly [lng: number, lat: number]

/**
 * A day as GeoJSON (RFC 7946): one feature for each piece of a cleaned day, a point or a line, or without
 * geometry where no place is known; one point for each raw fix. Lines over the antimeridian are cut there.
 */
export function toGeoJson(source: TrackSource, { person }: TrackOptions): string {
  const features =
    'fixes' in source ? rawPoints(source.fixes).map(fixFeature) : source.segments.map(pieceFeature)
  const { date, zone } = source
  return `${JSON.stringify({ type: 'FeatureCollection', person, date, zone, features })}\n`
}

function fixFeature({ lng, lat, at, ...rest }: TrackPoint) {
  const properties = { kind: 'fix', at: isoOf(at), epochMs: at, ...rest }
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [lng, lat] }, properties }
}

function pieceFeature(piece: TrackPiece) {
  const { kind, from, to, metres, customerId, reason, place } = piece
  const times = { from: isoOf(from), to: isoOf(to), fromMs: from, toMs: to }
  const name = place?.name ?? undefined
  const properties = { kind, ...times, name, metres, customerId, reason }
  return { type: 'Feature', geometry: geometryOf(piece), properties }
}

function geometryOf({ place, line }: TrackPiece) {
  if (place)
    return isPlace(place.lng, place.lat)
      ? { type: 'Point', coordinates: [place.lng, place.lat] }
      : null
  const vertices = (line ?? []).filter(([lng, lat]) => isPlace(lng, lat))
  const lines = cutAtAntimeridian(vertices).filter((part) => part.length > 1)
  if (lines.length === 0) return null
  return lines.length === 1
    ? { type: 'LineString', coordinates: lines[0] }
    : { type: 'MultiLineString', coordinates: lines }
}

/** A line in parts that do not cross ±180°; between two parts both edges have the same latitude. */
export function cutAtAntimeridian(line: readonly Position[]): Position[][] {
  const parts: Position[][] = [[]]
  let before: Position | undefined
  for (const vertex of line) {
    if (before && Math.abs(vertex[0] - before[0]) > 180) {
      const [edge, other] = edgesOf(before, vertex)
      parts.at(-1)?.push(edge)
      parts.push([other])
    }
    parts.at(-1)?.push(vertex)
    before = vertex
  }
  return parts
}

function edgesOf([lng, lat]: Position, [nextLng, nextLat]: Position): [Position, Position] {
  const side = lng > 0 ? 180 : -180
  const way = nextLng + 2 * side - lng // the short way round
  const share = way === 0 ? 0 : (side - lng) / way
  const middle = lat + share * (nextLat - lat)
  return [
    [side, middle],
    [-side, middle],
  ]
}
