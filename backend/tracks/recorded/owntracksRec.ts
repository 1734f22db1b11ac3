import { collect, isRecord, jsonOf, placed, within, type Recorded, type Row } from './recorded.ts'

const KMH = 3.6 // a m/s has so many

/**
 * Lines of an OwnTracks Recorder's `.rec` file: `2015-09-23T12:14:37Z`, the kind (`*` is a position), and JSON
 * as the phone sent it, parted by tabs. Other kinds and other messages are skipped.
 * Source: github.com/owntracks/recorder, "rec" files, and the OwnTracks booklet, tech/json.
 */
export const parseRec = (text: string): Recorded => collect(rowsOf(text), 'owntracks_rec')

function* rowsOf(text: string): Generator<readonly [number, Row]> {
  let line = 0
  for (const each of text.split('\n')) {
    line += 1
    if (each.trim() !== '') yield [line, rowOf(each)]
  }
}

function rowOf(text: string): Row {
  const [, kind, json = ''] = /^[^\t]*\t\s*([^\t]*?)\s*\t(.*)$/s.exec(text) ?? []
  if (kind === undefined) return { field: 'kind', rule: 'must be a tab after the time' }
  if (kind !== '*') return null
  const message = jsonOf(json)
  if (!isRecord(message)) return { field: 'payload', rule: 'must be JSON' }
  return message['_type'] === 'location' ? positionOf(message) : null
}

const NAMES = { lng: 'lon', lat: 'lat', at: 'tst' }

function positionOf({ lon, lat, tst, vel, ...more }: Record<string, unknown>): Row {
  const seconds = within(tst, 1, 8.64e12)
  const row = placed({ lng: lon, lat, at: seconds && seconds * 1000 }, NAMES)
  if (row === null || 'rule' in row) return row
  const kmh = within(vel, 0, 2000)
  return {
    ...row,
    accuracy: within(more['acc'], 0, 1e6),
    altitude: within(more['alt'], -1e4, 1e5),
    heading: within(more['cog'], 0, 360),
    battery: within(more['batt'], 0, 100),
    speed: kmh === undefined ? undefined : kmh / KMH,
  }
}

/** Whether a text begins as such a file does. */
export const isRec = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?\t/.test(text)
