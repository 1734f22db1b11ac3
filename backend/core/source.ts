import { Readable } from 'node:stream'

/** Bytes that lie somewhere, read piece by piece, so that a long file is never held whole. */
export interface Source {
  readonly bytes: number
  /** Those from `from` up to `to`, as they come. */
  read(from: number, to: number): Readable
}

const PIECE = 65_536

/** Bytes at hand as a source; nothing is copied. */
export const inMemory = (content: Uint8Array): Source => ({
  bytes: content.length,
  read: (from, to) => Readable.from(pieces(content.subarray(from, to)), { objectMode: false }),
})

function* pieces(content: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < content.length; from += PIECE)
    yield content.subarray(from, from + PIECE)
}
