import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WecomGroup } from '../../backend/contract/wecomCheckin.ts'
import { ruleSetOf } from '../../backend/attendance/wecom/rules.ts'
import { STANDARD_RULE } from '../../fixtures/wecom-sim/checkin/rule.ts'
import * as sample from '../../fixtures/wecom-sim/checkin/samples.ts'
import { backFrom, fixed, known, rulesOf, saidBy } from './wecomBack.ts'

describe("a rule of WeCom's comes back from ours as it was", () => {
  test.each([
    ['as a member gets it', sample.SAMPLE_GROUP],
    ['as the company gets it', sample.SAMPLE_CORP_GROUP],
    ["of the simulator's", STANDARD_RULE],
  ])('%s', (_name, given) => {
    const group = WecomGroup.parse(given)
    expect(backFrom(rulesOf(group))).toEqual(saidBy(group))
    expect(rulesOf(group).wecom?.raw).toEqual(group)
  })

  test('whatever hours, days, graces and limits it has', () => {
    const minute = (min: number, max: number) => fc.integer({ min, max }).map((each) => each * 60)
    const times = fc
      .tuple(minute(0, 500), minute(510, 700), minute(710, 900), minute(910, 1800))
      .map(([a, b, c, d]) => [
        { work_sec: a, off_work_sec: b },
        { work_sec: c, off_work_sec: d },
      ])
    const flex = fc.constantFrom(0, 60_000, 300_000, 3_600_000, 21_600_000)
    const rule = fc.record({
      checkintime: times,
      noneed_offwork: fc.boolean(),
      limit_aheadtime: fc.integer({ min: 1, max: 24 }).map((each) => each * 1_800_000),
      flex_on_duty_time: flex,
      flex_off_duty_time: flex,
    })
    const split = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 7 })
    fc.assert(
      fc.property(rule, rule, split, times, (one, two, days, special) => {
        const group = WecomGroup.parse({
          ...sample.SAMPLE_GROUP,
          checkindate: [
            { ...one, workdays: days.slice(0, 1) },
            { ...two, workdays: days.slice(1) },
          ],
          spe_workdays: [{ timestamp: 1512144000, notes: 'x', checkintime: special }],
        })
        expect(backFrom(rulesOf(group))).toEqual(saidBy(group))
      }),
    )
  })
})

