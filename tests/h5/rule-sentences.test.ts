import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { DEFAULT_RULES } from '../../backend/attendance/defaults.ts'
import { Rules } from '../../backend/contract/ruleSets.ts'
import { DraftRules, valueAt } from '../../h5/attendanceHr/rules/draft.ts'
import type { Field, Sentence } from '../../h5/attendanceHr/rules/gaps.ts'
import { companySentences, weekSentences } from '../../h5/attendanceHr/rules/sentences.ts'
import { shiftSentences } from '../../h5/attendanceHr/rules/shiftSentences.ts'
import { changed, parsed, shown } from '../../h5/attendanceHr/rules/values.ts'
import { en, zh } from '../../h5/messages/hrRules.ts'

/** Fields without a sentence of their own, and why. */
const SILENT: Record<string, string> = {
  'shifts.*.id': 'the program’s name of a shift',
  'wecom.*': 'only WeCom’s own punching uses it; the page says so in one sentence',
  'overtime.restday.beforeShift': 'a day without a shift has nothing before it',
  'overtime.restday.afterMin': 'nor an end of work',
  'overtime.holiday.beforeShift': 'likewise',
  'overtime.holiday.afterMin': 'likewise',
}

/** Rules in which every list has something and every kind of shift and rest is there. */
const section = { in: '09:00', out: '12:00', rest: [['10:00', '10:15']], remind: { inMin: 5, outMin: 5 } } // prettier-ignore
const late = [{ outAfterMin: 120, lateMin: 60 }]
const FULL = Rules.parse({
  ...DEFAULT_RULES,
  shifts: [
    { id: 'day', name: '班', asks: { kind: 'fixed', sections: [section] }, lateAfterOvertime: late },
    { id: 'flex', name: '弹', asks: { kind: 'flexible', flexMin: 30, sections: [section, { in: '13:00', out: '18:00' }] } },
    { id: 'free', name: '自', asks: { kind: 'free', requiredMin: 480, rest: [['12:00', '13:00']] } },
  ],
  cycle: { from: '2024-01-01', shifts: ['day', null, 'free'] },
  specials: [{ date: '2026-05-04', shiftId: null, note: '店庆' }],
  lateAfterOvertime: late,
  overtime: {
    ...DEFAULT_RULES.overtime,
    workday: { ...DEFAULT_RULES.overtime.workday, rest: { by: 'clock', times: [['18:00', '18:30'], ['22:00', '22:30']] } },
    restday: { ...DEFAULT_RULES.overtime.restday, rest: { by: 'length', lines: [{ fromMin: 240, restMin: 30 }] } },
    holiday: { ...DEFAULT_RULES.overtime.holiday, rest: { by: 'length', lines: [{ fromMin: 240, restMin: 30 }] } },
  },
  exempt: ['boss'],
}) // prettier-ignore

const draftOf = (rules: unknown) => DraftRules.parse(JSON.parse(JSON.stringify(rules)))
const sentencesOf = (rules: DraftRules): Sentence[] => [
  ...rules.shifts.flatMap((shift, index) => shiftSentences(shift, index)),
  ...weekSentences(rules),
  ...companySentences(rules),
]
const any = (path: string) => path.replace(/\d+(?=\.|$)/g, '*')

/** Every field of a schema by its path, items of lists as `*`. */
function leavesOf(type: z.core.$ZodType, path: string): string[] {
  const { def } = type._zod
  const at = (key: string) => (path === '' ? key : `${path}.${key}`)
  const inside = (each: unknown, key = path) => (isSchema(each) ? leavesOf(each, key) : [])
  const of = (key: string): unknown => Reflect.get(def, key)
  if (def.type === 'object') return Object.entries(Object(of('shape'))).flatMap(([key, each]) => inside(each, at(key))) // prettier-ignore
  if (def.type === 'array') return inside(of('element'), at('*'))
  if (def.type === 'tuple') return listOf(of('items')).flatMap((each) => inside(each, at('*')))
  if (def.type === 'union' && !listOf(of('options')).every(isLiteral)) return listOf(of('options')).flatMap((each) => inside(each)) // prettier-ignore
  return isSchema(of('innerType')) ? inside(of('innerType')) : [path]
}
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const isSchema = (value: unknown): value is z.core.$ZodType => typeof value === 'object' && value !== null && '_zod' in value // prettier-ignore
const isLiteral = (value: unknown) => isSchema(value) && value._zod.def.type === 'literal'

