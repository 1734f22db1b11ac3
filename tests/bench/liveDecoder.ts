import { Decoder, type Packet } from 'socket.io-parser'

const WORTH = 1000 // characters: what is shorter is read as fast as it is compared

let last: { text: string; packet: Packet } | null = null

/**
 * Reads each broadcast once for all watchers of this process: they are sent the same characters, and to read
 * them 200 times costs the generator more of the shared machine than the server spends on all of it.
 */
export class OnceDecoder extends Decoder {
  override add(chunk: unknown): void {
    if (typeof chunk !== 'string' || chunk.length < WORTH) return super.add(chunk)
    if (chunk === last?.text) return void this.emitReserved('decoded', last.packet)
    this.once('decoded', (packet) => {
      last = { text: chunk, packet }
    })
    super.add(chunk)
  }
}
