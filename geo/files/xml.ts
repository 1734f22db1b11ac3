/** Text for XML 1.0: what the format has no way to say becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A piece of a document, in its order. Names are without their prefix. */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Map<string, string> }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'error'; readonly code: XmlErrorCode; readonly at: number }

export type XmlErrorCode = 'doctype' | 'too_deep' | 'not_well_formed'

const MOST_DEPTH = 64
const BLANK = /[\s\ufeff]*/y
const OPEN = /<([^\s<>/="'!?]+)/y
const ATTRIBUTE = /\s+([^\s<>/="']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const OPEN_END = /\s*(\/?)>/y
const CLOSE = /<\/([^\s<>/="']+)\s*>/y

/** Elements that say nothing to us: where they begin, where they end, and whether they hold text. */
const SKIPPED = [
  { start: '<!--', end: '-->', isText: false },
  { start: '<?', end: '?>', isText: false },
  { start: '<![CDATA[', end: ']]>', isText: true },
] as const

/**
 * Reads XML piece by piece in time linear in its length, and never throws. Entities are the five of XML and
 * numbers; nothing is ever expanded from a declaration: a document with a DOCTYPE is refused. The last event
 * of a broken document is an error; that of a whole one is the close of its root.
 */
export function* xmlEvents(text: string): Generator<XmlEvent, void> {
  const open: string[] = []
  let at = Number(match(BLANK, text, 0)?.[0].length)
  let roots = 0
  while (at < text.length) {
    const step = stepAt(text, at, open)
    yield* step.events
    if (step.next === undefined) return
    if (open.length === 0) roots += step.events.some(({ kind }) => kind === 'close') ? 1 : 0
    at = step.next
  }
  if (open.length > 0 || roots !== 1) yield failure('not_well_formed', text.length)
}

interface Step {
  readonly events: readonly XmlEvent[]
  readonly next?: number
}

function stepAt(text: string, at: number, open: string[]): Step {
  if (text[at] !== '<') return textAt(text, at, open)
  const skipped = SKIPPED.find(({ start }) => text.startsWith(start, at))
  if (skipped) return skippedAt(text, at, skipped)
  if (text.startsWith('<!', at)) return broken('doctype', at)
  return text[at + 1] === '/' ? closeAt(text, at, open) : openAt(text, at, open)
}

function textAt(text: string, at: number, open: readonly string[]): Step {
  const found = text.indexOf('<', at)
  const next = found < 0 ? text.length : found
  const content = text.slice(at, next)
  if (open.length === 0 && content.trim() !== '') return broken('not_well_formed', at)
  return { events: [{ kind: 'text', text: decoded(content) }], next }
}

function skippedAt(
  text: string,
  at: number,
  { start, end, isText }: (typeof SKIPPED)[number],
): Step {
  const found = text.indexOf(end, at + start.length)
  if (found < 0) return broken('not_well_formed', at)
  const content = text.slice(at + start.length, found)
  return { events: isText ? [{ kind: 'text', text: content }] : [], next: found + end.length }
}

function closeAt(text: string, at: number, open: string[]): Step {
  const [whole, name] = match(CLOSE, text, at) ?? []
  if (whole === undefined || open.pop() !== name) return broken('not_well_formed', at)
  return { events: [{ kind: 'close', name: local(String(name)) }], next: at + whole.length }
}

function openAt(text: string, start: number, open: string[]): Step {
  const [whole, name] = match(OPEN, text, start) ?? []
  if (whole === undefined) return broken('not_well_formed', start)
  if (open.length >= MOST_DEPTH) return broken('too_deep', start)
  const attributes = new Map<string, string>()
  let at = start + whole.length
  for (let found = match(ATTRIBUTE, text, at); found; found = match(ATTRIBUTE, text, at)) {
    attributes.set(local(String(found[1])), decoded(found[2] ?? String(found[3])))
    at += found[0].length
  }
  const end = match(OPEN_END, text, at)
  if (!end) return broken('not_well_formed', start)
  const opened = { kind: 'open', name: local(String(name)), attributes } as const
  const next = at + end[0].length
  if (end[1] === '/') return { events: [opened, { kind: 'close', name: opened.name }], next }
  open.push(String(name))
  return { events: [opened], next }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

const failure = (code: XmlErrorCode, at: number): XmlEvent => ({ kind: 'error', code, at })

const broken = (code: XmlErrorCode, at: number): Step => ({ events: [failure(code, at)] })

const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Five names and numbers; whatever else begins with & stays as it is. */
function decoded(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/gi,
    (whole: string, hex?: string, number?: string, name?: string) => {
      if (name !== undefined) return NAMED.get(name) ?? whole
      const code = hex === undefined ? Number(number) : parseInt(hex, 16)
      return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
    },
  )
}
