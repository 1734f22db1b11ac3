import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MonthClosing, MonthSettings, MyMonth } from '../../backend/contract/closing.ts'
import { Jobs } from '../../backend/contract/jobs.ts'
import { sql } from '../../backend/core/sql.ts'
import { readWorkbook } from '../support/sheets.ts'
import { NINE, openAttendance, type AttendanceStage } from './attendanceStage.ts'
import { DATE, MINUTE, ORG } from './company.ts'

const MONTH = '/api/v1/attendance/months/2026-11'
const SETTINGS = '/api/v1/attendance/closing/settings'
const DECEMBER = Date.parse('2026-12-01T02:00:00Z')
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
let stage: AttendanceStage
let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuji-closing-'))
  stage = await openAttendance()
  await stage.checkIn('rep1', NINE + 12 * MINUTE)
  await stage.checkIn('rep1', NINE + 9 * HOUR, 'out')
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stage.company.close()
})

async function at(moment: number) {
  stage.company.clock.at = moment
  for (const { chores = [] } of stage.company.features)
    for (const chore of chores) await chore.run()
}

const closing = async () =>
  MonthClosing.parse((await stage.company.get(`${MONTH}/closing`, 'hr')).body)
const messages = (personId: string, like: string) =>
  stage.company.db.many<{ key: string; path: string; text: string }>(sql`
    select m.key, m.path, m.text from wecom_messages m
    where m.org_id = ${ORG} and m.person_id = ${personId} and m.key like ${like}`)
const ribbonsLocked = async () =>
  (
    await stage.company.db.many(sql`
      select t.date from track_days t
      where t.org_id = ${ORG} and t.person_id = 'rep1' and t.locked_at is not null`)
  ).length

test('the settings of closing are HR’s, and bad ones are refused naming field and rule', async () => {
  const good = MonthSettings.parse({})
  expect((await stage.company.get(SETTINGS, null)).status).toBe(401)
  expect((await stage.company.get(SETTINGS, 'rep1')).status).toBe(403)
  expect((await stage.put(SETTINGS, null, good)).status).toBe(401)
  expect((await stage.put(SETTINGS, 'leadN', good)).status).toBe(403)
  expect(await stage.put(SETTINGS, 'hr', { ...good, graceDay: 29 })).toMatchObject({
    status: 422,
    body: { error: { details: [{ field: 'graceDay' }] } },
  })
  expect(
    await stage.put(SETTINGS, 'hr', { ...good, export: { personId: 'rep1', layout: 'zuji' } }),
  ).toMatchObject({ status: 422, body: { error: { details: [{ field: 'export.personId' }] } } })
})

test('a month that is over asks everybody once, and locks itself when its grace is over', async () => {
  const settings = { graceDay: 2, graceHour: 18, locksItself: true, askConfirmation: true, export: { personId: 'hr', layout: 'wecom' } } // prettier-ignore
  expect((await stage.put(SETTINGS, 'hr', settings)).status).toBe(200)
  await at(DECEMBER - 10 * HOUR - MINUTE)
  expect(await messages('rep1', 'month:%')).toEqual([])
  await at(DECEMBER)
  await at(DECEMBER + HOUR)
  expect(await messages('rep1', 'month:%')).toMatchObject([
    { key: 'month:confirm:2026-11', path: '/attendance/months/2026-11/confirm' },
  ])
  expect((await closing()).state).toBe('grace')
  await at(DECEMBER + DAY + 9 * HOUR)
  expect(await closing()).toMatchObject({ state: 'locked', lockedBy: null })
})

test('the file of the month is made once for the lock, and its link is sent', async () => {
  await at(DECEMBER + DAY + 9 * HOUR + MINUTE)
  await expect
    .poll(
      async () => {
        for (const { chores = [] } of stage.company.features)
          for (const chore of chores) if (chore.name.startsWith('jobs.')) await chore.run()
        return messages('hr', 'export:%')
      },
      { timeout: 90_000 },
    )
    .toHaveLength(1)
  await at(DECEMBER + DAY + 10 * HOUR)
  const { jobs } = Jobs.parse((await stage.company.get('/api/v1/jobs', 'hr')).body)
  expect(jobs).toMatchObject([{ kind: 'attendance.export', state: 'done', file: { name: '考勤-2026-11-企业微信.xlsx' } }]) // prettier-ignore
  const [message] = await messages('hr', 'export:%')
  expect(message?.path).toBe(`/month?month=2026-11&export=${jobs[0]?.id}`)
})

