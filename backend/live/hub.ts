import type { Move } from '../contract/live.ts'
import type { Kit } from '../core/kit.ts'
import { listNewest } from './queries.ts'
import { createRing, type Ring } from './ring.ts'
import { isNews, sightingOf } from './sighting.ts'
import { concerns, type Sighting, type Topic } from './topic.ts'

/** A connection as the hub sees it: what it watches, how far it is, and whether it can take more. */
export interface Listener {
  readonly id: string
  /** True while something sent earlier has not left yet, or a snapshot is being made. */
  isBusy(): boolean
  send(seq: number, moves: readonly Move[]): void
}

/** Sends one message, encoded once, to all listeners of a topic but those named. */
export type Broadcast = (
  topic: Topic,
  message: { seq: number; moves: Move[] },
  except: readonly string[],
) => void

interface Watching {
  listener: Listener
  sent: number // the seq up to which the listener has everything
}

interface Room {
  topic: Topic
  watching: Map<string, Watching>
}

interface Org {
  seq: number
  ring: Ring
  newest: Map<string, Sighting>
  dirty: Set<string> | 'all' // who has a newer position than is told
  rooms: Map<string, Room>
  watchedAt: number
}

const LINGER_MS = 120_000 // an org nobody watches is followed so long, for those who come back

export type Hub = ReturnType<typeof createHub>

/**
 * Turns facts into one message a second and topic. People with new fixes are marked; a tick reads
 * their newest positions in one query, numbers the result, and hands it out: to those who keep up as
 * one broadcast, to the others, when they can take it, as the newest of all they missed. So a slow
 * client costs one pending message, never a queue.
 */
export function createHub(kit: Pick<Kit, 'db' | 'clock'>, broadcast: Broadcast) {
  const orgs = new Map<string, Org>()
  let counter = kit.clock.now() // later than every number of an older process
  const orgOf = (orgId: string): Org => {
    const known = orgs.get(orgId)
    if (known) return known
    const org = newOrg(++counter, kit.clock.now())
    orgs.set(orgId, org)
    return org
  }
  return {
    /** These people have new positions. */
    mark: (orgId: string, personIds: readonly string[]) => markIn(orgs.get(orgId), personIds),
    /** Duty, consent or department changed: nobody resumes from before this moment. */
    forget(orgId: string, personId: string) {
      const org = orgs.get(orgId)
      if (org) forgetPerson(org, personId, ++counter)
    },
    /** Anything may have happened unheard: everybody is read anew and told, nobody resumes. */
    doubt() {
      for (const org of orgs.values()) doubtOrg(org, ++counter)
    },
    /** From now on the listener hears of the topic. Answers the seq of what it has to know already. */
    join: (topic: Topic, listener: Listener) => join(orgOf(topic.orgId), topic, listener),
    leave(topic: Topic, listenerId: string) {
      const org = orgs.get(topic.orgId)
      if (org) leave(org, topic, listenerId, kit.clock.now())
    },
    /** What the topic had after `since`, newest by person; null when only a snapshot helps. */
    missed(topic: Topic, since: number): Move[] | null {
      const org = orgOf(topic.orgId)
      return since > org.seq ? null : org.ring.after(since, topic, kit.clock.now())
    },
    /** Once a second. Rejects when the database does; the people stay marked for the next time. */
    async tick() {
      const now = kit.clock.now()
      for (const [orgId, org] of orgs) {
        if (org.rooms.size === 0 && org.watchedAt < now - LINGER_MS) orgs.delete(orgId)
        else await tickOrg(kit, { orgId, org, next: () => ++counter, broadcast })
      }
    },
    count: () => countOf(orgs),
  }
}

const countOf = (orgs: ReadonlyMap<string, Org>) =>
  [...orgs.values()]
    .flatMap((org) => [...org.rooms.values()])
    .reduce((sum, room) => sum + room.watching.size, 0)

function newOrg(seq: number, now: number): Org {
  return {
    seq,
    ring: createRing(seq),
    newest: new Map(),
    dirty: new Set(),
    rooms: new Map(),
    watchedAt: now,
  }
}

