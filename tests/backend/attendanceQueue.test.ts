import { afterAll, beforeAll, expect, it } from 'vitest'
import { markDays, markFrom, settleChanges } from '../../backend/attendance/days/changes.ts'
import { sql } from '../../backend/core/sql.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'

const ORG = 'o'
const ROUNDS = 30
const people = Array.from({ length: 40 }, (_, n) => `p${n}`)
const dates = Array.from({ length: 10 }, (_, n) => `2026-11-${n + 10}`)

let borrowed: Borrowed
beforeAll(async () => {
  borrowed = await borrowDatabase()
  await borrowed.db.run(sql`insert into orgs (id, name, zone) values (${ORG}, '', 'Asia/Shanghai')`)
})
afterAll(() => borrowed.close())

it('is written by many at once, in any order, and nobody waits for one who waits for him', async () => {
  const { db } = borrowed
  const days = people.flatMap((personId) => dates.map((date) => ({ personId, date })))
  const change = { cause: 'evidence', at: Date.parse('2026-11-20T00:00Z') } as const
  const done = days.map((day) => ({ ...day, version: 0 }))
  for (let round = 0; round < ROUNDS; round++)
    await Promise.all([
      markDays(db, ORG, days, change),
      markDays(db, ORG, [...days].reverse(), change),
      markFrom(db, ORG, people.map((personId) => ({ personId, from: '2026-11-10' })), change), // prettier-ignore
      settleChanges(db, ORG, done.map((day) => ({ ...day, version: 9e15 })).reverse()), // prettier-ignore
    ])
  await markDays(db, ORG, days, change)
  const left = await db.first<{ n: number }>(sql`
    select count(*)::int as n from attendance_changes c where c.org_id = ${ORG}`)
  expect(left).toEqual({ n: days.length })
})
