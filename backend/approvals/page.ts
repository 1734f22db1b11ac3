import type { RequestPage, TimelineEntry } from '../contract/approvals.ts'
import type { Db } from '../core/db.ts'
import { found } from '../core/errors.ts'
import { stateOf, type FlowEvent, type FlowState } from './flow.ts'
import { findRow, type Seer } from './list.ts'
import { findRequest, listEvents, namesOf, type StoredRequest } from './queries.ts'

/**
 * A request with its steps and everything that happened to it, for whom it concerns.
 * @throws Fault `not_found`, also for who may not see it
 */
export async function readPage(db: Db, seer: Seer, id: string): Promise<RequestPage> {
  const row = found(await findRow(db, seer, id), 'this request')
  const request = found(await findRequest(db, seer.viewer.orgId, id), 'this request')
  const events = await listEvents(db, request)
  const state = stateOf(request, events)
  const counted = events.filter((each) => state.counted.has(each.id)).sort((a, b) => a.at - b.at)
  const names = await namesOf(db, request.orgId, idsIn(request, state, counted))
  const named = (personId: string) => ({ id: personId, name: names.get(personId) ?? personId })
  const { mine } = row
  return {
    ...row,
    zone: request.zone,
    photoIds: request.photoIds,
    steps: stepsOf(state, named),
    timeline: [filed(request, named), ...counted.map((event) => entryOf(event, named))],
    mayWithdraw: mine && (state.state === 'pending' || state.state === 'revoking'),
    mayRevoke: mine && state.state === 'approved',
  }
}

type Naming = (id: string) => { id: string; name: string }

const idsIn = (request: StoredRequest, state: FlowState, events: readonly FlowEvent[]) => [
  request.personId,
  ...state.rounds.flatMap(({ steps }) => steps.flatMap((s) => [...s.approverIds, ...s.escalated])),
  ...events.flatMap((event) => [event.by ?? '', ...othersIn(event)]),
]

function othersIn(event: FlowEvent): readonly string[] {
  if (event.kind === 'approve' || event.kind === 'reject') return [event.for]
  if (event.kind === 'replace') return [event.gone, ...event.approverIds]
  return event.kind === 'escalate' ? event.approverIds : []
}

/** The steps of the present round. */
function stepsOf(state: FlowState, named: Naming): RequestPage['steps'] {
  const round = state.rounds[state.round]
  return (round?.steps ?? []).map(({ by, need, state: step, approverIds, escalated }) => ({
    ...{ by, need, state: step },
    approvers: [...new Set([...approverIds, ...escalated])].map((id) => ({
      ...named(id),
      answer: round?.answers.get(id)?.answer ?? null,
    })),
  }))
}

const filed = ({ filedAt, personId, reason }: StoredRequest, named: Naming): TimelineEntry => ({
  ...{ kind: 'filed', at: filedAt, round: 0, by: named(personId), onBehalfOf: null, to: [], note: reason }, // prettier-ignore
})

function entryOf(event: FlowEvent, named: Naming): TimelineEntry {
  const decided = event.kind === 'approve' || event.kind === 'reject'
  return {
    kind: event.kind,
    at: event.at,
    round: event.round,
    by: event.by === null ? null : named(event.by),
    onBehalfOf: decided && event.for !== event.by ? named(event.for) : null,
    to: 'approverIds' in event ? event.approverIds.map(named) : [],
    note: 'note' in event ? event.note : event.kind === 'replace' ? named(event.gone).name : '',
  }
}
