import type { Customer } from '../contract/customers.ts'
import { nameKey, searchKey } from './keys.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

export interface SeedCustomer extends Customer {
  ownerId?: string | null
  departmentId?: string | null
}

/** Writes customers at WGS-84 positions; one whose id is there already stays as it is. */
export const insertCustomers = (db: Db, orgId: string, customers: readonly SeedCustomer[]) =>
  db.run(sql`
    insert into customers (org_id, id, name, address, tier, at, raw_lng, raw_lat, radius, placed_by,
      owner_id, department_id, name_key, search_key)
    select ${orgId}, c.id, c.name, c.address, c.tier, st_point(c.lng, c.lat, 4326)::geography,
      c.lng, c.lat, c.radius, 'imported', c."ownerId", c."departmentId", c."nameKey", c."searchKey"
    from json_to_recordset(${JSON.stringify(customers.map(withKeys))}::json)
      as c (id uuid, name text, address text, tier text, lng float8, lat float8, radius float8,
        "ownerId" text, "departmentId" text, "nameKey" text, "searchKey" text)
    on conflict do nothing`)

const withKeys = (customer: SeedCustomer) => ({
  ...customer,
  nameKey: nameKey(customer.name),
  searchKey: searchKey([customer.name, customer.address]),
})
