import type { Requests, RequestRow, RequestsQuery } from '../contract/approvals.ts'
import type { LeaveKinds } from '../contract/approvalSettings.ts'
import type { Db } from '../core/db.ts'
import type { Viewer } from '../core/http/route.ts'
import { sql, type Sql } from '../core/sql.ts'
import { inScope } from '../people/index.ts'
import { standsInFor } from './delegations.ts'
import { loadLeaveKinds } from './settings.ts'

/** Who asks, and for whom he decides now. */
export interface Seer {
  viewer: Viewer
  acting: readonly string[]
}

export async function seerOf(db: Db, viewer: Viewer, now: number): Promise<Seer> {
  return { viewer, acting: await standsInFor(db, viewer.orgId, viewer.id, now) }
}

const isMine = ({ viewer }: Seer): Sql => sql`r.person_id = ${viewer.id}`

/** Somebody asks me; my own I never decide. */
const waitsForMe = ({ viewer, acting }: Seer): Sql => sql`
  (r.person_id <> ${viewer.id} and exists (
    select 1 from request_tasks t
    where t.org_id = ${viewer.orgId} and t.person_id = r.person_id and t.request_id = r.id
      and t.state = 'open' and t.approver_id = any (${acting}::text[])))`

const wasAsked = ({ viewer, acting }: Seer): Sql => sql`
  (r.person_id <> ${viewer.id} and exists (
    select 1 from request_tasks t
    where t.org_id = ${viewer.orgId} and t.person_id = r.person_id and t.request_id = r.id
      and (t.approver_id = any (${acting}::text[]) or t.decided_by = ${viewer.id})))`

const decidedByMe = ({ viewer }: Seer): Sql => sql`
  exists (
    select 1 from request_tasks t
    where t.org_id = ${viewer.orgId} and t.person_id = r.person_id and t.request_id = r.id
      and t.decided_by = ${viewer.id})`

/** Of a supervisor's departments, or led by him directly. */
function ofMyTeam({ viewer }: Seer): Sql {
  return sql`
    (${viewer.role === 'supervisor'}::boolean
      and ${inScope(viewer)})`
}

const isForHr = ({ viewer }: Seer): Sql => sql`${viewer.role === 'hr'}::boolean`

/** Everything somebody may look at. */
export const visible = (seer: Seer): Sql => sql`
  (${isMine(seer)} or ${isForHr(seer)} or ${ofMyTeam(seer)} or ${wasAsked(seer)})`

const SCOPES: Record<RequestsQuery['scope'], (seer: Seer) => Sql> = {
  mine: isMine,
  decide: waitsForMe,
  decided: decidedByMe,
  team: ofMyTeam,
  all: isForHr,
}

type Row = Omit<RequestRow, 'leaveName' | 'days' | 'mine'>

const rowsWhere = (db: Db, seer: Seer, where: Sql, limit: number) => {
  const { orgId } = seer.viewer
  return db.many<Row>(sql`
    select r.id, r.person_id as "personId", p.name as person, d.name as department, r.details,
      r.from_date as "from", r.to_date as "to", r.minutes, r.reason, s.state, s.round,
      r.filed_at as "filedAt", s.changed_at as "changedAt",
      coalesce((
        select json_agg(json_build_object('id', t.approver_id, 'name', coalesce(a.name, t.approver_id))
          order by t.approver_id)
        from request_tasks t
          left join people a on a.org_id = ${orgId} and a.id = t.approver_id
        where t.org_id = ${orgId} and t.person_id = r.person_id and t.request_id = r.id and t.state = 'open'
      ), '[]'::json) as "waitingFor",
      ${waitsForMe(seer)} as "mayDecide"
    from requests r
      join request_states s on s.org_id = ${orgId} and s.person_id = r.person_id and s.request_id = r.id
      join people p on p.org_id = ${orgId} and p.id = r.person_id
      join departments d on d.org_id = ${orgId} and d.id = p.department_id
    where r.org_id = ${orgId} and ${where}
    order by r.filed_at desc, r.id desc
    limit ${limit}`)
}

/** Narrows by what is given. */
const given = <T>(value: T | undefined, condition: (value: T) => Sql): Sql =>
  value === undefined ? sql`true` : condition(value)

const filtered = (orgId: string, query: RequestsQuery): Sql => sql`
  ${given(query.kind, (kind) => sql`r.kind = ${kind}`)}
  and ${given(query.state, (state) => sql`s.state = ${state}`)}
  and ${given(query.personId, (personId) => sql`r.person_id = ${personId}`)}
  and ${given(query.from, (from) => sql`r.to_date >= ${from}::date`)}
  and ${given(query.to, (to) => sql`r.from_date <= ${to}::date`)}
  and ${given(query.before, (before) => after(orgId, before))}`

const after = (orgId: string, id: string): Sql => sql`
  (r.filed_at, r.id) < (
    select b.filed_at, b.id from requests b where b.org_id = ${orgId} and b.id = ${id}::uuid)`

/** Requests of a scope, newest first. */
export async function listRequests(db: Db, seer: Seer, query: RequestsQuery): Promise<Requests> {
  const { orgId } = seer.viewer
  const where = sql`${SCOPES[query.scope](seer)} and ${filtered(orgId, query)}`
  const rows = await rowsWhere(db, seer, where, query.limit + 1)
  const { leave } = await loadLeaveKinds(db, orgId)
  const requests = rows.slice(0, query.limit).map((row) => shown(row, seer, leave))
  const last = requests[requests.length - 1]
  return { requests, next: rows.length > query.limit && last ? last.id : null }
}

/** One request that the seer may look at, or null. */
export async function findRow(db: Db, seer: Seer, id: string): Promise<RequestRow | null> {
  const [row] = await rowsWhere(db, seer, sql`r.id = ${id}::uuid and ${visible(seer)}`, 1)
  if (!row) return null
  const { leave } = await loadLeaveKinds(db, seer.viewer.orgId)
  return shown(row, seer, leave)
}

function shown(row: Row, { viewer }: Seer, leave: LeaveKinds): RequestRow {
  const { details } = row
  const kind =
    details.kind === 'leave' ? leave.kinds.find(({ key }) => key === details.leaveKind) : null
  return {
    ...row,
    leaveName: kind?.name ?? (details.kind === 'leave' ? details.leaveKind : null),
    days: Math.round((row.minutes / leave.minutesPerDay) * 100) / 100,
    mine: row.personId === viewer.id,
  }
}

/** How many wait for me. */
export async function countWaiting(db: Db, seer: Seer): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    select count(*) as count
    from requests r
    where r.org_id = ${seer.viewer.orgId} and ${waitsForMe(seer)}`)
  return row?.count ?? 0
}
