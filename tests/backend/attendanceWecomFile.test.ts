import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { importPunches } from '../../backend/attendance/index.ts'
import { sql } from '../../backend/core/sql.ts'
import { readWorkbook, type ReadSheet } from '../support/sheets.ts'
import { MONDAY, NINE, openAttendance, type AttendanceStage } from './attendanceStage.ts'
import { MINUTE, ORG } from './company.ts'

const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const FORMULA = '=HYPERLINK("http://x.example","点我")'
let stage: AttendanceStage
let folder = ''
let sheets: ReadSheet[] = []

/** What is asked for, and approved by who leads the north. */
async function grant(kind: string, who: string, body: object): Promise<void> {
  const id = uuid()
  const asked = await stage.company.post(`/api/v1/${kind}`, who, { id, reason: '有事', ...body })
  expect(asked.status, JSON.stringify(asked.body)).toBe(200)
  const { id: requestId } = z.object({ id: z.string() }).parse(asked.body)
  const said = await stage.company.post(`/api/v1/approvals/${requestId}/approve`, 'leadN', {})
  expect(said.status, JSON.stringify(said.body)).toBe(200)
}

const whole = (date: string, more: object = {}) => ({ by: 'days', from: date, to: date, ...more })
const clock = (date: string, from: string, to: string) => ({ by: 'clock', from: `${date}T${from}`, to: `${date}T${to}` }) // prettier-ignore

async function reports(who: string, at: number, more: object) {
  stage.company.clock.at = Math.max(stage.company.clock.at, at)
  const position = { lng: 114.2, lat: 22.6, accuracy: 10, at }
  const { status, body } = await stage.company.post('/api/v1/checkins', who, { id: uuid(), at, kind: 'in', position, ...more }) // prettier-ignore
  expect(status, JSON.stringify(body)).toBe(200)
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuji-wecom-file-'))
  stage = await openAttendance()
  const { db } = stage.company
  await db.run(sql`
    update people p set name = ${FORMULA}, user_id = 'ZhangSan', position = '-1+1' where p.org_id = ${ORG} and p.id = 'rep1'`)
  await grant('leaves', 'rep1', { leaveKind: 'annual', span: whole('2026-11-24') })
  await grant('leaves', 'rep1', { leaveKind: 'annual', span: whole('2026-11-25', { toHalf: 'am' }) }) // prettier-ignore
  await grant('leaves', 'rep1', { leaveKind: 'personal', span: clock('2026-11-25', '14:00', '16:30') }) // prettier-ignore
  await grant('trips', 'rep1', { span: whole('2026-11-26') })
  await grant('outings', 'rep1', { span: clock('2026-11-27', '10:00', '12:00') })
  await grant('overtime', 'rep1', { span: clock('2026-11-27', '18:00', '20:00'), as: 'pay' })
  await stage.checkIn('rep1', NINE + 12 * MINUTE + 7000)
  await stage.checkIn('rep1', NINE + 9 * HOUR, 'out')
  await reports('rep2', NINE + DAY, {
    place: '=1+1 码头',
    note: '+客户\n约在外面',
    device: 'phone-1',
  })
  await reports('rep2', NINE + 2 * DAY, { kind: 'punch', device: 'phone-2' })
  await importPunches(stage.company.kit, ORG, [
    told('in', NINE - 5 * MINUTE, { type: '上班打卡', odd: ['地点异常', '非常用设备'] }),
    told('out', NINE + 3 * HOUR, { type: '外出打卡', address: '金渝大道 101 号', note: '送样', mediaIds: ['a', 'b'] }), // prettier-ignore
  ])
  stage.company.clock.at = Date.parse('2026-12-01T02:00:00Z')
  const headers = { authorization: `Bearer ${await stage.company.tokenOf('hr')}` }
  const url = `${stage.company.url}/api/v1/attendance/months/2026-11.xlsx?layout=wecom`
  const file = path.join(folder, 'wecom.xlsx')
  writeFileSync(file, Buffer.from(await (await fetch(url, { headers })).arrayBuffer()))
  sheets = await readWorkbook(file)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stage.company.close()
})

const told = (id: string, at: number, detail: Record<string, unknown>) => ({ personId: 'rep3', id, at, source: 'wecom' as const, place: '重庆出口加工区', detail }) // prettier-ignore