function join(org: Org, topic: Topic, listener: Listener): number {
  const room = org.rooms.get(topic.key) ?? { topic, watching: new Map<string, Watching>() }
  room.watching.set(listener.id, { listener, sent: org.seq })
  org.rooms.set(topic.key, room)
  return org.seq
}

function leave(org: Org, topic: Topic, listenerId: string, now: number) {
  const room = org.rooms.get(topic.key)
  room?.watching.delete(listenerId)
  if (room?.watching.size === 0) org.rooms.delete(topic.key)
  org.watchedAt = now
}

function markIn(org: Org | undefined, personIds: readonly string[]) {
  if (!org || org.dirty === 'all') return
  for (const id of personIds) org.dirty.add(id)
}

function forgetPerson(org: Org, personId: string, seq: number) {
  renumber(org, seq)
  org.newest.delete(personId)
  org.ring.forgetPerson(personId, seq)
}

function doubtOrg(org: Org, seq: number) {
  renumber(org, seq)
  org.newest.clear()
  org.ring = createRing(seq)
  org.dirty = 'all'
}

/** Who had everything has everything. */
function renumber(org: Org, seq: number) {
  for (const room of org.rooms.values())
    for (const watching of room.watching.values())
      if (watching.sent === org.seq) watching.sent = seq
  org.seq = seq
}

interface Ticking {
  orgId: string
  org: Org
  next: () => number
  broadcast: Broadcast
}

async function tickOrg(kit: Pick<Kit, 'db' | 'clock'>, { orgId, org, next, broadcast }: Ticking) {
  const sightings = await newSightings(kit, orgId, org)
  const before = org.seq
  if (sightings.length > 0) {
    org.seq = next()
    org.ring.add({ seq: org.seq, at: kit.clock.now(), sightings })
    for (const sighting of sightings) org.newest.set(sighting.move.personId, sighting)
  }
  for (const room of org.rooms.values()) {
    const moves = movesFor(room.topic, sightings)
    const behind = [...room.watching.values()].filter(
      ({ listener, sent }) => sent < before || listener.isBusy(),
    )
    tellAll(room, { org, before, moves, broadcast, behind })
    for (const watching of behind) catchUp(watching, room.topic, org, kit.clock.now())
  }
}

const movesFor = (topic: Topic, sightings: readonly Sighting[]): Move[] =>
  sightings.filter((sighting) => concerns(topic, sighting)).map((sighting) => sighting.move)

interface Telling {
  org: Org
  before: number
  moves: Move[]
  broadcast: Broadcast
  behind: readonly Watching[]
}

function tellAll(room: Room, { org, moves, broadcast, behind }: Telling) {
  const except = behind.map(({ listener }) => listener.id)
  if (moves.length > 0 && except.length < room.watching.size)
    broadcast(room.topic, { seq: org.seq, moves }, except)
  const late = new Set(behind)
  for (const watching of room.watching.values()) if (!late.has(watching)) watching.sent = org.seq
}

function catchUp(watching: Watching, topic: Topic, org: Org, now: number) {
  if (watching.sent === org.seq || watching.listener.isBusy()) return
  const all = [...org.newest.values()].filter((sighting) => sighting.dutyTo > now)
  const moves = org.ring.after(watching.sent, topic, now) ?? movesFor(topic, all)
  if (moves.length > 0) watching.listener.send(org.seq, moves)
  watching.sent = org.seq
}

async function newSightings(
  kit: Pick<Kit, 'db' | 'clock'>,
  orgId: string,
  org: Org,
): Promise<Sighting[]> {
  const asked = org.dirty
  if (asked !== 'all' && asked.size === 0) return []
  org.dirty = new Set()
  try {
    const now = kit.clock.now()
    const rows = await listNewest(kit.db, orgId, asked, now)
    return rows
      .map((row) => sightingOf(row, org.newest.get(row.personId), now))
      .filter((sighting) => isNews(sighting, org.newest.get(sighting.move.personId)))
  } catch (error) {
    if (asked === 'all') org.dirty = 'all'
    else markIn(org, [...asked])
    throw error
  }
}
