import type { PlanStop, VisitStatus } from '../contract/plans.ts'
import type { Visit } from '../contract/visits.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import { noteVisited } from '../customers/index.ts'
import { inScope, type Scope } from '../people/index.ts'
import type { MatchedVisit } from './match.ts'

/** People's days, from one date to another, both included. */
export interface PeopleDays {
  orgId: string
  personIds: readonly string[]
  from: string
  to: string
}

export interface StoredPlan {
  personId: string
  date: string
  id: string
  madeBy: string
  stops: PlanStop[]
}

/** The plans that count. */
export const listPlans = (db: Db, { orgId, personIds, from, to }: PeopleDays) =>
  db.many<StoredPlan>(sql`
    select distinct on (n.person_id, n.date) n.person_id as "personId", n.date, n.id,
      n.made_by as "madeBy", n.stops
    from plans n
    where n.org_id = ${orgId}
      and n.person_id = any (${personIds}::text[])
      and n.date between ${from}::date and ${to}::date
    order by n.person_id, n.date, n.made_at desc, n.id desc`)

export const listConfirmations = (db: Db, { orgId, personIds, from, to }: PeopleDays) =>
  db.many<{
    personId: string
    date: string
    customerId: string
    at: number
  }>(sql`
    select e.person_id as "personId", e.date, e.customer_id as "customerId", e.at
    from visit_entries e
    where e.org_id = ${orgId}
      and e.person_id = any (${personIds}::text[])
      and e.date between ${from}::date and ${to}::date
      and e.kind = 'confirm' and e.at is not null
    order by e.at, e.id`)

export const listZones = (db: Db, orgId: string, personIds: readonly string[]) =>
  db.many<{ personId: string; zone: string }>(sql`
    select p.id as "personId", coalesce(p.zone, o.zone) as zone
    from people p
      join orgs o on o.id = ${orgId}
    where p.org_id = ${orgId} and p.id = any (${personIds}::text[])`)

export const listVisitDays = (db: Db, { orgId, personIds, from, to }: PeopleDays) =>
  db.many<{ personId: string; date: string; hash: string }>(sql`
    select d.person_id as "personId", d.date, d.hash
    from visit_days d
    where d.org_id = ${orgId}
      and d.person_id = any (${personIds}::text[])
      and d.date between ${from}::date and ${to}::date`)

/** A person-day's visits to be kept, and what they were made of. */
export interface DayToKeep {
  personId: string
  date: string
  hash: string
  settled: boolean // nothing but new facts will change it
  visits: readonly MatchedVisit[]
}

/**
 * Puts days in the place of what was kept of them, in one transaction; one that was computed later
 * stays. @returns the days that were kept.
 */
export async function keepDays(db: Db, orgId: string, days: readonly DayToKeep[], at: number) {
  const heads = days.map(({ personId, date, hash, settled }) => ({
    ...{ personId, date, hash, settled },
  }))
  return db.transact(async (tx) => {
    const kept = await tx.many<{ personId: string; date: string }>(sql`
      insert into visit_days (org_id, person_id, date, hash, settled, computed_at)
      select ${orgId}, d."personId", d.date, d.hash, d.settled, to_timestamp(${at}::float8 / 1000)
      from json_to_recordset(${JSON.stringify(heads)}::json)
        as d ("personId" text, date date, hash text, settled boolean)
      order by d."personId", d.date
      on conflict (org_id, person_id, date) do update
      set hash = excluded.hash, settled = excluded.settled, computed_at = excluded.computed_at
      where visit_days.computed_at <= excluded.computed_at
      returning person_id as "personId", date`)
    const keys = new Set(kept.map((each) => `${each.personId} ${each.date}`))
    const mine = days.filter((day) => keys.has(`${day.personId} ${day.date}`))
    const gone = await tx.many<{ customerId: string }>(sql`
      delete from visits v
      using json_to_recordset(${JSON.stringify(kept)}::json) as k ("personId" text, date date)
      where v.org_id = ${orgId} and v.person_id = k."personId" and v.date = k.date
      returning v.customer_id as "customerId"`)
    await insertVisits(tx, orgId, mine)
    const there = mine.flatMap((day) => day.visits)
    const touched = new Set([...gone, ...there].map((each) => each.customerId))
    await noteVisited(tx, orgId, await listLastVisits(tx, orgId, [...touched].sort()))
    return kept
  })
}

async function insertVisits(tx: Db, orgId: string, days: readonly DayToKeep[]): Promise<void> {
  const rows = days.flatMap(({ personId, date, visits }) =>
    visits.map((visit) => ({ ...visit, personId, date })),
  )
  if (rows.length === 0) return
  await tx.run(sql`
    insert into visits (org_id, person_id, id, date, customer_id, status, stop_id, checkin_ids, from_at,
      to_at, stay_seconds, confirmed)
    select ${orgId}, v."personId", v.id, v.date, v."customerId", v.status, v."stopId",
      array(select json_array_elements_text(v."checkinIds")::uuid),
      to_timestamp(v."from" / 1000), to_timestamp(v."to" / 1000), v."staySeconds", v.confirmed
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as v ("personId" text, id uuid, date date, "customerId" uuid, status text, "stopId" uuid,
        "checkinIds" json, "from" float8, "to" float8, "staySeconds" float8, confirmed boolean)`)
}

