import type { DueResult } from '../contract/attendance.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { momentOf } from './clock.ts'

/** A due punch of a person-day with its times as epoch ms. */
export interface TimedDue extends Pick<DueResult, 'due' | 'result' | 'lateMin'> {
  readonly personId: string
  readonly date: string
  readonly at: number
  readonly punch: number | null
  readonly closesAt: number
}

interface DueRow extends DueResult {
  personId: string
  date: string
  zone: string
}

/** The due punches of person-days as they are kept; a day that was never computed has none. */
export async function listDues(
  db: Db,
  orgId: string,
  days: readonly { personId: string; date: string }[],
): Promise<TimedDue[]> {
  const rows = await db.many<DueRow>(sql`
    select a.person_id as "personId", a.date, a.zone, d.*
    from json_to_recordset(${JSON.stringify(days)}::json) as w ("personId" text, date date)
      join attendance_days a on a.org_id = ${orgId} and a.person_id = w."personId" and a.date = w.date
      cross join lateral jsonb_to_recordset(a.day -> 'ledger' -> 'due')
        as d (due text, at int, result text, punch int, "lateMin" int, "closesAt" int)
    order by a.person_id, a.date, d.at`)
  return rows.map(({ personId, date, zone, due, result, lateMin, ...minutes }) => ({
    ...{ personId, date, due, result, lateMin },
    at: momentOf(minutes.at, zone, date),
    punch: minutes.punch === null ? null : momentOf(minutes.punch, zone, date),
    closesAt: momentOf(minutes.closesAt, zone, date),
  }))
}

/** Person-days that were computed anew since a moment, for views that are made of them. */
export const listComputedSince = (db: Db, orgId: string, since: number) =>
  db.many<{ personId: string; date: string }>(sql`
    select a.person_id as "personId", a.date
    from attendance_days a
    where a.org_id = ${orgId} and a.computed_at >= to_timestamp(${since}::float8 / 1000)
    order by a.computed_at`)
