import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { PunchOutcome } from '../../backend/contract/devicePunches.ts'
import { Employee, Employees, EmploymentOutcome } from '../../backend/contract/employment.ts'
import { Tags } from '../../backend/contract/tags.ts'
import { DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { sql } from '../../backend/core/sql.ts'
import { ORG } from './company.ts'
import { MONDAY, openAttendance, type AttendanceStage } from './attendanceStage.ts'

let stage: AttendanceStage
beforeAll(async () => {
  stage = await openAttendance()
  stage.company.clock.at = Date.parse('2026-11-24T01:00:00Z')
  await stage.november('hr')
})
afterAll(() => stage.company.close())

async function upload(to: string, who: string | null, text: string) {
  const headers: Record<string, string> = { 'content-type': 'text/csv' }
  if (who) headers['authorization'] = `Bearer ${await stage.company.tokenOf(who)}`
  const reply = await fetch(stage.company.url + to, { method: 'POST', headers, body: text })
  return { status: reply.status, body: z.unknown().parse(await reply.json()) }
}

const EMPLOYMENTS = '/api/v1/attendance/employments'
const PUNCHES = '/api/v1/attendance/punches/import'
const TAGS = '/api/v1/attendance/tags'

describe('each of these routes', () => {
  const asks: [string, (who: string | null) => Promise<{ status: number }>][] = [
    ['employments', (who) => stage.company.get(EMPLOYMENTS, who)],
    ['an employment', (who) => stage.put(`${EMPLOYMENTS}/rep1`, who, { id: uuid(), periods: [{ from: null, to: null }] })],
    ['employments of a file', (who) => upload(`${EMPLOYMENTS}/import`, who, 'x')],
    ['punches of a file', (who) => upload(PUNCHES, who, 'x')],
    ['tags', (who) => stage.company.get(TAGS, who)],
    ['a tag', (who) => stage.put(`${TAGS}/field`, who, { members: [] })],
  ] // prettier-ignore
  test.each(asks)('%s: refuses the signed out and whoever is not HR', async (_, ask) => {
    expect((await ask(null)).status).toBe(401)
    for (const who of ['rep1', 'leadN']) expect((await ask(who)).status).toBe(403)
  })

  test('refuses bad input by field and rule', async () => {
    const periods = (...all: object[]) => ({ id: uuid(), periods: all })
    const bad = [
      [`${EMPLOYMENTS}/rep1`, periods({ from: '2026-03-02', to: '2026-03-01' }), 'periods.0.to', 'must not be before from'],
      [`${EMPLOYMENTS}/rep1`, periods({ from: '2026-01-01', to: '2026-03-01' }, { from: '2026-03-01', to: null }), 'periods.1.from', 'must be after the end'],
      [`${EMPLOYMENTS}/rep1`, periods(), 'periods', 'must have a period'],
      [`${TAGS}/field`, { members: [{ personId: 'nobody' }] }, 'members.0.personId', 'must be somebody'],
      [`${TAGS}/field`, { members: [{ personId: 'rep1', from: '2026-11-09', to: '2026-11-02' }] }, 'members.0.to', 'must not be before from'],
    ] as const // prettier-ignore
    for (const [path, input, field, rule] of bad) {
      const { status, body } = await stage.put(path, 'hr', input)
      expect({ status, said: JSON.stringify(body) }).toEqual({ status: 422, said: expect.stringContaining(field) }) // prettier-ignore
      expect(JSON.stringify(body)).toContain(rule)
    }
    expect((await stage.put(`${EMPLOYMENTS}/nobody`, 'hr', periods({ from: null, to: null }))).status).toBe(404) // prettier-ignore
  })
})

describe('somebody who came in the middle of the month', () => {
  const employ = async (who: string, periods: object[]) =>
    Employee.parse((await stage.put(`${EMPLOYMENTS}/${who}`, 'hr', { id: uuid(), periods })).body)
  const rowOf = async (who: string) => (await stage.november('hr', `?q=${who}`)).rows[0]

  test('is never absent before: days, sums and the list of anomalies follow, and the change is noted', async () => {
    expect((await rowOf('rep2'))?.totals).toMatchObject({ dueDays: 17, absentDays: 16 })
    await employ('rep2', [{ from: '2026-11-16', to: null }])
    const row = await rowOf('rep2')
    expect(row?.cells.slice(12, 17)).toEqual(['x', 'x', 'x', 'a480', 'a480'])
    expect(row?.totals).toMatchObject({ dueDays: 7, absentDays: 6, minutes: { required: 3360 } })
    expect(await stage.dayOf('rep2', '2026-11-13')).toMatchObject({
      ...{ dayType: 'not_employed', marks: 'x', shift: null, closed: true },
      ledger: { minutes: { required: 0, absent: 0 }, explanation: [{ code: 'not_employed' }] },
    })
    const anomalies = JSON.stringify((await stage.company.get('/api/v1/attendance/months/2026-11/anomalies', 'hr')).body) // prettier-ignore
    expect(anomalies.match(/"rep2"/g)).toHaveLength(6)
    const noted = await stage.company.db.many(sql`
      select d.before, d.after from day_differences d
      where d.org_id = ${ORG} and d.person_id = 'rep2' and d.date = '2026-11-13'::date and d.cause = 'employment'`)
    expect(noted).toMatchObject([{ before: { marks: 'a', absent: 480 }, after: { marks: 'x' } }])
  })

  test('a month before he came has no row of him, and his own page of it says nothing is due', async () => {
    const october = await stage.company.get('/api/v1/attendance/months/2026-10', 'hr')
    expect(JSON.stringify(october.body)).not.toContain('"rep2"')
    const own = await stage.company.get('/api/v1/attendance/people/rep2/months/2026-10', 'rep2')
    expect(own).toMatchObject({ status: 200, body: { rows: [{ totals: { dueDays: 0 } }] } })
  })

  test('who left and came back is not employed between, and has no roster there', async () => {
    await employ('rep3', [{ from: null, to: '2026-11-05' }, { from: '2026-11-18', to: null }]) // prettier-ignore
    const cells = (await rowOf('rep3'))?.cells ?? []
    expect([3, 4, 5, 16, 17].map((day) => cells[day])).toEqual(['a480', 'a480', 'x', 'x', 'a480'])
    const entries = [{ personId: 'rep3', date: '2026-11-10', shiftId: 'day' }]
    const refused = await stage.put('/api/v1/attendance/rosters/2026-11', 'hr', { entries })
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { details: [{ field: 'entries.0.date', rule: 'must be within the employment' }] } },
    }) // prettier-ignore
  })

  test('dates come from a file: a trial says line by line what is wrong, and nothing is done then', async () => {
    const to = `${EMPLOYMENTS}/import`
    const wrong = '账号,姓名,入职日期,离职日期\nrep1,别人,2026-01-05,\nnobody,,2026-01-05,\nleadN,,2026-13-05,\nhr,,2026-05-01,2026-04-30\n' // prettier-ignore
    const faults = EmploymentOutcome.parse((await upload(to, 'hr', wrong)).body)
    expect(faults.saved).toBe(false)
    expect(faults.errors.map(({ line, field }) => `${line} ${field}`)).toEqual(['2 name', '3 account', '4 joined', '5 left']) // prettier-ignore
    const good = '账号,入职日期,离职日期\nREP1,2026/11/2,\nleadN,2020年3月9日,-\n'
    expect(EmploymentOutcome.parse((await upload(`${to}?dryRun=1`, 'hr', good)).body)).toMatchObject({ people: 2, saved: false }) // prettier-ignore
    expect(EmploymentOutcome.parse((await upload(to, 'hr', good)).body)).toMatchObject({ people: 2, saved: true }) // prettier-ignore
    expect(EmploymentOutcome.parse((await upload(to, 'hr', good)).body).people).toBe(0)
    const { people } = Employees.parse((await stage.company.get(`${EMPLOYMENTS}?q=rep1`, 'hr')).body) // prettier-ignore
    expect(people[0]?.periods).toEqual([{ from: '2026-11-02', to: null }])
  })
})

