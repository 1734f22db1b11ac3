import type { Db } from '../../core/db.ts'
import { found } from '../../core/errors.ts'
import { sql } from '../../core/sql.ts'

export const findOrg = async (db: Db, orgId: string) =>
  found(
    await db.first<{ name: string; zone: string }>(sql`
      select o.name, o.zone from orgs o where o.id = ${orgId}`),
    'the company',
  )
