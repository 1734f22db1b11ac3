import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { insertDecision } from '../../backend/attendance/closing/queries.ts'
import { refreshDays } from '../../backend/attendance/days/keep.ts'
import { listMembers } from '../../backend/attendance/days/members.ts'
import { DayDifferences } from '../../backend/contract/closing.ts'
import { RulePreview } from '../../backend/contract/months.ts'
import { RosterMonth } from '../../backend/contract/rosters.ts'
import { Calendar, RuleSets } from '../../backend/contract/ruleSets.ts'
import { sql } from '../../backend/core/sql.ts'
import { MINUTE, ORG } from './company.ts'

import { MONDAY, NINE, openAttendance, type AttendanceStage } from './attendanceStage.ts'
let stage: AttendanceStage

beforeAll(async () => {
  stage = await openAttendance()
  await stage.checkIn('rep1', NINE + 12 * MINUTE)
  stage.company.clock.at = Date.parse('2026-11-23T16:00:00Z')
  await stage.november('hr')
})
afterAll(() => stage.company.close())

describe('rules', () => {
  const lax = (graceLateMin: number) => {
    const [shift] = DEFAULT_RULES.shifts
    return { ...DEFAULT_RULES, shifts: [{ ...shift, asks: { ...shift?.asks, graceLateMin } }] }
  }
  const version = (change: object = {}) => ({
    id: uuid(),
    name: '宽松',
    validFrom: MONDAY,
    rules: lax(15),
    ...change,
  })

  const timed = (...sections: object[]) => {
    const [shift] = DEFAULT_RULES.shifts
    const rules = { ...DEFAULT_RULES, shifts: [{ ...shift, asks: { ...shift?.asks, sections } }] }
    return version({ rules })
  }

  test("are HR's, and refused by field and rule", async () => {
    const path = '/api/v1/attendance/rules'
    expect((await stage.company.post(path, null, version())).status).toBe(401)
    expect((await stage.company.post(path, 'leadN', version())).status).toBe(403)
    const bad = [
      [version({ rules: lax(-1) }), 'rules.shifts.0.asks.graceLateMin'],
      [timed({ in: '09:00', out: '25:99' }), 'rules.shifts.0.asks.sections.0.out'],
      [timed({ in: '18:00', out: '09:00' }), 'rules.shifts.0.asks.sections.0.out'],
      [
        timed({ in: '09:00', out: '18:00' }, { in: '17:00', out: '20:00' }),
        'rules.shifts.0.asks.sections.1.in',
      ],
      [
        version({
          rules: { ...DEFAULT_RULES, week: ['night', null, null, null, null, null, null] },
        }),
        'rules.week.0',
      ],
      [version({ validFrom: '2026-02-30' }), 'validFrom'],
    ] as const
    for (const [input, field] of bad) {
      const { status, body } = await stage.company.post(path, 'hr', input)
      expect({ status, field: JSON.stringify(body).includes(field) }).toEqual({
        status: 422,
        field: true,
      })
    }
  })

  test('are previewed day by day before they hold, and then hold from their date on', async () => {
    const input = version()
    const { body } = await stage.company.post(
      '/api/v1/attendance/rules/default/preview',
      'hr',
      input,
    )
    const preview = RulePreview.parse(body)
    expect(preview).toMatchObject({ people: 8, changed: 1 })
    expect(preview.diffs[0]).toMatchObject({
      personId: 'rep1',
      date: MONDAY,
      before: { marks: 'ml' },
      after: { marks: 'm' },
    })
    expect((await stage.dayOf('rep1', MONDAY)).marks).toBe('ml')
    for (const again of [1, 2]) {
      const saved = await stage.company.post('/api/v1/attendance/rules/default', 'hr', input)
      expect({ again, status: saved.status }).toEqual({ again, status: 200 })
      expect(RuleSets.parse(saved.body).sets).toMatchObject([{ id: 'default', version: 2 }])
    }
    expect(await stage.dayOf('rep1', MONDAY)).toMatchObject({
      marks: 'm',
      ruleSet: { version: 2 },
      ledger: { minutes: { forgiven: 12 } },
    })
    expect((await stage.dayOf('rep1', '2026-11-20')).ruleSet.version).toBe(1)
    const noted = await stage.company.db.many(sql`
      select d.before, d.after from day_differences d
      where d.org_id = ${ORG} and d.person_id = 'rep1' and d.date = ${MONDAY}::date and d.cause = 'rules'`)
    expect(noted).toMatchObject([
      { before: { marks: 'ml', late: 12 }, after: { marks: 'm', forgiven: 12 } },
    ])
  })

  test('go to the nearest group: person before department before company', async () => {
    const input = version({
      name: '夜班',
      rules: { ...DEFAULT_RULES, outside: { customerCheckin: 'none' } },
    })
    const saved = RuleSets.parse(
      (await stage.company.post('/api/v1/attendance/rules', 'hr', input)).body,
    )
    expect(saved.sets).toHaveLength(2)
    const group = (kind: string, ref: string, ruleSetId: string) => ({
      kind,
      ref,
      ruleSetId,
      from: MONDAY,
    })
    const groups = [group('department', 'root', input.id), group('person', 'rep1', 'default')]
    expect((await stage.put('/api/v1/attendance/rules/groups', 'hr', { groups })).status).toBe(200)
    expect(
      (
        await stage.put('/api/v1/attendance/rules/groups', 'hr', {
          groups: [group('org', '', 'nobody')],
        })
      ).status,
    ).toBe(422)
    expect((await stage.put('/api/v1/attendance/rules/groups', 'rep1', { groups })).status).toBe(
      403,
    )
    expect((await stage.dayOf('rep1', MONDAY)).ruleSet.name).toBe('宽松')
    expect(await stage.dayOf('rep3', MONDAY)).toMatchObject({
      ruleSet: { name: '夜班' },
      marks: 'a',
      input: { punches: [] },
    })
    expect((await stage.put('/api/v1/attendance/rules/groups', 'hr', { groups: [] })).status).toBe(
      200,
    )
  })
})

