import type { RequestDetails, RequestState, StepBy } from '../contract/approvals.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { FlowEvent, FlowState, PlanStep } from './flow.ts'

/** A request as it was filed. */
export interface StoredRequest {
  orgId: string
  personId: string
  id: string
  details: RequestDetails
  reason: string
  photoIds: string[]
  zone: string
  from: string // work dates
  to: string
  fromLocal: string
  toLocal: string
  minutes: number
  plan: PlanStep[]
  filedAt: number
}

export const findRequest = (db: Db, orgId: string, id: string) =>
  db.first<StoredRequest>(sql`
    select r.org_id as "orgId", r.person_id as "personId", r.id, r.details, r.reason,
      r.photo_ids as "photoIds", r.zone, r.from_date as "from", r.to_date as "to",
      r.from_local as "fromLocal", r.to_local as "toLocal", r.minutes, r.plan, r.filed_at as "filedAt"
    from requests r
    where r.org_id = ${orgId} and r.id = ${id}::uuid`)

/** @returns false when there is one with this id. */
export async function insertRequest(tx: Db, request: StoredRequest): Promise<boolean> {
  const added = await tx.run(sql`
    insert into requests (org_id, person_id, id, kind, details, reason, photo_ids, zone, from_date, to_date,
      from_local, to_local, minutes, plan, filed_at)
    values (${request.orgId}, ${request.personId}, ${request.id}::uuid, ${request.details.kind},
      ${JSON.stringify(request.details)}::jsonb, ${request.reason}, ${request.photoIds}::uuid[], ${request.zone},
      ${request.from}::date, ${request.to}::date, ${request.fromLocal}, ${request.toLocal}, ${request.minutes},
      ${JSON.stringify(request.plan)}::jsonb, to_timestamp(${request.filedAt}::float8 / 1000))
    on conflict do nothing`)
  return added > 0
}

export interface RequestKey {
  orgId: string
  personId: string // the applicant
  id: string
}

/** Every event of a request, in no order. */
export async function listEvents(
  db: Db,
  { orgId, personId, id }: RequestKey,
): Promise<FlowEvent[]> {
  const rows = await db.many<{ event: FlowEvent }>(sql`
    select e.content || jsonb_build_object('id', e.id, 'kind', e.kind, 'round', e.round, 'by', e.made_by,
      'at', (extract(epoch from e.at) * 1000)::bigint) as event
    from request_events e
    where e.org_id = ${orgId} and e.person_id = ${personId} and e.request_id = ${id}::uuid`)
  return rows.map((row) => row.event)
}

export function insertEvent(tx: Db, { orgId, personId, id }: RequestKey, event: FlowEvent) {
  const { id: eventId, at, round, by, kind, ...content } = event
  return tx.run(sql`
    insert into request_events (org_id, person_id, request_id, id, at, kind, round, made_by, content)
    values (${orgId}, ${personId}, ${id}::uuid, ${eventId}::uuid, to_timestamp(${at}::float8 / 1000),
      ${kind}, ${round}, ${by}, ${JSON.stringify(content)}::jsonb)
    on conflict do nothing`)
}

/** Whoever adds an event to a request waits for whoever does so now. */
export const lockRequest = (tx: Db, { orgId, personId, id }: RequestKey) =>
  tx.first(sql`
    select s.state
    from request_states s
    where s.org_id = ${orgId} and s.person_id = ${personId} and s.request_id = ${id}::uuid
    for update`)

/** Writes what follows from the facts over what followed before. */
export async function writeState(tx: Db, key: RequestKey, state: FlowState): Promise<void> {
  const { orgId, personId, id } = key
  await tx.run(sql`
    insert into request_states (org_id, person_id, request_id, state, round, changed_at, approved_at, due_at)
    values (${orgId}, ${personId}, ${id}::uuid, ${state.state}, ${state.round},
      to_timestamp(${state.changedAt}::float8 / 1000), to_timestamp(${state.approvedAt}::float8 / 1000),
      to_timestamp(${dueAt(state)}::float8 / 1000))
    on conflict (org_id, person_id, request_id) do update
    set state = excluded.state, round = excluded.round, changed_at = excluded.changed_at,
      approved_at = excluded.approved_at, due_at = excluded.due_at`)
  await tx.run(sql`
    delete from request_tasks
    where org_id = ${orgId} and person_id = ${personId} and request_id = ${id}::uuid`)
  await tx.run(sql`
    insert into request_tasks (org_id, person_id, request_id, round, step, approver_id, state, opened_at,
      decided_by, decided_at)
    select ${orgId}, ${personId}, ${id}::uuid, t.round, t.step, t."approverId", t.state,
      to_timestamp(t."openedAt" / 1000), t.by, to_timestamp(t.at / 1000)
    from json_to_recordset(${JSON.stringify(tasksOf(state))}::json)
      as t (round int, step int, "approverId" text, state text, "openedAt" float8, by text, at float8)`)
}