describe("a time clock's file", () => {
  const of = async (query: string, text: string) =>
    PunchOutcome.parse((await upload(`${PUNCHES}${query}`, 'hr', text)).body)

  test('is tried first, and names what is wrong by line, field and rule', async () => {
    const wrong = '账号,打卡时间\nrep1,2026-11-23 25:99\nnobody,2026-11-23 09:00\nrep1,2026-11-25 09:00\n' // prettier-ignore
    const faults = await of('', wrong)
    expect(faults).toMatchObject({ saved: false, added: 0 })
    expect(faults.errors).toEqual([
      { line: 2, field: 'time', rule: 'must be a time such as 2026-03-01 08:58' },
      { line: 3, field: 'account', rule: 'must be the account of somebody of the company' },
      { line: 4, field: 'time', rule: 'must not lie in the future' },
    ])
    expect((await of('', '姓名,打卡时间\nx,y\n')).errors[0]).toMatchObject({ line: 1, field: 'account' }) // prettier-ignore
    expect((await of('', '账号,日期\nx,y\n')).errors[0]).toMatchObject({ line: 1, field: 'time' })
  })

  test('makes the day without anybody looking, and again changes nothing', async () => {
    const file = '工号,姓名,日期,时间,设备\nrep1,名 rep1,2026-11-23,08:58:07,前台\nREP1,名 rep1,2026/11/23,18:03,前台\n' // prettier-ignore
    expect(await of('?dryRun=1', file)).toMatchObject({ people: 1, punches: 2, added: 0, saved: false }) // prettier-ignore
    expect(await stage.dayOf('rep1', MONDAY)).toMatchObject({ marks: 'a' })
    expect(await of('', file)).toMatchObject({ added: 2, saved: true })
    expect(await of('', file)).toMatchObject({ added: 0, saved: true })
    const marks = async () =>
      (await stage.company.db.first<{ marks: string }>(sql`
        select a.marks from attendance_days a
        where a.org_id = ${ORG} and a.person_id = 'rep1' and a.date = ${MONDAY}::date`))?.marks // prettier-ignore
    await expect.poll(marks).toBe('n')
    const { ledger, input } = await stage.dayOf('rep1', MONDAY)
    expect(ledger.due.map(({ punch }) => punch)).toEqual([538, 1083])
    expect(input.punches.map(({ source }) => source)).toEqual(['device', 'device'])
  })
})

