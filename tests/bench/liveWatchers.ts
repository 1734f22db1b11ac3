import type { Socket as Link } from 'node:net'
import { io, type Socket } from 'socket.io-client'
import { Encoder } from 'socket.io-parser'
import type { LiveFacts, LiveRequests, Move } from '../../backend/contract/live.ts'
import { RECONNECT } from '../../h5/live/socket.ts'
import { OnceDecoder } from './liveDecoder.ts'

/** A supervisor's page, as far as the server sees it. */
export interface Watcher {
  readonly socket: Socket<LiveFacts, LiveRequests>
  /** Told of the moves of each message; those of a broadcast are one array for all watchers. */
  heard: (moves: readonly Move[]) => void
  /** Resolves when the newest of everybody is known. */
  until(newest: ReadonlyMap<string, number>): Promise<void>
  /** Resolves with the next answer to a `watch`, after a connection. */
  answered(): Promise<void>
}

/** Connects, waits for the snapshot, and watches again after each break, as the page does. */
export async function openWatcher(url: string, token: string): Promise<Watcher> {
  const known = new Map<string, number>()
  let since: number | undefined
  let checks: (() => void)[] = []
  let answers: (() => void)[] = []
  const socket: Socket<LiveFacts, LiveRequests> = io(`${url}/live`, {
    ...{ auth: { token }, transports: ['websocket'], forceNew: true },
    ...{ ...RECONNECT, parser: { Encoder, Decoder: OnceDecoder } },
  })
  const watcher: Watcher = {
    socket,
    heard: () => {},
    until: (newest) =>
      new Promise((resolve) => {
        const check = () => {
          if ([...newest].some(([id, at]) => (known.get(id) ?? 0) < at)) return
          checks = checks.filter((each) => each !== check)
          resolve()
        }
        checks.push(check)
        check()
      }),
    answered: () => new Promise((resolve) => answers.push(resolve)),
  }
  socket.on('moved', ({ seq, moves }) => {
    since = seq
    for (const { personId, at } of moves) known.set(personId, at)
    watcher.heard(moves)
    for (const check of [...checks]) check()
  })
  socket.on('connect', () =>
    socket.emit('watch', since === undefined ? {} : { since }, (reply) => {
      if ('error' in reply) return
      since = reply.seq
      for (const done of answers) done()
      answers = []
    }),
  )
  await watcher.answered()
  return watcher
}

/** Nothing is read from its link any more; its ends stay open. */
export const pause = (watcher: Watcher) => linkOf(watcher).pause()
export const resume = (watcher: Watcher) => linkOf(watcher).resume()

function linkOf({ socket }: Watcher): Link {
  const { ws }: { ws?: { _socket?: Link } } = Object(socket.io.engine.transport)
  if (!ws?._socket) throw new Error('the watcher has no link')
  return ws._socket
}

/** @param start brings the server up again; counted from when it answers */
export async function allBack(watchers: readonly Watcher[], start: () => Promise<unknown>) {
  let up = Infinity
  const times: number[] = []
  const connects: number[] = []
  for (const { socket } of watchers) socket.once('connect', () => connects.push(performance.now()))
  const back = watchers.map((each) => each.answered().then(() => times.push(performance.now())))
  const killed = performance.now()
  await start()
  up = performance.now()
  await Promise.all(back)
  const seconds = new Map<number, number>()
  for (const at of connects) {
    const second = Math.floor((at - Math.min(...connects)) / 1000)
    seconds.set(second, (seconds.get(second) ?? 0) + 1)
  }
  return {
    downSeconds: Math.round((up - killed) / 100) / 10,
    allBackSeconds: Math.round((Math.max(...times) - up) / 100) / 10,
    mostConnectsInASecond: Math.max(...seconds.values()),
  }
}
