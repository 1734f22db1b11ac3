import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

export interface NewestRow {
  personId: string
  departmentId: string
  circles: string[]
  dutyTo: number
  lng: number
  lat: number
  at: number
  accuracy: number | null
  heading: number | null
  stillSince: number | null
  customerId: string | null
  customer: string | null
}

/**
 * The newest positions of those of the people, or of all, who are on duty now, from this duty window only.
 * The row is kept newest by fix time where it is written, so a late packet can not go back here.
 */
export function listNewest(
  db: Db,
  orgId: string,
  people: ReadonlySet<string> | 'all',
  now: number,
) {
  const all = people === 'all'
  const ids = all ? [] : [...people]
  const then = sql`to_timestamp(${now}::float8 / 1000)`
  return db.many<NewestRow>(sql`
    select p.id as "personId", p.department_id as "departmentId", p.circles, w.to_at as "dutyTo",
      st_x(l.point) as lng, st_y(l.point) as lat, l.at, l.accuracy, l.heading,
      l.still_since as "stillSince", l.customer_id as "customerId", c.name as customer
    from people p
      join duty_windows w on w.org_id = ${orgId} and w.person_id = p.id
        and w.from_at <= ${then} and w.to_at > ${then}
      join last_positions l on l.org_id = ${orgId} and l.person_id = p.id and l.at >= w.from_at
      left join customers c on c.org_id = ${orgId} and c.id = l.customer_id
    where p.org_id = ${orgId}
      and (${all}::boolean or p.id = any (${ids}::text[]))
      and p.active
      and p.role = 'rep'
    order by p.id`)
}
