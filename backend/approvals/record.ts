import type { Kit } from '../core/kit.ts'
import type { Db } from '../core/db.ts'
import { stateOf, type FlowEvent, type FlowState } from './flow.ts'
import { insertEvent, listEvents, lockRequest, writeState, type StoredRequest } from './queries.ts'
import { tellChanges } from './tell.ts'

/** A request with everything that happened to it. */
export interface Course {
  request: StoredRequest
  events: FlowEvent[]
  state: FlowState
}

/** A request under lock: nothing else happens to it until the transaction ends. */
export async function lockCourse(tx: Db, request: StoredRequest): Promise<Course> {
  await lockRequest(tx, request)
  const events = await listEvents(tx, request)
  return { request, events, state: stateOf(request, events) }
}

/** An event without its time: that is for the request's own order to say. */
export type Happening = FlowEvent extends infer E
  ? E extends FlowEvent
    ? Omit<E, 'at'>
    : never
  : never

/**
 * Adds an event, if it changes anything; those concerned are told in the same transaction.
 * @returns the new state, null when the event may not be
 */
export async function happen(
  kit: Pick<Kit, 'notify'>,
  tx: Db,
  { course, happening, now }: { course: Course; happening: Happening; now: number },
): Promise<FlowState | null> {
  const { request, events, state: before } = course
  const last = events.reduce((newest, each) => Math.max(newest, each.at), request.filedAt)
  const event: FlowEvent = { ...happening, at: Math.max(now, last + 1) } // never two at once: the order is that of arrival
  const state = stateOf(request, [...events, event])
  if (!state.counted.has(event.id)) return null
  await insertEvent(tx, request, event)
  await writeState(tx, request, state)
  await tellChanges(kit.notify, tx, { request, before, after: state, event, now })
  return state
}

const holds = (state: FlowState | null) => state !== null && state.approvedAt !== null

/** After commit: tells who reckons with requests when this one began to hold, or holds no longer. */
export function publishDecided(
  { facts }: Pick<Kit, 'facts'>,
  request: StoredRequest,
  change: { before: FlowState | null; after: FlowState },
): void {
  if (holds(change.before) === holds(change.after)) return
  const { orgId, personId, id, details, from, to } = request
  facts.publish('requestDecided', { orgId, personId, requestId: id, kind: details.kind, from, to })
}
