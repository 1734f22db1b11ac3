import { serialOf, settled, type Cell, type CellKind, type Column } from './write.ts'
import type { Styles } from './writeStyles.ts'

const MINUTES_OF_DAY = 1440
const MOST_TEXT = 32_767 // characters of a cell (Excel's specification)

const cut = (text: string) => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text)

/** Text that a spreadsheet would take for a formula: also with the wide signs of Chinese keyboards. */
export const looksLikeFormula = (text: string) => /^[=+\-@\t\r\n＝＋－＠]/.test(text)

/** XML 1.0 knows no other characters; half of a pair is none either. */
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' } // prettier-ignore
const SPECIAL = /[&<>"\r]/g
const ANY = /[^\t\n\u0020-\u0021\u0023-\u0025\u0027-\u003B\u003D\u003F-\uD7FF\uE000-\uFFFD]|_x/

/**
 * Text for between tags: what XML can not say becomes U+FFFD, and what Excel would read as an escaped
 * character (`_x0041_`) is escaped itself (ECMA-376 part 1, 22.9.2.19).
 */
export function escaped(text: string): string {
  if (!ANY.test(text)) return text
  return text
    .replace(FORBIDDEN, '\uFFFD')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(SPECIAL, (sign) => ENTITIES[sign] ?? sign)
}

/** A, B … Z, AA … of a column counted from 0. */
export function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last
}

/** Texts of a workbook, each once; those that come when it is full stand in their cells. */
export function createTexts() {
  const known = new Map<string, number>()
  return {
    /** The number of a text; null when there is no room for another one. */
    indexOf(text: string): number | null {
      const index = known.get(text)
      if (index !== undefined) return index
      if (known.size >= MOST_TEXTS) return null
      known.set(text, known.size)
      return known.size - 1
    },
    /** Each as an element, in the order of their numbers. */
    *elements(): Iterable<string> {
      for (const text of known.keys()) yield `<si>${textElement(text)}</si>`
    },
  }
}
export type Texts = ReturnType<typeof createTexts>

const MOST_TEXTS = 50_000 // a company's names and words fit; free texts of many rows do not

function textElement(text: string): string {
  const kept = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : ''
  return `<t${kept}>${escaped(cut(text))}</t>`
}

/** Writes rows of one sheet as XML; the columns' names and looks are worked out once. */
export function createRowWriter(columns: readonly Column[], styles: Styles, texts: Texts) {
  const known = columns.map((column, index) => ({
    column,
    open: `<c r="${columnName(index)}`,
    ...usualLook(styles.indexOf({ kind: column.kind })),
  }))
  const quoted = styles.indexOf({ kind: 'text', quoted: true })

  const styleOf = ({ column, usual }: Known, { kind, tint }: Settled, formula: boolean): number => {
    if (tint) return styles.tintedIndex(tint, kind, formula)
    if (formula) return quoted
    return kind === column.kind ? usual : styles.indexOf({ kind })
  }

  const cellXml = (under: Known, row: number, cell: Cell): string => {
    const own = settled(cell, under.column)
    const { value, kind } = own
    if (value === null && !own.tint) return ''
    const isText = typeof value === 'string' && kind === 'text'
    const style = styleOf(under, own, isText && looksLikeFormula(value))
    const place = `${under.open}${row}" s="${style}"`
    return isText ? place + textXml(value, texts) : place + numberXml(numberOf(value, kind))
  }

  return (cells: readonly Cell[], row: number): string => {
    let xml = `<row r="${row}">`
    for (let index = 0; index < cells.length; index++) {
      const under = known[index]
      const cell = cells[index] ?? null
      if (!under) throw new Error(`a row has more cells than the ${columns.length} columns`)
      xml += plainXml(under, row, cell, texts) ?? cellXml(under, row, cell)
    }
    return `${xml}</row>`
  }
}

/** The pieces that most cells of a column share are made once: a large month has seven million cells. */
const usualLook = (usual: number) => ({
  usual,
  shared: `" s="${usual}" t="s"><v>`,
  number: `" s="${usual}"><v>`,
})

interface Known extends ReturnType<typeof usualLook> {
  readonly column: Column
  readonly open: string // as `<c r="AB`, before the row
}

/** What most cells are: a text of a text's column, a number of a number's; null for any other. */
function plainXml({ column, open, shared, number }: Known, row: number, cell: Cell, texts: Texts) {
  if (cell === null) return ''
  if (typeof cell === 'string') {
    const index = column.kind === 'text' && !looksLikeFormula(cell) ? texts.indexOf(cell) : null
    return index === null ? null : `${open}${row}${shared}${index}</v></c>`
  }
  const plain = typeof cell === 'number' && NUMBERS.has(column.kind) && Number.isFinite(cell)
  return plain ? `${open}${row}${number}${cell}</v></c>` : null
}

const NUMBERS: ReadonlySet<CellKind> = new Set<CellKind>(['whole', 'decimal'])

const numberXml = (number: number | null) => (number === null ? '/>' : `><v>${number}</v></c>`)

function textXml(text: string, texts: Texts): string {
  const index = texts.indexOf(text)
  return index === null
    ? ` t="inlineStr"><is>${textElement(text)}</is></c>`
    : ` t="s"><v>${index}</v></c>`
}

type Settled = ReturnType<typeof settled>

/** The number that Excel keeps for a value that is no text. */
function numberOf(value: string | number | null, kind: CellKind): number | null {
  if (value === null) return null
  if (typeof value === 'string') return serialOf(value, kind)
  return kind === 'duration' ? value / MINUTES_OF_DAY : value
}
