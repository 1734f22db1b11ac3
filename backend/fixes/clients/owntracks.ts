import {
  idFor,
  isRecord,
  listOf,
  numberOf,
  positiveOf,
  textOf,
  timeOf,
  type ClientFix,
  type ClientReport,
} from './reading.ts'

/**
 * OwnTracks in HTTP mode: one message or a list. Only `_type: location` with time, place and a name
 * (`topic` or `tid`) is a fix; cards, waypoints, commands, beacons and encrypted messages are not.
 * Source: the OwnTracks booklet, tech/json.
 */
export function parseOwntracks(payload: unknown): ClientReport {
  const messages = listOf(payload).filter(isRecord)
  const fixes = messages.flatMap((message) => fixOf(message))
  const device = messages.map(nameOf).find((name) => name !== null) ?? null
  return { device, fixes }
}

const nameOf = (message: Record<string, unknown>) =>
  textOf(message['topic']) ?? textOf(message['tid'])

function fixOf(message: Record<string, unknown>): ClientFix[] {
  const device = nameOf(message)
  const at = repaired(timeOf(message['tst']))
  const lng = numberOf(message['lon'])
  const lat = numberOf(message['lat'])
  if (message['_type'] !== 'location' || device === null) return []
  if (at === undefined || lng === undefined || lat === undefined) return []
  const kmh = positiveOf(message['vel'])
  return [
    {
      id: idFor(device, at, lng, lat),
      at,
      lng,
      lat,
      accuracy: positiveOf(message['acc']),
      speed: kmh === undefined ? undefined : kmh / 3.6,
      heading: positiveOf(message['cog']),
      altitude: numberOf(message['alt']),
      battery: positiveOf(message['batt']),
      network: NETWORKS[textOf(message['conn']) ?? ''],
      source: 'owntracks',
    },
  ]
}

const NETWORKS: Record<string, string> = { w: 'wifi', m: 'mobile', o: 'offline' }

const APPLE_EPOCH_MS = 978_307_200_000 // 2001-01-01
const BEFORE_TRACKERS_MS = 1_041_379_200_000 // 2003-01-01

/** Overland, when it speaks OwnTracks, counts from 2001: no phone reports a time before 2003. */
const repaired = (at: number | undefined) =>
  at !== undefined && at < BEFORE_TRACKERS_MS ? at + APPLE_EPOCH_MS : at