describe('rosters and the calendar', () => {
  const path = '/api/v1/attendance/rosters/2026-11'
  const entry = (change: object = {}) => ({
    personId: 'rep2',
    date: '2026-11-22',
    shiftId: 'day',
    ...change,
  })

  test('a roster stands before the week, and clearing gives the week back', async () => {
    expect((await stage.put(path, null, { entries: [entry()] })).status).toBe(401)
    expect((await stage.put(path, 'leadN', { entries: [entry()] })).status).toBe(403)
    expect(
      (await stage.put(path, 'hr', { entries: [entry(), entry({ date: MONDAY, shiftId: null })] }))
        .status,
    ).toBe(200)
    expect(await stage.dayOf('rep2', '2026-11-22')).toMatchObject({
      dayType: 'workday',
      shiftFrom: 'roster',
      marks: 'a',
    })
    expect(await stage.dayOf('rep2', MONDAY)).toMatchObject({ dayType: 'restday', marks: 'r' })
    const grid = RosterMonth.parse(
      (await stage.company.get(`${path}?department=north`, 'leadN')).body,
    )
    expect(grid.people.find(({ personId }) => personId === 'rep2')?.cells[22]).toEqual({
      shiftId: null,
      own: true,
      week: 'day',
      employed: true,
    })
    const clear = [entry(), entry({ date: MONDAY })].map(({ personId, date }) => ({
      personId,
      date,
    }))
    expect((await stage.put(path, 'hr', { entries: [], clear })).status).toBe(200)
    expect(await stage.dayOf('rep2', '2026-11-22')).toMatchObject({ marks: 'r', shiftFrom: 'week' })
  })

  test('a roster for strangers, leavers and unknown shifts is refused by entry, field and rule', async () => {
    const periods = [{ from: null, to: '2026-11-10' }]
    await stage.put('/api/v1/attendance/employments/leadS', 'hr', { id: uuid(), periods })
    for (const [change, words] of [
      [{ personId: 'nobody' }, 'entries.0.personId'],
      [{ personId: 'leadS' }, 'entries.0'],
      [{ shiftId: 'night' }, 'entries.0.shiftId: must be a shift'],
    ] as const) {
      const { status, body } = await stage.put(path, 'hr', { entries: [entry(change)] })
      expect(status).toBe(422)
      expect(JSON.stringify(body)).toContain(words)
    }
    const { rows } = await stage.november('hr', '?q=leadS')
    expect(rows[0]?.cells.slice(8, 12)).toEqual(['a480', 'a480', 'x', 'x'])
    const grid = RosterMonth.parse((await stage.company.get(path, 'hr')).body)
    const cells = grid.people.find(({ personId }) => personId === 'leadS')?.cells ?? []
    expect(cells[9]).toEqual({ shiftId: 'day', own: false, week: 'day', employed: true })
    expect(cells.slice(10).map(({ shiftId, week, employed }) => [shiftId, week, employed])).toEqual(
      Array.from({ length: 20 }, () => [null, null, false]),
    )
  })

  test('the company has its own word on a date, and the public calendar says how far it is known', async () => {
    const date = '/api/v1/attendance/calendar/2026-11-20'
    expect((await stage.put(date, 'rep1', { type: 'restday', name: '台风' })).status).toBe(403)
    expect((await stage.put(date, 'hr', { type: 'party', name: '' })).status).toBe(422)
    const { body } = await stage.put(date, 'hr', { type: 'restday', name: '台风' })
    const calendar = Calendar.parse(body)
    expect(calendar.coveredUntil).toBe(2026)
    expect(calendar.days.find((day) => day.date === '2026-11-20')).toMatchObject({
      type: 'restday',
      from: 'org',
    })
    expect(await stage.dayOf('rep2', '2026-11-20')).toMatchObject({ marks: 'r', dayName: '台风' })
    const next = {
      year: 2027,
      off: [['2027-01-01', '2027-01-03', '元旦']],
      work: ['2027-01-09'],
      statutory: ['2027-01-01'],
      source: '通知',
    }
    const imported = Calendar.parse(
      (await stage.put('/api/v1/attendance/calendars/CN', 'hr', next)).body,
    )
    expect(imported.coveredUntil).toBe(2027)
    expect(imported.days[8]).toMatchObject({ date: '2027-01-09', type: 'workday', makeUp: true })
  })
})

