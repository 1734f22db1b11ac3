/** A line of the month grid: people, with headings between them. */
export interface GridRow {
  readonly key: string
  readonly kind: 'group' | 'person'
  readonly label: string
  readonly hint: string
}

/** A cell by its line and its day, both counted from 0. */
export interface Place {
  readonly row: number
  readonly day: number
}

export interface Size {
  readonly rows: number
  readonly days: number
}

/** Lines from one, itself included, to another, itself left out. */
export interface Span {
  readonly first: number
  readonly last: number
}

/** Lines to draw for a scrolled height: whole steps, so that most scrolling draws nothing anew. */
export function drawn(scrolled: number, height: number, line: number, rows: number): Span {
  const step = 8
  const first = Math.max(0, Math.floor(scrolled / line / step) * step - step)
  const last = Math.min(rows, Math.ceil((scrolled + height) / line / step) * step + step)
  return { first, last: Math.max(first, last) }
}

/**
 * Lines of a window that show their cells: those that did, and some more, nearest to the middle first.
 * @param filled lines that show them already; those outside the window are dropped
 * @param most how many more
 * @returns the same set where nothing changes
 */
export function filledNext(
  filled: ReadonlySet<number>,
  { first, last }: Span,
  most: number,
): ReadonlySet<number> {
  const window = Array.from({ length: last - first }, (_, n) => first + n)
  const kept = window.filter((row) => filled.has(row))
  const middle = (first + last - 1) / 2
  const more = window
    .filter((row) => !filled.has(row))
    .toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))
    .slice(0, most)
  return more.length === 0 && kept.length === filled.size ? filled : new Set([...kept, ...more])
}

/** Whether all lines of a span are in a set that holds none but lines of it. */
export const isWhole = (filled: ReadonlySet<number>, { first, last }: Span) =>
  filled.size === last - first

const BUDGET_MS = 4 // of a frame's 16, for layout and paint cost about as much again
export const MOST = 8 // lines in a frame, where they cost next to nothing or nothing moves

/** How many lines may be filled in a frame, one at the least, by what one costs in ms. */
export const paceOf = (lineMs: number) =>
  Math.max(1, Math.min(MOST, Math.floor(BUDGET_MS / Math.max(lineMs, 0.01))))

const MOVES: Record<string, Place> = {
  ArrowUp: { row: -1, day: 0 },
  ArrowDown: { row: 1, day: 0 },
  ArrowLeft: { row: 0, day: -1 },
  ArrowRight: { row: 0, day: 1 },
  PageUp: { row: -10, day: 0 },
  PageDown: { row: 10, day: 0 },
}

/**
 * Where a key leads from a cell; null when it is no key of movement. Headings are passed over.
 * @param isPerson whether a line has cells
 */
export function moved(
  key: string,
  from: Place,
  size: Size,
  isPerson: (row: number) => boolean,
): Place | null {
  if (key === 'Home') return { ...from, day: 0 }
  if (key === 'End') return { ...from, day: size.days - 1 }
  const move = MOVES[key]
  if (!move) return null
  const day = clamp(from.day + move.day, size.days)
  return { row: personNear(clamp(from.row + move.row, size.rows), Math.sign(move.row), size, isPerson) ?? from.row, day } // prettier-ignore
}

const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value))

/** The next line with cells in a direction, else in the other one. */
function personNear(
  row: number,
  direction: number,
  { rows }: Size,
  isPerson: (row: number) => boolean,
): number | null {
  for (const step of [direction || 1, -(direction || 1)])
    for (let each = row; each >= 0 && each < rows; each += step) if (isPerson(each)) return each
  return null
}

/** The rectangle between two cells, both included. */
export function between(a: Place, b: Place) {
  return {
    rows: { from: Math.min(a.row, b.row), to: Math.max(a.row, b.row) },
    days: { from: Math.min(a.day, b.day), to: Math.max(a.day, b.day) },
  }
}

export type Rectangle = ReturnType<typeof between>

export const isIn = ({ rows, days }: Rectangle, { row, day }: Place) =>
  row >= rows.from && row <= rows.to && day >= days.from && day <= days.to
