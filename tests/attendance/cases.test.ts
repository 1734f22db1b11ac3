import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { zuji } from '../support/command.ts'

const FILE = path.resolve(import.meta.dirname, '../../fixtures/data/attendance.json')
const Cases = z.object({
  cases: z.array(
    z.looseObject({ id: z.string(), expect: z.object({ due: z.unknown(), minutes: z.unknown() }) }),
  ),
})
const { cases } = Cases.parse(JSON.parse(readFileSync(FILE, 'utf8')))

test('zuji ledger agrees with every number of the written cases, from a document and from lines', async () => {
  const expected = cases.map(({ id, expect: numbers }) => ({ id, ...numbers }))
  const lines = cases.map((each) => JSON.stringify(each)).join('\n')
  for (const asked of [zuji(['ledger', FILE]), zuji(['ledger', '-'], lines)]) {
    const { lines: answers, said, code } = await asked
    expect({ said, code }).toEqual({ said: '', code: 0 })
    expect(answers.map((line): unknown => JSON.parse(line))).toEqual(expected)
  }
})

test('a case that can not be is refused by its line, field and rule, and the others are answered', async () => {
  const [good] = cases
  const section = { in: '09:00', out: '18:00' }
  const shift = (shape: object) => ({
    ...good,
    shift: { kind: 'fixed', sections: [section], ...shape },
  })
  const bad = [
    [shift({ sections: [section, { in: '17:00', out: '20:00' }] }), 'shift.sections[1].in: must not be before the end of the section before it'],
    [shift({ sections: [{ in: '18:00', out: '09:00' }] }), 'shift.sections[0].out: must be after in'],
    [shift({ sections: [{ in: '09:00', out: '25:99' }] }), 'shift.sections[0].out: must be a time HH:MM from 00:00 to 48:00'],
    [shift({ graceLateMin: -1 }), 'shift.graceLateMin: must not be negative'],
    [shift({ kind: 'flexible', flexMin: 60, sections: [section, { in: '19:00', out: '20:00' }] }), 'shift.flexMin: must be shorter than the last section'],
    [{ ...good, punches: ['2026-03-10T25:00'] }, 'punches[0]: must be a time YYYY-MM-DDTHH:MM'],
    [{ ...good, punches: ['2026-02-30T09:00'] }, 'punches[0]: must have a date of the calendar'],
  ] as const // prettier-ignore
  const input = [good, ...bad.map(([each]) => each)].map((each) => JSON.stringify(each)).join('\n')
  const { lines, said, code } = await zuji(['ledger', '-'], input)
  expect(lines).toHaveLength(1)
  expect(code).toBe(1)
  expect(said.trim().split('\n')).toEqual(bad.map(([, words], index) => `line ${index + 2}: ${words}`)) // prettier-ignore
})
