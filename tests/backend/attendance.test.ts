import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { ledgerOf } from '../../backend/attendance/index.ts'
import { Anomalies, AttendanceMonth } from '../../backend/contract/months.ts'
import { sql } from '../../backend/core/sql.ts'
import { MINUTE, ORG } from './company.ts'

import { MONDAY, NINE, openAttendance, type AttendanceStage } from './attendanceStage.ts'
let stage: AttendanceStage

beforeAll(async () => {
  stage = await openAttendance()
})
afterAll(() => stage.company.close())

describe('a day', () => {
  const path = `/api/v1/attendance/people/rep1/days/${MONDAY}`
  test('is refused to the signed out, to other reps and for dates that are none or have not come', async () => {
    expect(await stage.statusOf(path, null)).toBe(401)
    expect((await stage.company.get(path, 'rep1', 'device')).status).toBe(403)
    expect(await stage.statusOf(path, 'rep2')).toBe(404)
    expect(await stage.statusOf(path, 'leadS')).toBe(404)
    expect(await stage.statusOf('/api/v1/attendance/people/rep1/days/2026-02-30', 'rep1')).toBe(422)
    expect(await stage.statusOf('/api/v1/attendance/people/rep1/days/2026-11-24', 'rep1')).toBe(422)
    for (const viewer of ['rep1', 'leadN', 'boss', 'hr', 'admin'])
      expect(await stage.statusOf(path, viewer)).toBe(200)
  })

  test('explains itself, and what is shown makes the same ledger again', async () => {
    await stage.checkIn('rep1', NINE + 12 * MINUTE)
    stage.company.clock.at = Date.parse('2026-11-23T14:30:00Z') // 22:30: the window is over, the grace is not
    const open = await stage.dayOf('rep1', MONDAY)
    expect(open.ledger.due.map(({ result }) => result)).toEqual(['late', 'pending'])
    expect(open).toMatchObject({
      marks: 'lp',
      closed: false,
      dayType: 'workday',
      shift: { name: '标准班' },
    })
    stage.company.clock.at = Date.parse('2026-11-23T16:00:00Z')
    const day = await stage.dayOf('rep1', MONDAY)
    expect(day).toMatchObject({ marks: 'ml', closed: true, ruleSet: { id: 'default', version: 1 } })
    expect(day.ledger.minutes).toMatchObject({ required: 480, late: 12, unproven: 468 })
    expect(day.ledger.explanation.map(({ code }) => code)).toContain('in_late')
    expect(day.counters).toMatchObject([{ every: 3, count: 1, times: 0 }])
    expect(ledgerOf(day.input)).toEqual(day.ledger)
  })

  test('is absent only after window and upload grace, minute by minute', async () => {
    stage.company.clock.at = Date.parse('2026-11-23T15:59:00Z')
    expect((await stage.dayOf('rep2', MONDAY)).marks).toBe('p')
    stage.company.clock.at += MINUTE
    expect(await stage.dayOf('rep2', MONDAY)).toMatchObject({
      marks: 'a',
      ledger: { minutes: { absent: 480 } },
    })
  })

  test('of a weekend requires nothing, of a make-up Saturday all', async () => {
    expect(await stage.dayOf('rep2', '2026-11-22')).toMatchObject({
      dayType: 'restday',
      marks: 'r',
      shift: null,
    })
    const { input, ...madeUp } = await stage.dayOf('rep2', '2026-10-10')
    expect(madeUp).toMatchObject({ dayType: 'workday', makeUp: true, marks: 'aw' })
    expect(input.shift).not.toBeNull()
    expect(await stage.dayOf('rep2', '2026-10-01')).toMatchObject({
      dayType: 'holiday',
      dayName: '国庆节',
    })
  })
})

