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
}

/** A value and the kind it is written as. A value that is not of that kind stays text. */
export function settled(cell: Cell, column: Column): { value: Plain; kind: CellKind; tint?: Tint } {
  const own = typeof cell === 'object' && cell !== null ? cell : { value: cell }
  const kind = own.kind ?? column.kind
  const tint = own.tint && { tint: own.tint }
  if (own.value === null || fitsKind(own.value, kind)) return { value: own.value, kind, ...tint }
  return { value: String(own.value), kind: 'text', ...tint }
}

const DATE = /^(19|20)\d{2}-\d{2}-\d{2}$/ // Excel counts from 1900
const MOMENT = /^(19|20)\d{2}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$/

function fitsKind(value: string | number, kind: CellKind): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && kind !== 'text'
  if (kind === 'text') return true
  if (kind !== 'date' && kind !== 'moment') return false
  if (!(kind === 'date' ? DATE : MOMENT).test(value)) return false
  const at = wallMillis(value)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(value.slice(0, 10))
}

/** A wall clock `YYYY-MM-DD` or `YYYY-MM-DD HH:MM[:SS]` as if it were UTC, epoch ms; NaN when there is none. */
export const wallMillis = (text: string) =>
  Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text.replace(' ', 'T')}Z`)

/** Minutes as h:mm, also past 24 hours and below zero. */
export function clockText(minutes: number): string {
  const whole = Math.round(Math.abs(minutes))
  const sign = minutes < 0 && whole > 0 ? '-' : ''
  return `${sign}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
