import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Extension } from '@electric-sql/pglite'
import { postgis } from '@electric-sql/pglite-postgis'

/**
 * What we use of PostGIS. The package brings rasters, topology and a geocoder of the USA too, 52 of its 95 MB, and every
 * library in it is compiled at every start, whether anybody calls it or not.
 */
const UNUSED = /raster|topology|tiger|address_standardizer|--unpackaged|\/contrib\//

/**
 * PostGIS without what we never use.
 * @param folder keeps the package's bundle without what we never call; made when it is missing
 */
export const usedPostgis = (folder: string): Extension => ({
  name: postgis.name,
  async setup(db, options) {
    const whole = await postgis.setup(db, options)
    if (!whole.bundlePath) return whole
    return { ...whole, bundlePath: pathToFileURL(await usedBundle(whole.bundlePath, folder)) }
  },
})

async function usedBundle(whole: URL, folder: string): Promise<string> {
  const { size } = await stat(whole)
  const file = path.join(folder, `postgis-${size}.tar.gz`) // another release has another size
  if (existsSync(file)) return file
  const used = withoutUnused(await promisify(gunzip)(await readFile(whole)))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.next`, await promisify(gzip)(used, { level: 1 }), { flush: true })
  await rename(`${file}.next`, file)
  return file
}

const BLOCK = 512 // of a tar: a header, then the content filled up to whole blocks
const NAME = { from: 0, to: 100 }
const SIZE = { from: 124, to: 136 } // octal digits

const textAt = (header: Buffer, { from, to }: { from: number; to: number }) =>
  header.toString('ascii', from, to).replace(/[\0 ].*$/s, '')

/**
 * A tar without the entries that we never use; what remains keeps its order and bytes.
 * @param tar uncompressed, names of at most 100 bytes
 */
export function withoutUnused(tar: Buffer): Buffer {
  const kept: Buffer[] = []
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK)
    const name = textAt(header, NAME)
    if (name === '') break
    const end = at + BLOCK + Math.ceil(Number.parseInt(textAt(header, SIZE), 8) / BLOCK) * BLOCK
    if (!UNUSED.test(name)) kept.push(tar.subarray(at, end))
    at = end
  }
  return Buffer.concat([...kept, Buffer.alloc(2 * BLOCK)])
}
