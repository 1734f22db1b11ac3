import { isDeepStrictEqual } from 'node:util'
import { v7 as uuid } from 'uuid'
import type { z } from 'zod'
import type { ChangeKind } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

export interface NewChange {
  customerId: string
  kind: z.infer<typeof ChangeKind>
  by: string | null // null: the program
  at: number // epoch ms
  changes?: Changes
  cause?: string // of the transfer, import or proposal
}

export type Changes = Record<string, readonly [unknown, unknown]>

/** Puts on record what was done, in the transaction of the change itself. */
export const recordChange = (tx: Db, orgId: string, change: NewChange) =>
  tx.run(sql`
    insert into customer_history (org_id, customer_id, id, at, changed_by, kind, changes, cause)
    values (${orgId}, ${change.customerId}::uuid, ${uuid()}::uuid,
      to_timestamp(${change.at}::float8 / 1000), ${change.by}, ${change.kind},
      ${JSON.stringify(change.changes ?? {})}::jsonb, ${change.cause ?? null}::uuid)`)

/** Fields whose values differ, with both. */
export function changesOf(before: object, after: object): Changes {
  const earlier = new Map<string, unknown>(Object.entries(before))
  return Object.fromEntries(
    Object.entries(after).flatMap(([field, value]) => {
      const old = earlier.get(field) ?? null
      return isDeepStrictEqual(old, value ?? null) ? [] : [[field, [old, value ?? null]]]
    }),
  )
}