/** When somebody was last at each of these customers without doubt; null: never. */
const listLastVisits = (db: Db, orgId: string, customerIds: readonly string[]) =>
  db.many<{ customerId: string; at: number | null }>(sql`
    select c.id as "customerId", max(v.from_at) as at
    from customers c
      left join visits v on v.org_id = ${orgId} and v.customer_id = c.id
        and v.status in ('done', 'unplanned')
    where c.org_id = ${orgId} and c.id = any (${customerIds}::uuid[])
    group by c.id`)

/** Days whose plan was not over when they were computed, before a date. */
export const listUnsettled = (db: Db, orgId: string, before: string, limit: number) =>
  db.many<{ personId: string; date: string }>(sql`
    select d.person_id as "personId", d.date
    from visit_days d
    where d.org_id = ${orgId} and not d.settled and d.date < ${before}::date
    order by d.date, d.person_id
    limit ${limit}`)

/** Person-days with plans said, or confirmed, since then. */
export const listSaidSince = (db: Db, orgId: string, since: number) =>
  db.many<{ personId: string; date: string }>(sql`
    select n.person_id as "personId", n.date
    from plans n
    where n.org_id = ${orgId} and n.made_at >= to_timestamp(${since}::float8 / 1000)
    union
    select e.person_id as "personId", e.date
    from visit_entries e
    where e.org_id = ${orgId} and e.kind = 'confirm'
      and e.made_at >= to_timestamp(${since}::float8 / 1000)`)

/** Up to when the facts of a company have been looked at, by any process; 0: never. */
export async function seenUntil(db: Db, orgId: string): Promise<number> {
  const row = await db.first<{ until: number }>(sql`
    select s.seen_until as until from visit_sweeps s where s.org_id = ${orgId}`)
  return row?.until ?? 0
}

/** Of two processes the one that has come further is remembered. */
export const noteSeen = (db: Db, orgId: string, until: number) =>
  db.run(sql`
    insert into visit_sweeps (org_id, seen_until)
    values (${orgId}, to_timestamp(${until}::float8 / 1000))
    on conflict (org_id) do update set seen_until = greatest(visit_sweeps.seen_until, excluded.seen_until)`)

/** Visits for which a condition holds on `v`, `p` and `c`. */
export const visitsWhere = (orgId: string, condition: Sql) => sql`
    select v.id, v.person_id as "personId", p.name as person, v.date, v.customer_id as "customerId",
      coalesce(c.name, '') as customer, v.status, v.stop_id as "stopId", v.checkin_ids as "checkinIds",
      v.from_at as "from", v.to_at as "to", v.stay_seconds as "staySeconds", v.confirmed,
      s.took_place as "customerConfirmed", s.rating
    from visits v
      join people p on p.org_id = ${orgId} and p.id = v.person_id
      left join customers c on c.org_id = ${orgId} and c.id = v.customer_id
      left join lateral (
        select h.took_place, h.rating
        from visit_shares h
        where h.org_id = ${orgId} and h.person_id = v.person_id and h.visit_id = v.id
          and h.answered_at is not null
        order by h.answered_at desc
        limit 1
      ) s on true
    where v.org_id = ${orgId} and ${condition}`

/** Which visits are asked for. */
export interface WantedVisits {
  from: string // date, included
  to: string // date, included
  personIds?: readonly string[] // without it everybody in scope
  customerId?: string | undefined
  status?: VisitStatus | undefined
  limit: number
}

/** Visits of people in scope, newest first, as they are kept: bring them up to date before. */
export const listKept = (db: Db, scope: Scope, wanted: WantedVisits) =>
  db.many<Visit>(sql`
    ${visitsWhere(scope.orgId, sql`${inScope(scope)} and ${isWanted(wanted)}`)}
    order by v.date desc, v.from_at desc nulls last, v.id
    limit ${wanted.limit}`)

function isWanted({ from, to, personIds, ...wanted }: WantedVisits): Sql {
  const { customerId, status } = wanted
  return sql`
    v.date between ${from}::date and ${to}::date
    and (${personIds === undefined}::boolean or v.person_id = any (${personIds ?? []}::text[]))
    and (${customerId ?? null}::uuid is null or v.customer_id = ${customerId ?? null}::uuid)
    and (${status ?? null}::text is null or v.status = ${status ?? null}::text)`
}

export const findVisit = (db: Db, orgId: string, id: string) =>
  db.first<Visit>(visitsWhere(orgId, sql`v.id = ${id}::uuid`))

/** Active reps in scope, by name. */
export const listReps = (db: Db, scope: Scope, departmentId: string | null) =>
  db.many<{ id: string; name: string }>(sql`
    select p.id, p.name
    from people p
    where p.org_id = ${scope.orgId}
      and p.active and p.role = 'rep'
      and ${inScope(scope)}
      and (${departmentId}::text is null or p.department_id = ${departmentId}::text)
    order by p.id`)
