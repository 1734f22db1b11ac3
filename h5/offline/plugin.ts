import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Plugin, Rolldown } from 'vite'
import { sortParts, type Built, type Part } from './built.ts'

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))
// what a rep must be able to open and to record with
const FIRST = [
  '/today/TodayPage.vue',
  '/@wecom/jssdk/',
  ...['me', 'today', 'tracks', 'map'].map((words) => `/messages/${words}.ts`),
]

/** Emits /sw.js, the worker of worker.ts with the list of this build's files in it. */
export function offline(): Plugin {
  return {
    name: 'zuji-offline',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const outputs = Object.values(bundle)
        const hashed = outputs.filter(({ fileName }) => fileName.startsWith('assets/'))
        const source = await workerFor(sortParts(hashed.map(partOf), FIRST), pagesOf(outputs))
        this.emitFile({ type: 'asset', fileName: 'sw.js', source })
      },
    },
  }
}

async function workerFor(files: Omit<Built, 'version'>, pages: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(files)).update(pages)
  const built: Built = { version: hash.digest('hex').slice(0, 12), ...files }
  const { outputFiles } = await build({
    entryPoints: [WORKER],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    define: { BUILT: JSON.stringify(built) },
  })
  return outputFiles.map(({ text }) => text).join('')
}

type Output = Rolldown.OutputBundle[string]

function partOf(output: Output): Part {
  if (output.type === 'asset')
    return { file: output.fileName, page: null, isEntry: false, needs: [] }
  const { fileName, facadeModuleId, moduleIds, isEntry, imports, viteMetadata } = output
  const needs = [...imports, ...(viteMetadata?.importedCss ?? [])]
  // a file made of many modules is for none of them alone
  const inside = moduleIds.find((id) => FIRST.some((part) => id.includes(part))) ?? null
  return { file: fileName, page: facadeModuleId ?? inside, isEntry, needs }
}

/** index.html has no hash in its name, so its text must count. */
function pagesOf(outputs: Output[]): string {
  return outputs
    .map((each) =>
      each.type === 'asset' && each.fileName.endsWith('.html') ? String(each.source) : '',
    )
    .join('')
}