/** The rows of somebody by their titles. */
function rowsOf(
  sheet: number,
  account: string,
): Record<string, string | number | boolean | null>[] {
  const [head = [], ...rows] = sheets[sheet]?.rows ?? []
  const titles = head.map(({ value }) => String(value))
  const at = titles.indexOf('账号')
  return rows
    .filter((row) => row[at]?.value === account)
    .map((row) => Object.fromEntries(titles.map((title, column) => [title, row[column]?.value ?? null]))) // prettier-ignore
}
const dayOf = (account: string, date: string) => rowsOf(0, account).find((row) => row['时间'] === `${date} 00:00:00`) // prettier-ignore

const COUNTERS = [
  '异常合计(次)', '迟到次数(次)', '迟到时长(分钟)', '早退次数(次)', '早退时长(分钟)', '旷工次数(次)', '旷工时长(分钟)', '缺卡次数(次)',
  '地点异常(次)', '设备异常(次)',
] // prettier-ignore
const GRANTED = [
  '加班时长(小时)', '外勤次数(次)', '外出(小时)', '出差(天)', '年假(天)', '病假(天)', '事假(小时)', '调休(小时)', '婚假(天)', '产假(天)', '陪产假(天)',
  '丧假(天)', '育儿假(天)', '工伤假(天)', '其他假(小时)',
] // prettier-ignore

test('the sheets and their titles are those of WeCom’s own export, in its order', () => {
  const titles = sheets.map(({ name, rows }) => [name, rows[0]?.map(({ value }) => String(value))])
  const dates = Array.from({ length: 30 }, (_, day) => String(day + 1))
  expect(titles).toEqual([
    ['上下班打卡_日报', ['时间', '姓名', '账号', '部门', '职务', '工号', '所属规则', '班次', '最早', '最晚', '次数(次)', '标准工作时长(小时)', '实际工作时长(小时)', '假勤申请', '考勤结果', ...COUNTERS, '加班状态', ...GRANTED]],
    ['上下班打卡_月报', ['姓名', '账号', '部门', '职务', '所属规则', '应打卡天数(天)', '正常天数(天)', '异常天数(天)', '标准工作时长(小时)', '实际工作时长(小时)', ...COUNTERS, ...GRANTED, ...dates]],
    ['外出打卡', ['姓名', '账号', '部门', '职务', '打卡日期', '打卡时间', '打卡地点', '详细地址', '备注', '图片', '设备']],
  ]) // prettier-ignore
})

test('a day is told under the account that WeCom knows, with what was late', () => {
  expect(dayOf('ZhangSan', MONDAY)).toEqual({
    ...Object.fromEntries([...COUNTERS, ...GRANTED].map((title) => [title, 0])),
    ...{ 时间: `${MONDAY} 00:00:00`, 姓名: FORMULA, 账号: 'ZhangSan', 部门: '北区', 职务: '-1+1', 工号: 'rep1' },
    ...{ 所属规则: '默认规则 v1', 班次: '标准班', 最早: `${MONDAY} 09:12:00`, 最晚: `${MONDAY} 18:00:00`, '次数(次)': 2 },
    ...{ '标准工作时长(小时)': 8, '实际工作时长(小时)': 7.8, 假勤申请: null, 考勤结果: '迟到', 加班状态: null },
    ...{ '异常合计(次)': 1, '迟到次数(次)': 1, '迟到时长(分钟)': 12, '外勤次数(次)': 1 },
  }) // prettier-ignore
})

test('leave stands in the column of its kind and unit, trips and outings in theirs, and what was asked for in words', () => {
  expect(dayOf('ZhangSan', '2026-11-24')).toMatchObject({ '年假(天)': 1, 假勤申请: '年假 全天', 考勤结果: '请假;正常' }) // prettier-ignore
  expect(dayOf('ZhangSan', '2026-11-25')).toMatchObject({ '年假(天)': 0.38, '事假(小时)': 2.5, 假勤申请: '年假 00:00~12:00;事假 14:00~16:30' }) // prettier-ignore
  expect(dayOf('ZhangSan', '2026-11-26')).toMatchObject({ '出差(天)': 1, '外出(小时)': 0, 假勤申请: '出差 全天' }) // prettier-ignore
  expect(dayOf('ZhangSan', '2026-11-27')).toMatchObject({ '出差(天)': 0, '外出(小时)': 2, 假勤申请: '外出 10:00~12:00;加班 18:00~20:00', 加班状态: '缺时长', '加班时长(小时)': 0 }) // prettier-ignore
})

