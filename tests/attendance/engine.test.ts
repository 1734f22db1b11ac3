import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ledgerOf } from '../../backend/attendance/index.ts'
import { checks } from './checks.ts'
import { directChecks } from './directChecks.ts'
import { oracle } from './oracle.ts'
import { days } from './random.ts'

const CASES = 20_000

test('the engine and a slow oracle, written apart, agree on 20,000 days of every kind', () => {
  fc.assert(
    fc.property(days, (input) => {
      const { due, minutes } = ledgerOf(input)
      const told = due.map(({ due: name, at, result, punch }) => ({ due: name, at, result, punch }))
      expect({ due: told, minutes }).toEqual(oracle(input))
    }),
    { numRuns: CASES, seed: 20_261 },
  )
}, 120_000)

test.each([...checks, ...directChecks])('$name', ({ run }) => {
  expect(() => run(ledgerOf)).not.toThrow()
})