describe('a tag', () => {
  test('gives rules across departments from a date on, and takes them back', async () => {
    const rules = { ...DEFAULT_RULES, week: Array.from({ length: 7 }, () => null) }
    const set = { id: uuid(), name: '不坐班', validFrom: '2026-01-01', rules }
    expect((await stage.company.post('/api/v1/attendance/rules', 'hr', set)).status).toBe(200)
    const groups = [{ ruleSetId: set.id, kind: 'tag', ref: 'field' }]
    expect((await stage.put('/api/v1/attendance/rules/groups', 'hr', { groups })).status).toBe(200)
    const members = [
      { personId: 'rep3', from: '2026-11-20', to: null },
      { personId: 'leadS', from: null, to: '2026-11-10' },
    ]
    const { body } = await stage.put(`${TAGS}/field`, 'hr', { members })
    expect(Tags.parse(body).tags).toMatchObject([{ tag: 'field', members: [{ personId: 'leadS' }, { personId: 'rep3', name: '名 rep3' }] }]) // prettier-ignore
    const cells = async (who: string) => (await stage.november('hr', `?q=${who}`)).rows[0]?.cells
    expect((await cells('rep3'))?.slice(18, 20)).toEqual(['a480', 'r'])
    expect((await cells('leadS'))?.slice(9, 11)).toEqual(['r', 'a480'])
    expect(Tags.parse((await stage.put(`${TAGS}/field`, 'hr', { members: [] })).body).tags).toEqual([]) // prettier-ignore
    expect((await cells('leadS'))?.slice(9, 11)).toEqual(['a480', 'a480'])
  })
})
