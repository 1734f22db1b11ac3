import { expect, test } from 'vitest'
import {
  WecomDay,
  WecomMonth,
  WecomRecord,
  WecomRoster,
} from '../../backend/contract/wecomCheckin.ts'
import { ledgerOf } from '../../backend/attendance/index.ts'
import { punchesOf, rosterOf } from '../../backend/attendance/wecom/evidence.ts'
import { inputOf, LedgerCase } from '../../backend/cli/ledger.ts'
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

test("WeCom's example of a day comes out as WeCom judges it: two minutes due, one late, and one early or unproven", () => {
  const { base_info: base, summary_info: summary, exception_infos: wrong } = WecomDay.parse(sample.SAMPLE_DAY) // prettier-ignore
  const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 19)
  const date = new Date((base.date + 8 * 3600) * 1000).toISOString().slice(0, 10)
  const sections = (base.rule_info?.checkintime ?? []).map(({ work_sec, off_work_sec }) => ({ in: clock(work_sec).slice(0, 5), out: clock(off_work_sec).slice(0, 5) })) // prettier-ignore
  const shift = { kind: 'fixed', sections, graceLateMin: 0, graceEarlyMin: 0, seriousLateMin: null, absentLateMin: null } // prettier-ignore
  const judged = (...punches: number[]) => {
    const times = punches.map((at) => `${date}T${clock(at)}`)
    const given = { id: 'sample', date, dayType: 'workday', now: `${date}T23:59`, shift, punches: times } // prettier-ignore
    return ledgerOf(inputOf(LedgerCase.parse(given))).minutes
  }
  const secondsOf = (kind: number) => wrong?.find(({ exception }) => exception === kind)?.duration
  const first = summary.earliest_time ?? 0
  const asSent = judged(first, summary.lastest_time ?? 0)
  expect(asSent.required * 60).toBe(summary.standard_work_sec)
  expect(asSent.late * 60).toBe(secondsOf(1))
  // two taps within a minute are one punch here, so the end is unproven; there it is early by as much
  expect(asSent.unproven * 60).toBe(secondsOf(2))
  expect(judged(first - 120, first + 30).early * 60).toBe(secondsOf(2))
})
