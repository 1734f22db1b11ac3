import type { Customer } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/** Writes customers at WGS-84 positions; one whose id is there already stays as it is. */
export const insertCustomers = (db: Db, orgId: string, customers: readonly Customer[]) =>
  db.run(sql`
    insert into customers (org_id, id, name, address, tier, at, raw_lng, raw_lat, radius)
    select ${orgId}, c.id, c.name, c.address, c.tier, st_point(c.lng, c.lat, 4326)::geography,
      c.lng, c.lat, c.radius
    from json_to_recordset(${JSON.stringify(customers)}::json)
      as c (id uuid, name text, address text, tier text, lng float8, lat float8, radius float8)
    on conflict do nothing`)
