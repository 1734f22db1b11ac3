import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { Source } from './source.ts'

/** What is known of stored bytes. */
export interface StoredFile {
  sha256: string // lower hex: the address
  bytes: number
}

/**
 * Files by the hash of their content: the same bytes are stored once, and what an address gives is
 * what was put there. A directory by default; another store of this shape may take its place.
 */
export interface FileStore {
  /** Resolves when the bytes are on disk. */
  put(content: Uint8Array): Promise<StoredFile>
  /** Null when there is no such file. */
  get(sha256: string): Promise<Buffer | null>
  /** The same to be read piece by piece. */
  source(sha256: string): Promise<Source | null>
  has(sha256: string): Promise<boolean>
  remove(sha256: string): Promise<void>
  /** Every address, in order. */
  list(): AsyncIterable<string>
}

const ADDRESS = /^[0-9a-f]{64}$/

/** Files below `root`, in folders by the first two letters of their address. */
export function directoryStore(root: string): FileStore {
  const placeOf = (sha256: string) => {
    if (!ADDRESS.test(sha256)) throw new Error('not the address of a file')
    return path.join(root, sha256.slice(0, 2), sha256)
  }
  const has = (sha256: string) =>
    stat(placeOf(sha256)).then(
      () => true,
      () => false,
    )
  const absent = (error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return {
    has,
    async put(content) {
      const sha256 = createHash('sha256').update(content).digest('hex')
      if (!(await has(sha256))) await write(placeOf(sha256), content)
      return { sha256, bytes: content.length }
    },
    get: (sha256) => readFile(placeOf(sha256)).catch(absent),
    source: (sha256) =>
      stat(placeOf(sha256)).then(({ size }) => onDisk(placeOf(sha256), size), absent),
    remove: (sha256) => rm(placeOf(sha256), { force: true }),
    async *list() {
      for (const folder of await namesIn(root))
        for (const name of await namesIn(path.join(root, folder)))
          if (ADDRESS.test(name)) yield name
    },
  }
}

/** None for a folder that is not there, or is a file. */
const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).then(
    (names) => names.sort(),
    () => [],
  )

const onDisk = (place: string, bytes: number): Source => ({
  bytes,
  read: (from, to) =>
    from < to ? createReadStream(place, { start: from, end: to - 1 }) : Readable.from([]),
})

/** Whole or not at all: written beside its place, synced, then moved there. */
async function write(place: string, content: Uint8Array): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true, mode: 0o700 })
  const draft = `${place}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, place)
}