test('ribbons are locked with their month: late fixes change neither them nor the day; reopened, they count', async () => {
  expect(await ribbonsLocked()).toBe(30)
  const { clock } = stage.company
  await stage.company.report('rep1', [{ at: NINE + HOUR, lng: 114.1, lat: 22.5 }])
  const stored = async () =>
    (
      await stage.company.db.first<{ fixes: number }>(sql`
        select t.fixes from track_days t
        where t.org_id = ${ORG} and t.person_id = 'rep1' and t.date = ${DATE}::date`)
    )?.fixes
  const before = await stored()
  await at(clock.at + MINUTE)
  expect(await stored()).toBe(before)
  const reopened = await stage.company.post(`${MONTH}/reopen`, 'hr', { id: uuid(), reason: '补一天轨迹' }) // prettier-ignore
  expect(reopened.status).toBe(200)
  await at(clock.at + MINUTE)
  expect(await ribbonsLocked()).toBe(0)
  expect((await stage.company.post(`${MONTH}/lock`, 'hr', { id: uuid() })).status).toBe(200)
  await at(clock.at + MINUTE)
  expect(await ribbonsLocked()).toBe(30)
})

test('a payslip is told to its person, without an amount, and not to who has left', async () => {
  const { db, url } = stage.company
  await db.run(sql`update people set active = false where org_id = ${ORG} and id = 'rep3'`)
  const headers = { authorization: `Bearer ${await stage.company.tokenOf('hr')}`, 'content-type': 'text/csv' } // prettier-ignore
  const body = '账号,实发\nrep1,8000.50\nrep3,1\n'
  const reply = await fetch(`${url}/api/v1/payslips/2026-11/import`, { method: 'POST', headers, body }) // prettier-ignore
  expect(reply.status).toBe(200)
  const [told] = await messages('rep1', 'payslip:%')
  expect(told?.path).toBe('/payslips/2026-11')
  expect(JSON.stringify(told)).not.toContain('8000')
  expect(await messages('rep3', 'payslip:%')).toEqual([])
})

test('what somebody said of a month that changed since is out of date', async () => {
  const before = MyMonth.parse((await stage.company.get(`${MONTH}/mine`, 'rep1')).body)
  const word = { id: uuid(), digest: before.digest, agrees: true }
  expect((await stage.company.post(`${MONTH}/confirm`, 'rep1', word)).status).toBe(200)
  expect((await closing()).confirmed.agreed).toBe(1)
})

async function zuji(...words: string[]) {
  const { connectionString, host = '' } = stage.company.db.connection
  const database = connectionString
    ? { DATABASE_URL: connectionString }
    : { DATABASE_URL: '', DATA_DIR: path.dirname(host) } // whose server runs in this process
  const org = { WECOM_CORP_ID: ORG, WECOM_AGENT_ID: '1', WECOM_SECRET: 'x' }
  const env = { ...process.env, ...database, ...org }
  const child = spawn(process.execPath, ['--import', 'tsx', 'backend/main.ts', ...words], { env })
  const closed = once(child, 'close')
  const [out, said] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { out, said: said.trim(), code: child.exitCode }
}

test('the command line makes the same file, whole or not at all, and refuses what it does not understand', async () => {
  const file = path.join(folder, 'month.xlsx')
  const made = await zuji('export', 'attendance', '--month', '2026-11', '--out', file)
  expect(made).toMatchObject({ said: '', code: 0, out: `${file}  2026-11  7 people\n` })
  const [about, matrix] = await readWorkbook(file)
  const said = new Map(about?.rows.map(([key, value]) => [key?.value, value?.value]))
  expect(said.get('月份状态')).toBe('已锁定')
  expect(matrix?.rows.some((cells) => cells[1]?.value === 'rep1')).toBe(true)
  const csv = path.join(folder, 'month.csv')
  const wecom = ['--layout', 'wecom', '--department', 'north']
  const north = await zuji('export', 'attendance', '--month', '2026-11', '--out', csv, ...wecom)
  expect(north).toMatchObject({ said: '', code: 0 })
  expect(readFileSync(csv, 'utf8')).toMatch(/^\uFEFF时间,姓名,账号/)
  const nobody = await zuji('export', 'attendance', '--month', '2026-11', '--out', path.join(folder, 'x.csv'), '--department', 'nowhere') // prettier-ignore
  expect(nobody).toMatchObject({ code: 1, out: '' })
  expect(nobody.said).toContain('nowhere')
  const wrong = await zuji('export', 'attendance', '--month', '2026-13', '--out', file)
  expect(wrong).toMatchObject({ code: 1, said: '--month 2026-13: must be a month YYYY-MM' })
  const odd = await zuji('export', 'attendance', '--month', '2026-11', '--out', 'x.pdf')
  expect(odd).toMatchObject({ code: 1, said: '--out x.pdf: must end with .xlsx or .csv' })
  expect(existsSync(`${file}.part`)).toBe(false)
  expect(readdirSync(folder).sort()).toEqual(['month.csv', 'month.xlsx'])
}, 240_000) // five processes, one after the other
