import { io, type Socket } from 'socket.io-client'
import type { LiveFacts, LiveRequests, Move, WatchReply } from '../../backend/contract/live.ts'

export type Connection = 'connecting' | 'connected' | 'lost'

/** How pages come back after a break. */
export const RECONNECT = {
  reconnectionDelay: 500,
  reconnectionDelayMax: 15_000,
  randomizationFactor: 0.5, // so that a restarted server is not met by all pages at once
}

/** A connection to `/live` with the page's own cookie; who only listens for alerts needs no more. */
export const connectLive = (): Socket<LiveFacts, LiveRequests> =>
  io('/live', { path: '/socket.io', transports: ['websocket', 'polling'], ...RECONNECT })

export interface LiveEars {
  connected: (state: Connection) => void
  moved: (facts: { seq: number; moves: Move[] }) => void
  raised: () => void
  watched: (reply: WatchReply) => void
  since: () => number | null // the last seq known: after a break only what was missed is sent
}

const ANSWER_MS = 15_000

/**
 * Connects to `/live` and asks again after each reconnect.
 * `refresh` asks for what is not carried by moves, such as the reason of a silence.
 */
export function openLive(ears: LiveEars): { refresh: () => void; close: () => void } {
  const socket = connectLive()
  let retry: ReturnType<typeof setTimeout> | undefined
  const watch = () => {
    const since = ears.since()
    socket.timeout(ANSWER_MS).emit('watch', since === null ? {} : { since }, (error, reply) => {
      if (error === null && !('error' in reply)) {
        ears.connected('connected')
        ears.watched(reply)
      } else if (socket.connected) {
        ears.connected('lost')
        retry = setTimeout(watch, RECONNECT.reconnectionDelayMax * (0.5 + Math.random() / 2))
      }
    })
  }
  const again = () => {
    clearTimeout(retry)
    watch()
  }
  socket.on('connect', again)
  socket.on('moved', ears.moved)
  socket.on('raised', ears.raised)
  socket.on('disconnect', (reason) => {
    ears.connected('lost')
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 5000)
  })
  socket.on('connect_error', () => ears.connected('lost'))
  const close = () => {
    clearTimeout(retry)
    socket.removeAllListeners()
    socket.disconnect()
  }
  return { refresh: () => void (socket.connected && again()), close }
}
