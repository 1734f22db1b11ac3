import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasonsOf, sorted, sumsOf, type Facts } from '../../backend/team/attention.ts'
import { digestOf, mondayOf, weeksUpTo, weekToTell } from '../../backend/team/weeks.ts'

const HOUR = 3600
const WELL: Facts = {
  ...{
    personId: 'a',
    name: '甲',
    department: '北区',
    dutySeconds: 8 * HOUR,
    firstAt: 1,
    lastAt: 2,
  },
  ...{ movedMetres: 1000, silentSeconds: 0, planned: 3, done: 3, missed: 0, extra: 0, unclear: 0 },
  ...{ workedMinutes: 480, lateMinutes: 0, absentMinutes: 0, alerts: 0, consents: true },
}
const rowOf = (facts: Partial<Facts>) => ({
  ...{ ...WELL, ...facts },
  reasons: reasonsOf({ ...WELL, ...facts }),
})

describe('what of a day wants a look', () => {
  it('is nothing where all is well', () => expect(reasonsOf(WELL)).toEqual([]))

  it('is each reason by itself', () => {
    expect(rowOf({ firstAt: null, silentSeconds: 8 * HOUR }).reasons).toEqual(['unheard'])
    expect(rowOf({ firstAt: null, consents: false }).reasons).toEqual(['no_consent'])
    expect(rowOf({ silentSeconds: 2 * HOUR }).reasons).toEqual(['silent'])
    expect(rowOf({ silentSeconds: HOUR }).reasons).toEqual([]) // an eighth of the day
    expect(rowOf({ missed: 1, lateMinutes: 1, alerts: 1, absentMinutes: 1 }).reasons).toEqual(['alerts', 'absent', 'missed', 'late']) // prettier-ignore
  })

  it('is not that somebody who has just begun, or is off duty, was not heard', () => {
    expect(rowOf({ firstAt: null, dutySeconds: 600, silentSeconds: 600 }).reasons).toEqual([])
    expect(rowOf({ firstAt: null, dutySeconds: 0, silentSeconds: 0 }).reasons).toEqual([])
  })

  it('orders by weight, and the same rows always in the same order', () => {
    const rows = [
      rowOf({ personId: 'well' }),
      rowOf({ personId: 'late', lateMinutes: 5 }),
      rowOf({ personId: 'unheard', firstAt: null, silentSeconds: 8 * HOUR }),
      rowOf({ personId: 'two', missed: 2 }),
      rowOf({ personId: 'one', missed: 1 }),
    ]
    const order = ['unheard', 'two', 'one', 'late', 'well']
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (any) => {
        expect(sorted(any, 'attention').map(({ personId }) => personId)).toEqual(order)
      }),
    )
  })

  it('adds up to the sums of the team', () => {
    const sums = sumsOf([rowOf({}), rowOf({ missed: 2, done: 1, firstAt: null })])
    expect(sums).toMatchObject({ people: 2, heard: 1, wanting: 1, planned: 6, done: 4, missed: 2 })
  })
})

describe('weeks', () => {
  it('begin on Mondays and end with that of the date', () => {
    expect(mondayOf('2026-11-29')).toBe('2026-11-23')
    expect(weeksUpTo('2026-11-23', 1)).toEqual({ from: '2026-11-23', to: '2026-11-29' })
    expect(weeksUpTo('2027-01-01', 2)).toEqual({ from: '2026-12-21', to: '2027-01-03' })
  })

  it('are told on the zone’s Monday from half past eight on', () => {
    const at = (text: string) => weekToTell(Date.parse(text), 'Asia/Shanghai')
    expect(at('2026-11-30T08:29:59+08:00')).toBeNull()
    expect(at('2026-11-30T08:30:00+08:00')).toBe('2026-11-23')
    expect(at('2026-11-30T23:59:00+08:00')).toBe('2026-11-23')
    expect(at('2026-12-01T09:00:00+08:00')).toBeNull()
  })

  it('are compared with those before, and a week without a plan or before says so', () => {
    const week = {
      ...{
        monday: '2026-11-23',
        days: 5,
        dutySeconds: 1000,
        movedMetres: 220_000,
        silentSeconds: 50,
      },
      ...{ planned: 10, done: 8, missed: 2, extra: 1, workedMinutes: 1, lateDays: 3 },
    }
    expect(digestOf(week, { ...week, movedMetres: 200_000 })).toBe(
      '计划拜访 10 次，完成 8 次（80%），漏访 2 次，另有 1 次计划外\n里程 220 公里（比前一周多 10%）；当班静默 5%；迟到 3 人次',
    )
    const none = { ...week, planned: 0, done: 0, dutySeconds: 0 }
    expect(digestOf(none, { ...week, movedMetres: 0 })).toBe(
      '拜访 1 次，没有计划\n里程 220 公里；迟到 3 人次',
    )
  })
})
