import type { Db } from '../../backend/core/db.ts'
import { openSession, upsertPeople } from '../../backend/people/index.ts'
import { seedPhones } from './ingestSeed.ts'
import type { Reporter } from './liveLoad.ts'

/** A company of so many reps on duty with consent, below one supervisor, each with a token. */
export async function seedLive(
  db: Db,
  orgId: string,
  people: number,
): Promise<{ reps: Reporter[]; boss: string }> {
  const tokens = await seedPhones(db, orgId, people, 'token')
  const boss = { id: 'boss', name: 'boss', departmentId: 'root', position: null }
  await upsertPeople(db, orgId, [{ ...boss, role: 'supervisor', leads: ['root'] }])
  const reps = tokens.map((token, index) => ({ id: `p${index}`, token }))
  const who = { orgId, personId: boss.id, kind: 'token' as const }
  return { reps, boss: await openSession(db, who, Date.now()) }
}
