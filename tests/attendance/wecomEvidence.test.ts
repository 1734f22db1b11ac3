import { expect, test } from 'vitest'
import {
  WecomDay,
  WecomMonth,
  WecomRecord,
  WecomRoster,
} from '../../backend/contract/wecomCheckin.ts'
import { punchesOf, rosterOf } from '../../backend/attendance/wecom/evidence.ts'
import * as sample from '../../fixtures/wecom-sim/checkin/samples.ts'
import { known } from './wecomBack.ts'

const reading = { personOf: known, isOurs: () => false, outsideCounts: () => true }
const records = sample.SAMPLE_RECORDS.map((each) => WecomRecord.parse(each))

test('punches keep their time, their place and what was odd; the same record is the same punch', () => {
  const punches = punchesOf(records, reading)
  expect(punches).toMatchObject([
    {
      personId: 'james',
      at: 1492617610_000,
      place: '依澜府',
      detail: { odd: ['地点异常'], note: '路上堵车，迟到了5分钟' },
    },
    { personId: 'paul', at: 1492617620_000, detail: { gcj02: [104.063236, 30.547645] } },
  ])
  expect(punchesOf(records, reading).map(({ id }) => id)).toEqual(punches.map(({ id }) => id))
  expect(new Set(punches.map(({ id }) => id)).size).toBe(2)
})

test('what nobody punched, what we wrote, and what does not count are no punches', () => {
  const [first] = records
  if (!first) throw new Error('no sample')
  expect(punchesOf([{ ...first, exception_type: '时间异常;未打卡' }], reading)).toEqual([])
  expect(punchesOf(records, { ...reading, isOurs: () => true })).toEqual([])
  expect(punchesOf(records, { ...reading, outsideCounts: (id) => id !== 2 })).toHaveLength(1)
  expect(punchesOf(records, { ...reading, personOf: () => undefined })).toEqual([])
})

test('a roster is a shift or a rest for a person and date', () => {
  expect(rosterOf([WecomRoster.parse(sample.SAMPLE_ROSTER)], known)).toEqual([
    { personId: 'james', date: '2020-11-25', shiftId: 's229' },
    { personId: 'james', date: '2020-11-30', shiftId: null },
  ])
})

test("WeCom's examples of a day and a month are read", () => {
  expect(WecomDay.parse(sample.SAMPLE_DAY).summary_info.lastest_time).toBe(38_858)
  expect(WecomMonth.parse(sample.SAMPLE_MONTH).summary_info.work_days).toBe(3)
})
