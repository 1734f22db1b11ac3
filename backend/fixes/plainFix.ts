import type { Fix } from '../contract/fixes.ts'

/**
 * The everyday fix without the schema's detours: every value present is of its plain type and in
 * its range, so that the schema would answer the very same. Whatever is unusual is null here and
 * goes to the schema, which costs ten times as much. A test holds the two together.
 */
export function plainFix(item: unknown): Fix | null {
  if (!isRecord(item)) return null
  const place = placeOf(item)
  const measures = place && measuresOf(item)
  const words = measures && wordsOf(item)
  return words && { ...place, ...measures, ...words }
}

function placeOf({ id, at, lng, lat, datum = 'wgs84' }: Item) {
  if (typeof id !== 'string' || !UUID.test(id)) return null
  if (!inRange(at, 0, 8.64e15) || !Number.isInteger(at)) return null
  if (!inRange(lng, -180, 180) || !inRange(lat, -90, 90)) return null
  return isDatum(datum) ? { id, at, lng, lat, datum } : null
}

function measuresOf({ accuracy, speed, heading, altitude, battery }: Item) {
  if (!absentOr(accuracy, 0, 100_000) || !absentOr(speed, 0, 400)) return null
  if (!absentOr(heading, 0, 360) || !absentOr(altitude, -1000, 20_000)) return null
  return absentOr(battery, 0, 100) ? { accuracy, speed, heading, altitude, battery } : null
}

function wordsOf({ network, mock, source }: Item) {
  if (!absentOrWord(network) || !absentOrWord(source)) return null
  return mock == null || typeof mock === 'boolean' ? { network, mock, source } : null
}

type Item = Record<string, unknown>

const isRecord = (value: unknown): value is Item => typeof value === 'object' && value !== null

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const isDatum = (value: unknown): value is Fix['datum'] =>
  value === 'wgs84' || value === 'gcj02' || value === 'bd09'

const inRange = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && value >= min && value <= max

const absentOr = (value: unknown, min: number, max: number): value is number | null | undefined =>
  value == null || inRange(value, min, max)

const absentOrWord = (value: unknown): value is string | null | undefined =>
  value == null || (typeof value === 'string' && value.length <= 16)
