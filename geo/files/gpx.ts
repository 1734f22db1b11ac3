import {
  decimal,
  isoOf,
  isPlace,
  runsOf,
  type TrackOptions,
  type TrackPiece,
  type TrackPoint,
  type TrackSource,
} from './track.ts'
import { escapeXml } from './xml.ts'

/** Names the elements of ours that a point carries in `extensions`. */
export const ZUJI_NAMESPACE = 'urn:zuji:track:1'

/**
 * A day, cleaned or raw, as GPX 1.1: one `trk`, one `trkseg` for each continuous run, so that a gap stays a
 * gap; stays as waypoints. Accuracy (m) and flags are extensions: GPX's hdop is something else. Times within
 * a cleaned move are spread by the way travelled, as pointsOfPiece says.
 */
export function toGpx(source: TrackSource, { person }: TrackOptions): string {
  const name = escapeXml(`${person} ${source.date}`)
  const stays = 'segments' in source ? source.segments.flatMap(waypoint) : []
  const runs = runsOf(source).map(segment)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<gpx version="1.1" creator="Zuji" xmlns="http://www.topografix.com/GPX/1/1" xmlns:zuji="${ZUJI_NAMESPACE}">`,
    `<metadata><name>${name}</name></metadata>`,
    ...stays,
    `<trk><name>${name}</name>`,
    ...runs,
    '</trk>',
    '</gpx>',
    '',
  ].join('\n')
}

function waypoint({ kind, place, from, to }: TrackPiece): string[] {
  if (!place || !isPlace(place.lng, place.lat)) return []
  const name = place.name ? `<name>${escapeXml(place.name)}</name>` : ''
  const time = isoOf(from) && `<time>${isoOf(from)}</time>`
  const until = `${isoOf(from)} – ${isoOf(to)}`
  return [`<wpt ${position(place)}>${time}${name}<desc>${until}</desc><type>${kind}</type></wpt>`]
}

const segment = (run: readonly TrackPoint[]): string =>
  ['<trkseg>', ...run.map(trackPoint), '</trkseg>'].join('\n')

function trackPoint(point: TrackPoint): string {
  const altitude = point.altitude === null ? '' : `<ele>${decimal(point.altitude, 2)}</ele>`
  return `<trkpt ${position(point)}>${altitude}<time>${isoOf(point.at)}</time>${extensions(point)}</trkpt>`
}

function extensions({ accuracy, speed, flags }: TrackPoint): string {
  const parts = [
    accuracy === null ? '' : element('accuracy', decimal(accuracy, 2)),
    speed === null ? '' : element('speed', decimal(speed, 2)),
    flags.length === 0 ? '' : element('flags', flags.map(escapeXml).join(' ')),
  ].join('')
  return parts && `<extensions>${parts}</extensions>`
}

const element = (name: string, text: string) => `<zuji:${name}>${text}</zuji:${name}>`

const position = ({ lng, lat }: { lng: number; lat: number }) =>
  `lat="${decimal(lat, 7)}" lon="${decimal(lng, 7)}"`