describe('in our words', () => {
  const corp = WecomGroup.parse(sample.SAMPLE_CORP_GROUP)

  test('the example is two sections a day without a last punch, for two people and a tag', () => {
    const { id, name, groups, notes } = ruleSetOf(corp, known)
    expect([id, name]).toEqual(['wecom-69', '打卡规则1'])
    expect(rulesOf(corp).week).toEqual(['w1', 'w1', 'w1', 'w1', 'w1', null, null])
    expect(fixed(rulesOf(corp), 'w1')).toMatchObject({
      sections: [
        { in: '10:00', out: '12:00' },
        { in: '14:00', out: '20:00' },
      ],
      ...{ noOut: true, windowBeforeMin: 180, graceLateMin: 0 },
    })
    expect(groups.map(({ kind, ref }) => `${kind} ${ref}`)).toEqual([
      'person icef',
      'person lijingzhong',
      'tag 2',
    ])
    expect(notes.map(({ code }) => code)).toEqual(['unknown_member'])
    const rest = { by: 'length', lines: [{ fromMin: 300, restMin: 60 }] }
    expect(rulesOf(corp).overtime).toMatchObject({
      workday: { by: 'approval', afterMin: 30, leastMin: 30, mostMin: 240, rest },
      restday: { by: 'none', rest },
      holiday: { rest },
    })
    expect(rulesOf(corp).corrections).toMatchObject({
      perMonth: null,
      withinDays: null,
      untilDay: null,
    })
  })

  test('flex_time forgives both ends only when both others are -1', () => {
    const [day] = corp.checkindate
    const grace = (on: number, off: number) => {
      const checkindate = [
        { ...day, workdays: [1], flex_on_duty_time: on, flex_off_duty_time: off },
      ]
      const { graceLateMin, graceEarlyMin } = fixed(
        rulesOf(WecomGroup.parse({ ...corp, checkindate })),
        'w1',
      )
      return [graceLateMin, graceEarlyMin]
    }
    expect([grace(-1, -1), grace(0, -1), grace(600_000, 0)]).toEqual([
      [5, 5],
      [0, 0],
      [10, 0],
    ])
  })

  test('a night shift, flexible hours, rests and lateness after a late evening are kept', () => {
    const shift = (more: object) => ({
      ...{ schedule_id: 1, schedule_name: '夜班', limit_offtime: 7200 },
      time_section: [
        {
          work_sec: 79_200,
          off_work_sec: 108_000,
          rest_begin_time: 86_400,
          rest_end_time: 90_000,
          allow_rest: true,
        },
      ],
      late_rule: {
        allow_offwork_after_time: true,
        timerules: [{ offwork_after_time: 7200, onwork_flex_time: 3600 }],
      },
      ...more,
    })
    const of = (more: object) =>
      rulesOf(WecomGroup.parse({ grouptype: 2, groupid: 11, schedulelist: [shift(more)] }))
    expect(fixed(of({}), 's1')).toMatchObject({
      kind: 'fixed',
      windowAfterMin: 120,
      sections: [{ in: '22:00', out: '30:00', rest: [['24:00', '25:00']] }],
    })
    expect(of({}).lateAfterOvertime).toEqual([{ outAfterMin: 120, lateMin: 60 }])
    expect(of({}).week).toEqual(Array(7).fill(null))
    for (const unit of [1, 1_000]) {
      const flexible = of({
        allow_flex: true,
        max_allow_arrive_early: 1800 * unit,
        max_allow_arrive_late: 3600 * unit,
      })
      expect(fixed(flexible, 's1')).toMatchObject({
        kind: 'flexible',
        flexMin: 60,
        flexEarlyMin: 30,
      })
    }
  })

  test('each section is reminded as it says where they differ, else as the shift says', () => {
    const [day] = corp.checkindate
    const of = (early: number) => {
      const [one, two] = day?.checkintime ?? []
      const checkintime = [one, { ...two, remind_work_sec: 50_400 - early, remind_off_work_sec: 73_800 }] // prettier-ignore
      const group = WecomGroup.parse({ ...corp, checkindate: [{ ...day, checkintime }] })
      expect(ruleSetOf(group, known).notes.map(({ code }) => code)).not.toContain('reminders_differ') // prettier-ignore
      const { remindInMin, remindOutMin } = rulesOf(group).shifts[0] ?? {}
      return [remindInMin, remindOutMin, fixed(rulesOf(group), 'w1').sections.map(({ remind }) => remind)] // prettier-ignore
    }
    expect(of(600)).toEqual([10, 30, [{ inMin: 10, outMin: 0 }, undefined]])
    expect(of(1200)).toEqual([
      10,
      30,
      [
        { inMin: 10, outMin: 0 },
        { inMin: 20, outMin: 30 },
      ],
    ])
    const same = fixed(rulesOf(corp), 'w1').sections.map(({ remind }) => remind)
    expect(same).toEqual([undefined, undefined])
  })

  test('lateness after a late evening is each shift’s own where they differ', () => {
    const shift = (id: number, late_rule: object) => ({
      ...{ schedule_id: id, schedule_name: `班${id}`, late_rule },
      time_section: [{ work_sec: 32_400, off_work_sec: 64_800 }],
    })
    const timerules = [{ offwork_after_time: 7200, onwork_flex_time: 3600 }]
    const of = (...rules: object[]) => {
      const schedulelist = rules.map((rule, index) => shift(index + 1, rule))
      const group = WecomGroup.parse({ grouptype: 2, groupid: 11, schedulelist })
      const { lateAfterOvertime, shifts } = rulesOf(group)
      expect(ruleSetOf(group, known).notes).toEqual([])
      return [lateAfterOvertime, shifts.map((each) => each.lateAfterOvertime)]
    }
    const [on, off] = [{ allow_offwork_after_time: true, timerules }, { timerules }]
    const line = { outAfterMin: 120, lateMin: 60 }
    expect(of(on, on)).toEqual([[line], [undefined, undefined]])
    expect(of(on, off)).toEqual([[], [[line], []]])
    expect(of(off, off)).toEqual([[], [undefined, undefined]])
  })

  test('free hours ask for so much a day, from where their day begins', () => {
    const free = WecomGroup.parse({
      grouptype: 3,
      groupid: 3,
      groupname: '自由',
      standard_work_duration: 28_800,
      span_day_time: 14_400,
      offwork_interval_time: 1800,
      checkindate: [{ workdays: [1, 0] }],
    })
    expect(rulesOf(free)).toMatchObject({
      shifts: [
        {
          id: 'free',
          asks: { kind: 'free', requiredMin: 480, dayBoundary: '04:00', apartMin: 30 },
        },
      ],
      week: ['free', null, null, null, null, null, 'free'],
    })
  })

  test.each([
    [0, 'flag', []],
    [1, 'outing', []],
    [2, 'outing', ['out_range']],
    [3, 'refuse', []],
  ])('a punch out of range by %i is %s', (option_out_range, punch, codes) => {
    const group = WecomGroup.parse({ ...STANDARD_RULE, option_out_range })
    expect(rulesOf(group).outside.punch).toBe(punch)
    expect(ruleSetOf(group, known).notes.map(({ code }) => code)).toEqual(codes)
  })

  test('corrections keep their number, their days and what they are for', () => {
    const group = WecomGroup.parse({
      ...STANDARD_RULE,
      allow_apply_bk_cnt: 2,
      allow_apply_bk_day_limit: 3,
      buka_limit_next_month: 4,
      buka_restriction: 5,
    })
    expect(rulesOf(group).corrections).toMatchObject({
      perMonth: 2,
      withinDays: 2,
      untilDay: 3,
      kinds: ['late', 'absent'],
    })
    expect(rulesOf({ ...group, allow_apply_offworkday: false }).corrections.perMonth).toBe(0)
  })

  test('what ours refuse is told by field and rule, and costs no other rule', () => {
    const { rules, notes } = ruleSetOf(WecomGroup.parse({ grouptype: 1, groupid: 5 }), known)
    expect(rules).toBeNull()
    expect(notes.map(({ code }) => code)).toEqual(['no_times', 'unfit'])
    expect(notes[1]?.values).toMatchObject({ field: 'shifts' })
  })

  test('any answer that WeCom could give is mapped or told, never thrown', () => {
    const number = fc.integer({ min: -2, max: 200_000 })
    const any = fc.record({
      grouptype: fc.constantFrom(1, 2, 3),
      groupid: number,
      checkindate: fc.array(
        fc.record({
          workdays: fc.array(fc.integer({ min: 0, max: 7 })),
          checkintime: fc.array(fc.record({ work_sec: number, off_work_sec: number })),
        }),
      ),
      schedulelist: fc.array(
        fc.record({
          schedule_id: number,
          time_section: fc.array(fc.record({ work_sec: number, off_work_sec: number })),
        }),
      ),
    })
    fc.assert(
      fc.property(any, (given) => {
        const { rules, notes } = ruleSetOf(WecomGroup.parse(given), known)
        expect(rules !== null || notes.some(({ code }) => code === 'unfit')).toBe(true)
      }),
    )
  })
})
