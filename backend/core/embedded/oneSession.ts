/**
 * Many client connections on the one session of an embedded PostgreSQL. A turn is what a client
 * sends until it wants an answer: a simple query, or parse…bind…execute up to its sync. Turns run
 * whole, one after the other, so that the unnamed statements of two connections never mix, and a
 * connection inside a transaction keeps the session until it is out of it. (The socket server of
 * the PGlite project queues single messages and stops for ever after one failure.)
 */
export class OneSession {
  readonly #execute: Execute
  readonly #gone = new Set<symbol>()
  #queue: Waiting[] = []
  #owner: symbol | null = null
  #running: Promise<void> | null = null
  #stopped = false

  constructor(execute: Execute) {
    this.#execute = execute
  }

  /** The answer to one turn. Rejects when the database itself failed, not for an SQL error. */
  ask(client: symbol, turn: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ client, turn, resolve, reject })
      this.#wake()
    })
  }

  /** The connection is gone: forget what it still wanted and roll back what it left open. */
  leave(client: symbol): void {
    this.#queue = this.#queue.filter((each) => each.client !== client)
    if (this.#owner === client) this.#gone.add(client)
    this.#wake()
  }

  /** Resolves when nothing runs any more. Later turns are not run. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  #wake() {
    this.#running ??= this.#drain()
  }

  async #drain() {
    await this.#cleanUp()
    for (let each = this.#next(); each && !this.#stopped; each = this.#next()) {
      await this.#run(each)
      await this.#cleanUp()
    }
    this.#running = null
  }

  #next(): Waiting | undefined {
    const index =
      this.#owner === null ? 0 : this.#queue.findIndex((each) => each.client === this.#owner)
    return index < 0 ? undefined : this.#queue.splice(index, 1)[0]
  }

  async #run(each: Waiting) {
    this.#owner = each.client
    try {
      const { bytes, status } = readyOnce(await this.#execute(each.turn))
      if (status === 'I') this.#free(each.client)
      each.resolve(bytes)
    } catch (error) {
      this.#free(each.client)
      each.reject(error)
    }
  }

  async #cleanUp() {
    if (this.#owner === null || !this.#gone.has(this.#owner)) return
    await this.#execute(ROLLBACK).catch(() => undefined) // the next turn tells if it is broken
    this.#free(this.#owner)
  }

  #free(client: symbol) {
    this.#owner = null
    this.#gone.delete(client)
  }
}

export type Execute = (message: Uint8Array) => Promise<Buffer>

interface Waiting {
  client: symbol
  turn: Uint8Array
  resolve: (answer: Buffer) => void
  reject: (error: unknown) => void
}

/** Sync (when a turn broke off in the middle), then `rollback` as a simple query. */
const ROLLBACK = Buffer.concat([
  Buffer.from([0x53, 0, 0, 0, 4]),
  Buffer.from([0x51, 0, 0, 0, 13]),
  Buffer.from('rollback\0'),
])

const READY = 'Z'.charCodeAt(0)
const READY_LENGTH = 6 // type, length, status

/**
 * After an error PGlite says ReadyForQuery at the error and again at the sync; PostgreSQL says it
 * once. A client that believed the first would give the second to its next query.
 * @returns the answer with its last ReadyForQuery only, and that one's status: I idle, T in a
 *   transaction, E in a failed one, null when the turn has not ended.
 */
export function readyOnce(answer: Buffer): { bytes: Buffer; status: string | null } {
  const found: number[] = []
  for (let at = 0; at + 5 <= answer.length; at += 1 + answer.readUInt32BE(at + 1))
    if (answer[at] === READY) found.push(at)
  const last = found.at(-1)
  if (last === undefined) return { bytes: answer, status: null }
  const status = String.fromCharCode(answer[last + 5] ?? 0)
  if (found.length === 1) return { bytes: answer, status }
  const starts = [0, ...found.slice(0, -1).map((at) => at + READY_LENGTH)]
  const pieces = starts.map((from, index) => answer.subarray(from, found[index]))
  return { bytes: Buffer.concat([...pieces, answer.subarray(last)]), status }
}
