import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { sql } from '../../backend/core/sql.ts'
import { NINE, openAttendance, type AttendanceStage } from './attendanceStage.ts'
import { MINUTE, ORG } from './company.ts'

const HOUR = 60 * MINUTE
const QUIET = '/api/v1/quiet-hours'
let stage: AttendanceStage
beforeAll(async () => {
  stage = await openAttendance()
  stage.company.clock.at = NINE - 3 * HOUR
  const [shift] = DEFAULT_RULES.shifts
  const rules = { ...DEFAULT_RULES, shifts: [{ ...shift, remindInMin: 10, remindOutMin: 15 }] }
  const input = { id: uuid(), name: '提醒', validFrom: '2026-11-01', rules }
  const saved = await stage.company.post('/api/v1/attendance/rules/default', 'hr', input)
  expect(saved.status, JSON.stringify(saved.body)).toBe(200)
})
afterAll(() => stage.company.close())

/** What the chores do when they come round at a moment. */
async function at(moment: number) {
  stage.company.clock.at = moment
  for (const { chores = [] } of stage.company.features) for (const chore of chores) await chore.run()
} // prettier-ignore

const told = (personId: string) =>
  stage.company.db.many<{
    key: string
    title: string
    path: string
    created: number
    due: number
  }>(sql`
    select m.key, m.title, m.path, m.created_at as created, m.due_at as due
    from wecom_messages m
    where m.org_id = ${ORG} and m.person_id = ${personId} and m.key like 'punch:%'
    order by m.created_at, m.key`)
const keysOf = async (personId: string) => (await told(personId)).map(({ key }) => key)

test.each([['GET'], ['PUT']] as const)('%s of quiet hours is HR’s', async (method) => {
  const ask = async (who: string | null) =>
    method === 'GET'
      ? stage.statusOf(QUIET, who)
      : (await stage.put(QUIET, who, { from: '21:00', to: '06:00' })).status
  expect(await ask(null)).toBe(401)
  expect(await ask('rep1')).toBe(403)
  expect(await ask('hr')).toBe(200)
})

test('quiet hours that are no times are refused naming field and rule', async () => {
  expect(await stage.put(QUIET, 'hr', { from: '25:99', to: '07:00' })).toMatchObject({
    status: 422,
    body: { error: { details: [{ field: 'from', rule: 'must be a time HH:MM' }] } },
  })
})

test('a punch is announced ten minutes before it is due, once, to who has not punched', async () => {
  await stage.put(QUIET, 'hr', { from: '22:00', to: '07:00' })
  await at(NINE - 11 * MINUTE)
  expect(await keysOf('rep1')).toEqual([])
  await stage.checkIn('rep2', NINE - 10.5 * MINUTE)
  for (const minute of [10, 9, 2]) await at(NINE - minute * MINUTE)
  expect(await told('rep1')).toMatchObject([
    { key: 'punch:before:2026-11-23:in1', title: '09:00 上班，记得打卡', path: '/' },
  ])
  expect(await keysOf('rep2')).toEqual([])
})

test('who forgets to punch out is asked a quarter of an hour later, and told when it is missing for good', async () => {
  await stage.checkIn('rep1', NINE)
  await at(NINE + 9 * HOUR + 16 * MINUTE)
  expect(await keysOf('rep1')).toEqual(['punch:before:2026-11-23:in1', 'punch:after:2026-11-23:out1']) // prettier-ignore
  await at(NINE + 16 * HOUR) // past the window and the grace for uploads: at one in the morning
  const [missing] = (await told('rep1')).filter(({ key }) => key === 'punch:missing:2026-11-23:out1') // prettier-ignore
  expect(missing).toMatchObject({ path: '/attendance?date=2026-11-23' })
  expect(missing?.due, 'it waits until seven').toBe(NINE + 22 * HOUR + MINUTE)
  expect(await keysOf('rep2')).toContain('punch:missing:2026-11-23:out1')
})

test('a company’s own quiet hours hold: nothing is announced in them, what can wait waits', async () => {
  await stage.put(QUIET, 'hr', { from: '08:00', to: '10:15' })
  await at(NINE + 24 * HOUR - 5 * MINUTE)
  expect(await keysOf('rep1')).not.toContain('punch:before:2026-11-24:in1')
  await stage.put(QUIET, 'hr', { from: '23:00', to: '23:00' })
  await at(NINE + 24 * HOUR - 4 * MINUTE)
  expect(await keysOf('rep1')).toContain('punch:before:2026-11-24:in1')
})

test('a section with reminders of its own is announced by them, the other one as the shift says', async () => {
  const [shift] = DEFAULT_RULES.shifts
  const sections = [
    { in: '09:00', out: '12:00', rest: [] },
    { in: '14:00', out: '18:00', rest: [], remind: { inMin: 30, outMin: null } },
  ]
  const asks = { ...shift?.asks, kind: 'fixed', sections }
  const rules = {
    ...DEFAULT_RULES,
    shifts: [{ ...shift, asks, remindInMin: 10, remindOutMin: 15 }],
  }
  const input = { id: uuid(), name: '两段', validFrom: '2026-11-25', rules }
  const saved = await stage.company.post('/api/v1/attendance/rules/default', 'hr', input)
  expect(saved.status, JSON.stringify(saved.body)).toBe(200)
  const wednesday = NINE + 48 * HOUR
  await at(wednesday - 11 * MINUTE)
  await at(wednesday - 10 * MINUTE)
  await at(wednesday + 4.5 * HOUR - MINUTE) // half an hour and a minute before two
  expect(await keysOf('rep3')).not.toContain('punch:before:2026-11-25:in2')
  await at(wednesday + 4.5 * HOUR)
  await at(wednesday + 9 * HOUR + 16 * MINUTE)
  const keys = (await keysOf('rep3')).filter((key) => /:(before|after):2026-11-25/.test(key))
  expect(keys).toEqual(['punch:before:2026-11-25:in1', 'punch:before:2026-11-25:in2'])
})
