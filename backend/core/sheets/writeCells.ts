import { settled, wallMillis, type Cell, type Column, type Plain } from './write.ts'
import type { Styles } from './writeStyles.ts'

const DAY_MS = 86_400_000
const EPOCH_DAYS = 25_569 // 1 January 1970 in Excel's count of days
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

/** Writes rows of one sheet as XML; the columns' names and looks are worked out once. */
export function createRowWriter(columns: readonly Column[], styles: Styles) {
  const names = columns.map((_, index) => columnName(index))
  const usual = columns.map(({ kind }) => styles.indexOf({ kind }))
  const quoted = styles.indexOf({ kind: 'text', quoted: true })

  const cellXml = (place: string, style: number, value: Plain): string => {
    if (value === null) return style === 0 ? '' : `<c r="${place}" s="${style}"/>`
    if (typeof value === 'number') return `<c r="${place}" s="${style}"><v>${value}</v></c>`
    const text = escaped(cut(value))
    const kept = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : ''
    return `<c r="${place}" s="${style}" t="inlineStr"><is><t${kept}>${text}</t></is></c>`
  }

  const typedXml = (place: string, column: number, cell: Cell): string => {
    const under = columns[column]
    if (!under) throw new Error(`a row has more cells than the ${columns.length} columns`)
    const { value, kind, tint } = settled(cell, under)
    const formula = typeof value === 'string' && kind === 'text' && looksLikeFormula(value)
    const plain = tint === undefined && kind === under.kind
    const style = plain
      ? formula
        ? quoted
        : (usual[column] ?? 0)
      : styles.indexOf({ ...tint, kind, quoted: formula })
    return cellXml(place, style, serial(value, kind))
  }

  return (cells: readonly Cell[], row: number): string => {
    let xml = `<row r="${row}">`
    for (let index = 0; index < cells.length; index++)
      xml += typedXml(`${names[index]}${row}`, index, cells[index] ?? null)
    return `${xml}</row>`
  }
}

/** The number that Excel keeps for a value of a kind; text stays. */
function serial(value: Plain, kind: string): Plain {
  if (kind === 'duration' && typeof value === 'number') return value / MINUTES_OF_DAY
  if (typeof value !== 'string' || (kind !== 'date' && kind !== 'moment')) return value
  return wallMillis(value) / DAY_MS + EPOCH_DAYS
}
