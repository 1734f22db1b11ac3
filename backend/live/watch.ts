import { Watch, type WatchReply } from '../contract/live.ts'
import type { Person } from '../contract/people.ts'
import type { ErrorCode } from '../contract/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import { loadPeople, subtreeOf } from '../people/index.ts'
import type { Hub } from './hub.ts'
import { isClogged, type LiveSocket } from './sockets.ts'
import { contains, topicOf, type Topic } from './topic.ts'

export interface WatchDoors {
  kit: Pick<Kit, 'db' | 'clock' | 'log'>
  hub: Hub
  /** Snapshots of one scope are read once for all who ask at once: after a restart all pages do. */
  together: (key: string, work: () => Promise<Person[]>) => Promise<Person[]>
}

/**
 * Puts the socket on the topic it asks for and brings it up to date: by what it missed since `since`
 * if that is remembered, else by a snapshot. The topic is joined first and the snapshot read after,
 * so nothing falls between; what happens meanwhile follows with the next tick.
 */
export async function watch(
  doors: WatchDoors,
  socket: LiveSocket,
  request: unknown,
): Promise<WatchReply> {
  const parsed = Watch.safeParse(request)
  if (!parsed.success) return refused('bad_input')
  const { departmentId, bbox, since } = parsed.data
  const wish = ++socket.data.wish
  const departments = await allowedDepartments(doors, socket.data.viewer, departmentId)
  if (departments !== 'all' && departments.length === 0) return refused('not_allowed')
  if (wish !== socket.data.wish || !socket.connected) return refused('conflict')
  const topic = topicOf(socket.data.viewer.orgId, departments, bbox)
  const missed = since === undefined ? null : doors.hub.missed(topic, since)
  const seq = await enter(doors, socket, topic)
  if (!missed) return snapshot(doors, socket, { seq, topic, departmentId, wish })
  if (missed.length > 0) socket.emit('moved', { seq, moves: missed })
  return { seq, now: doors.kit.clock.now(), replayed: missed.length }
}

const refused = (code: ErrorCode): WatchReply => ({ error: code })

async function allowedDepartments({ kit }: WatchDoors, viewer: Viewer, wanted: string | undefined) {
  if (wanted === undefined) return viewer.departments
  const below = await subtreeOf(kit.db, viewer.orgId, [wanted])
  const mine = viewer.departments
  return mine === 'all' ? below : below.filter((id) => mine.includes(id))
}

async function enter({ hub }: WatchDoors, socket: LiveSocket, topic: Topic): Promise<number> {
  leaveTopic(hub, socket)
  socket.data.topic = topic
  const seq = hub.join(topic, {
    id: socket.id,
    isBusy: () => socket.data.preparing > 0 || isClogged(socket),
    send: (at, moves) => socket.emit('moved', { seq: at, moves: [...moves] }),
  })
  await socket.join(topic.key)
  return seq
}

/** The socket hears of nothing any more. */
export function leaveTopic(hub: Hub, socket: LiveSocket) {
  const topic = socket.data.topic
  if (!topic) return
  socket.data.topic = null
  hub.leave(topic, socket.id)
  void socket.leave(topic.key)
}

interface Wanted {
  seq: number
  topic: Topic
  departmentId: string | undefined
  wish: number
}

async function snapshot(
  { kit, together }: WatchDoors,
  socket: LiveSocket,
  wanted: Wanted,
): Promise<WatchReply> {
  const { seq, topic, departmentId, wish } = wanted
  const { orgId, role, departments } = socket.data.viewer
  const key = JSON.stringify([orgId, role, departments, departmentId ?? null])
  const people = await together(key, () =>
    loadPeople(kit.db, { orgId, role, departments }, kit.clock.now(), { departmentId }),
  )
  const now = kit.clock.now()
  if (wish !== socket.data.wish) return refused('conflict')
  const shown = topic.bbox
    ? people.filter(({ last }) => last !== null && contains(topic.bbox, last))
    : people
  return { seq, now, people: shown }
}
