import type { CalendarException, CalendarYear, RosterEntry, RuleGroup, RuleSet } from '../../contract/ruleSets.ts' // prettier-ignore
import { Rules } from '../../contract/ruleSets.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

/** Every version of every set, oldest first. What an older version of this program kept gets today's defaults. */
export async function listRuleSets(db: Db, orgId: string): Promise<RuleSet[]> {
  const rows = await db.many<Omit<RuleSet, 'rules'> & { rules: unknown }>(sql`
    select r.id, r.version, r.name, r.valid_from as "validFrom", r.rules, r.made_by as "madeBy",
      r.made_at as "madeAt"
    from rule_sets r
    where r.org_id = ${orgId}
    order by r.id, r.version`)
  return rows.map((row) => ({ ...row, rules: Rules.parse(row.rules) }))
}

export interface NewRuleSet {
  id: string
  changeId: string
  name: string
  validFrom: string
  rules: Rules
  madeBy: string
  madeAt: number
}

/** Keeps a set's next version. @returns false when this change was kept before. */
export const insertRuleSet = async (db: Db, orgId: string, set: NewRuleSet): Promise<boolean> =>
  (await db.run(sql`
    insert into rule_sets (org_id, id, version, change_id, name, valid_from, rules, made_by, made_at)
    select ${orgId}, ${set.id}, greatest(coalesce(max(r.version), 0), ${set.id === 'default' ? 1 : 0}::int) + 1,
      ${set.changeId}::uuid, ${set.name}, ${set.validFrom}::date, ${JSON.stringify(set.rules)}::jsonb,
      ${set.madeBy}, to_timestamp(${set.madeAt}::float8 / 1000)
    from rule_sets r
    where r.org_id = ${orgId} and r.id = ${set.id}
    on conflict do nothing`)) === 1

/** The groups that hold: the newest list. */
export async function listGroups(db: Db, orgId: string): Promise<RuleGroup[]> {
  const row = await db.first<{ groups: RuleGroup[] }>(sql`
    select l.groups
    from rule_group_lists l
    where l.org_id = ${orgId}
    order by l.made_at desc, l.id desc
    limit 1`)
  return row?.groups ?? []
}

export const insertGroups = (
  db: Db,
  orgId: string,
  list: { id: string; groups: readonly RuleGroup[]; madeBy: string; madeAt: number },
) =>
  db.run(sql`
    insert into rule_group_lists (org_id, id, groups, made_by, made_at)
    values (${orgId}, ${list.id}::uuid, ${JSON.stringify(list.groups)}::jsonb, ${list.madeBy},
      to_timestamp(${list.madeAt}::float8 / 1000))
    on conflict do nothing`)

/** Departments with the one above each. */
export const listParents = (db: Db, orgId: string) =>
  db.many<{ id: string; parentId: string | null }>(sql`
    select d.id, d.parent_id as "parentId" from departments d where d.org_id = ${orgId}`)

export const listExceptions = (db: Db, orgId: string) =>
  db.many<CalendarException>(sql`
    select e.date, e.type, e.name
    from calendar_exceptions e
    where e.org_id = ${orgId}
    order by e.date`)

export const upsertException = (
  db: Db,
  orgId: string,
  { date, type, name }: CalendarException,
  made: { by: string; at: number },
) =>
  db.run(sql`
    insert into calendar_exceptions (org_id, date, type, name, made_by, made_at)
    values (${orgId}, ${date}::date, ${type}, ${name}, ${made.by}, to_timestamp(${made.at}::float8 / 1000))
    on conflict (org_id, date) do update
    set type = excluded.type, name = excluded.name, made_by = excluded.made_by, made_at = excluded.made_at`)

export const deleteException = (db: Db, orgId: string, date: string) =>
  db.run(sql`delete from calendar_exceptions where org_id = ${orgId} and date = ${date}::date`)

export const listCalendarYears = (db: Db, orgId: string) =>
  db.many<{ calendar: string; data: CalendarYear; source: string }>(sql`
    select y.calendar, y.data, y.source
    from calendar_years y
    where y.org_id = ${orgId}
    order by y.calendar, y.year`)

export const upsertCalendarYear = (
  db: Db,
  orgId: string,
  calendar: string,
  year: { data: CalendarYear; source: string; by: string; at: number },
) =>
  db.run(sql`
    insert into calendar_years (org_id, calendar, year, data, source, made_by, made_at)
    values (${orgId}, ${calendar}, ${year.data.year}::int, ${JSON.stringify(year.data)}::jsonb,
      ${year.source}, ${year.by}, to_timestamp(${year.at}::float8 / 1000))
    on conflict (org_id, calendar, year) do update
    set data = excluded.data, source = excluded.source, made_by = excluded.made_by, made_at = excluded.made_at`)

export const listRoster = (
  db: Db,
  orgId: string,
  personIds: readonly string[],
  span: { from: string; to: string },
) =>
  // prettier-ignore
  db.many<RosterEntry>(sql`
    select r.person_id as "personId", r.date, r.shift_id as "shiftId"
    from rosters r
    where r.org_id = ${orgId}
      and r.person_id = any (${personIds}::text[])
      and r.date between ${span.from}::date and ${span.to}::date`)

export const upsertRoster = (
  db: Db,
  orgId: string,
  entries: readonly RosterEntry[],
  made: { by: string; at: number },
) =>
  db.run(sql`
    insert into rosters (org_id, person_id, date, shift_id, made_by, made_at)
    select ${orgId}, e."personId", e.date, e."shiftId", ${made.by}, to_timestamp(${made.at}::float8 / 1000)
    from json_to_recordset(${JSON.stringify(entries)}::json) as e ("personId" text, date date, "shiftId" text)
    on conflict (org_id, person_id, date) do update
    set shift_id = excluded.shift_id, made_by = excluded.made_by, made_at = excluded.made_at`)

export const deleteRoster = (
  db: Db,
  orgId: string,
  days: readonly { personId: string; date: string }[],
) =>
  // prettier-ignore
  db.run(sql`
    delete from rosters r
    using json_to_recordset(${JSON.stringify(days)}::json) as e ("personId" text, date date)
    where r.org_id = ${orgId} and r.person_id = e."personId" and r.date = e.date`)
