import { hash } from 'node:crypto'

/**
 * On which line a key was met first. A table of fixed size instead of a map of texts, which would grow with the
 * file; a key stands there by 64 bits of its hash, so that two of 200,000 are taken for one once in 10^9 files.
 */
export class SeenKeys {
  private readonly slots: number
  private readonly high: Uint32Array
  private readonly low: Uint32Array
  private readonly lines: Uint32Array // 0: free

  /** @param most keys that will be noted */
  constructor(most: number) {
    this.slots = 2 ** Math.ceil(Math.log2(most * 1.5))
    this.high = new Uint32Array(this.slots)
    this.low = new Uint32Array(this.slots)
    this.lines = new Uint32Array(this.slots)
  }

  /** @param line from 1. @returns the line of the same key before, or null when it is new */
  note(key: string, line: number): number | null {
    const digest = hash('sha1', key, 'buffer')
    const [high, low] = [digest.readUInt32LE(0), digest.readUInt32LE(4)]
    let slot = high % this.slots
    for (; this.lines[slot] !== 0; slot = (slot + 1) % this.slots)
      if (this.high[slot] === high && this.low[slot] === low) return this.lines[slot] ?? null
    this.high[slot] = high
    this.low[slot] = low
    this.lines[slot] = line
    return null
  }
}
