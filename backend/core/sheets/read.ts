import { isUtf8 } from 'node:buffer'
import { Fault } from '../errors.ts'
import { readCsv } from './readCsv.ts'
import { noTable, type SheetLimits, type SheetRows } from './readRows.ts'
import { readXlsx } from './readXlsx.ts'

export type { SheetLimits, SheetRow, SheetRows } from './readRows.ts'

/**
 * The rows of a CSV file (UTF-8, UTF-16 with a mark, or GBK; comma, semicolon or tab) or of the first visible
 * sheet of an XLSX file. What it is says its content, never its name. Formulas are what they last
 * came to, HTML is text, dates are YYYY-MM-DD.
 * @throws Fault `bad_input`, `too_large` with a sentence that names line and rule.
 */
export function readSheet(content: Uint8Array, limits: SheetLimits): SheetRows {
  if (starts(content, [0x50, 0x4b, 3, 4])) return readXlsx(content, limits)
  if (starts(content, [0xd0, 0xcf, 0x11, 0xe0]))
    throw new Fault('bad_input', 'file: this is the old Excel format; save it as .xlsx or CSV')
  const [encoding, text] = encodingOf(content)
  return readCsv(text, encoding, limits)
}

const starts = (content: Uint8Array, bytes: readonly number[]) =>
  bytes.every((byte, index) => content[index] === byte)

/** The name of the encoding, and the bytes without their mark. */
function encodingOf(content: Uint8Array): [string, Uint8Array] {
  if (starts(content, [0xff, 0xfe])) return ['utf-16le', content.subarray(2)]
  if (content.includes(0)) throw noTable()
  if (starts(content, [0xef, 0xbb, 0xbf])) return ['utf-8', content.subarray(3)]
  return [isUtf8(content) ? 'utf-8' : 'gb18030', content]
}
