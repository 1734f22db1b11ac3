import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

/** One file of an archive being written. */
export interface ZipEntry {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>
  end(): Promise<void>
}

const PACKING = {
  level: 3, // sheets are mostly repetition: twice as fast as 6 for a tenth more bytes
  chunkSize: 65_536,
  writableHighWaterMark: 262_144, // bytes that wait for the packer, which works beside us: of 16 KiB each waits for the other
}
const FLAGS = 0x0808 // names in UTF-8; sizes follow the content
const DEFLATED = 8
const VERSION = 20
const DATE_1980 = 0x21 // 1 January 1980: the same rows give the same bytes
const MOST = 0xffffffff

interface Written {
  name: Buffer
  crc: number
  packed: number
  size: number
  offset: number
}

/**
 * A ZIP archive written to `sink` as it comes, one entry after the other, with the sizes behind each
 * (PKWARE APPNOTE 4.3.7–4.3.16). Holds no more than what is on its way.
 * @throws when an entry or the archive passes 4 GiB, which this form can not tell
 */
export function zipTo(sink: Writable) {
  const entries: Written[] = []
  let position = 0
  const push = async (bytes: Buffer) => {
    position += bytes.length
    if (position > MOST) throw new Error('the archive is larger than 4 GiB')
    if (!sink.write(bytes)) await once(sink, 'drain')
  }
  return {
    /** Begins a file; the one before must have ended. */
    async entry(name: string): Promise<ZipEntry> {
      const written = begun(name, position)
      await push(localHeader(written.name))
      return deflated(written, push, () => entries.push(written))
    },
    /** A file that is packed while others are: it is held, packed, and written to the sink when it ends. */
    held(name: string): ZipEntry {
      const chunks: Buffer[] = []
      const written = begun(name, 0)
      const keep = (bytes: Buffer) => Promise.resolve(void chunks.push(bytes))
      const entry = deflated(written, keep, () => entries.push(written))
      return {
        write: entry.write,
        async end() {
          await entry.end()
          written.offset = position
          await push(localHeader(written.name))
          for (const chunk of chunks.splice(0)) await push(chunk)
        },
      }
    },
    /** Writes the directory and ends the sink. */
    async finish(): Promise<void> {
      const start = position
      for (const each of entries) await push(directoryEntry(each))
      await push(endOfDirectory(entries.length, position - start, start))
      await new Promise<void>((resolve, reject) => {
        sink.once('error', reject)
        sink.end(resolve)
      })
    },
  }
}

const begun = (name: string, offset: number): Written => ({
  ...{ name: Buffer.from(name), crc: 0, packed: 0, size: 0 },
  offset,
})

function deflated(
  written: Written,
  push: (bytes: Buffer) => Promise<void>,
  done: () => void,
): ZipEntry {
  const squeeze = createDeflateRaw(PACKING)
  const pumped = (async () => {
    for await (const chunk of squeeze) {
      const bytes = Buffer.from(chunk)
      written.packed += bytes.length
      await push(bytes)
    }
  })()
  pumped.catch((error: unknown) => squeeze.destroy(asError(error)))
  return {
    async write(text) {
      const bytes = Buffer.from(text)
      written.crc = crc32(bytes, written.crc)
      written.size += bytes.length
      if (written.size > MOST) throw new Error('a file of the archive is larger than 4 GiB')
      if (!squeeze.write(bytes)) await Promise.race([once(squeeze, 'drain'), pumped])
    },
    async end() {
      squeeze.end()
      await pumped
      await push(descriptor(written))
      done()
    },
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))

/** Little-endian fields: [bytes, value] each. */
function fields(...pairs: [2 | 4, number][]): Buffer {
  const bytes = Buffer.alloc(pairs.reduce((sum, [width]) => sum + width, 0))
  let at = 0
  for (const [width, value] of pairs) at = bytes.writeUIntLE(value, at, width)
  return bytes
}

function localHeader(name: Buffer): Buffer {
  const head = fields(
    ...[pair(4, 0x04034b50), pair(2, VERSION), pair(2, FLAGS), pair(2, DEFLATED)],
    ...[pair(2, 0), pair(2, DATE_1980), pair(4, 0), pair(4, 0), pair(4, 0)],
    ...[pair(2, name.length), pair(2, 0)],
  )
  return Buffer.concat([head, name])
}

const descriptor = ({ crc, packed, size }: Written) =>
  fields(pair(4, 0x08074b50), pair(4, crc), pair(4, packed), pair(4, size))

function directoryEntry({ name, crc, packed, size, offset }: Written): Buffer {
  const head = fields(
    ...[pair(4, 0x02014b50), pair(2, VERSION), pair(2, VERSION), pair(2, FLAGS)],
    ...[pair(2, DEFLATED), pair(2, 0), pair(2, DATE_1980), pair(4, crc), pair(4, packed)],
    ...[pair(4, size), pair(2, name.length), pair(2, 0), pair(2, 0), pair(2, 0)],
    ...[pair(2, 0), pair(4, 0), pair(4, offset)],
  )
  return Buffer.concat([head, name])
}

const endOfDirectory = (count: number, length: number, start: number) =>
  fields(
    ...[pair(4, 0x06054b50), pair(2, 0), pair(2, 0), pair(2, count), pair(2, count)],
    ...[pair(4, length), pair(4, start), pair(2, 0)],
  )

const pair = (width: 2 | 4, value: number): [2 | 4, number] => [width, value]
