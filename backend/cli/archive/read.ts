import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { Fault } from '../../core/errors.ts'
import { FILES, Manifest, MANIFEST, MANIFEST_HASH, partName, sha256 } from './manifest.ts'
import { contentOf, entriesOf, type Entry } from './tar.ts'

export interface Archive {
  readonly manifest: Manifest
  readonly entries: ReadonlyMap<string, Entry>
  /** All bytes of an entry. @throws Fault `bad_input` when it is not there */
  bytesOf(name: string): Promise<Buffer>
  close(): Promise<void>
}

/**
 * Opens an archive after every byte of it was compared with its manifest.
 * @throws Fault `bad_input` naming what is cut, changed, missing or too much
 */
export async function openArchive(place: string): Promise<Archive> {
  const file = await open(place).catch(() => {
    throw new Fault('not_found', `${place} can not be read`)
  })
  try {
    return await checked(file)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function checked(file: FileHandle): Promise<Archive> {
  const entries = new Map<string, Entry>()
  const hashes = new Map<string, string>()
  for await (const entry of entriesOf(file)) {
    if (entries.has(entry.name)) throw wrong(`${entry.name} is in the archive twice`)
    entries.set(entry.name, entry)
    hashes.set(entry.name, await hashOf(file, entry))
  }
  const bytesOf = async (name: string) => {
    const entry = entries.get(name)
    if (!entry) throw wrong(`the archive has no ${name}`)
    return whole(file, entry)
  }
  if (!entries.has(MANIFEST) || !entries.has(MANIFEST_HASH))
    throw wrong(`the archive has no ${entries.has(MANIFEST) ? MANIFEST_HASH : MANIFEST}: it is cut, or no backup of ours`) // prettier-ignore
  if ((await bytesOf(MANIFEST_HASH)).toString() !== hashes.get(MANIFEST))
    throw wrong(`${MANIFEST} was changed: it does not fit ${MANIFEST_HASH}`)
  const manifest = parsed((await bytesOf(MANIFEST)).toString())
  compare(manifest, hashes)
  return { manifest, entries, bytesOf, close: () => file.close() }
}

function parsed(text: string): Manifest {
  const read = Manifest.safeParse(jsonOf(text))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw wrong(`${MANIFEST}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'can not be read'}`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong(`${MANIFEST} is not JSON`)
  }
}

/** Everything the manifest names is there as it says, and nothing else is. */
function compare({ entries, tables, files }: Manifest, hashes: ReadonlyMap<string, string>): void {
  const named = new Map(entries.map(({ name, sha256: hash }) => [name, hash]))
  const parts = tables.flatMap((table) =>
    Array.from({ length: table.parts }, (_, index) => partName(table.name, index + 1)),
  )
  const unsaid = parts.find((name) => !named.has(name))
  if (unsaid !== undefined) throw wrong(`${MANIFEST} misses ${unsaid}`)
  for (const [name, hash] of named) {
    const found = hashes.get(name)
    if (found === undefined) throw wrong(`the archive has no ${name}`)
    if (found !== hash) throw wrong(`${name} was changed: it does not fit its checksum`)
  }
  const own = [MANIFEST, MANIFEST_HASH]
  compareFiles(
    files,
    [...hashes].filter(([name]) => !own.includes(name) && !named.has(name)),
  )
}

/** The entries beside the manifest's are files, each named by its hash. */
function compareFiles(files: Manifest['files'], found: [name: string, hash: string][]): void {
  for (const [name, hash] of found)
    if (!name.startsWith(FILES)) throw wrong(`${name} is not in ${MANIFEST}`)
    else if (name !== FILES + hash) throw wrong(`${name} was changed: it does not fit its name`)
  const names = found.map(([name]) => name.slice(FILES.length))
  if (names.length !== files.count || sha256(names.join('\n')) !== files.sha256)
    throw wrong(
      `the archive has ${names.length} files, ${MANIFEST} names ${files.count}: they are not the same`,
    )
}

const wrong = (sentence: string) => new Fault('bad_input', sentence)

async function hashOf(file: FileHandle, entry: Entry): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of contentOf(file, entry)) hash.update(piece)
  return hash.digest('hex')
}

async function whole(file: FileHandle, entry: Entry): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of contentOf(file, entry)) pieces.push(piece)
  return Buffer.concat(pieces)
}