const differencesOf = async (month: string) => {
  const { body } = await stage.company.get(`/api/v1/attendance/months/${month}/differences`, 'hr')
  return DayDifferences.parse(body)
}

describe('a locked month', () => {
  test('stays as it was; what would differ is noted, rosters and rules for it are refused', async () => {
    await stage.dayOf('rep2', MONDAY) // with what the rosters of the tests before left waiting
    await stage.november('hr')
    const locked = {
      orgId: ORG,
      id: uuid(),
      month: '2026-11',
      kind: 'lock' as const,
      at: stage.company.clock.at,
      by: 'hr',
    }
    await insertDecision(stage.company.db, locked)
    const before = await stage.dayOf('rep2', MONDAY)
    await stage.company.db.run(sql`
      insert into punches (org_id, person_id, id, at, source, received_at)
      values (${ORG}, 'rep2', 'clock-1', ${new Date(NINE).toISOString()}::timestamptz, 'device', now())`)
    expect(await stage.dayOf('rep2', MONDAY)).toEqual(before)
    const noted = await stage.company.db.many(sql`
      select d.locked, d.after from day_differences d
      where d.org_id = ${ORG} and d.person_id = 'rep2' and d.date = ${MONDAY}::date and d.locked`)
    expect(noted).toMatchObject([{ locked: true, after: { marks: 'm' } }])
    const { db, clock } = stage.company
    const members = await listMembers(db, { orgId: ORG, departments: 'all', personIds: ['rep2'], limit: 1 }, null) // prettier-ignore
    const means = { db, visits: () => Promise.resolve([]), now: clock.now }
    const again = () => refreshDays(means, { orgId: ORG, members, from: MONDAY, to: MONDAY })
    await Promise.all([again(), again()])
    const { differences } = await differencesOf('2026-11')
    expect(differences.filter((each) => each.personId === 'rep2' && each.date === MONDAY && each.locked)).toHaveLength(1) // prettier-ignore
    const entries = [{ personId: 'rep2', date: MONDAY, shiftId: null }]
    expect((await stage.put('/api/v1/attendance/rosters/2026-11', 'hr', { entries })).status).toBe(
      409,
    )
    const input = { id: uuid(), name: '新', validFrom: '2026-11-02', rules: DEFAULT_RULES }
    expect((await stage.company.post('/api/v1/attendance/rules/default', 'hr', input)).status).toBe(
      409,
    )
  })
})
