import type { ErasureOutlook } from '../contract/privacy.ts'
import type { Db } from '../core/db.ts'
import { found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'
import { remaining, type Person } from './erase.ts'
import { DAY_MS, ordered, proofDays } from './erasures.ts'
import type { PersonalTable } from './personal.ts'

/** What an erasure would take at once and what would stay until when; nothing is changed. Throws Fault `not_found`. */
export async function outlookOf(
  kit: Kit,
  tables: readonly PersonalTable[],
  who: Person,
): Promise<ErasureOutlook> {
  const person = found(await findPerson(kit.db, who), 'this person')
  const days = await proofDays(kit.db, who.orgId)
  const before = kit.clock.now() - days * DAY_MS
  const erased: ErasureOutlook['erased'] = []
  const kept: ErasureOutlook['kept'] = []
  for (const table of ordered(tables)) {
    const until = table.erase === 'now' ? null : before
    const { rows, old, newest } = await remaining(kit.db, table, who, until)
    if (old > 0) erased.push({ table: table.name, rows: old })
    if (rows > old)
      kept.push({ table: table.name, rows: rows - old, until: (newest ?? 0) + days * DAY_MS })
  }
  const asked = await findErasure(kit.db, who)
  return { personId: who.personId, ...person, asked, proofDays: days, erased, kept }
}

const findPerson = (db: Db, { orgId, personId }: Person) =>
  db.first<Pick<ErasureOutlook, 'name' | 'department' | 'active'>>(sql`
    select p.name, d.name as department, p.active
    from people p
      left join departments d on d.org_id = ${orgId} and d.id = p.department_id
    where p.org_id = ${orgId} and p.id = ${personId}`)

const findErasure = (db: Db, { orgId, personId }: Person) =>
  db.first<NonNullable<ErasureOutlook['asked']>>(sql`
    select e.at, coalesce(p.name, e.by_id) as by, e.finished_at as "finishedAt"
    from erasures e
      left join people p on p.org_id = ${orgId} and p.id = e.by_id
    where e.org_id = ${orgId} and e.person_id = ${personId}
    order by e.at
    limit 1`)
