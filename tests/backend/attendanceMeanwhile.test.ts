import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { refreshDays } from '../../backend/attendance/days/keep.ts'
import { listMembers } from '../../backend/attendance/days/members.ts'
import type { Db } from '../../backend/core/db.ts'
import { sql } from '../../backend/core/sql.ts'
import { ORG } from './company.ts'
import { MONDAY, openAttendance, type AttendanceStage } from './attendanceStage.ts'

let stage: AttendanceStage
beforeAll(async () => {
  stage = await openAttendance()
  stage.company.clock.at = Date.parse('2026-11-23T16:00:00Z')
  await stage.dayOf('rep1', MONDAY)
})
afterAll(() => stage.company.close())

const QUERIES = 12 // more than one computation asks before it writes

/** The database, with something that happens right after the `nth` question. */
function interrupted(db: Db, nth: number, happens: () => Promise<unknown>): Db {
  let asked = 0
  return {
    ...db,
    async many<Row extends object>(query: Parameters<Db['many']>[0]) {
      const rows = await db.many<Row>(query)
      if (++asked === nth) await happens()
      return rows
    },
  }
}

test('a rule that is changed while a day is computed is in it, or the change still waits', async () => {
  const { db, clock } = stage.company
  const scope = { orgId: ORG, departments: 'all', personIds: ['rep1'], limit: 1 } as const
  const members = await listMembers(db, scope, null)
  for (let nth = 1; nth <= QUERIES; nth++) {
    const change = async () => {
      const input = { id: uuid(), name: `第 ${nth} 次`, validFrom: MONDAY, rules: DEFAULT_RULES }
      const saved = await stage.company.post('/api/v1/attendance/rules/default', 'hr', input)
      expect(saved.status, JSON.stringify(saved.body)).toBe(200)
    }
    const means = {
      db: interrupted(db, nth, change),
      visits: () => Promise.resolve([]),
      now: clock.now,
    }
    await refreshDays(means, { orgId: ORG, members, from: MONDAY, to: MONDAY })
    const kept = await db.first<{ newest: number; kept: number; waiting: boolean }>(sql`
      select (select max(r.version) from rule_sets r where r.org_id = ${ORG} and r.id = 'default') as newest,
        (select a.rule_version from attendance_days a
          where a.org_id = ${ORG} and a.person_id = 'rep1' and a.date = ${MONDAY}::date) as kept,
        exists (select from attendance_changes c
          where c.org_id = ${ORG} and c.person_id = 'rep1' and c.date = ${MONDAY}::date) as waiting`)
    expect(kept?.waiting || kept?.kept === kept?.newest, `after question ${nth}`).toBe(true)
  }
})