/** When the open step is to be reminded of or escalated next; null: never. */
function dueAt(state: FlowState): number | null {
  const step = state.step === null ? undefined : state.rounds[state.round]?.steps[state.step]
  const times = [step?.remindAt, step?.escalateAt].filter((at) => typeof at === 'number')
  return times.length === 0 ? null : Math.min(...times)
}

/** Who is asked, and has answered, in the steps that have been opened. */
export interface Task {
  round: number
  step: number
  approverId: string
  state: 'open' | 'approve' | 'reject' | 'passed'
  openedAt: number
  by: string | null
  at: number | null
}

export const tasksOf = (state: FlowState): Task[] =>
  state.rounds.flatMap(({ steps, answers }, round) =>
    steps.flatMap(({ openedAt, approverIds, escalated, state: stepState }, step) => {
      if (openedAt === null) return []
      return [...new Set([...approverIds, ...escalated])].map((approverId) => {
        const answer = answers.get(approverId)
        const unanswered = stepState === 'open' ? ('open' as const) : ('passed' as const)
        return {
          ...{ round, step, approverId, openedAt },
          state: answer?.answer ?? unanswered,
          by: answer?.by ?? null,
          at: answer?.at ?? null,
        }
      })
    }),
  )

/** What overlaps: other requests of the person that wait or hold and share a minute with the span. */
export const listOverlaps = (
  db: Db,
  { orgId, personId }: { orgId: string; personId: string },
  span: { from: string; to: string; kinds: readonly string[] },
) =>
  db.many<{ id: string; kind: string; state: RequestState; from: string; to: string }>(sql`
    select r.id, r.kind, s.state, r.from_local as "from", r.to_local as "to"
    from requests r
      join request_states s on s.org_id = ${orgId} and s.person_id = r.person_id and s.request_id = r.id
    where r.org_id = ${orgId}
      and r.person_id = ${personId}
      and r.kind = any (${span.kinds}::text[])
      and s.state in ('pending', 'approved', 'revoking')
      and r.from_local < ${span.to}
      and r.to_local > ${span.from}
    order by r.from_local, r.id
    limit 1`)

/** Corrections of work dates of a month that wait or hold: what counts against the quota. */
export const listCorrections = (
  db: Db,
  { orgId, personId }: { orgId: string; personId: string },
  month: { from: string; to: string },
) =>
  db.many<{ id: string; date: string; due: string; state: RequestState }>(sql`
    select r.id, r.from_date as date, r.details ->> 'due' as due, s.state
    from requests r
      join request_states s on s.org_id = ${orgId} and s.person_id = r.person_id and s.request_id = r.id
    where r.org_id = ${orgId}
      and r.person_id = ${personId}
      and r.kind = 'correction'
      and s.state in ('pending', 'approved', 'revoking')
      and r.from_date between ${month.from}::date and ${month.to}::date`)

/** How many of these photos are the person's own. */
export async function countPhotos(
  db: Db,
  { orgId, personId }: { orgId: string; personId: string },
  ids: readonly string[],
): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    select count(*) as count from photos p
    where p.org_id = ${orgId} and p.person_id = ${personId} and p.id = any (${ids}::uuid[])`)
  return row?.count ?? 0
}

/** One request of somebody after another. */
export const lockPerson = (tx: Db, orgId: string, personId: string) =>
  tx.first(sql`
    select p.id from people p where p.org_id = ${orgId} and p.id = ${personId} for no key update`)

/** The names of people, also of those who have left. */
export async function namesOf(db: Db, orgId: string, ids: readonly string[]) {
  const rows = await db.many<{ id: string; name: string }>(sql`
    select p.id, p.name from people p where p.org_id = ${orgId} and p.id = any (${[...new Set(ids)]}::text[])`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** The same with whether they are still here. */
export const peopleNamed = (db: Db, orgId: string, ids: readonly string[]) =>
  db.many<{ id: string; name: string; active: boolean }>(sql`
    select p.id, p.name, p.active
    from people p
    where p.org_id = ${orgId} and p.id = any (${ids}::text[])
    order by p.id`)

export const namedIn = (by: StepBy): readonly string[] => (by.who === 'person' ? by.personIds : [])
