import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ledgerOf } from '../../backend/attendance/index.ts'
import { DayInput, DayLedger, Shift, type MinuteClass } from '../../backend/contract/attendance.ts'
import { oracle } from './oracle.ts'
import { days } from './random.ts'

const CASES = 20_000
const CLASSES = ['worked', 'forgiven', 'late', 'early', 'unproven', 'absent', 'leave', 'outing', 'short'] as const // prettier-ignore

const told = ({ due, minutes }: DayLedger) => ({
  due: due.map(({ due: name, at, result, punch }) => ({ due: name, at, result, punch })),
  minutes,
})

test('the engine and a slow oracle, written apart, agree on 20,000 days of every kind', () => {
  fc.assert(
    fc.property(days, (input) => {
      expect(told(ledgerOf(input))).toEqual(oracle(input))
    }),
    { numRuns: CASES, seed: 20_261 },
  )
}, 120_000)

test('the classes of minutes add up exactly, and the pieces are those minutes', () => {
  fc.assert(
    fc.property(days, (input) => {
      const { minutes, pieces, due } = ledgerOf(input)
      expect(CLASSES.reduce((sum, kind) => sum + minutes[kind], 0)).toBe(minutes.required)
      const sums = new Map<MinuteClass, number>()
      for (const { from, to, kind } of pieces) sums.set(kind, (sums.get(kind) ?? 0) + to - from)
      for (const [kind, size] of sums) expect(size).toBe(minutes[kind])
      pieces.forEach(({ from }, index) => expect(from).toBeGreaterThanOrEqual(index > 0 && due.length > 0 ? (pieces[index - 1]?.to ?? from) : -Infinity)) // prettier-ignore
    }),
    { numRuns: 1000, seed: 1 },
  )
})

test('no punch is used twice, and every punch has one use', () => {
  fc.assert(
    fc.property(days, (input) => {
      const { punches } = ledgerOf(input)
      expect(punches).toHaveLength(input.punches.length)
      const dues = punches.map(({ use }) => use).filter((use) => /^(in|out)\d/.test(use))
      expect(new Set(dues).size).toBe(dues.length)
    }),
    { numRuns: 1000, seed: 2 },
  )
})

test('the order of the evidence changes nothing', () => {
  fc.assert(
    fc.property(days, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), (input, order) => {
      const shuffled = <T>(all: readonly T[]) =>
        all.map((each, index) => ({ each, key: order[index % 6] ?? 0 })).sort((a, b) => a.key - b.key).map(({ each }) => each) // prettier-ignore
      const other = { ...input, punches: shuffled(input.punches), leaves: shuffled(input.leaves), outings: shuffled(input.outings), overtime: shuffled(input.overtime) } // prettier-ignore
      expect(ledgerOf(other)).toEqual(ledgerOf(input))
    }),
    { numRuns: 1000, seed: 3 },
  )
})

test('what is shown, sent as JSON and read again, gives what is shown', () => {
  fc.assert(
    fc.property(days, (input) => {
      const ledger = DayLedger.parse(JSON.parse(JSON.stringify(ledgerOf(input))))
      const shown = DayInput.parse(JSON.parse(JSON.stringify(input)))
      expect(ledgerOf(shown)).toEqual(ledger)
    }),
    { numRuns: 200, seed: 4 },
  )
})

const DAY = {
  zone: 'Asia/Shanghai',
  date: '2026-03-10',
  dayType: 'workday',
  now: 3000,
}
const day = (shift: object, punches: number[], more: object = {}) =>
  ledgerOf(DayInput.parse({ ...DAY, shift: Shift.parse(shift), punches: punches.map((at) => ({ at })), ...more })) // prettier-ignore
const NINE_TO_SIX = { kind: 'fixed', sections: [{ in: '09:00', out: '18:00', rest: [['12:00', '13:00']] }], graceLateMin: 5 } // prettier-ignore

