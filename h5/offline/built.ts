/** What a build consists of; the plugin writes it into the worker. */
export interface Built {
  version: string // changes when any file does
  shell: string[] // paths a rep's page needs to open, kept before the worker takes over
  later: string[] // paths of everything else, kept while the page is idle
  seen: string[] // paths of pictures, kept once one has looked at them: they are many and large
}

export interface Part {
  file: string // as in `assets/index-abc.js`
  page: string | null // the module a chunk was made for, as in `…/today/TodayPage.vue`
  isEntry: boolean
  needs: string[] // files loaded together with it: static imports and style sheets
}

/**
 * Sorts the files of a build: what the entry and the pages named in `first` need, then the rest.
 * @param first parts of module paths, as in `/today/TodayPage.vue`
 */
export function sortParts(
  parts: readonly Part[],
  first: readonly string[],
): Omit<Built, 'version'> {
  const byFile = new Map(parts.map((part) => [part.file, part]))
  const shell = new Set<string>()
  const add = (file: string) => {
    if (shell.has(file)) return
    shell.add(file)
    byFile.get(file)?.needs.forEach(add)
  }
  for (const part of parts) if (isFirst(part, first)) add(part.file)
  const others = parts.map(({ file }) => file).filter((file) => !shell.has(file))
  return {
    shell: [...shell].map(rooted).sort(),
    later: others
      .filter((file) => !isPicture(file))
      .map(rooted)
      .sort(),
    seen: others.filter(isPicture).map(rooted).sort(),
  }
}

const isPicture = (file: string) => /\.(webp|svg)$/.test(file)

function isFirst({ isEntry, page }: Part, first: readonly string[]): boolean {
  return isEntry || first.some((part) => page?.includes(part))
}

const rooted = (file: string) => `/${file}`
