import { Rules, type RuleSet } from '../contract/ruleSets.ts'

export const DEFAULT_SET = 'default'

const HALF_OVERTIME = { by: 'request', leastMin: 30, stepMin: 30 } as const

/** What a Chinese company means by default: 09:00–18:00 with an hour's rest on workdays, make-up days included. */
export const DEFAULT_RULES: Rules = Rules.parse({
  shifts: [
    {
      id: 'day',
      name: '标准班',
      asks: {
        kind: 'fixed',
        sections: [{ in: '09:00', out: '18:00', rest: [['12:00', '13:00']] }],
        graceLateMin: 5,
        seriousLateMin: 30,
        absentLateMin: 120,
        windowBeforeMin: 120,
        windowAfterMin: 240,
        uploadGraceMin: 120,
      },
    },
  ],
  week: ['day', 'day', 'day', 'day', 'day', null, null],
  overtime: {
    workday: { ...HALF_OVERTIME, as: 'choice', factor: 1.5 },
    restday: { ...HALF_OVERTIME, as: 'choice', factor: 2 },
    holiday: { ...HALF_OVERTIME, as: 'pay', factor: 3 },
  },
  counters: [{ counts: ['late', 'serious_late'], every: 3, makes: 'absent_half_day' }],
  corrections: {},
  outside: {},
})

/** The set of a company that has none of its own. */
export const DEFAULT_RULE_SET: RuleSet = {
  id: DEFAULT_SET,
  version: 1,
  name: '默认规则',
  validFrom: '2000-01-01',
  rules: DEFAULT_RULES,
  madeBy: '',
  madeAt: 0,
}
