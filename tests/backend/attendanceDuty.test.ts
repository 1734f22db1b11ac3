import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rosterDuty } from '../../backend/attendance/duty.ts'
import { sql } from '../../backend/core/sql.ts'
import { insertDuty } from '../../backend/people/index.ts'
import { openAttendance, type AttendanceStage } from './attendanceStage.ts'
import { MINUTE, NOW, ORG } from './company.ts'

const HOUR = 60 * MINUTE
const ZONE = 'Asia/Shanghai'
const nineOn = (date: string) => Date.parse(`${date}T01:00:00Z`)
let stage: AttendanceStage
beforeAll(async () => {
  stage = await openAttendance()
  stage.company.clock.at = NOW // Monday afternoon
  const visit = { date: '2026-11-26', from: nineOn('2026-11-26') + HOUR, to: nineOn('2026-11-26') + 2 * HOUR } // prettier-ignore
  await insertDuty(stage.company.db, ORG, [{ personId: 'rep3', zone: ZONE, ...visit }])
  await work()
})
afterAll(() => stage.company.close())

const work = () => rosterDuty(stage.company.kit, ORG, ZONE)
const windows = (personId: string) =>
  stage.company.db.many<{ date: string; from: number; to: number; source: string }>(sql`
    select w.work_date as date, w.from_at as "from", w.to_at as "to", w.source from duty_windows w
    where w.org_id = ${ORG} and w.person_id = ${personId} and w.work_date > '2026-11-23'::date
    order by w.from_at`)
const datesOf = async (personId: string) => (await windows(personId)).map(({ date }) => date)
const roster = async (...entries: object[]) =>
  expect((await stage.put('/api/v1/attendance/rosters/2026-11', 'hr', { entries })).status).toBe(200) // prettier-ignore

const WORKDAYS = ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30']

test('the coming week has a window a workday, around the whole shift, and again changes nothing', async () => {
  expect(await datesOf('rep2')).toEqual(WORKDAYS)
  for (const { date, from, to } of await windows('rep2')) {
    expect(from).toBeLessThanOrEqual(nineOn(date))
    expect(to).toBeGreaterThanOrEqual(nineOn(date) + 9 * HOUR)
  }
  const before = await windows('rep2')
  await work()
  expect(await windows('rep2')).toEqual(before)
})

test('a date that has a window of another origin keeps that one', async () => {
  expect(await datesOf('rep3')).toEqual(WORKDAYS)
  expect((await windows('rep3')).filter(({ date }) => date === '2026-11-26')).toMatchObject([
    { from: nineOn('2026-11-26') + HOUR, source: '' },
  ])
})

test('a roster moves the windows of its person and of nobody else, and taken back they are as before', async () => {
  const [mine, others] = [await windows('rep2'), await windows('rep1')]
  await roster({ personId: 'rep2', date: '2026-11-25', shiftId: null }, { personId: 'rep2', date: '2026-11-29', shiftId: 'day' }) // prettier-ignore
  await work()
  expect(await datesOf('rep2')).toEqual(['2026-11-24', '2026-11-26', '2026-11-27', '2026-11-29', '2026-11-30']) // prettier-ignore
  expect(await windows('rep1')).toEqual(others)
  const clear = ['2026-11-25', '2026-11-29'].map((date) => ({ personId: 'rep2', date }))
  await stage.put('/api/v1/attendance/rosters/2026-11', 'hr', { entries: [], clear })
  await work()
  expect(await windows('rep2')).toEqual(mine)
})

test('a window that has begun stays, whatever the roster says since', async () => {
  stage.company.clock.at = nineOn('2026-11-24') + 3 * HOUR
  await roster({ personId: 'rep2', date: '2026-11-24', shiftId: null })
  await work()
  expect((await datesOf('rep2')).slice(0, 2)).toEqual(['2026-11-24', '2026-11-25'])
})

test('who has left is on duty no more after his last day, wherever his windows came from, and who comes back is again', async () => {
  stage.company.clock.at = nineOn('2026-11-25') + 3 * HOUR // in the middle of a shift
  await work()
  const own = { date: '2026-11-28', from: nineOn('2026-11-28'), to: nineOn('2026-11-28') + HOUR }
  await insertDuty(stage.company.db, ORG, [{ personId: 'rep1', zone: ZONE, ...own }])
  expect(await datesOf('rep1')).toEqual(expect.arrayContaining(['2026-11-27', '2026-11-28', '2026-12-01'])) // prettier-ignore
  const others = await windows('rep3')
  const employ = (to: string | null) => stage.put('/api/v1/attendance/employments/rep1', 'hr', { id: uuid(), periods: [{ from: null, to }] }) // prettier-ignore
  expect((await employ('2026-11-27')).status).toBe(200)
  await work()
  expect((await datesOf('rep1')).at(-1)).toBe('2026-11-27')
  expect((await employ('2026-11-24')).status).toBe(200)
  await work()
  const left = await windows('rep1')
  expect(left.map(({ date }) => date)).toEqual(['2026-11-24', '2026-11-25'])
  expect(left[1]?.to).toBe(stage.company.clock.at) // it had begun, and ends now
  await work()
  expect(await windows('rep1')).toEqual(left)
  expect(await windows('rep3')).toEqual(others)
  expect((await employ(null)).status).toBe(200)
  await work()
  expect(await datesOf('rep1')).toEqual(expect.arrayContaining(['2026-11-26', '2026-11-27', '2026-12-01'])) // prettier-ignore
})
