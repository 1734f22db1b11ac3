import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { datesFrom } from '../../backend/attendance/clock.ts'
import { DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { readCell } from '../../backend/contract/months.ts'
import { insertDecision } from '../../backend/attendance/closing/queries.ts'
import { settleWaiting } from '../../backend/attendance/days/keeper.ts'
import { sql } from '../../backend/core/sql.ts'
import { MINUTE, ORG } from './company.ts'
import { MONDAY, NINE, openAttendance, type AttendanceStage } from './attendanceStage.ts'

let stage: AttendanceStage
beforeAll(async () => {
  stage = await openAttendance()
  await stage.checkIn('rep1', NINE + 12 * MINUTE)
  stage.company.clock.at = Date.parse('2026-11-24T01:00:00Z')
  await stage.november('hr')
})
afterAll(() => stage.company.close())

const RULES = '/api/v1/attendance/rules'
const ok = async (asked: Promise<{ status: number; body: unknown }>) => {
  const { status, body } = await asked
  expect(status, JSON.stringify(body)).toBe(200)
}
const lax = (graceLateMin: number) => ({
  ...DEFAULT_RULES,
  shifts: DEFAULT_RULES.shifts.map((shift) => ({ ...shift, asks: { ...shift.asks, graceLateMin } })),
}) // prettier-ignore
const idle = { ...DEFAULT_RULES, week: Array.from({ length: 7 }, () => null) }
const setId = uuid()
const group = (change: object) => ({ groups: [{ ruleSetId: setId, kind: 'person', ref: 'rep1', ...change }] }) // prettier-ignore

/** Each kind of change that reaches back, what it is done by, and a cell of rep1 that it must change. */
const CHANGES: [string, () => Promise<unknown>, string, string][] = [
  ['a new version of the rules', () => ok(stage.company.post(`${RULES}/default`, 'hr', { id: uuid(), name: '宽', validFrom: '2026-11-16', rules: lax(15) })), MONDAY, 'm'],
  ['a group that begins in the past', async () => {
    await ok(stage.company.post(RULES, 'hr', { id: setId, name: '不坐班', validFrom: '2026-01-01', rules: idle }))
    await ok(stage.put(`${RULES}/groups`, 'hr', group({ from: '2026-11-10', to: '2026-11-13' })))
  }, '2026-11-12', 'r'],
  ['a group that ends earlier than it did', () => ok(stage.put(`${RULES}/groups`, 'hr', group({ from: '2026-11-10', to: '2026-11-11' }))), '2026-11-12', 'a'],
  ['a group of a department', () => ok(stage.put(`${RULES}/groups`, 'hr', group({ kind: 'department', ref: 'north', from: '2026-11-05', to: '2026-11-06' }))), '2026-11-06', 'r'],
  ['the people of a tag', async () => {
    await ok(stage.put(`${RULES}/groups`, 'hr', group({ kind: 'tag', ref: 'field' })))
    await ok(stage.put('/api/v1/attendance/tags/field', 'hr', { members: [{ personId: 'rep1', from: '2026-11-17', to: '2026-11-18' }] }))
  }, '2026-11-17', 'r'],
  ['a roster', () => ok(stage.put('/api/v1/attendance/rosters/2026-11', 'hr', { entries: [{ personId: 'rep1', date: '2026-11-21', shiftId: 'day' }] })), '2026-11-21', 'a'],
  ["the company's exception to the calendar", () => ok(stage.put('/api/v1/attendance/calendar/2026-11-20', 'hr', { type: 'restday', name: '台风' })), '2026-11-20', 'r'],
  ['a year of a calendar', () => ok(stage.put('/api/v1/attendance/calendars/CN', 'hr', { year: 2026, off: [['2026-11-19', '2026-11-19', '校庆']], work: [], statutory: [], source: '通知' })), '2026-11-19', 'r'],
  ['employment', () => ok(stage.put('/api/v1/attendance/employments/rep1', 'hr', { id: uuid(), periods: [{ from: '2026-11-04', to: null }] })), '2026-11-03', 'x'],
] // prettier-ignore

test.each(CHANGES)(
  'after %s the list of the month is what each day’s page says, at once',
  async (_, change, date, mark) => {
    const before = (await stage.november('hr', '?q=rep1')).rows[0]?.cells[Number(date.slice(8)) - 1]
    await change()
    const [row] = (await stage.november('hr', '?q=rep1')).rows
    const cell = row?.cells[Number(date.slice(8)) - 1] ?? ''
    expect(readCell(cell).marks.charAt(0)).toBe(mark)
    expect(cell).not.toBe(before)
    await expectSame('rep1')
    await expectSame('rep2')
  },
)

/** The matrix's row against every day's own page. */
async function expectSame(who: string): Promise<void> {
  const [row] = (await stage.november('hr', `?q=${who}`)).rows
  const dates = datesFrom('2026-11-01', '2026-11-23')
  const days: Awaited<ReturnType<AttendanceStage['dayOf']>>[] = []
  for (const date of dates) days.push(await stage.dayOf(who, date, 'hr'))
  expect(row?.cells.slice(0, dates.length).map((cell) => readCell(cell).marks)).toEqual(days.map(({ marks }) => marks)) // prettier-ignore
  const sum = days.reduce((total, { ledger }) => total + ledger.minutes.absent, 0)
  expect(row?.totals.minutes.absent).toBe(sum)
  expect((await stage.november('hr', `?q=${who}`)).rows[0]).toEqual(row)
}

test('what came out otherwise is noted with its cause, once each', async () => {
  const means = { db: stage.company.db, visits: () => Promise.resolve([]), now: stage.company.clock.now } // prettier-ignore
  await settleWaiting(means, ORG)
  const noted = await stage.company.db.many<{ cause: string; date: string }>(sql`
    select d.cause, d.date from day_differences d
    where d.org_id = ${ORG} and d.person_id = 'rep1'
    order by d.date, d.at`)
  const said = noted.map(({ date, cause }) => `${date} ${cause}`)
  expect(said).toEqual(expect.arrayContaining([`${MONDAY} rules`, '2026-11-21 roster', '2026-11-20 calendar', '2026-11-03 employment'])) // prettier-ignore
  expect(said.filter((each) => each === '2026-11-12 rules')).toHaveLength(2) // there and back
})

test('who moves to another department keeps his old days under the rules they were begun with', async () => {
  const groups = { groups: [{ ruleSetId: setId, kind: 'department', ref: 'south' }] }
  await ok(stage.put(`${RULES}/groups`, 'hr', groups))
  await stage.november('hr')
  const cells = async () => (await stage.november('hr', '?q=rep2')).rows[0]?.cells
  const before = await cells()
  await stage.company.db.run(sql`
    update people set department_id = 'south' where org_id = ${ORG} and id = 'rep2'`)
  stage.company.clock.at = Date.parse('2026-11-25T01:00:00Z')
  const after = await cells()
  expect(after?.slice(0, 23)).toEqual(before?.slice(0, 23))
  expect((await stage.dayOf('rep2', '2026-11-25')).ruleSet.name).toBe('不坐班')
  expect((await stage.dayOf('rep2', MONDAY)).ruleSet.name).toBe('宽')
})

test('who moves to another zone keeps the zone of his old days', async () => {
  await stage.company.db.run(sql`
    update people set zone = 'Europe/Berlin' where org_id = ${ORG} and id = 'rep1'`)
  expect((await stage.dayOf('rep1', MONDAY)).zone).toBe('Asia/Shanghai')
  stage.company.clock.at = Date.parse('2026-11-26T23:30:00Z')
  const today = await stage.dayOf('rep1', '2026-11-27', 'hr')
  expect(today).toMatchObject({ zone: 'Europe/Berlin', marks: 'p' })
})

test('a roster for a day to come makes no day of it before it comes', async () => {
  const entries = [{ personId: 'rep3', date: '2026-11-29', shiftId: 'day' }]
  await ok(stage.put('/api/v1/attendance/rosters/2026-11', 'hr', { entries }))
  const means = { db: stage.company.db, visits: () => Promise.resolve([]), now: stage.company.clock.now } // prettier-ignore
  await settleWaiting(means, ORG)
  const kept = () => stage.company.db.many(sql`
    select a.marks from attendance_days a
    where a.org_id = ${ORG} and a.person_id = 'rep3' and a.date = '2026-11-29'::date`) // prettier-ignore
  expect(await kept()).toEqual([])
  stage.company.clock.at = Date.parse('2026-11-29T01:00:00Z')
  await settleWaiting(means, ORG)
  expect(await kept()).toEqual([{ marks: 'p' }])
})

test('corrections of a month are taken as long as HR says, also after the day the rules name', async () => {
  stage.company.clock.at = Date.parse('2026-12-08T02:00:00Z')
  const ask = (date: string) =>
    stage.company.post('/api/v1/corrections', 'rep2', { id: uuid(), date, due: 'in1', at: `${date}T08:58`, reason: '手机没电', photoIds: [] }) // prettier-ignore
  expect(await ask('2026-11-18')).toMatchObject({ status: 422 })
  const grace = { id: uuid(), orgId: ORG, month: '2026-11', kind: 'grace' as const, by: 'hr' }
  const until = Date.parse('2026-12-10T10:00:00Z')
  await insertDecision(stage.company.db, { ...grace, at: stage.company.clock.at, until })
  expect((await stage.dayOf('rep2', '2026-11-18')).corrections.until).toBe('2026-12-10')
  await ok(ask('2026-11-18'))
  stage.company.clock.at = Date.parse('2026-12-11T02:00:00Z')
  expect(await ask('2026-11-17')).toMatchObject({ status: 422 })
})
