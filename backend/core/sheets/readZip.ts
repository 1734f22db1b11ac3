import yauzl, { type Entry, type ZipFile } from 'yauzl'
import type { Readable } from 'node:stream'
import { Fault } from '../errors.ts'
import type { Source } from '../source.ts'

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

/** An archive whose entries are unpacked one at a time, as they are read. Throws Fault `bad_input`, `too_large` for a bomb. */
export async function unzip(source: Source): Promise<Unzipped> {
  const zip = await opened(source)
  const entries = await entriesOf(zip)
  const bytes = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (bytes > MOST_BYTES || (bytes > FREE_BYTES && bytes > source.bytes * MOST_RATIO)) {
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

class SourceReader extends yauzl.RandomAccessReader {
  private readonly source: Source

  constructor(source: Source) {
    super()
    this.source = source
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.source.read(start, end)
  }
}

const opened = (source: Source) =>
  new Promise<ZipFile>((resolve, reject) =>
    yauzl.fromRandomAccessReader(
      new SourceReader(source),
      source.bytes,
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
