import { Temporal } from 'temporal-polyfill'

/** A table as it leaves in a file, whatever the format: typed cells, so that a spreadsheet can calculate with them. */

/**
 * How a value is meant.
 * text; whole and decimal numbers; date `YYYY-MM-DD`; moment `YYYY-MM-DD HH:MM` or `… HH:MM:SS`, a wall
 * clock without zone; duration in minutes, shown as [h]:mm (also a time of day past midnight: 30:05).
 */
export type CellKind = 'text' | 'whole' | 'decimal' | 'date' | 'moment' | 'duration'

export type Plain = string | number | null

/** Colours as RRGGBB; only XLSX shows them, so never the only sign of anything. */
export interface Tint {
  readonly fill?: string
  readonly ink?: string
  readonly bold?: boolean
  readonly centred?: boolean
  readonly wrapped?: boolean // over several lines
}

/** A value of its column's kind, or one that says its own kind or look. */
export type Cell = Plain | { readonly value: Plain; readonly kind?: CellKind; readonly tint?: Tint }

export interface Column {
  readonly title: string
  readonly kind: CellKind
  readonly width?: number // in characters
  readonly tint?: Tint // of the title
}

/** Rows come in batches: the writer breathes between two of them, so neither side need hold the table. */
export type Batches = Iterable<readonly Cell[][]> | AsyncIterable<readonly Cell[][]>

export interface Sheet {
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: Batches
  readonly frozenColumns?: number // the title row is always frozen
  readonly filter?: boolean // drop-down filters on the titles; true unless said
  readonly pagesWide?: number // when printed, 1 unless said; the frozen columns come again on each
}

/** A value and the kind it is written as. A value that is not of that kind stays text. */
export function settled(cell: Cell, column: Column): { value: Plain; kind: CellKind; tint?: Tint } {
  const own = typeof cell === 'object' && cell !== null ? cell : { value: cell }
  const kind = own.kind ?? column.kind
  const tint = own.tint && { tint: own.tint }
  if (own.value === null || fitsKind(own.value, kind)) return { value: own.value, kind, ...tint }
  return { value: String(own.value), kind: 'text', ...tint }
}

const isDay = (kind: CellKind) => kind === 'date' || kind === 'moment'

function fitsKind(value: string | number, kind: CellKind): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && kind !== 'text' && !isDay(kind)
  return kind === 'text' || (isDay(kind) && serialOf(value, kind) !== null)
}

const DAY_MS = 86_400_000
const EPOCH_DAYS = 25_569 // 1 January 1970 in Excel's count of days
const DATE = /^(19|20)\d{2}-\d{2}-\d{2}$/ // Excel counts from 1900
const CLOCK = /^ ([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/
const REMEMBERED = 4_000 // dates

const days = new Map<string, number | null>() // a month has few dates and many cells

/** The number by which Excel keeps a date or a moment of the wall clock; null when the text is none. */
export function serialOf(text: string, kind: CellKind): number | null {
  const day = dayOf(text.slice(0, 10))
  if (day === null || kind === 'date') return text.length === 10 ? day : null
  const [, hour, minute, second = '0'] = CLOCK.exec(text.slice(10)) ?? []
  if (hour === undefined) return null
  return day + (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) / 86_400
}

function dayOf(date: string): number | null {
  const known = days.get(date)
  if (known !== undefined) return known
  if (days.size >= REMEMBERED) days.clear()
  const at = DATE.test(date) ? Date.parse(`${date}T00:00Z`) : Number.NaN
  const real = Number.isFinite(at) && new Date(at).toISOString().startsWith(date)
  const day = real ? at / DAY_MS + EPOCH_DAYS : null
  days.set(date, day)
  return day
}

/** An instant as a cell of kind `moment`, by the clock of a zone (IANA), cut to whole minutes or seconds. */
export const wallClock = (at: number, zone: string, smallestUnit: 'minute' | 'second'): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit })
    .replace('T', ' ')

/** Minutes as h:mm, also past 24 hours and below zero. */
export function clockText(minutes: number): string {
  const whole = Math.round(Math.abs(minutes))
  const sign = minutes < 0 && whole > 0 ? '-' : ''
  return `${sign}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
