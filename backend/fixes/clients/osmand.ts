import { z } from 'zod'
import {
  idFor,
  isRecord,
  listOf,
  numberOf,
  percentOf,
  positiveOf,
  textOf,
  timeOf,
  type ClientFix,
  type ClientReport,
} from './reading.ts'

const KNOT = 0.514444 // m/s

/**
 * OsmAnd and the older Traccar Client: one fix in a query or a form. Speed is in knots, the time in
 * seconds, milliseconds or words; without a time it is now. Source: Traccar's OsmAnd protocol.
 */
export function parseOsmandQuery(query: URLSearchParams, now: number): ClientReport {
  const device = textOf(query.get('id')) ?? textOf(query.get('deviceid'))
  const [lat, lng] = placeOf(query)
  const at = query.has('timestamp') ? timeOf(query.get('timestamp')) : now
  if (at === undefined || lng === undefined || lat === undefined) return { device, fixes: [] }
  const knots = positiveOf(query.get('speed'))
  const fix: ClientFix = {
    id: idFor(device, at, lng, lat),
    at,
    lng,
    lat,
    accuracy: positiveOf(query.get('accuracy')),
    speed: knots === undefined ? undefined : knots * KNOT,
    heading: positiveOf(query.get('bearing') ?? query.get('heading')),
    altitude: numberOf(query.get('altitude')),
    battery: positiveOf(query.get('batt')),
    mock: query.get('mock') === 'true' ? true : undefined,
    source: 'osmand',
  }
  return { device, fixes: [fix] }
}

/** `lat` and `lon`, or `location=lat,lon`. */
function placeOf(query: URLSearchParams): (number | undefined)[] {
  const pair = query.get('location')?.split(',')
  return pair ? pair.map(numberOf) : [numberOf(query.get('lat')), numberOf(query.get('lon'))]
}

/**
 * The newer Traccar Client and everything built on the same background-geolocation library:
 * `location` is one fix or a list in any order. Speed is in m/s, battery a share, −1 is unknown.
 */
export function parseOsmandJson(payload: unknown, now: number): ClientReport {
  if (!isRecord(payload)) return { device: null, fixes: [] }
  const device = textOf(payload['device_id']) ?? textOf(payload['id'])
  const fixes = listOf(payload['location'])
    .filter(isRecord)
    .flatMap((location) => fixOf(location, device, now))
    .sort((a, b) => a.at - b.at)
  return { device, fixes }
}

function fixOf(location: Record<string, unknown>, device: string | null, now: number): ClientFix[] {
  const coords = recordOf(location['coords'])
  const lng = numberOf(coords['longitude'])
  const lat = numberOf(coords['latitude'])
  const at = location['timestamp'] === undefined ? now : timeOf(location['timestamp'])
  if (at === undefined || lng === undefined || lat === undefined) return []
  const own = z.uuid().safeParse(location['uuid'])
  return [
    {
      id: own.success ? own.data.toLowerCase() : idFor(device, at, lng, lat),
      at,
      lng,
      lat,
      accuracy: positiveOf(coords['accuracy']),
      speed: positiveOf(coords['speed']),
      heading: positiveOf(coords['heading']),
      altitude: numberOf(coords['altitude']),
      battery: percentOf(recordOf(location['battery'])['level']),
      mock: location['mock'] === true ? true : undefined,
      source: 'osmand',
    },
  ]
}

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})
