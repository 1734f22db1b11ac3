import {
  decimal,
  isoOf,
  pointsOfPiece,
  rawPoints,
  type TrackOptions,
  type TrackPiece,
  type TrackPoint,
  type TrackSource,
} from './track.ts'

const RAW = 'time,epoch_ms,lng,lat,accuracy_m,altitude_m,speed_mps,flags,person,date'
const CLEANED = 'time,epoch_ms,lng,lat,kind,place,customer_id,reason,person,date'

/**
 * A day as CSV (RFC 4180, UTF-8 with a byte order mark, which spreadsheets need for Chinese): one row for each
 * raw fix, or for each point of a cleaned day; a piece without a place has one row for its beginning and one
 * for its end, without a position. Nothing in a cell can be taken for a formula.
 */
export function toCsv(source: TrackSource, { person }: TrackOptions): string {
  const tail = [cell(person), cell(source.date)]
  const rows =
    'fixes' in source
      ? rawPoints(source.fixes).map((point) => [...rawCells(point), ...tail])
      : source.segments.flatMap((piece) => pieceRows(piece).map((cells) => [...cells, ...tail]))
  const head = 'fixes' in source ? RAW : CLEANED
  return `\ufeff${[head, ...rows.map((cells) => cells.join(','))].join('\r\n')}\r\n`
}

function rawCells(point: TrackPoint): string[] {
  const { accuracy, altitude, speed, flags } = point
  const numbers = [accuracy, altitude, speed].map((value) =>
    value === null ? '' : decimal(value, 2),
  )
  return [...pointCells(point), ...numbers, cell(flags.join(' '))]
}

function pieceRows(piece: TrackPiece): string[][] {
  const { kind, from, to, place, customerId, reason } = piece
  const about = [kind, ...[place?.name, customerId, reason].map((text) => cell(text ?? ''))]
  const points = pointsOfPiece(piece).map(pointCells)
  const unknown = [from, to].map((at) => [isoOf(at), isoOf(at) && decimal(at, 1), '', ''])
  return (points.length > 0 ? points : unknown).map((cells) => [...cells, ...about])
}

const pointCells = ({ at, lng, lat }: TrackPoint) => [
  isoOf(at),
  decimal(at, 1),
  decimal(lng, 7),
  decimal(lat, 7),
]

/** A text as one cell: quoted where it must be, and with ' before what a spreadsheet would run. */
export function cell(text: string): string {
  const safe =
    /^[\s\ufeff]*[=+\-@|%＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}
