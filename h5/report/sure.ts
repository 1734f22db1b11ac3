import type { Batch, Pulse, Queue, QueuedFix, QueuedSilence, Unkept } from './ports.ts'
import { isFull, withRoom } from './room.ts'

const MOST = 2000 // fixes held by the page alone, three hours of one each five seconds
const MOST_SILENCES = 200 // of one batch, as the contract allows

/**
 * A queue that also takes what the phone can not keep: the page holds it until it is sent or the page is
 * closed, and says so. What is lost is a gap, and shown as one.
 */
export class SureQueue implements Queue {
  readonly #disk: Queue | null
  readonly #makeRoom: () => Promise<void>
  readonly #fixes = new Map<string, QueuedFix>()
  readonly #silences = new Map<string, QueuedSilence>()
  #why: Unkept['why'] | null
  #dropped = 0

  /** @param disk null where the browser keeps nothing at all @param makeRoom before a second try on a full phone */
  constructor(disk: Queue | null, makeRoom: () => Promise<void>) {
    this.#disk = disk
    this.#makeRoom = makeRoom
    this.#why = disk === null ? 'none' : null
  }

  unkept(): Unkept | null {
    return this.#why === null ? null : { why: this.#why, dropped: this.#dropped }
  }

  async addFix(fix: QueuedFix): Promise<void> {
    if (await this.#kept((disk) => disk.addFix(fix))) return
    this.#fixes.set(fix.id, fix)
    for (const id of [...this.#fixes.keys()].slice(0, -MOST)) {
      this.#fixes.delete(id)
      this.#dropped += 1
    }
  }

  async addSilence(silence: QueuedSilence): Promise<void> {
    if (await this.#kept((disk) => disk.addSilence(silence))) return
    this.#silences.set(silence.id, silence)
    for (const id of [...this.#silences.keys()].slice(0, -MOST_SILENCES)) this.#silences.delete(id)
  }

  async take(size: number): Promise<Batch> {
    const disk = await this.#fromDisk(size)
    const fixes = [...this.#fixes.values(), ...disk.fixes].sort((a, b) => b.at - a.at)
    const silences = [...this.#silences.values(), ...disk.silences]
    return { fixes: fixes.slice(0, size), silences: silences.slice(0, MOST_SILENCES) }
  }

  async forget({ fixes, silences }: Batch): Promise<void> {
    const onDisk = {
      fixes: fixes.filter(({ id }) => !this.#fixes.delete(id)),
      silences: silences.filter(({ id }) => !this.#silences.delete(id)),
    }
    if (onDisk.fixes.length + onDisk.silences.length > 0) await this.#disk?.forget(onDisk)
  }

  async count(): Promise<number> {
    const onDisk = (await this.#disk?.count().catch(() => 0)) ?? 0
    return onDisk + this.#fixes.size + this.#silences.size
  }

  async pulse(): Promise<Pulse | null> {
    return (await this.#disk?.pulse().catch(() => null)) ?? null
  }

  /** One that can not be kept is taken away: an old one would tell of a silence that never was. */
  async setPulse(pulse: Pulse | null): Promise<void> {
    const disk = this.#disk
    await disk?.setPulse(pulse).catch(() => disk.setPulse(null).catch(() => undefined))
  }

  async clear(): Promise<void> {
    this.#fixes.clear()
    this.#silences.clear()
    await this.#disk?.clear()
  }

  close(): void {
    this.#disk?.close()
  }

  async #fromDisk(size: number): Promise<Batch> {
    try {
      return (await this.#disk?.take(size)) ?? { fixes: [], silences: [] }
    } catch (error) {
      if (this.#fixes.size + this.#silences.size === 0) throw error
      return { fixes: [], silences: [] } // what the page holds goes all the same
    }
  }

  async #kept(put: (disk: Queue) => Promise<void>): Promise<boolean> {
    const disk = this.#disk
    if (disk === null) return false
    try {
      await withRoom(() => put(disk), this.#makeRoom)
      this.#why = null
      return true
    } catch (error) {
      this.#why = isFull(error) ? 'full' : 'none'
      return false
    }
  }
}
