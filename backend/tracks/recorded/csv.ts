/** A line of a table, and where it begins. */
export interface CsvLine {
  line: number // from 1
  cells: string[]
}

/**
 * The lines of a CSV text as RFC 4180 has them, empty ones left out; time grows with its length alone. A library's
 * reader needs several seconds for the 10 MB that may come in, and everybody waits for as long.
 * @param comma what parts cells. @throws RangeError where a quote is left open
 */
export function* csvLines(text: string, comma: string): Generator<CsvLine> {
  const cursor = { at: 0, line: 1 }
  while (cursor.at < text.length) {
    const { line } = cursor
    const cells = cellsAt(text, comma, cursor)
    if (cells.length > 1 || cells[0] !== '') yield { line, cells }
  }
}

interface Cursor {
  at: number
  line: number
}

/** The cells up to the end of a line; the cursor then stands behind it. */
function cellsAt(text: string, comma: string, cursor: Cursor): string[] {
  const end = endOf(text, cursor.at)
  const plain = text.slice(cursor.at, end)
  if (!plain.includes('"')) {
    cursor.at = end + 1
    cursor.line += 1
    return plain.replace(/\r$/, '').split(comma)
  }
  const cells: string[] = []
  let more = true
  while (more) {
    const { value, at } = text[cursor.at] === '"' ? quotedAt(text, cursor) : { value: '', at: cursor.at } // prettier-ignore
    const stop = stopOf(text, comma, at)
    cells.push(value + text.slice(at, stop).replace(/\r$/, ''))
    more = text[stop] === comma
    cursor.at = stop + 1
  }
  cursor.line += 1
  return cells
}

/** What stands between quotes, doubled ones being one, and where it ends. */
function quotedAt(text: string, cursor: Cursor): { value: string; at: number } {
  let value = ''
  for (let from = cursor.at + 1; ;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) throw new RangeError(`a quote is left open in line ${cursor.line}`)
    value += text.slice(from, quote)
    if (text[quote + 1] !== '"') {
      cursor.line += value.split('\n').length - 1
      return { value, at: quote + 1 }
    }
    value += '"'
    from = quote + 2
  }
}

const endOf = (text: string, from: number) => {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at
}

/** The next comma or end of line. */
function stopOf(text: string, comma: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== comma && text[at] !== '\n') at += 1
  return at
}
