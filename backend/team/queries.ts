import type { TeamRow, TeamWeek } from '../contract/team.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import { inScope, type Scope } from '../people/index.ts'

/** Whose days; `departmentIds` narrows the scope, null does not. */
export interface Team extends Scope {
  readonly departmentIds: readonly string[] | null
}

const isOfTeam = ({ departmentIds, ...scope }: Team): Sql => sql`
  p.role = 'rep' and ${inScope(scope)}
  and (${departmentIds}::text[] is null or p.department_id = any (${departmentIds}::text[]))`

/** What came of the plan, of visits `v`. */
const VISITED = sql`
      count(*) filter (where v.stop_id is not null)::int as planned,
      count(*) filter (where v.status = 'done')::int as done,
      count(*) filter (where v.status = 'missed')::int as missed,
      count(*) filter (where v.status = 'unplanned')::int as extra`

/** How long windows `w` have lasted by now. */
const lasted = (now: number) => sql`
      sum(greatest(0, extract(epoch from
        least(w.to_at, to_timestamp(${now}::float8 / 1000)) - w.from_at)))::float8`

const raisedOn = (orgId: string, date: string) => sql`
    select a.person_id, count(*)::int as open
    from alerts a join mine m on m.id = a.person_id
    where a.org_id = ${orgId} and a.date = ${date}::date and a.heard_at is null and a.closed_at is null
    group by a.person_id`

/**
 * The work date of everybody in scope: those who work here now, and who has left only where something was.
 * Visits are as kept: what came in since the last seconds may be missing.
 */
export const listTeamDay = (db: Db, team: Team, { date, now }: { date: string; now: number }) =>
  db.many<Omit<TeamRow, 'reasons'>>(sql`
    with mine as materialized (
      select p.id, p.name, p.active, p.department_id from people p where p.org_id = ${team.orgId} and ${isOfTeam(team)}
    ), duty as (
      select w.person_id, ${lasted(now)} as seconds
      from duty_windows w join mine m on m.id = w.person_id
      where w.org_id = ${team.orgId} and w.work_date = ${date}::date
      group by w.person_id
    ), visited as (
      select v.person_id, ${VISITED},
        count(*) filter (where v.status in ('unlogged', 'unproven'))::int as unclear
      from visits v join mine m on m.id = v.person_id
      where v.org_id = ${team.orgId} and v.date = ${date}::date
      group by v.person_id
    ), raised as (${raisedOn(team.orgId, date)})
    select m.id as "personId", m.name, d.name as department, coalesce(w.seconds, 0) as "dutySeconds",
      t.heard_from as "firstAt", t.heard_to as "lastAt", coalesce(t.moved_metres, 0) as "movedMetres",
      coalesce(t.silent_seconds, w.seconds, 0) as "silentSeconds", coalesce(v.planned, 0) as planned,
      coalesce(v.done, 0) as done, coalesce(v.missed, 0) as missed, coalesce(v.extra, 0) as extra,
      coalesce(v.unclear, 0) as unclear, (a.minutes ->> 'worked')::float8 as "workedMinutes",
      coalesce((a.minutes ->> 'late')::float8, 0) as "lateMinutes",
      coalesce((a.minutes ->> 'absent')::float8, 0) as "absentMinutes", coalesce(r.open, 0) as alerts
    from mine m
      join departments d on d.org_id = ${team.orgId} and d.id = m.department_id
      left join duty w on w.person_id = m.id
      left join track_days t on t.org_id = ${team.orgId} and t.person_id = m.id and t.date = ${date}::date
      left join visited v on v.person_id = m.id
      left join attendance_days a on a.org_id = ${team.orgId} and a.person_id = m.id and a.date = ${date}::date
      left join raised r on r.person_id = m.id
    where m.active or t.heard_from is not null or v.person_id is not null`)

interface Weeks {
  readonly orgId: string
  readonly from: string // dates, both included
  readonly to: string
  readonly now: number
}

const trackedByWeek = ({ orgId, from, to }: Weeks) => sql`
    select date_trunc('week', t.date::timestamp)::date as monday, count(t.heard_from)::int as days,
      sum(t.moved_metres) as metres
    from track_days t join mine m on m.id = t.person_id
    where t.org_id = ${orgId} and t.date between ${from}::date and ${to}::date
    group by 1`

const dutyByWeek = ({ orgId, from, to, now }: Weeks) => sql`
    select date_trunc('week', w.work_date::timestamp)::date as monday, sum(w.seconds) as seconds,
      sum(coalesce(t.silent_seconds, w.seconds)) as silent
    from (
      select w.person_id, w.work_date, ${lasted(now)} as seconds
      from duty_windows w join mine m on m.id = w.person_id
      where w.org_id = ${orgId} and w.work_date between ${from}::date and ${to}::date
      group by 1, 2
    ) w
      left join track_days t on t.org_id = ${orgId} and t.person_id = w.person_id and t.date = w.work_date
    group by 1`

const visitedByWeek = ({ orgId, from, to }: Weeks) => sql`
    select date_trunc('week', v.date::timestamp)::date as monday, ${VISITED}
    from visits v join mine m on m.id = v.person_id
    where v.org_id = ${orgId} and v.date between ${from}::date and ${to}::date
    group by 1`

const workedByWeek = ({ orgId, from, to }: Weeks) => sql`
    select date_trunc('week', a.date::timestamp)::date as monday,
      sum((a.minutes ->> 'worked')::float8) as minutes,
      count(*) filter (where (a.minutes ->> 'late')::float8 > 0)::int as late
    from attendance_days a join mine m on m.id = a.person_id
    where a.org_id = ${orgId} and a.date between ${from}::date and ${to}::date
    group by 1`

/** Weeks of a team from their first Monday to a date, both included, oldest first; a week without anything is zeros. */
export const listTeamWeeks = (db: Db, team: Team, span: Omit<Weeks, 'orgId'>) => {
  const asked = { ...span, orgId: team.orgId }
  return db.many<TeamWeek>(sql`
    with mine as materialized (
      select p.id from people p where p.org_id = ${team.orgId} and ${isOfTeam(team)}
    ), weeks as (
      select w::date as monday from generate_series(${asked.from}::date::timestamp, ${asked.to}::date::timestamp, '7 days') w
    ), tracked as (${trackedByWeek(asked)}),
    duty as (${dutyByWeek(asked)}),
    visited as (${visitedByWeek(asked)}),
    worked as (${workedByWeek(asked)})
    select w.monday, coalesce(t.days, 0) as days, coalesce(d.seconds, 0) as "dutySeconds",
      coalesce(t.metres, 0) as "movedMetres", coalesce(d.silent, 0) as "silentSeconds",
      coalesce(v.planned, 0) as planned, coalesce(v.done, 0) as done, coalesce(v.missed, 0) as missed,
      coalesce(v.extra, 0) as extra, coalesce(k.minutes, 0) as "workedMinutes", coalesce(k.late, 0) as "lateDays"
    from weeks w
      left join tracked t on t.monday = w.monday
      left join duty d on d.monday = w.monday
      left join visited v on v.monday = w.monday
      left join worked k on k.monday = w.monday
    order by w.monday`)
}
