import { CallFailed } from '../core/api.ts'
import type { Language } from '../core/i18n.ts'
import type { GuideName } from './names.ts'

/** A heading of a guide with what stands below it, as HTML made when the pages are built. */
export interface Section {
  id: string // the anchor, the same in both languages
  title: string
  level: number // 2 or 3
  html: string
}

export interface Guide {
  title: string
  intro: string // HTML
  sections: readonly Section[]
}

const files = import.meta.glob<Guide>(['./guides/*/*.md', '../../CONTRIBUTING.md'], {
  import: 'guide',
})

/** Where the text of a guide is: that for developers is one for both languages. */
const fileOf = (name: GuideName, language: Language) =>
  name === 'developer' ? '../../CONTRIBUTING.md' : `./guides/${language}/${name}.md`

/** One guide, a chunk of its own. @throws CallFailed `network` when it can not be fetched now */
export async function loadGuide(name: GuideName, language: Language): Promise<Guide> {
  const load = files[fileOf(name, language)]
  if (!load) throw new Error(`there is no guide ${name} in ${language}`)
  return load().catch((cause: unknown) => {
    throw new CallFailed('network', 0, String(cause))
  })
}

/** The plain text of HTML that was made here: it has no comments, no scripts, and its signs are numbers. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ')
    .trim()
}
