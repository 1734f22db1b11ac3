import type { Guide, Section } from '../guide.ts'
import type { Piece } from './tree.ts'

/** The HTML of an image, by its name and the words that stand for it. @throws when there is none */
export type ImageOf = (name: string, alt: string) => string

const HEADING = /^(.*\S)\s*\{#([a-z0-9-]+)\}$/

/**
 * Writes a guide as HTML: `# title`, an introduction, then sections `## heading {#anchor}` or `###`.
 * Words of the screen, 「…」, become `<b class="said">`.
 * @param anchorOf makes the anchor of a heading that names none; by default it must
 * @throws what the guide must not have, so that a mistake ends the build and not on the page
 */
export function guideOf(tree: Piece, imageOf: ImageOf, anchorOf: AnchorOf = () => ''): Guide {
  const [first, ...rest] = tree.children ?? []
  if (first?.type !== 'heading' || first.depth !== 1) throw new Error('a guide begins with # title')
  const write = writer(imageOf)
  const sections: Section[] = []
  const intro: string[] = []
  for (const piece of rest) {
    if (piece.type === 'heading') sections.push({ ...headingOf(piece, anchorOf), html: '' })
    else {
      const section = sections.at(-1)
      if (section) section.html += write(piece)
      else intro.push(write(piece))
    }
  }
  return { title: plainOf(first), intro: intro.join(''), sections }
}

function headingOf(piece: Piece, anchorOf: AnchorOf): Omit<Section, 'html'> {
  const text = plainOf(piece)
  const [, title = text, id = anchorOf(text)] = HEADING.exec(text) ?? []
  const level = piece.depth ?? 0
  if (id === '' || level < 2 || level > 3)
    throw new Error(`"${text}" must be ## or ### and end with {#anchor}`)
  return { id, title, level }
}

type AnchorOf = (title: string) => string

/** The anchor that GitHub gives to a heading in English. */
export const englishAnchor: AnchorOf = (title) =>
  title.toLowerCase().replace(/[^a-z0-9 -]/g, '').trim().replaceAll(' ', '-') // prettier-ignore

const plainOf = (piece: Piece): string =>
  piece.value ?? (piece.children ?? []).map(plainOf).join('')

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** 「签到」 is what the screen says; it is shown as such in either language. */
const said = (text: string) => escaped(text).replace(/「([^」]*)」/g, '<b class="said">$1</b>')

function writer(imageOf: ImageOf): (piece: Piece) => string {
  const inside = (piece: Piece): string => (piece.children ?? []).map(write).join('')
  const within = (tag: string) => (piece: Piece) => `<${tag}>${inside(piece)}</${tag}>`
  const kinds: Record<string, (piece: Piece) => string> = {
    text: ({ value = '' }) => said(value),
    inlineCode: ({ value = '' }) => `<code>${escaped(value)}</code>`,
    code: ({ value = '' }) => `<pre tabindex="0"><code>${escaped(value)}</code></pre>`,
    strong: within('strong'),
    emphasis: within('em'),
    blockquote: within('blockquote'),
    listItem: ({ children = [] }) => `<li>${children.map(tight).join('')}</li>`,
    list: (piece) => within(piece.ordered ? 'ol' : 'ul')(piece),
    link: (piece) => `<a href="${escaped(piece.url ?? '')}">${inside(piece)}</a>`,
    image: ({ url = '', alt }) => imageOf(url, escaped(alt ?? '')),
    paragraph: (piece) =>
      isPictures(piece) ? `<div class="pictures">${inside(piece)}</div>` : within('p')(piece),
    table: ({ children: [head, ...rows] = [] }) =>
      `<div class="wide" tabindex="0"><table><thead>${row(head, 'th')}</thead><tbody>${rows.map((each) => row(each, 'td')).join('')}</tbody></table></div>`,
  }
  const row = (piece: Piece | undefined, tag: string) =>
    `<tr>${(piece?.children ?? []).map(within(tag)).join('')}</tr>`
  /** A list item of one paragraph needs none around it. */
  const tight = (piece: Piece) =>
    piece.type === 'paragraph' && !isPictures(piece) ? inside(piece) : write(piece)
  function write(piece: Piece): string {
    const kind = kinds[piece.type]
    if (!kind) throw new Error(`a guide has no ${piece.type}: ${piece.value ?? ''}`)
    return kind(piece)
  }
  return write
}

function isPictures({ children = [] }: Piece): boolean {
  return children.every(({ type, value = '' }) => type === 'image' || (type === 'text' && !value.trim())) // prettier-ignore
}