test('a month sums the days, kind by kind', () => {
  const [month] = rowsOf(1, 'ZhangSan')
  expect(month).toMatchObject({ 姓名: FORMULA, '年假(天)': 1.38, '事假(小时)': 2.5, '出差(天)': 1, '外出(小时)': 2, '外勤次数(次)': 1, '其他假(小时)': 0 }) // prettier-ignore
  const days = rowsOf(0, 'ZhangSan')
  for (const title of [...COUNTERS, '外勤次数(次)', '事假(小时)', '标准工作时长(小时)'])
    expect(days.reduce((sum, day) => sum + Number(day[title]), 0), title).toBeCloseTo(Number(month?.[title])) // prettier-ignore
  expect(month).toMatchObject({ 23: '迟到', 24: '请假' })
})

test('what was odd about the place or the phone of a punch is counted, be it ours or WeCom’s', () => {
  expect(dayOf('rep3', MONDAY)).toMatchObject({ '地点异常(次)': 1, '设备异常(次)': 1, '外勤次数(次)': 1 }) // prettier-ignore
  expect(dayOf('rep2', '2026-11-25')).toMatchObject({ '设备异常(次)': 1 })
})

test('each punch outside is a row with its place, words, photos and phone', () => {
  expect(rowsOf(2, 'ZhangSan')).toEqual([
    { 姓名: FORMULA, 账号: 'ZhangSan', 部门: '北区', 职务: '-1+1', 打卡日期: `${MONDAY} 00:00:00`, 打卡时间: '09:12:07', 打卡地点: '青岚茶铺', 详细地址: '22.537267,114.055103', 备注: null, 图片: 0, 设备: null },
  ]) // prettier-ignore
  expect(rowsOf(2, 'rep3')).toMatchObject([
    { 打卡日期: `${MONDAY} 00:00:00`, 打卡时间: '12:00:00', 打卡地点: '重庆出口加工区', 详细地址: '金渝大道 101 号', 备注: '送样', 图片: 2 },
  ]) // prettier-ignore
  expect(rowsOf(2, 'rep2')).toMatchObject([{ 打卡日期: '2026-11-24 00:00:00', 打卡地点: '=1+1 码头', 备注: '+客户\n约在外面', 设备: 'phone-1' }]) // prettier-ignore
})

test('names, places and notes that look like formulas stay text in every sheet', () => {
  const cells = sheets.flatMap(({ rows }) => rows.flat())
  expect(cells.filter(({ type }) => type === 'f')).toEqual([])
  const risky = cells.filter(({ value }) => typeof value === 'string' && /^[=+\-@]/.test(value))
  expect(new Set(risky.map(({ value }) => value))).toEqual(new Set([FORMULA, '-1+1', '=1+1 码头', '+客户\n约在外面'])) // prettier-ignore
  expect(risky.every(({ type, quoted }) => type === 's' && quoted)).toBe(true)
})

test.each([
  ['rosters/2026-12/import', '账号,1\nZHANGSAN,休\nrep1,休\nrep2,休\n', ['3 account']], // the same person twice
  ['punches/import', '账号,打卡时间\nzhangsan,2026-11-30 09:00\nrep1,2026-11-30 18:00\nnobody,2026-11-30 09:00\n', ['4 account']],
  ['employments/import', '账号,入职日期\nZhangSan,2020-01-06\nnobody,2020-01-06\n', ['3 account']],
])('%s takes a person by the account of the files, and by the one he had before', async (to, text, wrong) => {
  const headers = { 'content-type': 'text/csv', authorization: `Bearer ${await stage.company.tokenOf('hr')}` }
  const url = `${stage.company.url}/api/v1/attendance/${to}?dryRun=1`
  const reply = await fetch(url, { method: 'POST', headers, body: text })
  const { errors } = z.object({ errors: z.array(z.object({ line: z.number(), field: z.string() })) }).parse(await reply.json())
  expect(errors.map(({ line, field }) => `${line} ${field}`)).toEqual(wrong)
}) // prettier-ignore
