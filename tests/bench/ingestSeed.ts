import type { Db } from '../../backend/core/db.ts'
import {
  insertDuty,
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import type { SessionKind } from '../../backend/people/sessions.ts'
import { giveConsent } from '../../backend/privacy/index.ts'

const HOUR = 3_600_000

/** People p0, p1, … on duty and with consent below a root department; answers a token each, a device's unless said. */
export async function seedPhones(
  db: Db,
  orgId: string,
  count: number,
  kind: SessionKind = 'device',
): Promise<string[]> {
  const now = Date.now()
  const ids = Array.from({ length: count }, (_, index) => `p${index}`)
  await upsertOrg(db, { id: orgId, name: 'bench', zone: 'Asia/Shanghai' })
  await upsertDepartments(db, orgId, [{ id: 'root', parentId: null, name: 'root' }])
  const person = { departmentId: 'root', position: null, role: 'rep' as const, leads: [] }
  await upsertPeople(
    db,
    orgId,
    ids.map((id) => ({ ...person, id, name: id })),
  )
  const date = new Date(now).toISOString().slice(0, 10)
  const window = { date, zone: 'UTC', from: now - 6 * HOUR, to: now + 6 * HOUR }
  await insertDuty(
    db,
    orgId,
    ids.map((personId) => ({ personId, ...window })),
  )
  const tokens: string[] = []
  for (const personId of ids) {
    await giveConsent(db, orgId, personId, now - 6 * HOUR)
    tokens.push(await openSession(db, { orgId, personId, kind }, now))
  }
  return tokens
}
