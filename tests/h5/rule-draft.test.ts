import { expect, it } from 'vitest'
import { DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { Rules } from '../../backend/contract/ruleSets.ts'
import { DraftRules, valueAt, withAt, withoutItem } from '../../h5/attendanceHr/rules/draft.ts'
import { shiftSentences } from '../../h5/attendanceHr/rules/shiftSentences.ts'

const REMIND = 'shifts.0.asks.sections.0.remind'
const keysOf = (rules: DraftRules) =>
  rules.shifts.flatMap((shift, index) => shiftSentences(shift, index).map(({ key }) => key))

it('opens rules that leave out what may be left out, and says no sentence of it', () => {
  const draft = DraftRules.parse(JSON.parse(JSON.stringify(DEFAULT_RULES)))
  expect(Rules.parse(draft)).toEqual(DEFAULT_RULES)
  expect(keysOf(draft)).not.toContain('remindSection')
})

it('takes reminders of a section in, says them, and takes them away again', () => {
  const draft = DraftRules.parse(DEFAULT_RULES)
  const more = DraftRules.parse(withAt(draft, REMIND, { inMin: 5, outMin: null }))
  expect(keysOf(more)).toContain('remindSection')
  expect(valueAt(Rules.parse(more), REMIND)).toEqual({ inMin: 5, outMin: null })
  const less = DraftRules.parse(withoutItem(more, REMIND))
  expect(Rules.parse(JSON.parse(JSON.stringify(less)))).toEqual(DEFAULT_RULES)
})
