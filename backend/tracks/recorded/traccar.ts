import { Fault } from '../../core/errors.ts'
import { csvLines } from './csv.ts'
import { collect, isRecord, jsonOf, placed, within, type Recorded, type Row } from './recorded.ts'

const KNOT = 0.514444 // m/s: Traccar's speeds are in knots

/**
 * Positions as Traccar's API exports them: the list of `GET /api/positions`, or CSV under the same names. A file
 * with several devices needs `device`, the `deviceId` of the one that is meant. What Traccar itself calls not valid is
 * skipped. Source: traccar.org/api-reference, Position.
 * @throws Fault `bad_input`: neither of both, or several devices and none was named
 */
export function parseTraccar(text: string, device: string | undefined): Recorded {
  const rows = isJson(text) ? listOf(text) : tableOf(text)
  const devices = new Set(rows.flatMap(({ row }) => nameOf(row) ?? []))
  if (device === undefined && devices.size > 1) {
    const names = [...devices].slice(0, 20).join(', ')
    throw new Fault('bad_input', `the file is of several devices: say which of ${names}`, { devices: names }) // prettier-ignore
  }
  const own = rows.filter(({ row }) => device === undefined || nameOf(row) === device)
  return collect(
    own.map(({ line, row }) => [line, rowOf(row)] as const),
    'traccar',
  )
}

const isJson = (text: string) => /^\s*[[{]/.test(text)

/** Whether a text begins as such a file does. */
export const isTraccar = (text: string): boolean => isJson(text) || /^[^\n]*\bfixTime\b/i.test(text)

const NO_LIST = { code: 'no_list' }

interface Line {
  line: number
  row: unknown
}

function listOf(text: string): Line[] {
  const list = jsonOf(text)
  if (!Array.isArray(list))
    throw new Fault('bad_input', 'must be the JSON list of GET /api/positions', NO_LIST)
  return list.map((row: unknown, index) => ({ line: index + 1, row }))
}

function tableOf(text: string): Line[] {
  const comma = /^[^\n,]*;/.test(text) ? ';' : ','
  try {
    const [head, ...lines] = csvLines(text, comma)
    const names = (head?.cells ?? []).map((name) => name.trim())
    const columns = COLUMNS.map((name) => names.indexOf(name))
    return lines.map(({ line, cells }) => ({ line, row: namedCells(cells, columns) }))
  } catch {
    throw new Fault('bad_input', 'must be CSV with the headings of Traccar: fixTime, latitude …', NO_LIST) // prettier-ignore
  }
}

const COLUMNS = ['deviceId', 'fixTime', 'valid', 'latitude', 'longitude', 'altitude', 'speed', 'course', 'accuracy', 'attributes'] as const // prettier-ignore

function namedCells(cells: readonly string[], columns: readonly number[]) {
  const row: Record<string, string | undefined> = {}
  for (const [index, name] of COLUMNS.entries()) row[name] = cells[columns[index] ?? -1]
  return row
}

function nameOf(row: unknown): string | undefined {
  const id: unknown = isRecord(row) ? row['deviceId'] : undefined
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

const NAMES = { lng: 'longitude', lat: 'latitude', at: 'fixTime' }

function rowOf(row: unknown): Row {
  if (!isRecord(row)) return { field: 'position', rule: 'must be an object' }
  if (String(row['valid']) === 'false') return null
  const time = row['fixTime']
  const at = typeof time === 'string' ? Date.parse(isoOf(time)) : time
  const place = placed({ lng: row['longitude'], lat: row['latitude'], at }, NAMES)
  if (place === null || 'rule' in place) return place
  const knots = within(row['speed'], 0, 1000)
  return {
    ...place,
    accuracy: within(row['accuracy'], Number.MIN_VALUE, 1e6), // 0: Traccar does not know
    altitude: within(row['altitude'], -1e4, 1e5),
    heading: within(row['course'], 0, 360),
    battery: within(attributeOf(row, 'batteryLevel'), 0, 100),
    speed: knots === undefined ? undefined : knots * KNOT,
  }
}

/** Without a zone Traccar's database means UTC. */
const isoOf = (text: string) =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text

function attributeOf(row: Record<string, unknown>, name: string): unknown {
  const { attributes } = row
  const known = typeof attributes === 'string' ? jsonOf(attributes) : attributes
  return isRecord(known) ? known[name] : undefined
}
