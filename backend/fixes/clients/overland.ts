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

/**
 * An Overland batch: GeoJSON features. Visits, trips and actions carry the last known place but are
 * not fixes, nor is `current`. Source: the Overland readme and its code.
 */
export function parseOverland(payload: unknown): ClientReport {
  const features = isRecord(payload) ? listOf(payload['locations']).filter(isRecord) : []
  const names = features.map((feature) => textOf(propertiesOf(feature)['device_id']))
  return {
    device: names.find((name) => name !== null) ?? null,
    fixes: features.flatMap(fixOf),
  }
}

function fixOf(feature: Record<string, unknown>): ClientFix[] {
  const properties = propertiesOf(feature)
  const geometry = feature['geometry']
  if ('action' in properties || properties['type'] === 'trip') return []
  if (!isRecord(geometry) || geometry['type'] !== 'Point') return []
  const [lng, lat] = listOf(geometry['coordinates']).map(numberOf)
  const at = timeOf(properties['timestamp'])
  if (at === undefined || lng === undefined || lat === undefined) return []
  const wifi = textOf(properties['wifi'])
  return [
    {
      id: idFor(textOf(properties['device_id']), at, lng, lat),
      at,
      lng,
      lat,
      accuracy: positiveOf(properties['horizontal_accuracy']),
      speed: positiveOf(properties['speed']),
      heading: positiveOf(properties['course']),
      altitude: numberOf(properties['altitude']),
      battery: percentOf(properties['battery_level']),
      network: wifi === null ? undefined : 'wifi',
      source: 'overland',
    },
  ]
}

const propertiesOf = (feature: Record<string, unknown>): Record<string, unknown> =>
  isRecord(feature['properties']) ? feature['properties'] : {}
