import yauzl, { type Entry, type ZipFile } from 'yauzl'
import type { Readable } from 'node:stream'
import { Fault } from '../errors.ts'

const MOST_ENTRIES = 2000
const MOST_BYTES = 400_000_000 // unpacked, of all entries
const FREE_BYTES = 20_000_000 // small enough for any ratio
const MOST_RATIO = 120 // of unpacked to packed; sheets of text reach 30

export interface Unzipped {
  has(name: string): boolean
  /** The bytes of an entry as they are unpacked; never more than the archive declares. */
  open(name: string): Promise<Readable>
  close(): void
}

/** An archive in memory whose entries are unpacked one at a time. Throws Fault `bad_input`, `too_large` for a bomb. */
export async function unzip(content: Uint8Array): Promise<Unzipped> {
  const zip = await opened(content)
  const entries = await entriesOf(zip)
  const bytes = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (bytes > MOST_BYTES || (bytes > FREE_BYTES && bytes > content.length * MOST_RATIO)) {
    zip.close()
    throw new Fault('too_large', `file: unpacked it would have ${bytes} bytes`)
  }
  const byName = new Map(entries.map((entry) => [entry.fileName, entry]))
  return {
    has: (name) => byName.has(name),
    open(name) {
      const entry = byName.get(name)
      if (!entry) throw broken()
      return new Promise((resolve, reject) =>
        zip.openReadStream(entry, (error, stream) => (error ? reject(broken()) : resolve(stream))),
      )
    },
    close: () => zip.close(),
  }
}

export const broken = () => new Fault('bad_input', 'file: this XLSX file is damaged')

const opened = (content: Uint8Array) =>
  new Promise<ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(
      Buffer.from(content.buffer, content.byteOffset, content.byteLength),
      { lazyEntries: true, autoClose: false, validateEntrySizes: true },
      (error, zip) => (error ? reject(broken()) : resolve(zip)),
    ),
  )

const entriesOf = (zip: ZipFile) =>
  new Promise<Entry[]>((resolve, reject) => {
    const entries: Entry[] = []
    if (zip.entryCount > MOST_ENTRIES) return reject(new Fault('too_large', 'file: too many parts'))
    zip.on('entry', (entry: Entry) => {
      if (entry.isEncrypted()) return reject(new Fault('bad_input', 'file: take off its password'))
      entries.push(entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', () => reject(broken()))
    zip.readEntry()
  })
