import { fileURLToPath } from 'node:url'
import type { Plugin, Rolldown } from 'vite'

/** What a rep's first page is made of, beside what every page needs. */
const FIRST = ['today/TodayPage.vue', ...['me', 'today', 'tracks', 'map', 'visits'].map((words) => `messages/${words}.ts`)] // prettier-ignore
const APART = /\/geo\// // one door to much that only other pages use

const roots = FIRST.map((file) => fileURLToPath(new URL(`../${file}`, import.meta.url)))

/**
 * Three large files instead of many small ones, each of which a slow phone asks for, checks and hands over by itself:
 * `kit` the libraries of every page, `main` our own part of it, `first` what a rep's first page needs beside them. All
 * others are split by page.
 */
export function firstGroups(): Rolldown.CodeSplittingOptions {
  let first: Set<string> | null = null
  const name: Rolldown.CodeSplittingNameFunction = (id, graph) => {
    first ??= neededBy(roots, (each) => graph.getModuleInfo(each)?.importedIds ?? [])
    return first.has(id) ? 'first' : null
  }
  const alone = { includeDependenciesRecursively: false }
  return {
    groups: [
      { name: 'kit', tags: ['$initial'], test: /node_modules/, priority: 3, ...alone },
      { name: 'main', tags: ['$initial'], priority: 2, ...alone },
      { name, debugName: 'first', priority: 1, ...alone },
    ],
  }
}

function neededBy(ids: readonly string[], importsOf: (id: string) => readonly string[]) {
  const found = new Set<string>()
  const add = (id: string) => {
    if (found.has(id) || APART.test(id)) return
    found.add(id)
    importsOf(id).forEach(add)
  }
  ids.forEach(add)
  return found
}

/** Lets the browser fetch a rep's first page together with the entry, not after it has run. */
export const firstPage: Plugin = {
  name: 'zuji-first-page',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle }) {
      const chunk = Object.values(bundle ?? {}).find(({ type, name }) => type === 'chunk' && name === 'first') // prettier-ignore
      if (chunk?.type !== 'chunk') return []
      const sheets = [...(chunk.viteMetadata?.importedCss ?? [])]
      const tag = (attrs: Record<string, string | boolean>) => ({ tag: 'link', attrs, injectTo: 'head' as const }) // prettier-ignore
      return [
        tag({ rel: 'modulepreload', crossorigin: true, href: `/${chunk.fileName}` }),
        ...sheets.map((sheet) => tag({ rel: 'preload', as: 'style', crossorigin: true, href: `/${sheet}` })), // prettier-ignore
      ]
    },
  },
}
