import type { Server as HttpServer } from 'node:http'
import { Server, type Namespace, type Socket } from 'socket.io'
import type { LiveFacts, LiveRequests } from '../contract/live.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Topic } from './topic.ts'

/** How a connection proved who it is, kept to ask again. */
export interface Credentials {
  bearer?: string
  cookie?: string
}

export type Identify = (credentials: Credentials) => Promise<Viewer | null>

export interface SocketData {
  viewer: Viewer
  credentials: Credentials
  topic: Topic | null
  wish: number // counts the requests of this socket: only the newest one is answered with people
  preparing: number // requests not answered yet: ticks wait until it has what came before them
}

type NoEvents = Record<string, never>
export type LiveSocket = Socket<LiveRequests, LiveFacts, NoEvents, SocketData>
export type LiveNamespace = Namespace<LiveRequests, LiveFacts, NoEvents, SocketData>

/** Socket.IO on the API's own port. Messages up are requests of a few bytes. */
export function openSockets(
  server: HttpServer,
): Server<LiveRequests, LiveFacts, NoEvents, SocketData> {
  return new Server(server, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: 16_384,
    connectTimeout: 20_000,
  })
}

const COOKIE = /(?:^|;\s*)zuji_session=([^;\s]+)/

/**
 * The credentials of a handshake: `auth.token`, the Authorization header, or the session cookie, in
 * this order. The cookie counts only from our own pages: a browser sends it along from any page.
 */
export function credentialsOf(
  { auth, headers }: Pick<LiveSocket['handshake'], 'auth' | 'headers'>,
  publicUrl: string,
): Credentials | null {
  const token: unknown = auth['token']
  if (typeof token === 'string' && token !== '') return { bearer: token }
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer) return { bearer }
  const cookie = COOKIE.exec(headers.cookie ?? '')?.[1]
  return cookie && isOwnOrigin(headers, publicUrl) ? { cookie } : null
}

function isOwnOrigin(headers: LiveSocket['handshake']['headers'], publicUrl: string): boolean {
  const { origin, host } = headers
  if (!origin) return true
  if (!URL.canParse(origin)) return false
  return origin === new URL(publicUrl).origin || new URL(origin).host === host
}

/** True while an earlier message has not left the process: the network or the client is slow. */
export const isClogged = (socket: LiveSocket): boolean => !socket.conn.transport.writable
