import { v7 as uuid } from 'uuid'
import type { EmploymentPeriod } from '../contract/employment.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { dateAt } from './roster.ts'

type Periods = readonly EmploymentPeriod[]

/** Whether somebody is employed on a date. No periods at all are since ever. */
export const employedOn = (periods: Periods, date: string): boolean =>
  periods.length === 0 ||
  periods.some(({ from, to }) => (from === null || from <= date) && (to === null || to >= date))

const DAY_MS = 86_400_000

/**
 * The directory shows somebody again: from today on he is employed. Who was gone for less than two days was never
 * away: such a gap is a slip of whoever keeps the directory.
 */
export function begun(periods: Periods, today: string): EmploymentPeriod[] {
  const last = periods.at(-1)
  if (!last) return [{ from: today, to: null }]
  if (last.to === null || last.to >= today) return [...periods]
  const away = Date.parse(today) - Date.parse(last.to) > DAY_MS
  if (away) return [...periods, { from: today, to: null }]
  return [...periods.slice(0, -1), { from: last.from, to: null }]
}

/** The directory lost somebody: today is his last day, unless HR named an earlier one. */
export function ended(periods: Periods, today: string): EmploymentPeriod[] {
  const last = periods.at(-1) ?? { from: null, to: null }
  if (last.to !== null && last.to <= today) return [...periods]
  const to = last.from !== null && last.from > today ? last.from : today
  return [...periods.slice(0, -1), { from: last.from, to }]
}

export interface EmploymentChange {
  id: string
  personId: string
  periods: Periods
}

/** Keeps who is employed when, as facts and as they hold now. What was kept before changes nothing. */
export async function saveEmployments(
  tx: Db,
  orgId: string,
  changes: readonly EmploymentChange[],
  made: { by: string | null; at: number },
): Promise<void> {
  if (changes.length === 0) return
  await tx.run(sql`
    with kept as (
      insert into employment_changes (org_id, person_id, id, periods, made_by, made_at)
      select ${orgId}, c."personId", c.id, c.periods, ${made.by}, to_timestamp(${made.at}::float8 / 1000)
      from json_to_recordset(${JSON.stringify(changes)}::json) as c ("personId" text, id uuid, periods jsonb)
      on conflict do nothing
      returning person_id, periods)
    update people p set employments = k.periods
    from kept k
    where p.org_id = ${orgId} and p.id = k.person_id`)
}

/** Follows the directory: who came or came back is employed from today on, who left until today. */
export async function followEmployments(
  tx: Db,
  orgId: string,
  { came, left }: { came: readonly string[]; left: readonly string[] },
  now: number,
): Promise<void> {
  const rows = await tx.many<{ id: string; zone: string; periods: EmploymentPeriod[] }>(sql`
    select p.id, coalesce(p.zone, o.zone) as zone, p.employments as periods
    from people p join orgs o on o.id = ${orgId}
    where p.org_id = ${orgId} and p.id = any (${[...came, ...left]}::text[])`) // prettier-ignore
  const gone = new Set(left)
  const changes = rows.map(({ id, zone, periods }) => {
    const today = dateAt(now, zone)
    return { id: uuid(), personId: id, periods: gone.has(id) ? ended(periods, today) : begun(periods, today) } // prettier-ignore
  })
  await saveEmployments(tx, orgId, changes, { by: null, at: now })
}

/** Periods of people, by id. */
export async function loadEmployments(
  db: Db,
  orgId: string,
  personIds: readonly string[],
): Promise<Map<string, EmploymentPeriod[]>> {
  const rows = await db.many<{ id: string; periods: EmploymentPeriod[] }>(sql`
    select p.id, p.employments as periods
    from people p
    where p.org_id = ${orgId} and p.id = any (${personIds}::text[])`)
  return new Map(rows.map(({ id, periods }) => [id, periods]))
}
