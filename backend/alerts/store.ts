import { v7 as uuid } from 'uuid'
import type { Alert, AlertRule } from '../contract/alerts.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { Before } from '../core/pages.ts'
import { inScope, type Scope } from '../people/index.ts'
import type { Episode } from './episodes.ts'
import type { PersonDate } from './queries.ts'
import type { Changes, KnownAlert } from './reconcile.ts'

/** Everything that was ever told of person-days. */
export const listKnown = (db: Db, orgId: string, days: readonly PersonDate[]) =>
  db.many<KnownAlert & PersonDate>(sql`
    select a.person_id as "personId", a.date, a.id, a.kind, a.key, a.since, a.until, a.outcome,
      a.raised_at as "raisedAt"
    from json_to_recordset(${JSON.stringify(days)}::json) as w ("personId" text, date date)
      join alerts a on a.org_id = ${orgId} and a.person_id = w."personId" and a.date = w.date
    order by a.person_id, a.date, a.raised_at, a.id`)

/** Two processes that look at the same person wait for each other: what one has told, the other knows. */
export const holdPerson = (tx: Db, orgId: string, personId: string) =>
  tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`alerts ${orgId} ${personId}`}, 0))`)

/** An episode that becomes an alert now. */
export interface Raised extends Episode {
  readonly id: string
  readonly urgent: boolean
  readonly digest: boolean // told together with others
}

export interface DayKey extends PersonDate {
  readonly orgId: string
  readonly now: number
}

/** Writes what has to become of a person-day's alerts. @returns those that are new, with their ids */
export async function applyChanges(
  tx: Db,
  key: DayKey,
  { raise, change, withdraw }: Changes,
  rules: readonly AlertRule[],
): Promise<Raised[]> {
  const raised = raise.map((episode) => {
    const rule = rules.find(({ kind }) => kind === episode.kind)
    return { ...episode, id: uuid(), urgent: rule?.urgent ?? false, digest: rule?.digest ?? false, rule } // prettier-ignore
  })
  for (const each of raised) await insertAlert(tx, key, each, each.rule?.escalateMin ?? null)
  for (const each of change) await updateAlert(tx, key, each)
  if (withdraw.length > 0)
    await tx.run(sql`
      update alerts
      set outcome = 'withdrawn', closed_at = coalesce(closed_at, to_timestamp(${key.now}::float8 / 1000))
      where org_id = ${key.orgId} and person_id = ${key.personId} and id = any (${withdraw}::uuid[])`)
  return raised
}

const momentOrNull = (at: number | null) => sql`to_timestamp(${at}::float8 / 1000)`

function insertAlert(
  tx: Db,
  { orgId, personId, date, now }: DayKey,
  each: Raised,
  escalateMin: number | null,
) {
  const over = each.until !== null
  const escalateAt = escalateMin === null || over ? null : now + escalateMin * 60_000
  return tx.run(sql`
    insert into alerts (org_id, person_id, id, kind, date, key, since, until, raised_at, closed_at, outcome,
      urgent, escalate_at, detail, told)
    values (${orgId}, ${personId}, ${each.id}::uuid, ${each.kind}, ${date}::date, ${each.key},
      ${momentOrNull(each.since)}, ${momentOrNull(each.until)}, ${momentOrNull(now)},
      ${momentOrNull(over ? now : null)}, ${over ? 'over' : null}, ${each.urgent}, ${momentOrNull(escalateAt)},
      ${JSON.stringify(each.detail)}::jsonb, '{}')`)
}

/** Of one that is over and lasts again, the end is taken back. */
const updateAlert = (
  tx: Db,
  { orgId, personId, now }: DayKey,
  { id, episode }: Changes['change'][number],
) =>
  tx.run(sql`
    update alerts
    set since = ${momentOrNull(episode.since)}, until = ${momentOrNull(episode.until)},
      detail = ${JSON.stringify(episode.detail)}::jsonb,
      outcome = ${episode.until === null ? null : 'over'},
      closed_at = case when ${episode.until === null}::boolean then null
        else coalesce(closed_at, to_timestamp(${now}::float8 / 1000)) end
    where org_id = ${orgId} and person_id = ${personId} and id = ${id}::uuid`)

/** Who got a message about an alert; more each time it is told. */
export const noteTold = (tx: Db, { orgId, personId, id }: AlertKey, told: readonly string[]) =>
  tx.run(sql`
    update alerts
    set told = array(select distinct unnest(told || ${told}::text[]) order by 1)
    where org_id = ${orgId} and person_id = ${personId} and id = ${id}::uuid`)

export interface AlertKey {
  readonly orgId: string
  readonly personId: string
  readonly id: string
}

export const toldOf = async (db: Db, { orgId, personId, id }: AlertKey): Promise<string[]> => {
  const row = await db.first<{ told: string[] }>(sql`
    select a.told from alerts a
    where a.org_id = ${orgId} and a.person_id = ${personId} and a.id = ${id}::uuid`)
  return row?.told ?? []
}

const ALERT = sql`
  a.id, a.kind, a.person_id as "personId", p.name as person, p.department_id as "departmentId",
  d.name as department, a.date, a.since, a.until, a.raised_at as "raisedAt", a.closed_at as "closedAt",
  a.outcome, a.urgent, a.detail, a.escalated_at as "escalatedAt",
  case when s.point is null then null
    else json_build_object('lng', st_x(s.point), 'lat', st_y(s.point), 'accuracy', s.accuracy) end as at,
  case when a.heard_by is null then null else json_build_object('by', a.heard_by, 'name', coalesce(h.name, a.heard_by),
    'at', (extract(epoch from a.heard_at) * 1000)::bigint, 'note', coalesce(a.heard_note, '')) end as heard`

const joined = (orgId: string) => sql`
  join people p on p.org_id = ${orgId} and p.id = a.person_id
  join departments d on d.org_id = ${orgId} and d.id = p.department_id
  left join people h on h.org_id = ${orgId} and h.id = a.heard_by
  left join sos_calls s on s.org_id = ${orgId} and s.person_id = a.person_id and a.kind = 'sos'
    and s.id::text = a.key`

const VIEWS = {
  open: sql`a.heard_at is null and a.closed_at is null`,
  heard: sql`a.heard_at is not null and a.closed_at is null`,
  past: sql`a.closed_at is not null`,
}

export interface WantedAlerts {
  view: keyof typeof VIEWS
  kind?: Alert['kind'] | undefined
  departmentIds: readonly string[] | null // null: any
  before: Before
  since: number
  limit: number
}

/** Alerts of people that may be seen, newest first. */
export const listAlerts = (db: Db, scope: Scope, wanted: WantedAlerts) =>
  db.many<Alert>(sql`
    select ${ALERT}
    from alerts a
      ${joined(scope.orgId)}
    where a.org_id = ${scope.orgId}
      and ${inScope(scope)}
      and ${VIEWS[wanted.view]}
      and (${wanted.kind ?? null}::text is null or a.kind = ${wanted.kind ?? null})
      and (${wanted.departmentIds}::text[] is null or p.department_id = any (${wanted.departmentIds}::text[]))
      and (a.raised_at, a.id::text) < (to_timestamp(${wanted.before.at}::float8 / 1000), ${wanted.before.key})
      and a.raised_at >= to_timestamp(${wanted.since}::float8 / 1000)
    order by a.raised_at desc, a.id desc
    limit ${wanted.limit}`)

export const countOpen = async (db: Db, scope: Scope, since: number): Promise<number> => {
  const row = await db.first<{ n: number }>(sql`
    select count(*) as n
    from alerts a
      join people p on p.org_id = ${scope.orgId} and p.id = a.person_id
    where a.org_id = ${scope.orgId}
      and ${inScope(scope)}
      and ${VIEWS.open}
      and a.raised_at >= to_timestamp(${since}::float8 / 1000)`)
  return row?.n ?? 0
}

/** One alert; null when there is none, or of nobody in scope. */
export const findAlert = (
  db: Db,
  scope: Scope,
  { personId, id }: { personId: string; id: string },
) =>
  db.first<Alert>(sql`
    select ${ALERT}
    from alerts a
      ${joined(scope.orgId)}
    where a.org_id = ${scope.orgId}
      and a.person_id = ${personId}
      and a.id = ${id}::uuid
      and ${inScope(scope)}`)

/** What was told of people on a work date and still stands, for a day that is looked at. */
export const listAlertsOn = (
  db: Db,
  orgId: string,
  { personIds, date }: { personIds: readonly string[]; date: string },
) =>
  db.many<Pick<Alert, 'personId' | 'kind' | 'since' | 'until'>>(sql`
    select a.person_id as "personId", a.kind, a.since, a.until
    from alerts a
    where a.org_id = ${orgId}
      and a.person_id = any (${personIds}::text[])
      and a.date = ${date}::date
      and a.outcome is distinct from 'withdrawn'
    order by a.since, a.id`)

/** Notes who took it on. @returns whether it was he: the first one stays. */
export async function noteHeard(
  tx: Db,
  { orgId, personId, id }: AlertKey,
  { by, at, note }: { by: string; at: number; note: string },
): Promise<boolean> {
  const rows = await tx.many(sql`
    update alerts
    set heard_by = ${by}, heard_at = to_timestamp(${at}::float8 / 1000), heard_note = ${note}
    where org_id = ${orgId} and person_id = ${personId} and id = ${id}::uuid and heard_at is null
    returning id`)
  return rows.length > 0
}

/** Alerts that nobody took on in the time their rule gives. */
export const listToEscalate = (db: Db, orgId: string, now: number) =>
  db.many<{ personId: string; id: string }>(sql`
    select a.person_id as "personId", a.id
    from alerts a
    where a.org_id = ${orgId}
      and a.escalate_at <= to_timestamp(${now}::float8 / 1000)
      and a.escalated_at is null
      and a.heard_at is null
      and a.closed_at is null
    order by a.escalate_at
    limit 500`)

/** @returns false when another process was first. */
export async function noteEscalated(
  tx: Db,
  { orgId, personId, id }: AlertKey,
  at: number,
): Promise<boolean> {
  const rows = await tx.many(sql`
    update alerts
    set escalated_at = to_timestamp(${at}::float8 / 1000)
    where org_id = ${orgId} and person_id = ${personId} and id = ${id}::uuid and escalated_at is null
    returning id`)
  return rows.length > 0
}
