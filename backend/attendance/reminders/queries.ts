import type { DayLedger, Reminders } from '../../contract/attendance.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

/** A kept day on which something is due still, or was missed. */
export interface OpenDay {
  personId: string
  date: string
  zone: string
  due: DayLedger['due']
  shift: string | null
  remindInMin: number | null
  remindOutMin: number | null
  sections: { remind?: Reminders }[] | null // null: the shift has none
  ruleSetId: string
  ruleVersion: number
}

const UNSETTLED = '[pma]' // pending, missing, absent

/** Of people who are here, on dates near now: what is older is no news. */
export const listOpenDays = (db: Db, orgId: string, span: { from: string; to: string }) =>
  db.many<OpenDay>(sql`
    select a.person_id as "personId", a.date, a.zone, x.day #> '{ledger,due}' as due,
      x.day #>> '{facts,shift,name}' as shift,
      (x.day #>> '{facts,shift,remindInMin}')::int as "remindInMin",
      (x.day #>> '{facts,shift,remindOutMin}')::int as "remindOutMin",
      x.day #> '{facts,shift,asks,sections}' as sections,
      a.rule_set_id as "ruleSetId", a.rule_version as "ruleVersion"
    from attendance_days a
      join people p on p.org_id = ${orgId} and p.id = a.person_id and p.active
      cross join lateral (select a.day || '{}'::jsonb as day offset 0) x
    where a.org_id = ${orgId}
      and a.date between ${span.from}::date and ${span.to}::date
      and a.marks ~ ${UNSETTLED}`)
