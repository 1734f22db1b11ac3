import type { OpeningHours, PlanInput, PlanRules } from '../contract/plans.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { keepIntention } from '../tracks/index.ts'
import type { OwnCustomer } from './propose.ts'

/** What a plan shows of a customer. */
export interface PlannedCustomer {
  id: string
  name: string
  address: string | null
  tier: string | null
  lng: number | null // of unknown position: null
  lat: number | null
  hours: OpeningHours | null
}

export const listPlannedCustomers = (db: Db, orgId: string, ids: readonly string[]) =>
  db.many<PlannedCustomer>(sql`
    select c.id, c.name, c.address, c.tier, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat,
      h.hours
    from customers c
      left join opening_hours h on h.org_id = ${orgId} and h.customer_id = c.id
    where c.org_id = ${orgId} and c.id = any (${ids}::uuid[])`)

/** The plan that counts; its person's row is held, so that plans are said one after the other. */
export async function holdNewestPlan(tx: Db, orgId: string, personId: string, date: string) {
  await tx.many(sql`
    select p.id from people p where p.org_id = ${orgId} and p.id = ${personId} for update`)
  return tx.first<{
    id: string
    madeAt: number
    stops: PlanInput['stops']
  }>(sql`
    select n.id, n.made_at as "madeAt", n.stops
    from plans n
    where n.org_id = ${orgId} and n.person_id = ${personId} and n.date = ${date}::date
    order by n.made_at desc, n.id desc
    limit 1`)
}

export const planExists = (tx: Db, orgId: string, personId: string, id: string) =>
  tx.first<{ date: string }>(sql`
    select n.date from plans n
    where n.org_id = ${orgId} and n.person_id = ${personId} and n.id = ${id}::uuid`)

export interface NewPlan {
  orgId: string
  personId: string
  id: string
  date: string
  madeAt: number
  madeBy: string
  stops: PlanInput['stops']
}

/** Keeps a plan, and for the day's ribbon whom it names. Within a transaction. */
export async function insertPlan(tx: Db, plan: NewPlan): Promise<void> {
  const customerIds = plan.stops.map(({ customerId }) => customerId)
  await keepIntention(tx, plan, { id: plan.id, madeAt: plan.madeAt, customerIds })
  await tx.run(sql`
    insert into plans (org_id, person_id, id, date, made_at, made_by, stops)
    values (${plan.orgId}, ${plan.personId}, ${plan.id}::uuid, ${plan.date}::date,
      to_timestamp(${plan.madeAt}::float8 / 1000), ${plan.madeBy}, ${JSON.stringify(plan.stops)}::jsonb)
    on conflict do nothing`)
}

export const findRules = (db: Db, orgId: string) =>
  db.first<{ rules: Partial<PlanRules> }>(sql`
    select r.rules from plan_rules r
    where r.org_id = ${orgId}
    order by r.made_at desc, r.id desc
    limit 1`)

export const insertRules = (
  db: Db,
  said: { orgId: string; id: string; at: number; by: string; rules: PlanRules },
) =>
  db.run(sql`
    insert into plan_rules (org_id, id, made_at, made_by, rules)
    values (${said.orgId}, ${said.id}::uuid, to_timestamp(${said.at}::float8 / 1000), ${said.by},
      ${JSON.stringify(said.rules)}::jsonb)`)

export const upsertHours = (
  db: Db,
  said: {
    orgId: string
    customerId: string
    hours: OpeningHours
    at: number
    by: string
  },
) =>
  db.run(sql`
    insert into opening_hours (org_id, customer_id, hours, changed_at, changed_by)
    values (${said.orgId}, ${said.customerId}::uuid, ${JSON.stringify(said.hours)}::jsonb,
      to_timestamp(${said.at}::float8 / 1000), ${said.by})
    on conflict (org_id, customer_id) do update
    set hours = excluded.hours, changed_at = excluded.changed_at, changed_by = excluded.changed_by`)

export const deleteHours = (db: Db, orgId: string, customerId: string) =>
  db.run(sql`
    delete from opening_hours where org_id = ${orgId} and customer_id = ${customerId}::uuid`)

/** How long visits at these customers took, of the last half year. */
export const listStayMinutes = (db: Db, orgId: string, customerIds: readonly string[]) =>
  db.many<{ customerId: string; visits: number; minutes: number }>(sql`
    select v.customer_id as "customerId", count(*)::int as visits,
      sum(least(v.stay_seconds, 14400)) / 60 as minutes
    from visits v
    where v.org_id = ${orgId}
      and v.customer_id = any (${customerIds}::uuid[])
      and v.stay_seconds > 0
      and v.date > current_date - 180
    group by v.customer_id`)

/** The active customers that somebody looks after. */
export const listOwnCustomers = (
  db: Db,
  orgId: string,
  owner: { personId: string; zone: string },
) =>
  db.many<OwnCustomer>(sql`
    select c.id as "customerId", c.name as customer, c.tier, st_x(c.at::geometry) as lng,
      st_y(c.at::geometry) as lat, (c.last_visited_at at time zone ${owner.zone})::date as "lastVisit"
    from customers c
    where c.org_id = ${orgId} and c.owner_id = ${owner.personId} and c.status = 'active'
    order by c.id`)
