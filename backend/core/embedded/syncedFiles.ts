import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { z } from 'zod'

/** What of an open file, or folder, of the database's own file system is needed: folders have no descriptor. */
const Stream = z.object({ nfd: z.number().int().optional(), path: z.string() })

const MOUNTED = '/pglite/data' // where the database believes its directory to be

/**
 * A directory whose files are on the disk when the database asks for it. PGlite's own passes no fsync on, so what it
 * acknowledged would be gone with the machine's power.
 */
export class SyncedFiles extends NodeFS {
  readonly #root: string
  readonly #sync: (descriptor: number) => void

  /** @param sync of an open file or folder; another in tests */
  constructor(directory: string, sync: (descriptor: number) => void = fsyncSync) {
    super(directory)
    this.#root = directory
    this.#sync = sync
  }

  override async init(...[db, options]: Parameters<NodeFS['init']>) {
    const { emscriptenOpts } = await super.init(db, options)
    const passOn: NonNullable<typeof emscriptenOpts.preRun>[number] = (module) => {
      module.FS.filesystems['NODEFS'].stream_ops.fsync = (stream: unknown) => this.#pass(stream)
    }
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), passOn] } } // prettier-ignore
  }

  #pass(stream: unknown): number {
    const { nfd, path: place } = Stream.parse(stream)
    if (nfd === undefined) syncPlace(path.join(this.#root, place.slice(MOUNTED.length)), this.#sync)
    else this.#sync(nfd)
    return 0
  }
}

function syncPlace(place: string, sync: (descriptor: number) => void): void {
  const descriptor = openSync(place, 'r')
  try {
    sync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Everything below a directory: for files that were not written by the database itself. */
export function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile() || entry.isDirectory()) syncPlace(path.join(entry.parentPath, entry.name), fsyncSync) // prettier-ignore
  syncPlace(directory, fsyncSync)
}

/** PGlite's own settings, but with fsync: of its ways only fsync itself is passed on to a file system. */
export const SYNCED = [
  ...PGlite.defaultStartParams.filter((word) => word !== '-F'),
  ...['-c', 'wal_sync_method=fsync'],
]
