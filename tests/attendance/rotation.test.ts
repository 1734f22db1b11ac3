import { expect, test } from 'vitest'
import { bookOf, BUILT_IN } from '../../backend/attendance/calendars/index.ts'
import { DEFAULT_RULE_SET, DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { overtimeAsked, overtimeRuleOf } from '../../backend/attendance/overtime.ts'
import { factsOn } from '../../backend/attendance/resolve.ts'
import { Rules } from '../../backend/contract/ruleSets.ts'

const china = bookOf(BUILT_IN[0] ?? null, [])
const week = (saturday: string | null) => [...Array<string>(5).fill('day'), saturday, null]

/** Big and small weeks: every other Saturday is worked. */
const bigAndSmall = (more: object) =>
  Rules.parse({
    ...DEFAULT_RULES,
    cycle: { from: '2024-01-01', shifts: [...week('day'), ...week(null)], ...more },
  })
const shiftOn = (date: string, more: object = {}) =>
  factsOn(date, { ...DEFAULT_RULE_SET, rules: bigAndSmall(more) }, china, undefined).shift?.id ?? null // prettier-ignore

test('of big and small weeks every other Saturday is worked', () => {
  const saturdays = ['2026-01-17', '2026-01-24', '2026-01-31']
  expect(saturdays.map((date) => shiftOn(date))).toEqual(['day', null, 'day'])
})

test('a rest of a rotation gives way on a make-up workday only where the rules say so', () => {
  const makeUps = ['2026-01-04', '2026-09-20'] // Sundays
  expect(makeUps.map((date) => shiftOn(date))).toEqual([null, null])
  expect(makeUps.map((date) => shiftOn(date, { makeUp: true }))).toEqual(['day', 'day'])
  expect(shiftOn('2026-10-02', { makeUp: true })).toBeNull() // a holiday stays one
  expect(shiftOn('2026-01-24', { makeUp: true })).toBeNull() // and a plain Saturday a rest
})

test('overtime by rule says that it is by rule, and that it follows the end of work', () => {
  const rule = { ...overtimeRuleOf(DEFAULT_RULES, 'workday'), by: 'either' as const, afterMin: 30, beforeShift: true } // prettier-ignore
  const approved = [{ from: 1200, to: 1260, id: 'a' }]
  const asked = overtimeAsked(rule, approved, { work: { begins: 540, ends: 1080 }, owns: () => true }) // prettier-ignore
  expect(asked.map(({ from, byRule = false, follows = false }) => [from, byRule, follows])).toEqual(
    [
      [1200, false, false],
      [1110, true, true],
      [-2340, true, false],
    ],
  )
})
