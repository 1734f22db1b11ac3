import { v7 as uuid } from 'uuid'
import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'
import { loadChart, namedOf } from './chart.ts'
import { changing } from './decide.ts'
import type { FlowState } from './flow.ts'
import { aboveOf, successorsOf } from './plan.ts'
import { namedIn, tasksOf } from './queries.ts'
import { happen, type Course, type Happening } from './record.ts'
import { loadFlow } from './settings.ts'
import { askThem } from './tell.ts'

const MOST = 500 // requests in one round of the chore

type Parts = Pick<Kit, 'db' | 'clock' | 'notify' | 'facts'>

/**
 * Looks after what waits: puts others in the place of those who have left, reminds and escalates when
 * it is time, and asks those who have come to stand in.
 * @returns how many requests it touched
 */
export async function tendWaiting(kit: Parts, orgId: string): Promise<number> {
  const now = kit.clock.now()
  const ids = await listWaiting(kit.db, orgId, now)
  for (const { id } of ids)
    await changing(kit, orgId, id, (tx, course) => tend(kit, tx, course, now))
  return ids.length
}

const LATELY_MS = 3_600_000 // a stand-in is asked at once; longer, should the chore not have run

/** Those that something is due for: a time is up, somebody asked has left, or somebody came to stand in. */
const listWaiting = (db: Db, orgId: string, now: number) =>
  db.many<{ id: string }>(sql`
    select s.request_id as id
    from request_states s
    where s.org_id = ${orgId} and s.due_at <= to_timestamp(${now}::float8 / 1000)
    union
    select t.request_id
    from request_tasks t
      join people p on p.org_id = ${orgId} and p.id = t.approver_id
    where t.org_id = ${orgId} and t.state = 'open' and not p.active
    union
    select t.request_id
    from request_tasks t
      join delegations d on d.org_id = ${orgId} and d.person_id = t.approver_id and d.ends is null
    where t.org_id = ${orgId}
      and t.state = 'open'
      and d.from_at <= to_timestamp(${now}::float8 / 1000)
      and greatest(d.from_at, d.made_at) > to_timestamp(${now - LATELY_MS}::float8 / 1000)
    limit ${MOST}`)

async function tend(kit: Parts, tx: Db, course: Course, now: number): Promise<FlowState> {
  let current = course
  for (const due of await dueOf(tx, course, now)) {
    const state = await happen(kit, tx, { course: current, happening: due, now })
    if (state === null) continue
    current = { ...current, state, events: [...current.events, { ...due, at: state.changedAt }] }
  }
  const open = tasksOf(current.state).filter((task) => task.state === 'open')
  const change = { request: course.request, before: null, after: current.state, event: null, now }
  await askThem(kit.notify, tx, change, open)
  return current.state
}

/** What is due for a request now. */
async function dueOf(tx: Db, { request, state }: Course, now: number): Promise<Happening[]> {
  const step = state.step === null ? undefined : state.rounds[state.round]?.steps[state.step]
  if (!step || state.step === null) return []
  const made = { round: state.round, by: null }
  const { flow } = await loadFlow(tx, request.orgId)
  const asked = [...step.approverIds, ...step.escalated]
  const chart = await loadChart(tx, request, [...namedOf(flow), ...namedIn(step.by)])
  const gone = await listGone(tx, request.orgId, asked)
  const due = gone.flatMap((id): Happening[] => {
    const approverIds = successorsOf(step.by, chart, id).filter((each) => !gone.includes(each))
    if (approverIds.length === 0) return [] // nobody is left: HR has to appoint somebody first
    return [{ ...made, id: uuid(), kind: 'replace', gone: id, approverIds }]
  })
  if (step.remindAt !== null && step.remindAt <= now)
    due.push({ ...made, id: uuid(), kind: 'remind', step: state.step })
  if (step.escalateAt !== null && step.escalateAt <= now) {
    const approverIds = aboveOf(asked, chart)
    due.push({ ...made, id: uuid(), kind: 'escalate', step: state.step, approverIds })
  }
  return due
}

async function listGone(tx: Db, orgId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.many<{ id: string }>(sql`
    select p.id from people p
    where p.org_id = ${orgId} and p.id = any (${ids}::text[]) and not p.active`)
  return rows.map((row) => row.id)
}
