import { buffer } from 'node:stream/consumers'
import { Fault } from '../errors.ts'
import { inMemory, type Source } from '../source.ts'
import { readCsv } from './readCsv.ts'
import { noTable, type SheetLimits, type SheetRows } from './readRows.ts'
import { readXlsx } from './readXlsx.ts'

export type { SheetLimits, SheetRow, SheetRows } from './readRows.ts'

/**
 * The rows of a CSV file (UTF-8, UTF-16 with a mark, or GBK; comma, semicolon or tab) or of the first visible
 * sheet of an XLSX file, read piece by piece: what is held does not grow with the file. What it is says its
 * content, never its name. Formulas are what they last came to, HTML is text, dates are YYYY-MM-DD.
 * @throws Fault `bad_input`, `too_large` with a sentence that names line and rule.
 */
export async function* readSheet(content: Uint8Array | Source, limits: SheetLimits): SheetRows {
  const source = content instanceof Uint8Array ? inMemory(content) : content
  const head = await headOf(source)
  if (starts(head, [0x50, 0x4b, 3, 4])) return yield* readXlsx(source, limits)
  if (starts(head, [0xd0, 0xcf, 0x11, 0xe0]))
    throw new Fault('bad_input', 'file: this is the old Excel format; save it as .xlsx or CSV')
  yield* readCsv(source, { head, ...(await encodingOf(source, head)) }, limits)
}

const starts = (content: Uint8Array, bytes: readonly number[]) =>
  bytes.every((byte, index) => content[index] === byte)

const HEAD = 16_384 // bytes that tell what a file is

const headOf = (source: Source) => buffer(source.read(0, Math.min(HEAD, source.bytes)))

/** The name of the encoding, and how many bytes its mark has. */
async function encodingOf(source: Source, head: Uint8Array) {
  if (starts(head, [0xff, 0xfe])) return { encoding: 'utf-16le', mark: 2 }
  const utf8 = await isUtf8(source)
  if (starts(head, [0xef, 0xbb, 0xbf])) return { encoding: 'utf-8', mark: 3 }
  return { encoding: utf8 ? 'utf-8' : 'gb18030', mark: 0 }
}

/** Looks through the whole file. Throws Fault `bad_input` where a byte is in no text. */
async function isUtf8({ read, bytes }: Source): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let valid = true
  for await (const chunk of read(0, bytes)) {
    const piece: Uint8Array = chunk
    if (piece.includes(0)) throw noTable()
    valid &&= decodes(decoder, piece)
  }
  return valid && decodes(decoder)
}

function decodes(decoder: TextDecoder, piece?: Uint8Array): boolean {
  try {
    decoder.decode(piece, { stream: piece !== undefined })
    return true
  } catch {
    return false
  }
}
