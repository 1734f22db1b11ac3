import { MonthSettings, type DayDifference, type MonthDecision } from '../../contract/closing.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import { inScope } from '../../people/index.ts'
import { standingOf, type Standing } from './state.ts'

const firstOf = (month: string) => `${month}-01`

/** How a company closes its months, and in which zone it counts. */
export async function loadSettings(db: Db, orgId: string) {
  const row = await db.first<{ settings: unknown; zone: string }>(sql`
    select s.settings, o.zone
    from orgs o
      left join month_settings s on s.org_id = ${orgId}
    where o.id = ${orgId}`)
  return { settings: MonthSettings.parse(row?.settings ?? {}), zone: row?.zone ?? 'Asia/Shanghai' }
}

export const saveSettings = (db: Db, orgId: string, settings: MonthSettings) =>
  db.run(sql`
    insert into month_settings (org_id, settings)
    values (${orgId}, ${JSON.stringify(settings)}::jsonb)
    on conflict (org_id) do update set settings = excluded.settings`)

export const listDecisions = (db: Db, orgId: string, months: readonly string[]) =>
  db.many<MonthDecision & { month: string }>(sql`
    select to_char(d.month, 'YYYY-MM') as month, d.id, d.kind, d.at, p.name as by, d.reason, d.until
    from month_decisions d
      left join people p on p.org_id = ${orgId} and p.id = d.made_by
    where d.org_id = ${orgId} and d.month = any (${months.map(firstOf)}::date[])
    order by d.at desc, d.id desc`)

export interface NewDecision {
  orgId: string
  id: string
  month: string
  kind: MonthDecision['kind']
  at: number
  by: string | null // userid
  reason?: string
  until?: number
}

/** @returns whether it is new. */
export const insertDecision = async (db: Db, decision: NewDecision): Promise<boolean> =>
  (await db.run(sql`
    insert into month_decisions (org_id, id, month, kind, at, made_by, reason, until)
    values (${decision.orgId}, ${decision.id}::uuid, ${firstOf(decision.month)}::date, ${decision.kind},
      to_timestamp(${decision.at}::float8 / 1000), ${decision.by}, ${decision.reason ?? null},
      to_timestamp(${decision.until ?? null}::float8 / 1000))
    on conflict do nothing`)) === 1

/** How months stand now, those nobody decided anything about included. */
export async function loadStandings(
  db: Db,
  orgId: string,
  months: readonly string[],
  now: number,
): Promise<Map<string, Standing>> {
  const { settings, zone } = await loadSettings(db, orgId)
  const decisions = await listDecisions(db, orgId, months)
  return new Map(
    months.map((month) => {
      const own = decisions.filter((each) => each.month === month)
      const mine = own.map(({ month: _, ...decision }) => decision)
      return [month, standingOf({ month, zone, settings, decisions: mine, now })]
    }),
  )
}

export async function loadStanding(db: Db, orgId: string, month: string, now: number) {
  const standing = (await loadStandings(db, orgId, [month], now)).get(month)
  if (!standing) throw new Error('a month without standing')
  return standing
}

/** Until when HR said that it takes corrections of a month, as the last date on the company's clock; null: it did not. */
export async function graceGranted(db: Db, orgId: string, month: string): Promise<string | null> {
  const row = await db.first<{ until: string }>(sql`
    select (d.until at time zone o.zone)::date as until
    from month_decisions d
      join orgs o on o.id = ${orgId}
    where d.org_id = ${orgId} and d.month = ${firstOf(month)}::date and d.kind = 'grace'
    order by d.at desc, d.id desc
    limit 1`)
  return row?.until ?? null
}

/** The months of these that are locked, of every company's own words: what must not change any more. */
export const lockedMonths = async (db: Db, orgId: string, months: readonly string[]) => {
  const rows = await db.many<{ month: string; kind: string }>(sql`
    select distinct on (d.month) to_char(d.month, 'YYYY-MM') as month, d.kind
    from month_decisions d
    where d.org_id = ${orgId} and d.kind <> 'grace' and d.month = any (${months.map(firstOf)}::date[])
    order by d.month, d.at desc, d.id desc`)
  return new Set(rows.filter(({ kind }) => kind === 'lock').map(({ month }) => month))
}

