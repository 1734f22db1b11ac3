import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ledgerOf } from '../../backend/attendance/index.ts'
import type { LeaveKind } from '../../backend/contract/approvalSettings.ts'
import { DayInput } from '../../backend/contract/attendance.ts'
import { leaveByKind, overtimeState, requestsOf, tripMinutes } from '../../backend/attendance/exports/granted.ts' // prettier-ignore

const NIGHT = { kind: 'fixed', sections: [{ in: '22:00', out: '30:00', rest: [['26:00', '26:30']] }] } // prettier-ignore
const DAY = { kind: 'fixed', sections: [{ in: '09:00', out: '18:00', rest: [['12:00', '13:00']] }] } // prettier-ignore

/** A day as an export reads it. */
function dayOf(given: object) {
  const input = DayInput.parse({
    ...{ zone: 'Asia/Shanghai', date: '2026-11-24', dayType: 'workday', now: 4000 },
    ...{ shift: DAY, punches: [] },
    ...given,
  })
  const ledger = ledgerOf(input)
  const { leaves, outings, overtime } = input
  return {
    ...{ date: input.date, dayType: input.dayType, dayName: null, shift: null, rules: '' },
    ...{ marks: '', cell: '', minutes: ledger.minutes, overtime: ledger.minutes.overtime },
    ...{ dueDays: 1, due: ledger.due, punches: ledger.punches },
    granted: { leaves, outings, overtime, pieces: ledger.pieces },
  }
}

const KINDS: ReadonlyMap<string, LeaveKind> = new Map()

test('the kinds of leave add up to the leave of the day, however they overlap, and trips never exceed the outings', () => {
  const minute = fc.integer({ min: -1500, max: 3500 })
  const span = fc.tuple(minute, minute).filter(([a, b]) => a !== b).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })) // prettier-ignore
  const leaves = fc.array(fc.tuple(span, fc.constantFrom('annual', 'sick', '')), { maxLength: 4 })
  const outings = fc.array(fc.tuple(span, fc.constantFrom('trip', 'request', 'visit')), { maxLength: 4 }) // prettier-ignore
  fc.assert(
    fc.property(leaves, outings, fc.constantFrom(DAY, NIGHT), (off, out, shift) => {
      const day = dayOf({
        shift,
        leaves: off.map(([each, kind]) => ({ ...each, kind })),
        outings: out.map(([each, source]) => ({ ...each, source })),
      })
      const sum = [...leaveByKind(day).values()].reduce((total, minutes) => total + minutes, 0)
      expect(sum).toBe(day.minutes.leave)
      expect(tripMinutes(day)).toBeLessThanOrEqual(day.minutes.outing)
      if (out.every(([, source]) => source === 'trip')) expect(tripMinutes(day)).toBe(day.minutes.outing) // prettier-ignore
    }),
  )
})

test('of two leaves at the same time the first counts', () => {
  const day = dayOf({
    leaves: [
      { kind: 'sick', from: 540, to: 660 },
      { kind: 'annual', from: 600, to: 720 },
    ],
  })
  expect(Object.fromEntries(leaveByKind(day))).toEqual({ sick: 120, annual: 60 })
})

test('leave of a night is told in its own words, and what lies on the dates beside it is not told', () => {
  const night = dayOf({
    shift: NIGHT,
    leaves: [{ kind: 'x', from: 1440, to: 1560 }],
    outings: [{ source: 'trip', from: 2280, to: 3720 }],
  })
  expect(requestsOf(night, KINDS)).toBe('其他假 次日00:00~次日02:00')
  const before = dayOf({ leaves: [{ kind: 'x', from: 2280, to: 2400 }], overtime: [{ id: 'o', from: 2520, to: 2640 }] }) // prettier-ignore
  expect([requestsOf(before, KINDS), overtimeState(before)]).toEqual([null, null])
})

test('overtime that was asked for and not worked says so; by rule alone it is plain', () => {
  const asked = { id: 'o', from: 1080, to: 1200 }
  const punches = (out: number) => [{ at: 535 }, { at: out }]
  const state = (given: object) => overtimeState(dayOf(given))
  expect(state({ overtime: [asked], punches: punches(1200) })).toBe('正常')
  expect(state({ overtime: [asked], punches: punches(1150) })).toBe('缺时长')
  expect(state({ overtime: [{ from: 1080, to: 3960 }], punches: punches(1150) })).toBe('正常')
  expect(state({ punches: punches(1150) })).toBeNull()
})