describe('every field that a rule set can hold', () => {
  const leaves = [...new Set(leavesOf(Rules, ''))]
  const silent = (leaf: string) => Object.keys(SILENT).some((each) => each === leaf || (each.endsWith('.*') && leaf.startsWith(each.slice(0, -1)))) // prettier-ignore

  it('is said in a sentence, or says why not', () => {
    const said = new Set(sentencesOf(draftOf(FULL)).flatMap(({ fields }) => Object.values(fields).map(({ path }) => any(path)))) // prettier-ignore
    const restOf = (leaf: string) => leaf.replace(/^overtime\.\w+\.rest/, 'rest')
    const known = new Set([...said].map(restOf)) // each day can have either kind of rest
    const missing = leaves.filter((leaf) => ![leaf, leaf.replace(/\.\*$/, '')].some((each) => known.has(restOf(each))) && !silent(leaf)) // prettier-ignore
    expect(leaves.length).toBeGreaterThan(80)
    expect(missing).toEqual([])
  })

  it('is asked for nothing that does not exist', () => {
    const wrong = sentencesOf(draftOf(FULL)).flatMap(({ fields }) => Object.values(fields)).filter(({ path }) => valueAt(FULL, path) === undefined) // prettier-ignore
    expect(wrong).toEqual([])
  })

  it.each([
    ['zh', zh],
    ['en', en],
  ])('has its words in %s, with a name for each gap and each choice', (_, words) => {
    const wordsOf = ({ list, options = [] }: Field) => list === undefined || list === 'shifts' ? [] : options.map((each) => `${list}.${each === '' ? 'none' : each.replace('.', '_')}`) // prettier-ignore
    for (const { key, fields, said = {} } of sentencesOf(draftOf(FULL))) {
      const text = String(valueAt(words, `say.${key}`))
      const gaps = text.match(/\{\w+\}/g) ?? []
      expect([...gaps].sort()).toEqual([...Object.keys(fields), ...Object.keys(said)].map((gap) => `{${gap}}`).sort()) // prettier-ignore
      const wanted = [...Object.keys(fields).map((name) => `field.${key}.${name}`), ...Object.values(fields).flatMap(wordsOf)] // prettier-ignore
      expect(wanted.filter((path) => typeof valueAt(words, path) !== 'string')).toEqual([])
    }
  })

  it('keeps its value when its field is left as it stands', () => {
    const draft = draftOf(FULL)
    for (const { fields } of sentencesOf(draft))
      for (const field of Object.values(fields)) {
        const value = valueAt(draft, field.path)
        expect(parsed(field, shown(field, value, draft), draft), field.path).toEqual(value)
      }
  })
})

describe('a word that decides what else there is to say', () => {
  it('turns a shift into another kind, and back', () => {
    const at = 'shifts.0.asks.kind'
    const flexible = changed(draftOf(DEFAULT_RULES), at, 'flexible')
    expect(Rules.parse(flexible).shifts[0]?.asks).toMatchObject({
      kind: 'flexible',
      flexMin: 30,
      graceLateMin: 5,
    })
    expect(Rules.parse(changed(flexible, at, 'fixed'))).toEqual(DEFAULT_RULES)
    const free = changed(flexible, at, 'free')
    expect(Rules.parse(free).shifts[0]?.asks).toMatchObject({ kind: 'free', requiredMin: 480 })
    expect(Rules.parse(changed(free, at, 'fixed')).shifts[0]?.asks.kind).toBe('fixed')
  })

  it('says nothing of reminders after work where nobody punches out', () => {
    const paths = (draft: DraftRules) =>
      sentencesOf(draft).flatMap(({ fields }) => Object.values(fields).map(({ path }) => path))
    const after = ['shifts.0.remindOutMin', 'shifts.0.asks.sections.0.remind.outMin']
    const draft = draftOf(FULL)
    expect(paths(draft)).toEqual(expect.arrayContaining(after))
    const without = paths(draftOf(changed(draft, 'shifts.0.asks.noOut', true)))
    expect(after.filter((path) => without.includes(path))).toEqual([])
    expect(without).toContain('shifts.0.remindInMin')
  })

  it('brings rests within overtime, and takes them away', () => {
    const at = 'overtime.restday.rest.by'
    for (const by of ['clock', 'length']) {
      const rules = changed(draftOf(DEFAULT_RULES), at, by)
      expect(Rules.parse(rules).overtime.restday.rest?.by).toBe(by)
      expect(Rules.parse(changed(rules, at, null))).toEqual(DEFAULT_RULES)
    }
  })

  it('reads a rotation by the letters of the shifts, and refuses one that is none', () => {
    const field = { kind: 'turns', path: 'cycle.shifts' } as const
    const draft = draftOf(FULL)
    expect(parsed(field, 'AAB - C', draft)).toEqual(['day', 'day', 'flex', null, 'free'])
    expect(shown(field, ['day', null, 'gone'], draft)).toBe('A-gone')
    const wrong = Rules.safeParse(changed(draft, field.path, parsed(field, 'AX', draft)))
    expect(wrong.error?.issues[0]?.message).toBe('must be a shift of this rule set')
  })
})
