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
