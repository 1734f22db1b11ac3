import { z } from 'zod'
import type { CustomersQuery } from '../contract/customers.ts'
import { Fault } from '../core/errors.ts'
import { sql, type Sql } from '../core/sql.ts'

/** The row that a page ended with, by what its list is sorted by; `now` is the moment that the first page was of. */
const PageKey = z.object({
  sort: z.enum(['name', 'near', 'overdue']),
  value: z.number().nullable(), // metres or days; null: there are none, such rows come last
  name: z.string(),
  id: z.uuid(),
  now: z.number(),
})
export type PageKey = z.infer<typeof PageKey>

/** As a query carries it. */
export const textOf = (key: PageKey): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url')

/** @throws Fault `bad_input`: no `next` of a page of this sort */
export function keyOf({ after, sort }: Pick<CustomersQuery, 'after' | 'sort'>): PageKey | null {
  if (after === undefined) return null
  const key = PageKey.safeParse(parsed(Buffer.from(after, 'base64url').toString()))
  if (key.success && key.data.sort === sort) return key.data
  throw new Fault('bad_input', 'after: must be the `next` of a page with the same sort')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The order of a list, the columns that its next page begins behind, and what is behind a row. */
export interface Order {
  readonly by: Sql
  readonly value: Sql // of `PageKey`
  readonly behind: (key: PageKey) => Sql
}

export const BY_NAME: Order = {
  by: sql`c.name, c.id`,
  value: sql`null::float8`,
  behind: ({ name, id }) => sql`(c.name, c.id) > (${name}, ${id}::uuid)`,
}

/** Nearest first; those without a position last. @param metres `<->` of the customer and a place */
export const byNearness = (metres: Sql): Order => ({
  by: sql`${metres}, c.id`,
  value: sql`${metres}`,
  behind: ({ value, id }) =>
    value === null
      ? sql`c.at is null and c.id > ${id}::uuid`
      : sql`(c.at is null or (${metres}, c.id) > (${value}::float8, ${id}::uuid))`,
})

/** Most overdue first; those that are not last. @param days of a customer, null when he is not overdue */
export const byOverdue = (days: Sql): Order => ({
  by: sql`${days} desc nulls last, c.name, c.id`,
  value: sql`${days}::float8`,
  behind: ({ value, name, id }) => {
    const later = sql`(c.name, c.id) > (${name}, ${id}::uuid)`
    if (value === null) return sql`${days} is null and ${later}`
    return sql`(${days} is null or ${days} < ${value}::int or (${days} = ${value}::int and ${later}))`
  },
})
