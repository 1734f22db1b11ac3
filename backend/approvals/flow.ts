import type { RequestState, StepBy } from '../contract/approvals.ts'

/** A step of one request: who of those asked has to agree. Never empty, never the applicant. */
export interface PlanStep {
  by: StepBy
  need: 'any' | 'all'
  approverIds: readonly string[]
  remindAfterHours: number | null
  escalateAfterHours: number | null
}

interface Made {
  id: string
  at: number // epoch ms
  round: number // 0 the request, 1 its first revocation …
  by: string | null // null: by itself
}

/** What happened to a request. `for` is the approver in whose place `by` decides, mostly himself. */
export type FlowEvent = Made &
  (
    | { kind: 'approve' | 'reject'; for: string; note: string }
    | { kind: 'withdraw'; note: string }
    | { kind: 'revoke'; note: string; plan: readonly PlanStep[] }
    | { kind: 'replace'; gone: string; approverIds: readonly string[] }
    | { kind: 'escalate'; step: number; approverIds: readonly string[] }
    | { kind: 'remind'; step: number }
  )

export interface Filed {
  personId: string
  filedAt: number
  plan: readonly PlanStep[]
}

export interface Answer {
  answer: 'approve' | 'reject'
  by: string
  at: number
}

export interface StepState {
  by: StepBy
  need: 'any' | 'all'
  state: 'waiting' | 'open' | 'approved' | 'rejected' | 'dropped'
  approverIds: string[]
  escalated: string[] // of these one alone is enough
  openedAt: number | null
  remindAt: number | null // when it is time, of an open step; null: never, or done
  escalateAt: number | null
}

export interface FlowState {
  state: RequestState
  round: number
  step: number | null // that is open
  rounds: { steps: StepState[]; answers: Map<string, Answer> }[]
  changedAt: number
  approvedAt: number | null // while it holds
  counted: Set<string> // ids of the events that had an effect
}

const HOUR = 3_600_000

/**
 * What has become of a request: a function of its events as a set. Each counts at its time if it
 * may: a decision of somebody who is not asked, who has decided already, or of a matter that is
 * settled, changes nothing.
 */
export function stateOf(filed: Filed, events: readonly FlowEvent[]): FlowState {
  const state: FlowState = {
    ...{ state: 'pending', round: 0, step: null, rounds: [], changedAt: filed.filedAt },
    ...{ approvedAt: null, counted: new Set() },
  }
  begin(state, filed.plan, filed.filedAt)
  for (const event of inOrder(events)) {
    if (event.round !== state.round && event.kind !== 'revoke') continue
    if (!apply(state, filed.personId, event)) continue
    state.counted.add(event.id)
    state.changedAt = event.at
  }
  return state
}