describe('kept days', () => {
  test('follow a punch by themselves, without anybody looking', async () => {
    await stage.november('hr')
    await stage.checkIn('rep3', stage.company.clock.at - 360 * MINUTE, 'in')
    const marks = async () => (await stage.company.db.first<{ marks: string }>(sql`
      select a.marks from attendance_days a
      where a.org_id = ${ORG} and a.person_id = 'rep3' and a.date = ${MONDAY}::date`))?.marks // prettier-ignore
    await expect.poll(marks).toBe('m')
  })

  test('exist for every person and date up to today', async () => {
    const { rows, people } = await stage.november('hr')
    expect(people).toBe(8)
    expect(rows.map(({ cells }) => cells.filter(Boolean).length)).toEqual(rows.map(() => 26)) // 23 days that were, and coming weekends
  })
})

describe('a month', () => {
  test('shows each his scope: a rep himself, a leader his people, HR all, page by page', async () => {
    expect(await stage.statusOf('/api/v1/attendance/months/2026-11', null)).toBe(401)
    expect(await stage.statusOf('/api/v1/attendance/months/2026-13', 'hr')).toBe(422)
    expect((await stage.november('rep1')).rows.map(({ personId }) => personId)).toEqual(['rep1'])
    expect((await stage.november('leadN')).rows.map(({ personId }) => personId)).toEqual([
      'leadN',
      'rep1',
      'rep2',
    ])
    expect(
      (await stage.november('hr', '?department=south')).rows.map(({ personId }) => personId),
    ).toEqual(['leadS', 'rep3'])
    const first = await stage.november('hr', '?limit=5')
    const second = await stage.november(
      'hr',
      `?limit=5&after=${encodeURIComponent(first.next ?? '')}`,
    )
    expect([...first.rows, ...second.rows].map(({ personId }) => personId)).toHaveLength(8)
    expect(second.next).toBeNull()
    const own = AttendanceMonth.parse(
      (await stage.company.get('/api/v1/attendance/people/rep1/months/2026-11', 'rep1')).body,
    )
    expect(own.rows[0]?.cells[22]).toBe('ml')
    expect(await stage.statusOf('/api/v1/attendance/people/rep1/months/2026-11', 'rep2')).toBe(404)
  })

  test('adds up a person and lists what is wrong', async () => {
    const row = (await stage.november('hr', '?q=rep1')).rows[0]
    expect(row?.totals).toMatchObject({ dueDays: 17, late: 1, missing: 1, absentDays: 15 })
    const { minutes } = row?.totals ?? { minutes: null }
    expect(minutes?.required).toBe(17 * 480)
    const { body } = await stage.company.get('/api/v1/attendance/months/2026-11/anomalies', 'leadN')
    const { anomalies } = Anomalies.parse(body)
    expect(new Set(anomalies.map(({ personId }) => personId))).toEqual(
      new Set(['leadN', 'rep1', 'rep2']),
    )
    expect(anomalies[0]?.date).toBe(MONDAY)
  })
})

test('rules may keep lateness from being corrected; what is missing still may be', async () => {
  const { corrections } = DEFAULT_RULES
  const rules = { ...DEFAULT_RULES, corrections: { ...corrections, kinds: ['missing', 'absent'] } }
  const version = { id: uuid(), name: '只补缺卡', validFrom: MONDAY, rules }
  const saved = await stage.company.post('/api/v1/attendance/rules/default', 'hr', version)
  expect(saved.status, JSON.stringify(saved.body)).toBe(200)
  const day = await stage.dayOf('rep1', MONDAY)
  expect(day.ledger.due.map(({ result }) => result)).toEqual(['late', 'missing'])
  const ask = (due: string, at: string) =>
    stage.company.post('/api/v1/corrections', 'rep1', { id: uuid(), date: MONDAY, due, at: `${MONDAY}T${at}`, reason: '忘记打卡', photoIds: [] }) // prettier-ignore
  const late = await ask('in1', '08:58')
  expect(late.status).toBe(422)
  expect(JSON.stringify(late.body)).toContain('due: the rules allow no correction of this kind')
  expect((await ask('out1', '18:02')).status).toBe(200)
})
