export * from './types.ts'
export * from './datum.ts'
export * from './distance.ts'
export * from './simplify.ts'
export * from './timeline.ts'
export * from './fences/polygon.ts'
export * from './fences/fence.ts'
export * from './fences/geofence.ts'
export * from './stays/accuracy.ts'
export * from './stays/clean.ts'
export * from './stays/points.ts'
export * from './stays/stays.ts'
export * from './day/smooth.ts'
export { SILENCE_MS } from './day/runs.ts'
export * from './day/ribbon.ts'
export * from './day/day.ts'
export * from './day/edits.ts'
export * from './day/presence.ts'
export type {
  RawFix,
  RawTrack,
  TrackDay,
  TrackOptions,
  TrackPiece,
  TrackSource,
} from './files/track.ts'
export { toGpx } from './files/gpx.ts'
export * from './files/gpxRead.ts'
export * from './files/kml.ts'
export { toGeoJson } from './files/geojson.ts'
export { toCsv } from './files/csv.ts'
