import type { Fix } from '../contract/fixes.ts'

/**
 * Whether this is the everyday fix: every value present is of its plain type and in its range, so
 * that the schema would answer the very same. Whatever is unusual goes to the schema, which costs
 * five times as much. A test holds the two together.
 */
export const isPlainFix = (item: unknown): item is PlainFix =>
  isRecord(item) && isPlace(item) && isMeasured(item) && isWorded(item)

/** A fix as it may come, its datum WGS-84 where it names none. */
export type PlainFix = Omit<Fix, 'datum'> & { datum?: Fix['datum'] | undefined }

type Item = Record<string, unknown>
type Place = Pick<Fix, 'id' | 'at' | 'lng' | 'lat'> & { datum: Fix['datum'] | undefined }
type Measure = 'accuracy' | 'speed' | 'heading' | 'altitude' | 'battery'
type Measured = Record<Measure, number | null | undefined>
type Worded = Record<'network' | 'source', string | null | undefined> & {
  mock: boolean | null | undefined
}

const isRecord = (value: unknown): value is Item => typeof value === 'object' && value !== null

const isPlace = (item: Item): item is Item & Place =>
  typeof item['id'] === 'string' &&
  UUID.test(item['id']) &&
  inRange(item['at'], 0, 8.64e15) &&
  Number.isInteger(item['at']) &&
  inRange(item['lng'], -180, 180) &&
  inRange(item['lat'], -90, 90) &&
  isDatum(item['datum'])

const isMeasured = (item: Item): item is Item & Measured =>
  absentOr(item['accuracy'], 0, 100_000) &&
  absentOr(item['speed'], 0, 400) &&
  absentOr(item['heading'], 0, 360) &&
  absentOr(item['altitude'], -1000, 20_000) &&
  absentOr(item['battery'], 0, 100)

const isWorded = (item: Item): item is Item & Worded =>
  absentOrWord(item['network']) &&
  absentOrWord(item['source']) &&
  (item['mock'] == null || typeof item['mock'] === 'boolean')

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const isDatum = (value: unknown) =>
  value === undefined || value === 'wgs84' || value === 'gcj02' || value === 'bd09'

const inRange = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && value >= min && value <= max

const absentOr = (value: unknown, min: number, max: number): value is number | null | undefined =>
  value == null || inRange(value, min, max)

const absentOrWord = (value: unknown): value is string | null | undefined =>
  value == null || (typeof value === 'string' && value.length <= 16)
