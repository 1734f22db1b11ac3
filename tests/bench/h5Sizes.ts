import { readFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const built = path.resolve(import.meta.dirname, '../../dist/h5')
const kb = (bytes: number) => Math.round(bytes / 102.4) / 10

/**
 * What the scripts and sheets that a page asked for weigh when sent.
 * @param files their paths, as in `/assets/index-1a2b.js`
 */
export function firstFiles(files: readonly string[]) {
  const ending = (end: string) => files.filter((file) => file.endsWith(end)).map(weightsOf)
  const sum = (of: readonly Weights[], key: keyof Weights) =>
    kb(of.reduce((total, each) => total + each[key], 0))
  const [scripts, sheets] = [ending('.js'), ending('.css')]
  return {
    firstJsKb: sum(scripts, 'gzip'),
    firstJsBrotliKb: sum(scripts, 'brotli'),
    firstCssKb: sum(sheets, 'gzip'),
    firstCssBrotliKb: sum(sheets, 'brotli'),
    firstFiles: files.length,
  }
}

interface Weights {
  gzip: number
  brotli: number
}

function weightsOf(file: string): Weights {
  const text = readFileSync(path.join(built, file))
  return { gzip: gzipSync(text, { level: 9 }).length, brotli: brotliCompressSync(text).length }
}