function inOrder(events: readonly FlowEvent[]): FlowEvent[] {
  const once = new Map(events.map((event) => [event.id, event]))
  return [...once.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

/** A round: its steps one after another. */
function begin(state: FlowState, plan: readonly PlanStep[], at: number): void {
  const steps = plan.map((step) => ({
    ...{ by: step.by, need: step.need, state: 'waiting' as const },
    ...{ approverIds: [...step.approverIds], escalated: [], openedAt: null },
    remindAt: step.remindAfterHours,
    escalateAt: step.escalateAfterHours,
  }))
  state.rounds.push({ steps, answers: new Map() })
  state.step = null
  goOn(state, at)
}

function apply(state: FlowState, personId: string, event: FlowEvent): boolean {
  switch (event.kind) {
    case 'approve':
    case 'reject':
      return decide(state, personId, event)
    case 'withdraw':
      return withdraw(state, personId, event)
    case 'revoke':
      return revoke(state, personId, event)
    case 'replace':
      return replace(state, personId, event)
    case 'escalate':
      return escalate(state, personId, event)
    case 'remind':
      return remind(state, event)
  }
}

type Of<K extends FlowEvent['kind']> = Extract<FlowEvent, { kind: K }>

const roundOf = (state: FlowState) => state.rounds[state.rounds.length - 1]
const openStep = (state: FlowState) =>
  state.step === null ? undefined : roundOf(state)?.steps[state.step]

function decide(state: FlowState, personId: string, event: Of<'approve' | 'reject'>): boolean {
  const [round, step] = [roundOf(state), openStep(state)]
  if (!round || !step || event.by === null || event.by === personId || event.for === personId)
    return false
  if (![...step.approverIds, ...step.escalated].includes(event.for)) return false
  if (round.answers.has(event.for)) return false
  round.answers.set(event.for, { answer: event.kind, by: event.by, at: event.at })
  if (event.kind === 'reject') {
    step.state = 'rejected'
    settle(state, state.round === 0 ? 'rejected' : 'approved')
  } else goOn(state, event.at)
  return true
}

/** Takes the request back, or, when it is its revocation that waits, that. */
function withdraw(state: FlowState, personId: string, event: Of<'withdraw'>): boolean {
  if (event.by !== personId || state.step === null) return false
  settle(state, state.round === 0 ? 'withdrawn' : 'approved')
  return true
}

function revoke(state: FlowState, personId: string, event: Of<'revoke'>): boolean {
  if (event.by !== personId || state.state !== 'approved') return false
  if (event.round !== state.round + 1 || event.plan.length === 0) return false
  state.state = 'revoking'
  state.round = event.round
  begin(state, event.plan, event.at)
  return true
}

/** Somebody who has left: others in his place, in every step that is not over. What he answered stays. */
function replace(state: FlowState, personId: string, event: Of<'replace'>): boolean {
  const round = roundOf(state)
  if (!round || state.step === null || round.answers.has(event.gone)) return false
  const steps = round.steps.slice(state.step).filter((each) => asks(each, event.gone))
  const others = event.approverIds.filter((id) => id !== event.gone && id !== personId)
  for (const step of steps) {
    step.escalated = step.escalated.filter((id) => id !== event.gone)
    if (!step.approverIds.includes(event.gone)) continue
    const left = step.approverIds.filter((id) => id !== event.gone)
    step.approverIds = [...new Set([...left, ...others])]
  }
  goOn(state, event.at)
  return steps.length > 0
}

const asks = (step: StepState, id: string) =>
  step.approverIds.includes(id) || step.escalated.includes(id)

function escalate(state: FlowState, personId: string, event: Of<'escalate'>): boolean {
  const step = openStep(state)
  if (!step || event.step !== state.step || step.escalateAt === null) return false
  step.escalateAt = null
  const more = event.approverIds.filter((id) => id !== personId && !step.approverIds.includes(id))
  step.escalated = [...new Set([...step.escalated, ...more])]
  goOn(state, event.at)
  return true
}

function remind(state: FlowState, event: Of<'remind'>): boolean {
  const step = openStep(state)
  if (!step || event.step !== state.step || step.remindAt === null) return false
  step.remindAt = null
  return true
}

/** Opens what comes next; who agreed to an earlier step of the round agrees to this one too. */
function goOn(state: FlowState, at: number): void {
  const round = roundOf(state)
  if (!round) return
  for (let index = state.step ?? 0; index < round.steps.length; index++) {
    const step = round.steps[index]
    if (!step) continue
    if (step.openedAt === null) open(step, at)
    if (!isAgreed(step, round.answers)) {
      state.step = index
      return
    }
    step.state = 'approved'
  }
  if (state.round === 0) state.approvedAt = at
  settle(state, state.round === 0 ? 'approved' : 'revoked')
}

function open(step: StepState, at: number): void {
  step.state = 'open'
  step.openedAt = at
  if (step.remindAt !== null) step.remindAt = at + step.remindAt * HOUR
  if (step.escalateAt !== null) step.escalateAt = at + step.escalateAt * HOUR
}

function isAgreed(step: StepState, answers: ReadonlyMap<string, Answer>): boolean {
  const agreed = (id: string) => answers.get(id)?.answer === 'approve'
  if (step.escalated.some(agreed)) return true
  if (step.approverIds.length === 0) return false
  return step.need === 'any' ? step.approverIds.some(agreed) : step.approverIds.every(agreed)
}

function settle(state: FlowState, to: RequestState): void {
  for (const step of roundOf(state)?.steps ?? [])
    if (step.state === 'open' || step.state === 'waiting') step.state = 'dropped'
  state.state = to
  state.step = null
  if (to === 'revoked') state.approvedAt = null
}
