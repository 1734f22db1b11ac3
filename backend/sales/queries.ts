import type { z } from 'zod'
import type { SalesInput, SalesQuery, SalesRecord } from '../contract/sales.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { inScope, type Scope } from '../people/index.ts'

export interface NewEntry extends SalesInput {
  orgId: string
  personId: string
  customerId: string
  madeAt: number
}

export const insertEntry = (db: Db, entry: NewEntry) =>
  db.run(sql`
    insert into sales_entries (org_id, person_id, id, record_id, kind, customer_id, visit_id, made_at,
      made_by, content)
    values (${entry.orgId}, ${entry.personId}, ${entry.id}::uuid, ${entry.recordId}::uuid,
      ${entry.content.kind}, ${entry.customerId}::uuid, ${entry.visitId}::uuid,
      to_timestamp(${entry.madeAt}::float8 / 1000), ${entry.personId},
      ${JSON.stringify(entry.content)}::jsonb)
    on conflict do nothing`)

/** What a record said last, before it is said anew. */
export const findNewest = (db: Db, orgId: string, personId: string, recordId: string) =>
  db.first<{ kind: string; customerId: string; madeAt: number }>(sql`
    select e.kind, e.customer_id as "customerId", e.made_at as "madeAt"
    from sales_entries e
    where e.org_id = ${orgId} and e.person_id = ${personId} and e.record_id = ${recordId}::uuid
    order by e.made_at desc, e.id desc
    limit 1`)

export interface Asked {
  scope: Scope
  self: string | null // only this person's
  query: z.infer<typeof SalesQuery>
}

/** The newest of each record that is wanted, last changed first. */
export function listRecords(db: Db, { scope, self, query }: Asked) {
  const { orgId } = scope
  const personId = self ?? query.personId ?? null
  return db.many<SalesRecord>(sql`
    select r.record_id as "recordId", r.person_id as "personId", p.name as person,
      r.customer_id as "customerId", coalesce(c.name, '') as customer, r.visit_id as "visitId",
      v.date as "visitDate", v.status as "visitStatus", r.content, r.first_at as "madeAt",
      r.made_at as "changedAt",
      case r.kind
        when 'opportunity' then (r.content ->> 'cents')::bigint
        when 'order' then (
          select round(sum((line ->> 'quantity')::numeric * (line ->> 'cents')::numeric))::bigint
          from jsonb_array_elements(r.content -> 'lines') as line)
      end as cents
    from (
      select distinct on (e.person_id, e.record_id) e.*,
        min(e.made_at) over (partition by e.person_id, e.record_id) as first_at
      from sales_entries e
      where e.org_id = ${orgId}
        and (${personId}::text is null or e.person_id = ${personId}::text)
        and (${query.customerId ?? null}::uuid is null or e.customer_id = ${query.customerId ?? null}::uuid)
        and (${query.kind ?? null}::text is null or e.kind = ${query.kind ?? null}::text)
      order by e.person_id, e.record_id, e.made_at desc, e.id desc
    ) r
      join people p on p.org_id = ${orgId} and p.id = r.person_id
      left join customers c on c.org_id = ${orgId} and c.id = r.customer_id
      left join visits v on v.org_id = ${orgId} and v.person_id = r.person_id and v.id = r.visit_id
    where ${inScope(scope)}
      and (${query.visitId ?? null}::uuid is null or r.visit_id = ${query.visitId ?? null}::uuid)
    order by r.made_at desc, r.record_id
    limit ${query.limit}`)
}
