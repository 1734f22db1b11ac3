import { textOf, type Guide } from './guide.ts'
import type { GuideName } from './names.ts'

export interface Found {
  guide: GuideName
  id: string
  title: string
  extract: string // around the first of the words
}

const BEFORE = 20 // characters of an extract before the word
const LONG = 90

/** The sections that have all the words, those first that have them in their title. No word finds nothing. */
export function searched(
  guides: readonly { name: GuideName; guide: Guide }[],
  words: string,
): Found[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return []
  const has = (text: string) => wanted.every((word) => text.toLowerCase().includes(word))
  const found = guides.flatMap(({ name, guide }) =>
    guide.sections.flatMap(({ id, title, html }) => {
      const text = textOf(html)
      if (!has(`${title} ${text}`)) return []
      return [{ guide: name, id, title, extract: extractOf(text, wanted) }]
    }),
  )
  return [...found.filter(({ title }) => has(title)), ...found.filter(({ title }) => !has(title))]
}

function extractOf(text: string, wanted: readonly string[]): string {
  const places = wanted.map((word) => text.toLowerCase().indexOf(word)).filter((at) => at >= 0)
  const from = Math.max(0, Math.min(...places, text.length) - BEFORE)
  const start = places.length === 0 ? 0 : from
  return `${start > 0 ? '…' : ''}${text.slice(start, start + LONG)}${start + LONG < text.length ? '…' : ''}`
}
