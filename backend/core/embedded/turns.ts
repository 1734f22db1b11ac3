/** Requests that come before a session begins: length, code, nothing else. */
const SSL = 80_877_103
const GSS = 80_877_104
const CANCEL = 80_877_102

/** Query, Sync, Flush, CopyDone, CopyFail: the client waits for an answer after these. */
const ENDS = new Set([...'QSHcf'].map((letter) => letter.charCodeAt(0)))
const TERMINATE = 'X'.charCodeAt(0)

export type Heard =
  | { kind: 'turn'; bytes: Uint8Array }
  | { kind: 'refuseEncryption' } // answer 'N'
  | { kind: 'bye' }

/**
 * Cuts what a PostgreSQL client sends into turns (protocol 3.0, "Message Formats" of the manual).
 * Chunks may end anywhere.
 */
export function createTurnReader(): (chunk: Buffer) => Heard[] {
  let pending: Buffer = Buffer.alloc(0)
  let started = false
  let turn: Buffer[] = []
  const startup = (): Heard | null => {
    const message = take(4, 0)
    if (!message) return null
    const code = message.length >= 8 ? message.readUInt32BE(4) : 0
    if (code === SSL || code === GSS) return { kind: 'refuseEncryption' }
    if (code === CANCEL) return { kind: 'bye' }
    started = true
    return { kind: 'turn', bytes: message }
  }
  const take = (header: number, offset: number): Buffer | null => {
    if (pending.length < header) return null
    const length = offset + pending.readUInt32BE(offset)
    if (pending.length < length) return null
    const message = pending.subarray(0, length)
    pending = pending.subarray(length)
    return message
  }
  const typed = (): Heard | 'more' | null => {
    const message = take(5, 1)
    if (!message) return null
    const type = message[0] ?? 0
    if (type === TERMINATE) return { kind: 'bye' }
    turn.push(message)
    if (!ENDS.has(type)) return 'more'
    const bytes = Buffer.concat(turn)
    turn = []
    return { kind: 'turn', bytes }
  }
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    const heard: Heard[] = []
    for (let one = started ? typed() : startup(); one; one = started ? typed() : startup())
      if (one !== 'more') heard.push(one)
    return heard
  }
}