export type NewDifference = Omit<DayDifference, 'name'>

/** Notes what came out otherwise than it was kept, each once. Call it in the transaction that keeps the new day. */
export const insertDifferences = (db: Db, orgId: string, differences: readonly NewDifference[]) =>
  db.run(sql`
    insert into day_differences (org_id, person_id, id, date, at, cause, locked, before, after)
    select ${orgId}, d."personId", d.id, d.date, to_timestamp(d.at / 1000), d.cause, d.locked, d.before, d.after
    from json_to_recordset(${JSON.stringify(differences)}::json)
      as d ("personId" text, id uuid, date date, at float8, cause text, locked boolean, before jsonb, after jsonb)
    on conflict do nothing`)

interface Said {
  agrees: boolean
  digest: string
  at: number
  note: string
}

export interface PersonSaid extends Said {
  personId: string
}

export const insertWord = (
  db: Db,
  who: { orgId: string; personId: string; month: string },
  word: Omit<Said, 'at'> & { id: string; at: number },
) =>
  db.run(sql`
    insert into month_confirmations (org_id, person_id, id, month, at, agrees, note, digest)
    values (${who.orgId}, ${who.personId}, ${word.id}::uuid, ${firstOf(who.month)}::date,
      to_timestamp(${word.at}::float8 / 1000), ${word.agrees}, ${word.note}, ${word.digest})
    on conflict do nothing`)

export const findWord = (db: Db, who: { orgId: string; personId: string; month: string }) =>
  db.first<Said>(sql`
    select c.agrees, c.digest, c.at, c.note
    from month_confirmations c
    where c.org_id = ${who.orgId} and c.person_id = ${who.personId} and c.month = ${firstOf(who.month)}::date
    order by c.at desc, c.id desc
    limit 1`)

/** Everybody's newest word of a month. */
export const listWords = (db: Db, orgId: string, month: string) =>
  db.many<PersonSaid>(sql`
    select distinct on (c.person_id) c.person_id as "personId", c.agrees, c.digest, c.at, c.note
    from month_confirmations c
    where c.org_id = ${orgId} and c.month = ${firstOf(month)}::date
    order by c.person_id, c.at desc, c.id desc`)

export interface Scope {
  orgId: string
  departments: readonly string[] | 'all'
}

/** Names of people that the viewer may see. */
export const listNames = (db: Db, scope: Scope, personIds: readonly string[]) => {
  return db.many<{ id: string; name: string; department: string }>(sql`
    select p.id, p.name, d.name as department
    from people p
      join departments d on d.org_id = ${scope.orgId} and d.id = p.department_id
    where p.org_id = ${scope.orgId}
      and p.id = any (${personIds}::text[])
      and ${inScope(scope)}
    order by d.name, p.name, p.id`)
}

/** What came out otherwise in a month, newest first; one more than `limit` when there are more. */
export const listDifferences = (
  db: Db,
  scope: Scope,
  range: { from: string; to: string; limit: number },
) => {
  return db.many<DayDifference>(sql`
    select x.id, x.person_id as "personId", p.name, x.date, x.at, x.cause, x.locked, x.before, x.after
    from day_differences x
      join people p on p.org_id = ${scope.orgId} and p.id = x.person_id
    where x.org_id = ${scope.orgId}
      and x.date between ${range.from}::date and ${range.to}::date
      and ${inScope(scope)}
    order by x.at desc, x.id desc
    limit ${range.limit + 1}::int`)
}

export const countLate = async (db: Db, orgId: string, range: { from: string; to: string }) =>
  (
    await db.first<{ count: number }>(sql`
      select count(*)::int as count
      from day_differences x
      where x.org_id = ${orgId} and x.locked and x.date between ${range.from}::date and ${range.to}::date`)
  )?.count ?? 0
