import {
  decimal,
  isoOf,
  pointsOfPiece,
  runsOf,
  type TrackOptions,
  type TrackPiece,
  type TrackPoint,
  type TrackSource,
} from './track.ts'
import { escapeXml } from './xml.ts'

/**
 * A day, cleaned or raw, as KML 2.2 with Google's track extension: one gx:Track for each continuous run in a
 * gx:MultiTrack that draws nothing between them; stays as placemarks with their time span, and what is not
 * known of the way (silence) as lines of their own, in grey.
 */
export function toKml(source: TrackSource, { person }: TrackOptions): string {
  const name = escapeXml(`${person} ${source.date}`)
  const pieces = 'segments' in source ? source.segments : []
  const tracks = runsOf(source).map(track)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">',
    `<Document><name>${name}</name>`,
    '<Style id="way"><LineStyle><color>ffd77a1f</color><width>4</width></LineStyle></Style>',
    '<Style id="gap"><LineStyle><color>a0808080</color><width>2</width></LineStyle></Style>',
    ...pieces.flatMap((piece) => [...stayMark(piece), ...gapMark(piece)]),
    ...(tracks.length === 0 ? [] : [multiTrack(name, tracks)]),
    '</Document>',
    '</kml>',
    '',
  ].join('\n')
}

const multiTrack = (name: string, tracks: readonly string[]) =>
  [
    `<Placemark><name>${name}</name><styleUrl>#way</styleUrl><gx:MultiTrack>`,
    '<gx:interpolate>0</gx:interpolate>',
    ...tracks,
    '</gx:MultiTrack></Placemark>',
  ].join('\n')

function track(run: readonly TrackPoint[]): string {
  const times = run.map(({ at }) => `<when>${isoOf(at)}</when>`)
  const places = run.map(
    ({ lng, lat, altitude }) =>
      `<gx:coord>${decimal(lng, 7)} ${decimal(lat, 7)} ${decimal(altitude ?? 0, 2)}</gx:coord>`,
  )
  const mode = run.every(({ altitude }) => altitude !== null) ? 'absolute' : 'clampToGround'
  return [
    '<gx:Track>',
    `<altitudeMode>${mode}</altitudeMode>`,
    ...times,
    ...places,
    '</gx:Track>',
  ].join('\n')
}

function stayMark(piece: TrackPiece): string[] {
  if (!piece.place) return []
  const name = piece.place.name ? `<name>${escapeXml(piece.place.name)}</name>` : ''
  return pointsOfPiece(piece)
    .slice(0, 1)
    .map(
      (point) =>
        `<Placemark>${name}<description>${piece.kind}</description>${span(piece)}<Point><coordinates>${place(point)}</coordinates></Point></Placemark>`,
    )
}

/** The straight line over a silence. */
function gapMark(piece: TrackPiece): string[] {
  const points = piece.kind === 'silent' ? pointsOfPiece(piece) : []
  if (points.length < 2) return []
  const line = points.map(place).join(' ')
  return [
    `<Placemark><name>${escapeXml(['silent', piece.reason].join(' '))}</name>${span(piece)}<styleUrl>#gap</styleUrl><LineString><tessellate>1</tessellate><coordinates>${line}</coordinates></LineString></Placemark>`,
  ]
}

const span = ({ from, to }: TrackPiece) =>
  `<TimeSpan><begin>${isoOf(from)}</begin><end>${isoOf(to)}</end></TimeSpan>`

const place = ({ lng, lat }: TrackPoint) => `${decimal(lng, 7)},${decimal(lat, 7)}`
