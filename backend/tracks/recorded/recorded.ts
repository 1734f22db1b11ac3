/** A position out of a file of another program: epoch ms, degrees WGS-84, metres, m/s. */
export interface RecordedPoint {
  lng: number
  lat: number
  at: number
  altitude?: number | undefined
  accuracy?: number | undefined
  speed?: number | undefined
  heading?: number | undefined
  battery?: number | undefined
}

/** What is wrong in a file, as somebody finds it there. */
export interface Wrong {
  line: number // of the text, or the how-manieth position of a JSON list; from 1
  field: string
  rule: string
}

export interface Recorded {
  points: RecordedPoint[]
  skipped: number // that are no positions, or not to be believed by their own word
  wrong: Wrong[] // the first of them
  source: string // what fixes of it are marked with
}

const MOST_WRONG = 50

/** A row of a file; null: it speaks of no position. */
export type Row = RecordedPoint | Omit<Wrong, 'line'> | null

/** Takes rows one by one; what is wrong with one costs none of the others. */
export function collect(
  rows: Iterable<readonly [line: number, row: Row]>,
  source: string,
): Recorded {
  const all: Recorded = { points: [], skipped: 0, wrong: [], source }
  for (const [line, row] of rows) {
    if (row !== null && 'at' in row) {
      all.points.push(row)
      continue
    }
    all.skipped += 1
    if (row !== null && all.wrong.length < MOST_WRONG) all.wrong.push({ line, ...row })
  }
  return all
}

/** A number, or its text, within bounds, else undefined. */
export function within(value: unknown, least: number, most: number): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === ''))
    return undefined
  const number = Number(value)
  return number >= least && number <= most ? number : undefined
}

/** Place and time, which every position needs; else the first of them that is wrong. */
export function placed(row: { lng: unknown; lat: unknown; at: unknown }, names: Names): Row {
  const lng = within(row.lng, -180, 180)
  const lat = within(row.lat, -90, 90)
  const at = within(row.at, 0, 8.64e15)
  if (lat === undefined) return { field: names.lat, rule: 'must be a latitude, -90 to 90' }
  if (lng === undefined) return { field: names.lng, rule: 'must be a longitude, -180 to 180' }
  if (at === undefined) return { field: names.at, rule: 'must be a time' }
  return { lng, lat, at: Math.round(at) }
}

/** What the file calls them. */
export interface Names {
  lng: string
  lat: string
  at: string
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON, or undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
