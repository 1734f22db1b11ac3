import { describe, expect, test } from 'vitest'
import { WecomGroup } from '../../backend/contract/wecomCheckin.ts'
import { ruleSetOf } from '../../backend/attendance/wecom/rules.ts'
import { STANDARD_RULE } from '../../fixtures/wecom-sim/checkin/rule.ts'
import * as sample from '../../fixtures/wecom-sim/checkin/samples.ts'
import { fixed, known, rulesOf } from './wecomBack.ts'

const corp = WecomGroup.parse(sample.SAMPLE_CORP_GROUP)

describe('what only some of WeCom’s rules say', () => {
  test('flexible hours of several sections are kept, of weekdays too; those that reach too far are cut and told', () => {
    const flex = (late: number, early: number) => ({ allow_flex: true, max_allow_arrive_late: late, max_allow_arrive_early: early }) // prettier-ignore
    const of = (late: number, early: number) => {
      const checkindate = corp.checkindate.map((each) => ({ ...each, ...flex(late, early) }))
      const group = WecomGroup.parse({ ...corp, checkindate })
      const asks = fixed(rulesOf(group), 'w1')
      const codes = ruleSetOf(group, known).notes.map(({ code }) => code)
      return [asks.kind === 'flexible' ? [asks.flexMin, asks.flexEarlyMin] : null, codes.includes('flex_sections')] // prettier-ignore
    }
    expect(of(1800, 3600)).toEqual([[30, 60], false])
    expect(of(7140, 7140)).toEqual([[119, null], false]) // 10:00 to 12:00 comes first
    expect(of(7200, 7140)).toEqual([[119, null], true])
    expect(of(21_600, 21_600)).toEqual([[119, 359], true]) // 14:00 to 20:00 comes last
    expect(of(0, 0)).toEqual([null, false])
    const section = { work_sec: 32_400, off_work_sec: 43_200 }
    const shift = { schedule_id: 1, time_section: [section, { work_sec: 50_400, off_work_sec: 64_800 }], ...flex(1800, 0) } // prettier-ignore
    const roster = WecomGroup.parse({ grouptype: 2, groupid: 11, schedulelist: [shift] })
    expect(fixed(rulesOf(roster), 's1')).toMatchObject({ kind: 'flexible', flexMin: 30, flexEarlyMin: 0 }) // prettier-ignore
    expect(ruleSetOf(roster, known).notes).toEqual([])
  })

  test('rests within overtime are kept: at fixed times over midnight too, by length in order, and of whom they are', () => {
    const of = (info: object, type = 1) => {
      const ot_info = { type, allow_ot_workingday: true, allow_ot_nonworkingday: true, ...info }
      const group = WecomGroup.parse({ ...STANDARD_RULE, ot_info })
      const { workday, restday, holiday } = rulesOf(group).overtime
      expect(holiday.rest).toEqual(restday.rest)
      return [workday.rest, restday.rest, ruleSetOf(group, known).notes.map(({ code }) => code)]
    }
    const at = (from: number, to: number) => ({ fix_time_begin_sec: from, fix_time_end_sec: to })
    const supper = { type: 1, fix_time_rule: at(64_800, 66_600) }
    const night = { type: 1, fix_time_rule_list: [at(64_800, 66_600), at(84_600, 1800)] }
    expect(of({ otcheckinfo: { ot_workingday_restinfo: supper, ot_nonworkingday_restinfo: night } })).toEqual([
      { by: 'clock', times: [['18:00', '18:30']] },
      { by: 'clock', times: [['18:00', '18:30'], ['23:30', '24:30']] },
      [],
    ]) // prettier-ignore
    const items = [{ ot_time: 28_800, rest_time: 5400 }, { ot_time: 14_400, rest_time: 1800 }] // prettier-ignore
    const byLength = { type: 2, cal_ottime_rule: { items } }
    const lines = [{ fromMin: 240, restMin: 30 }, { fromMin: 480, restMin: 90 }] // prettier-ignore
    expect(of({ otcheckinfo: { ot_workingday_restinfo: { type: 0 }, ot_nonworkingday_restinfo: byLength } })).toEqual([null, { by: 'length', lines }, []]) // prettier-ignore
    const applied = { otcheckinfo: { ot_workingday_restinfo: supper }, otapplyinfo: { ot_workingday_restinfo: byLength } } // prettier-ignore
    expect(of(applied, 2)[0]).toEqual({ by: 'length', lines })
    expect(of(applied, 1)[0]).toEqual({ by: 'clock', times: [['18:00', '18:30']] })
    expect(of({ otcheckinfo: { ot_workingday_restinfo: { type: 2 } } })).toEqual([null, null, ['overtime_rest']]) // prettier-ignore
  })

  test('big and small weeks alternate from the first Monday of 2024, make-up days included', () => {
    const [day] = corp.checkindate
    const biweekly = { enable_weekday_recurrence: true, odd_workdays: [1, 2, 3, 4, 5, 6], even_workdays: [1, 2, 3, 4, 5] } // prettier-ignore
    const { cycle } = rulesOf(WecomGroup.parse({ ...corp, checkindate: [{ ...day, biweekly }] }))
    const five = Array<string | null>(5).fill('w1')
    expect(cycle).toEqual({ from: '2024-01-01', makeUp: true, shifts: [...five, 'w1', null, ...five, null, null] }) // prettier-ignore
    expect(rulesOf(corp).cycle).toBeNull()
  })

  test('weekdays keep their rests, and what a late evening of theirs allows', () => {
    const [day] = corp.checkindate
    const timerules = [{ offwork_after_time: 7200, onwork_flex_time: 3600 }]
    const rest_times = [{ rest_begin_time: 43_200, rest_end_time: 45_000 }, { rest_begin_time: 64_800, rest_end_time: 66_600 }] // prettier-ignore
    const hours = { work_sec: 32_400, off_work_sec: 72_000, allow_rest: true, rest_times }
    const late_rule = { allow_offwork_after_time: true, timerules }
    const group = WecomGroup.parse({ ...corp, schedulelist: [], checkindate: [{ ...day, checkintime: [hours], late_rule }] }) // prettier-ignore
    expect(fixed(rulesOf(group), 'w1').sections[0]?.rest).toEqual([
      ['12:00', '12:30'],
      ['18:00', '18:30'],
    ])
    expect(rulesOf(group).lateAfterOvertime).toEqual([{ outAfterMin: 120, lateMin: 60 }])
  })
})
