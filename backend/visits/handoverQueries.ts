import type { Handover, PlanStop } from '../contract/plans.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'

interface Offered {
  orgId: string
  personId: string
  id: string
  toId: string
  date: string
  stop: PlanStop
  note: string
  at: number
}

export const insertHandover = (tx: Db, offered: Offered) =>
  tx.run(sql`
    insert into handovers (org_id, person_id, id, to_id, date, stop, note, made_at)
    values (${offered.orgId}, ${offered.personId}, ${offered.id}::uuid, ${offered.toId},
      ${offered.date}::date, ${JSON.stringify(offered.stop)}::jsonb, ${offered.note},
      to_timestamp(${offered.at}::float8 / 1000))
    on conflict do nothing`)

type Found = Handover & { stop: PlanStop }

const handoversWhere = (orgId: string, condition: Sql) => sql`
  select h.id, h.date, h.person_id as "fromId", f.name as "from", h.to_id as "toId", t.name as "to",
    h.stop ->> 'customerId' as "customerId", coalesce(c.name, '') as customer,
    coalesce(h.note, '') as note, h.made_at as "madeAt", h.accepted, h.stop
  from handovers h
    join people f on f.org_id = ${orgId} and f.id = h.person_id
    join people t on t.org_id = ${orgId} and t.id = h.to_id
    left join customers c on c.org_id = ${orgId} and c.id = (h.stop ->> 'customerId')::uuid
  where h.org_id = ${orgId} and ${condition}`

export const findHandover = (tx: Db, orgId: string, one: { id: string; personId: string }) =>
  tx.first<Found>(
    handoversWhere(orgId, sql`h.person_id = ${one.personId} and h.id = ${one.id}::uuid`),
  )

export const findHandoverTo = (tx: Db, orgId: string, one: { id: string; toId: string }) =>
  tx.first<Found>(handoversWhere(orgId, sql`h.to_id = ${one.toId} and h.id = ${one.id}::uuid`))

/** What is offered by or to somebody for dates from then on, newest first. */
export const listHandovers = (db: Db, orgId: string, whose: { personId: string; from: string }) =>
  db.many<Handover>(sql`
    ${handoversWhere(
      orgId,
      sql`(h.person_id = ${whose.personId} or h.to_id = ${whose.personId})
        and h.date >= ${whose.from}::date`,
    )}
    order by h.made_at desc, h.id
    limit 200`)

/** @returns how many were open and are answered now */
export const answerHandover = (
  tx: Db,
  orgId: string,
  said: { id: string; toId: string; accept: boolean; at: number },
) =>
  tx.run(sql`
    update handovers set accepted = ${said.accept}, answered_at = to_timestamp(${said.at}::float8 / 1000)
    where org_id = ${orgId} and to_id = ${said.toId} and id = ${said.id}::uuid
      and answered_at is null`)

/** The other reps of somebody's department. */
export const listColleagues = (db: Db, orgId: string, personId: string) =>
  db.many<{ id: string; name: string }>(sql`
    select p.id, p.name
    from people p
      join people me on me.org_id = ${orgId} and me.id = ${personId}
        and me.department_id = p.department_id
    where p.org_id = ${orgId} and p.id <> ${personId} and p.active and p.role = 'rep'
    order by p.name, p.id`)