test('where nobody punches out an in proves the rest of its section', () => {
  const { due, minutes } = day({ ...NINE_TO_SIX, noOut: true }, [550, 700, 1090])
  expect(due).toMatchObject([{ due: 'in1', result: 'late', punch: 550 }])
  expect(minutes).toMatchObject({ required: 480, late: 10, worked: 470, unproven: 0 })
  expect(day({ ...NINE_TO_SIX, noOut: true }, []).minutes).toMatchObject({ absent: 480 })
})

test('after a late evening one may come later, and the reasoning says so', () => {
  const { due, minutes, explanation } = day(NINE_TO_SIX, [580, 1080], { allowance: { lateMin: 60, after: -120 } }) // prettier-ignore
  expect(due[0]?.result).toBe('normal')
  expect(minutes).toMatchObject({ forgiven: 40, worked: 440, late: 0 })
  expect(explanation).toContainEqual({ code: 'allowance', values: { due: 'in1', dueAt: 540, punchAt: 580, lateMin: 40, graceMin: 5, allowedMin: 60, afterAt: -120 } }) // prettier-ignore
})

test('the reasoning names every step of a day as codes and numbers', () => {
  const input = { leaves: [{ kind: 'sick', from: 540, to: 720 }], overtime: [{ from: 1080, to: 1200 }], corrections: [{ due: 'out1', at: 1080 }] } // prettier-ignore
  const codes = day(NINE_TO_SIX, [300, 775, 790, 791, 900, 1150], input).explanation.map(({ code }) => code) // prettier-ignore
  expect(codes).toEqual(['required', 'due_moved', 'outside', 'between', 'repeated', 'between', 'in_normal', 'corrected', 'out_normal', 'leave', 'overtime']) // prettier-ignore
})

test('each result has its reason, with the numbers that decided', () => {
  const shift = { ...NINE_TO_SIX, seriousLateMin: 30, absentLateMin: 120, graceEarlyMin: 5 }
  const reasons = (punches: number[], more: object = {}) =>
    day(shift, punches, more).explanation.map(({ code }) => code).filter((code) => code !== 'required') // prettier-ignore
  expect(reasons([545, 1075])).toEqual(['in_forgiven', 'out_forgiven'])
  expect(reasons([546, 1074])).toEqual(['in_late', 'out_early'])
  expect(reasons([570, 1080])).toEqual(['in_serious_late', 'out_normal'])
  expect(reasons([660, 1080])).toEqual(['in_absent', 'out_normal'])
  expect(reasons([540])).toEqual(['in_normal', 'missing'])
  expect(reasons([])).toEqual(['absent', 'absent'])
  expect(reasons([], { now: 600 })).toEqual(['pending', 'pending'])
  expect(reasons([], { leaves: [{ kind: 'x', from: 0, to: 1440 }] })).toEqual(['excused', 'excused', 'leave']) // prettier-ignore
  expect(reasons([540, 1080], { outings: [{ from: 600, to: 660 }], overtime: [{ from: 1100, to: 1200 }] })).toEqual(['in_normal', 'out_normal', 'outing', 'overtime_unproven']) // prettier-ignore
  expect(day(shift, [546, 1080]).explanation[1]).toEqual({ code: 'in_late', values: { due: 'in1', dueAt: 540, punchAt: 546, lateMin: 6, graceMin: 5, seriousMin: 30, absentMin: 120 } }) // prettier-ignore
  const free = { kind: 'free', requiredMin: 480, dayBoundary: '04:00' }
  const of = (punches: number[]) => day(free, punches).explanation.map(({ code }) => code)
  expect([of([]), of([600]), of([600, 900])]).toEqual([['free_required', 'free_none'], ['free_required', 'free_one'], ['free_required', 'short']]) // prettier-ignore
  for (const [dayType, code] of [
    ['restday', 'restday'],
    ['holiday', 'holiday'],
    ['unscheduled', 'unscheduled'],
  ] as const)
    // prettier-ignore
    expect(day(shift, [], { dayType }).explanation).toEqual([{ code, values: {} }])
  expect(day({ ...NINE_TO_SIX, kind: 'flexible', flexMin: 30 }, [560, 1100]).explanation[1]).toEqual({ code: 'flexed', values: { movedMin: 20 } }) // prettier-ignore
})
