import { z } from 'zod'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { sql } from '../core/sql.ts'

/** Roles that are given here and not by the directory; `rep` takes them back, leadership comes with the next sync. */
export const Appointment = z.enum(['admin', 'hr', 'rep'])

/**
 * Gives somebody a role. His sessions have it within seconds.
 * @throws Fault `not_found`; `conflict` when the company would have nobody left who may appoint.
 */
export async function appoint(
  db: Db,
  { orgId, personId, role }: { orgId: string; personId: string; role: z.infer<typeof Appointment> },
): Promise<{ id: string; name: string }> {
  return db.transact(async (tx) => {
    const person = await tx.first<{ id: string; name: string }>(sql`
      update people p
      set role = ${role}
      where p.org_id = ${orgId}
        and (p.id = ${personId} or p.user_id = ${personId})
        and p.active
      returning p.id, p.name`)
    if (!person) throw new Fault('not_found', `there is no active person ${personId}`)
    await keepAnAdmin(tx, orgId, role)
    return person
  })
}

async function keepAnAdmin(tx: Db, orgId: string, role: string) {
  if (role === 'admin') return
  const admin = await tx.first(sql`
    select p.id from people p where p.org_id = ${orgId} and p.role = 'admin' and p.active limit 1`)
  if (!admin) throw new Fault('conflict', 'the company needs an admin: appoint another one first')
}
