import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** An element with its own text (CDATA and plain, in order) and its child elements. */
export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

export interface XmlLimits {
  chars: number
  tags: number // opening and closing ones together
}

const DEPTH = 32

/** Values stay texts: a MsgId has more digits than a number holds. Entities are resolved below. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '#cdata',
  maxNestedTags: DEPTH,
  jPath: false,
})

/**
 * Reads the small XML that WeCom sends: elements, text, CDATA. Declarations of a document type or of
 * entities, comments, processing instructions, control characters and whatever is not well-formed
 * or larger than the limits are refused before the parser sees them. Never throws; linear in time.
 * @returns the root element, or null.
 */
export function parseXml(text: string, limits: XmlLimits): XmlElement | null {
  if (text.length > limits.chars || UNPRINTABLE.test(text)) return null
  const markup = withoutCdata(text)
  if (markup === null || !isPlain(markup, limits.tags)) return null
  try {
    if (XMLValidator.validate(text) !== true) return null
    const [root, ...others] = elementsOf(parser.parse(text))
    return root && others.length === 0 ? root : null
  } catch {
    return null // the parser's complaints quote the text, which nobody may read
  }
}

/** The text of the element at a path of names below `element`, untrimmed; null where there is none. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | null {
  return childAt(element, ...path)?.text ?? null
}

/** The first element at a path of names below `element`. */
export function childAt(element: XmlElement, ...path: readonly string[]): XmlElement | null {
  let found: XmlElement | undefined = element
  for (const name of path) found = found?.children.find((child) => child.name === name)
  return found ?? null
}

/** What XML 1.0 does not allow: control characters but tab and line ends, halves of surrogate pairs. */
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/u

/** The markup around CDATA sections; null when one does not end. */
function withoutCdata(text: string): string | null {
  const parts: string[] = []
  let from = 0
  for (;;) {
    const open = text.indexOf('<![CDATA[', from)
    if (open < 0) return [...parts, text.slice(from)].join('')
    const close = text.indexOf(']]>', open + 9)
    if (close < 0) return null
    parts.push(text.slice(from, open))
    from = close + 3
  }
}

const DECLARATION = /^\ufeff?\s*<\?xml\s[^<>?]*\?>/

function isPlain(markup: string, tags: number): boolean {
  const body = markup.replace(DECLARATION, '')
  if (body.includes('<!') || body.includes('<?')) return false
  let count = 0
  for (let at = body.indexOf('<'); at >= 0; at = body.indexOf('<', at + 1))
    if (++count > tags) return false
  return true
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** The parser's ordered form: `[{name: [children]}]`, texts as `{'#text': …}`, CDATA as `{'#cdata': [text]}`. */
function elementsOf(nodes: unknown): XmlElement[] {
  if (!Array.isArray(nodes)) return []
  return nodes.filter(isRecord).flatMap((node) => {
    const [entry] = Object.entries(node)
    if (!entry || entry[0].startsWith('#')) return []
    const [name, inner] = entry
    return [{ name, text: textOf(inner), children: elementsOf(inner) }]
  })
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return ''
  const pieces = nodes.filter(isRecord).map((node) => {
    if ('#cdata' in node) return rawOf(node['#cdata'])
    const text = node['#text']
    return typeof text === 'string' ? resolved(text) : ''
  })
  return pieces.join('')
}

const rawOf = (nodes: unknown): string => {
  const [first] = Array.isArray(nodes) ? nodes.filter(isRecord) : []
  const text = first?.['#text']
  return typeof text === 'string' ? text : ''
}

const PREDEFINED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The five entities that every XML has; all others would need a declaration, and stay as they are. */
const resolved = (text: string) =>
  text.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => PREDEFINED[name] ?? whole)
