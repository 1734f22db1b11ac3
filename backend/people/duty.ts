import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/** When somebody is at work: half-open, epoch ms; `date` is the work date in `zone`. */
export interface DutyWindow {
  date: string
  zone: string
  from: number
  to: number
}

/**
 * Duty windows that touch [from, to), by person, in time order.
 * People without one are absent from the map.
 */
export async function loadDuty(
  db: Db,
  orgId: string,
  personIds: readonly string[],
  span: { from: number; to: number },
): Promise<Map<string, DutyWindow[]>> {
  const rows = await db.many<DutyWindow & { personId: string }>(sql`
    select person_id as "personId", work_date as date, zone, from_at as "from", to_at as "to"
    from duty_windows
    where org_id = ${orgId}
      and person_id = any (${personIds}::text[])
      and from_at < to_timestamp(${span.to}::float8 / 1000)
      and to_at > to_timestamp(${span.from}::float8 / 1000)
    order by from_at`)
  const byPerson = new Map<string, DutyWindow[]>()
  for (const { personId, ...window } of rows) {
    const windows = byPerson.get(personId)
    if (windows) windows.push(window)
    else byPerson.set(personId, [window])
  }
  return byPerson
}

/** Windows of one work date, in time order. */
export const loadDutyOn = (db: Db, orgId: string, personId: string, date: string) =>
  db.many<DutyWindow>(sql`
    select work_date as date, zone, from_at as "from", to_at as "to"
    from duty_windows
    where org_id = ${orgId} and person_id = ${personId} and work_date = ${date}::date
    order by from_at`)

const ROSTER = 'roster' // source of what attendance wrote

/** Rosters windows; one that starts at the same moment is kept as it is. */
export const insertDuty = (
  db: Db,
  orgId: string,
  windows: readonly (DutyWindow & { personId: string })[],
) =>
  db.run(sql`
    insert into duty_windows (org_id, person_id, work_date, from_at, to_at, zone)
    select ${orgId}, w."personId", w.date, to_timestamp(w."from" / 1000), to_timestamp(w."to" / 1000), w.zone
    from json_to_recordset(${JSON.stringify(windows)}::json)
      as w ("personId" text, date date, "from" float8, "to" float8, zone text)
    on conflict do nothing`)

/**
 * Rosters what attendance expects, in the place of what it rostered before: windows that have not begun, of these
 * people and dates. A date that has a window of another origin, or one that has begun, keeps it.
 * @param windows at most one a person and date
 */
export async function replaceDuty(
  db: Db,
  orgId: string,
  scope: { personIds: readonly string[]; from: string; to: string; now: number },
  windows: readonly (DutyWindow & { personId: string })[],
): Promise<void> {
  await db.transact(async (tx) => {
    await tx.run(sql`
      delete from duty_windows
      where org_id = ${orgId}
        and person_id = any (${scope.personIds}::text[])
        and work_date between ${scope.from}::date and ${scope.to}::date
        and from_at >= to_timestamp(${scope.now}::float8 / 1000)
        and source = ${ROSTER}`)
    await tx.run(sql`
      insert into duty_windows (org_id, person_id, work_date, from_at, to_at, zone, source)
      select ${orgId}, w."personId", w.date, to_timestamp(w."from" / 1000), to_timestamp(w."to" / 1000), w.zone,
        ${ROSTER}
      from json_to_recordset(${JSON.stringify(windows)}::json)
        as w ("personId" text, date date, "from" float8, "to" float8, zone text)
      where not exists (
        select from duty_windows o
        where o.org_id = ${orgId} and o.person_id = w."personId" and o.work_date = w.date)
      on conflict do nothing`)
  })
}

/**
 * Nobody is on duty before he joins and after his last day: windows ahead go, whatever their origin, one that has
 * begun ends now.
 */
export async function endDutyOfLeavers(db: Db, orgId: string, now: number): Promise<void> {
  const leavers = await db.many<{ id: string }>(sql`
    select p.id from people p
    where p.org_id = ${orgId} and (not p.active or jsonb_array_length(p.employments) > 1
      or p.employments -> 0 ->> 'to' is not null or (p.employments -> 0 ->> 'from')::date > to_timestamp(${now}::float8 / 1000) - interval '3 days')`)
  if (leavers.length === 0) return
  const at = sql`to_timestamp(${now}::float8 / 1000)`
  const stray = sql`w.person_id = any (${leavers.map(({ id }) => id)}::text[]) and w.to_at > ${at}
      and not exists (
        select from people p
          join orgs o on o.id = ${orgId}
        where p.org_id = ${orgId} and p.id = w.person_id and case
          when p.employments = '[]' then p.active or (p.left_at at time zone coalesce(p.zone, o.zone))::date >= w.work_date
          else exists (
            select from jsonb_to_recordset(p.employments) as e ("from" date, "to" date)
            where w.work_date between coalesce(e."from", '-infinity') and coalesce(e."to", 'infinity')) end)`
  await db.transact(async (tx) => {
    await tx.run(sql`
      delete from duty_windows w where w.org_id = ${orgId} and w.from_at >= ${at} and ${stray}`)
    await tx.run(sql`
      update duty_windows w set to_at = ${at} where w.org_id = ${orgId} and w.from_at < ${at} and ${stray}`)
  })
}

/** The windows of some dates that attendance rostered. */
export const loadRostered = (
  db: Db,
  orgId: string,
  { personIds, from, to }: { personIds: readonly string[]; from: string; to: string },
) =>
  db.many<{ personId: string; date: string; from: number; to: number }>(sql`
    select person_id as "personId", work_date as date, from_at as "from", to_at as "to"
    from duty_windows
    where org_id = ${orgId}
      and person_id = any (${personIds}::text[])
      and work_date between ${from}::date and ${to}::date
      and source = ${ROSTER}`)
