import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { isNear } from './limits.ts'

/**
 * What one connection may cost: who sends slowly, or nothing, is not waited for longer. A photo of 15 MB over a
 * poor line (50 kB/s) takes five minutes; the head of a request never takes long.
 */
const PATIENCE = {
  headersTimeout: 15_000, // ms from connecting, or from a request's first byte, until its head is there
  requestTimeout: 300_000, // ms until all of it is there
  keepAliveTimeout: 65_000, // ms between two requests: longer than the usual proxy's minute
  connectionsCheckingInterval: 5_000, // ms: how often the above are looked at
  maxHeaderSize: 16_384, // bytes: answered 431
} satisfies ServerOptions
const HEADERS = 100 // lines; further ones are not read

/** Connections of one address that is not beside us: an office of a thousand people, four each. A proxy counts for itself. */
const MOST_OF_AN_ADDRESS = 4_000

/**
 * An HTTP server that nobody can keep busy by being slow, idle or many.
 * @param patience other limits than the usual ones, all in ms or bytes
 */
export function createPatientServer(answer: RequestListener, patience: ServerOptions = {}): Server {
  const server = createServer({ ...PATIENCE, ...patience }, answer)
  server.maxHeadersCount = HEADERS
  server.on('connection', countedBy(new Map(), MOST_OF_AN_ADDRESS))
  return server
}

/** What is needed of a socket. */
interface Connection {
  readonly remoteAddress?: string | undefined
  once(event: 'close', heard: () => void): unknown
  destroy(): unknown
}

/**
 * Lets in so many connections of each address at a time, and closes further ones without a word.
 * @param open how many each address has
 */
export function countedBy(open: Map<string, number>, most: number) {
  return (socket: Connection): void => {
    const address = socket.remoteAddress ?? ''
    if (isNear(address)) return
    const now = (open.get(address) ?? 0) + 1
    open.set(address, now)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    })
    if (now > most) socket.destroy()
  }
}
