import type { FileHandle } from 'node:fs/promises'
import { Fault } from '../../core/errors.ts'

/** One file of an archive: its name, and where its bytes lie. */
export interface Entry {
  readonly name: string
  readonly bytes: number
  readonly from: number // offset of the first byte
}

const BLOCK = 512
const padded = (bytes: number) => Math.ceil(bytes / BLOCK) * BLOCK

/** Writes a tar (POSIX ustar, regular files only) as it comes; nothing is held but one entry's piece. */
export function tarInto(file: FileHandle) {
  const write = async (bytes: Uint8Array) => void (await file.writeFile(bytes))
  return {
    /** @param content of exactly `bytes` bytes @throws Fault `conflict` when it is another number */
    async add(name: string, bytes: number, content: AsyncIterable<Uint8Array>): Promise<void> {
      await write(headerOf(name, bytes))
      let written = 0
      for await (const piece of content) {
        written += piece.length
        await write(piece)
      }
      if (written !== bytes)
        throw new Fault('conflict', `${name} changed while it was read: ${written} bytes, not ${bytes}`) // prettier-ignore
      await write(Buffer.alloc(padded(bytes) - bytes))
    },
    /** Two empty blocks: who does not find them has a part only. */
    end: () => write(Buffer.alloc(2 * BLOCK)),
  }
}

/** Bytes at hand as the content of an entry. */
export async function* only(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content)
}

function headerOf(name: string, bytes: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, 100, 'ascii')
  header.write('0000600\0', 100)
  header.write('0000000\0'.repeat(2), 108)
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write(' '.repeat(8), 148)
  header.write('0ustar\x0000', 156)
  header.write('ustar\x0000', 257)
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

const sumOf = (header: Buffer) => header.reduce((sum, byte) => sum + byte, 0)

/**
 * The entries of a tar, in order, read from their headers alone.
 * @throws Fault `bad_input` naming the entry after which it is cut or no tar any more.
 */
export async function* entriesOf(file: FileHandle): AsyncGenerator<Entry> {
  const { size } = await file.stat()
  let at = 0
  let last = 'its beginning'
  for (;;) {
    if (at + BLOCK > size) throw new Fault('bad_input', `the archive is cut after ${last}`)
    const header = await blockAt(file, at)
    if (header.every((byte) => byte === 0)) return
    const { name, bytes } = read(header, last)
    const from = at + BLOCK
    if (from + bytes > size) throw new Fault('bad_input', `the archive is cut within ${name}`)
    yield { name, bytes, from }
    last = name
    at = from + padded(bytes)
  }
}

async function blockAt(file: FileHandle, position: number): Promise<Buffer> {
  const { buffer } = await file.read({ buffer: Buffer.alloc(BLOCK), position })
  return buffer
}

function read(header: Buffer, last: string): { name: string; bytes: number } {
  const text = (from: number, length: number) =>
    header.toString('ascii', from, from + length).replace(/\0.*$/s, '')
  const said = Number.parseInt(text(148, 8), 8)
  const bytes = Number.parseInt(text(124, 12), 8)
  header.write(' '.repeat(8), 148)
  if (said !== sumOf(header) || !Number.isSafeInteger(bytes))
    throw new Fault('bad_input', `what follows ${last} is no entry of an archive: it was changed, or is no backup`) // prettier-ignore
  return { name: text(0, 100), bytes }
}

const PIECE = 1 << 20

/** An entry's bytes as they come. */
export async function* contentOf(
  file: FileHandle,
  { name, from, bytes }: Entry,
): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < bytes;) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, bytes - done))
    const { bytesRead } = await file.read({ buffer: piece, position: from + done })
    if (bytesRead === 0) throw new Fault('bad_input', `the archive is cut within ${name}`)
    yield piece.subarray(0, bytesRead)
    done += bytesRead
  }
}
