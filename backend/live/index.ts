import type { Server as HttpServer } from 'node:http'
import type { Person } from '../contract/people.ts'
import type { WatchReply } from '../contract/live.ts'
import { Replay, ReplayQuery } from '../contract/replay.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { createTogether } from './together.ts'
import { createHub, type Broadcast, type Hub } from './hub.ts'
import { route } from '../core/http/route.ts'
import { canWatch } from './policy.ts'
import { createDayReader } from '../tracks/index.ts'
import { questionRoutes } from './questions.ts'
import { replayOf } from './replay.ts'
import {
  credentialsOf,
  openSockets,
  type Identify,
  type LiveNamespace,
  type LiveSocket,
} from './sockets.ts'
import { tellRaised } from './raised.ts'
import { leaveTopic, watch, type WatchDoors } from './watch.ts'

export interface Live extends Feature {
  /** Opens Socket.IO on the server, which may listen already or later. */
  attach(server: HttpServer): void
}

/** The live map's sockets: namespace `/live`, typed by contract/live.ts. */
export function createLive(kit: Kit, doors: { identify: Identify }): Live {
  let namespace: LiveNamespace | null = null
  let closeSockets = () => {}
  const broadcast: Broadcast = (topic, message, except) => {
    namespace?.local
      .to(topic.key)
      .except([...except])
      .emit('moved', message)
  }
  const hub = createHub(kit, broadcast)
  listen(kit, hub)
  const tick = measure(kit, hub, () => namespace?.sockets.size ?? 0)
  return {
    routes: [replayRoute(kit), ...questionRoutes(kit)],
    chores: [
      { name: 'tell the live map', everyMs: 1000, run: tick },
      { name: 'ask sockets again', everyMs: 60_000, run: () => recheck(namespace, doors.identify) },
    ],
    attach(server) {
      const io = openSockets(server)
      namespace = io.of('/live')
      admit(namespace, kit, doors.identify)
      const together = createTogether<Person[]>()
      namespace.on('connection', (socket) => serve(socket, { kit, hub, together }))
      tellRaised(namespace, kit)
      closeSockets = () => {
        io.local.disconnectSockets(true)
        io.engine.close()
      }
    },
    close: async () => closeSockets(),
  }
}

function replayRoute(kit: Kit) {
  const days = createDayReader(kit)
  return route({
    method: 'GET',
    path: '/api/v1/replay',
    summary: 'The days of my people by the clock: pieces, ways in time, alerts',
    query: ReplayQuery,
    reply: Replay,
    allow: canWatch,
    run: ({ viewer, query }) => replayOf(kit, days, viewer, query),
  })
}

function listen(kit: Kit, hub: Hub) {
  kit.facts.onEverywhere('fixesStored', ({ orgId, people }) => {
    hub.mark(
      orgId,
      people.map((person) => person.personId),
    )
  })
  kit.facts.onEverywhere('personChanged', ({ orgId, personId }) => hub.forget(orgId, personId))
  kit.facts.onEverywhere('factsMissed', () => hub.doubt())
}

/** @returns a tick whose time is told */
function measure({ metrics }: Kit, hub: Hub, sockets: () => number) {
  metrics.gauge('zuji_live_sockets', 'Sockets of the live map that are open', sockets)
  metrics.gauge('zuji_live_watchers', 'Sockets that watch people or a part of the map', () => hub.count()) // prettier-ignore
  const ticks = metrics.histogram(
    'zuji_live_tick_seconds',
    'Time to read new positions and to hand them to the sockets, once a second',
    [0.002, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 3],
  )
  return async () => {
    const end = ticks.startTimer()
    await hub.tick()
    end()
  }
}

/** Refuses in the handshake, by a code of the contract: nobody unknown, nobody but supervisors. */
function admit(namespace: LiveNamespace, kit: Kit, identify: Identify) {
  namespace.use((socket, next) => {
    const credentials = credentialsOf(socket.handshake, kit.config.publicUrl)
    if (!credentials) return next(new Error('not_signed_in'))
    identify(credentials).then(
      (viewer) => {
        if (!viewer) return next(new Error('not_signed_in'))
        if (!canWatch(viewer)) return next(new Error('not_allowed'))
        socket.data = { viewer, credentials, topic: null, wish: 0, preparing: 0 }
        next()
      },
      (error: unknown) => {
        kit.log.error({ err: error }, 'a socket could not be identified')
        next(new Error('internal'))
      },
    )
  })
}

function serve(socket: LiveSocket, doors: WatchDoors) {
  socket.on('watch', (request: unknown, answer: unknown) => {
    void replyOf(socket, request, doors).then((reply) => {
      if (typeof answer === 'function') answer(reply)
      socket.data.preparing--
    })
  })
  socket.on('disconnect', () => leaveTopic(doors.hub, socket))
}

/** Never rejects. Counts the socket as busy; whoever has sent the answer counts it down. */
async function replyOf(
  socket: LiveSocket,
  request: unknown,
  doors: WatchDoors,
): Promise<WatchReply> {
  socket.data.preparing++
  try {
    return await watch(doors, socket, request)
  } catch (error) {
    doors.kit.log.error({ err: error }, 'a watch request failed')
    return { error: 'internal' }
  }
}

/** A session that ended, or whose rights changed, ends its sockets; the page connects anew with what is left. */
async function recheck(namespace: LiveNamespace | null, identify: Identify) {
  for (const socket of namespace?.sockets.values() ?? []) {
    const viewer = await identify(socket.data.credentials)
    const same = viewer !== null && rightsOf(viewer) === rightsOf(socket.data.viewer)
    if (!same) socket.disconnect(true)
  }
}

const rightsOf = ({ orgId, id, role, departments }: LiveSocket['data']['viewer']) =>
  JSON.stringify([orgId, id, role, departments])
