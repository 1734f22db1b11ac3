import type { Db } from '../core/db.ts'
import { joined, type QueueState } from '../core/queues.ts'
import { sql, type Sql } from '../core/sql.ts'

/** Whose rows may be seen. `departments`: 'all' or the keys of a supervisor. */
export interface Scope {
  orgId: string
  departments: readonly string[] | 'all'
}

/** A condition on `people p`: somebody in scope. */
export function inScope({ departments }: Pick<Scope, 'departments'>): Sql {
  const all = departments === 'all'
  const keys = all ? [] : departments
  return sql`(${all}::boolean or p.department_id = any (${keys}::text[]) or p.circles && ${keys}::text[])`
}

/** The state of a queue over all companies. */
export const acrossOrgs = async (db: Db, read: (orgId: string) => Promise<QueueState>) =>
  joined(await Promise.all((await listOrgs(db)).map(({ id }) => read(id))))

/** Every company, for work that comes round by itself. */
export const listOrgs = (db: Db) =>
  db.many<{ id: string; zone: string }>(sql`select o.id, o.zone from orgs o order by o.id`)
