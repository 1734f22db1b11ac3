import { v7 as uuid } from 'uuid'
import type { Db } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { loadChart } from './chart.ts'
import { standsInFor } from './delegations.ts'
import type { FlowState } from './flow.ts'
import { revocationPlan } from './plan.ts'
import { findRequest, type StoredRequest } from './queries.ts'
import { happen, lockCourse, publishDecided, type Course, type Happening } from './record.ts'
import type { RequestRules } from './rules.ts'

type Parts = Pick<Kit, 'db' | 'notify' | 'clock' | 'facts'>
interface Who {
  orgId: string
  id: string
}

export interface Deciding {
  id: string // of the request
  round: number
  decision: 'approve' | 'reject'
  note: string
}

/**
 * Says yes or no to a request, for oneself or for somebody one stands in for. The same decision again
 * changes nothing.
 * @throws Fault `not_found` for who has nothing to do with it, `settled` when it is decided already
 *   or taken back, `month_locked`
 */
export async function decide(
  kit: Parts,
  rules: RequestRules,
  who: Who,
  deciding: Deciding,
): Promise<FlowState> {
  return changing(kit, who.orgId, deciding.id, async (tx, course) => {
    const now = kit.clock.now()
    const acting = await standsInFor(tx, who.orgId, who.id, now)
    const place = placeOf(course.state, acting, deciding)
    if (place === 'done') return course.state
    if (course.request.personId === who.id || !isAsked(course.state, acting, who.id))
      throw new Fault('not_found', 'this request does not exist')
    if (place === null) throw new Fault('settled', 'nothing is left to decide here')
    if (deciding.decision === 'approve') await refuseLocked(tx, rules, course.request)
    const { round, decision, note } = deciding
    const happening: Happening = { id: uuid(), round, by: who.id, kind: decision, for: place, note }
    return found(await happen(kit, tx, { course, happening, now }), 'this question')
  })
}

/** In whose place: mine first. `done`: I have said that already. Null: nobody asks. */
function placeOf(state: FlowState, acting: readonly string[], { round, decision }: Deciding) {
  const current = state.rounds[round]
  if (!current) return null
  const mine = [...current.answers.values()].find((answer) => answer.by === acting[0])
  if (mine) return mine.answer === decision ? 'done' : null
  const step = round === state.round && state.step !== null ? current.steps[state.step] : undefined
  const asked = step ? [...step.approverIds, ...step.escalated] : []
  return acting.find((id) => asked.includes(id) && !current.answers.has(id)) ?? null
}

const isAsked = (state: FlowState, acting: readonly string[], me: string) =>
  state.rounds.some(
    ({ steps, answers }) =>
      [...answers.values()].some((answer) => answer.by === me) ||
      steps.some(
        (step) =>
          step.openedAt !== null &&
          [...step.approverIds, ...step.escalated].some((id) => acting.includes(id)),
      ),
  )

/**
 * Takes one's own request back while it waits, or its revocation while that waits.
 * @throws Fault `not_found`, `settled`
 */
export function withdraw(
  kit: Parts,
  who: Who,
  asked: { id: string; note: string },
): Promise<FlowState> {
  return changing(kit, who.orgId, asked.id, async (tx, course) => {
    refuseStranger(course, who)
    const { state } = course
    if (state.state === 'withdrawn') return state
    const happening: Happening = { id: uuid(), round: state.round, by: who.id, kind: 'withdraw', note: asked.note } // prettier-ignore
    const after = await happen(kit, tx, { course, happening, now: kit.clock.now() })
    if (!after) throw new Fault('settled', 'there is nothing to withdraw')
    return after
  })
}

/**
 * Asks to take back a request that was approved: it holds until the direct leader or HR agree.
 * @throws Fault `not_found`, `settled` when it is not approved, `month_locked`, `no_approver`
 */
export function revoke(
  kit: Parts,
  rules: RequestRules,
  who: Who,
  asked: { id: string; note: string },
): Promise<FlowState> {
  return changing(kit, who.orgId, asked.id, async (tx, course) => {
    refuseStranger(course, who)
    const { request, state } = course
    if (state.state === 'revoking') return state
    if (state.state !== 'approved')
      throw new Fault('settled', 'only what is approved can be revoked')
    await refuseLocked(tx, rules, request)
    const plan = revocationPlan(await loadChart(tx, request, []))
    if (plan.length === 0) throw new Fault('no_approver', 'nobody in the company may decide this')
    const happening: Happening = { id: uuid(), round: state.round + 1, by: who.id, kind: 'revoke', note: asked.note, plan } // prettier-ignore
    return found(await happen(kit, tx, { course, happening, now: kit.clock.now() }), 'this request')
  })
}

function refuseStranger({ request }: Course, who: Who) {
  if (request.personId !== who.id) throw new Fault('not_found', 'this request does not exist')
}

async function refuseLocked(
  tx: Db,
  rules: RequestRules,
  { orgId, personId, from, to }: StoredRequest,
) {
  if (await rules.isLocked(tx, { orgId, personId, from, to }))
    throw new Fault('month_locked', 'date: the attendance of this month is locked')
}

/** One change of one request, and after its commit the news. */
export async function changing(
  kit: Parts,
  orgId: string,
  id: string,
  change: (tx: Db, course: Course) => Promise<FlowState>,
): Promise<FlowState> {
  const done = await kit.db.transact(async (tx) => {
    const request = found(await findRequest(tx, orgId, id), 'this request')
    const course = await lockCourse(tx, request)
    return { request, before: course.state, after: await change(tx, course) }
  })
  publishDecided(kit, done.request, done)
  return done.after
}
