import { toWgs84 } from '../../geo/index.ts'
import type { CustomerRow, CustomersFilter, CustomersQuery } from '../contract/customers.ts'
import type { CustomerSettings } from '../contract/customerSettings.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import { customersSeen, type Access } from './access.ts'
import { searchPattern } from './keys.ts'
import { BY_NAME, byNearness, byOverdue, keyOf, textOf, type Order, type PageKey } from './page.ts'
import { inside } from './queries.ts'

const DAY_SECONDS = 86_400

/** Days between two visits that the customer's tier allows. */
const everyDays = ({ visitEveryDays: days }: CustomerSettings) => sql`
  case c.tier when 'A' then ${days.A}::int when 'B' then ${days.B}::int when 'C' then ${days.C}::int
    else ${days.none}::int end`

/**
 * Days that a customer is overdue, whole ones; null when it is not. One that was never visited counts from the
 * day it came here.
 */
export const overdueDays = (settings: CustomerSettings, now: number) => sql`
  nullif(greatest(0, floor((${now}::float8 / 1000
    - extract(epoch from coalesce(c.last_visited_at, c.created_at))) / ${DAY_SECONDS}::float8
    - ${everyDays(settings)})), 0)::int`

/** The columns of a `CustomerRow` from `customers c`, without names of others and metres. */
export const rowColumns = (access: Access, now: number) => sql`
  c.id, c.name, c.address, c.tier, c.radius, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat,
  c.placed_by as "placedBy", c.code, c.phone, c.tags, c.status, c.owner_id as "ownerId",
  c.department_id as "departmentId", c.last_visited_at as "lastVisitedAt",
  ${overdueDays(access.settings, now)} as "overdueDays"`

/** True of a row of `customers c` that a filter means. */
export function filtered(access: Access, filter: CustomersFilter, now: number): Sql {
  const { viewer, settings } = access
  const conditions = [
    sql`c.org_id = ${viewer.orgId} and c.status = ${filter.status} and ${customersSeen(access)}`,
    filter.owner && ownedBy(filter.owner, viewer.id),
    filter.tier && sql`c.tier = ${filter.tier}`,
    filter.tag && sql`${filter.tag} = any (c.tags)`,
    filter.overdue && sql`${overdueDays(settings, now)} is not null`,
    filter.placed !== undefined && sql`(c.at is not null) = ${filter.placed}::boolean`,
    filter.bbox && inside(filter.bbox),
    filter.q && matching(filter.q),
  ]
  return conditions.reduce<Sql>((all, each) => (each ? sql`${all} and ${each}` : all), sql`true`)
}

function ownedBy(owner: string, me: string): Sql {
  return owner === 'pool'
    ? sql`c.owner_id is null`
    : sql`c.owner_id = ${owner === 'me' ? me : owner}`
}

/**
 * The index finds what is spelled alike. One character is three letters there, which other characters
 * may hold across their ends: then the texts themselves decide.
 */
function matching(words: string): Sql {
  const pattern = searchPattern(words)
  if (pattern === null) return sql`false`
  const alike = sql`c.search_key like ${pattern}`
  if ([...words.trim()].length > 1) return alike
  return sql`${alike} and concat_ws(' ', c.name, c.address, c.code, c.phone) ilike ${`%${words.trim()}%`}`
}

/** One page of the customers that a viewer may see, with one row more than `limit` when there are further ones. */
export async function pageOf(db: Db, access: Access, query: CustomersQuery, clock: number) {
  const after = keyOf(query)
  const now = after?.now ?? clock
  const rows = await listCustomers(db, access, query, { after, now })
  const customers = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? customers.at(-1) : undefined
  return {
    customers,
    more: last !== undefined,
    next: last ? textOf(endOf(last, query, now)) : null,
  }
}

type Listed = CustomerRow & { sortedBy: number | null }

const endOf = ({ sortedBy, name, id }: Listed, { sort }: CustomersQuery, now: number) => ({
  ...{ sort, value: sortedBy, name, id, now },
})

function listCustomers(
  db: Db,
  access: Access,
  query: CustomersQuery,
  { after, now }: { after: PageKey | null; now: number },
) {
  const { orgId } = access.viewer
  const here = hereOf(query)
  const metres = here ? sql`st_distance(c.at, ${here})` : sql`null::float8`
  const order = orderOf(access, query, now)
  const behind = after ? order.behind(after) : sql`true`
  return db.many<Listed>(sql`
    select c.*, p.name as owner
    from (
      select ${rowColumns(access, now)}, ${metres} as metres, c.value as "sortedBy", row_number() over () as place
      from (
        select c.*, ${order.value} as value from customers c
        where ${filtered(access, query, now)} and ${behind}
        order by ${order.by}
        limit ${query.limit + 1}
      ) c
      where c.org_id = ${orgId}
    ) c
      left join people p on p.org_id = ${orgId} and p.id = c."ownerId"
    order by c.place`)
}

function orderOf(access: Access, query: CustomersQuery, now: number): Order {
  const here = hereOf(query)
  if (query.sort === 'near' && here) return byNearness(sql`c.at <-> ${here}`)
  return query.sort === 'overdue' ? byOverdue(overdueDays(access.settings, now)) : BY_NAME
}

function hereOf({ lng, lat, datum }: CustomersQuery): Sql | null {
  if (lng === undefined || lat === undefined) return null
  const [east, north] = toWgs84([lng, lat], datum)
  return sql`st_point(${east}::float8, ${north}::float8, 4326)::geography`
}
