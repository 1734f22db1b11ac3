import type { Flow, FlowStep, LeaveKind, LeaveKinds } from '../contract/approvalSettings.ts'

const step = (by: FlowStep['by']): FlowStep => ({
  by,
  need: 'any',
  remindAfterHours: 24,
  escalateAfterHours: 72,
})

/** Until a company says otherwise: the direct leader; of leave over three days also the next one up, and HR. */
export const DEFAULT_FLOW: Flow = {
  rules: [
    {
      name: '三天以上的假',
      when: { kinds: ['leave'], leaveKinds: [], daysOver: 3 },
      steps: [
        step({ who: 'direct_leader' }),
        step({ who: 'department_leader', up: 2 }),
        step({ who: 'hr' }),
      ],
    },
    {
      name: '其他申请',
      when: { kinds: [], leaveKinds: [], daysOver: null },
      steps: [step({ who: 'direct_leader' })],
    },
  ],
  whenMissing: 'next',
}

const PLAIN = {
  unit: 'day',
  paid: true,
  counts: 'workdays',
  balance: 'none',
  daysPerYear: 0,
  fromYear: 2026,
  carryOverDays: 0,
  carryUntil: '03-31',
  lastsMonths: 6,
  maxDays: null,
  photoAfterDays: null,
  active: true,
} as const

const kind = (key: string, name: string, nameEn: string, more: Partial<LeaveKind> = {}) => ({
  ...PLAIN,
  ...more,
  ...{ key, name, nameEn },
})

/**
 * The kinds a Chinese company has, with the days of national rules where there are any (职工带薪年休假条例:
 * 5 days from one year of service on; 女职工劳动保护特别规定: 98 days of maternity leave). Provinces give more.
 */
export const DEFAULT_LEAVE: LeaveKinds = {
  minutesPerDay: 480,
  kinds: [
    kind('annual', '年假', 'Annual leave', {
      ...{ unit: 'half_day', balance: 'granted', daysPerYear: 5, carryOverDays: 5 },
    }),
    kind('sick', '病假', 'Sick leave', { unit: 'half_day', photoAfterDays: 2 }),
    kind('personal', '事假', 'Personal leave', { unit: 'hour', paid: false }),
    kind('compensatory', '调休', 'Time off in lieu', { unit: 'hour', balance: 'overtime' }),
    kind('marriage', '婚假', 'Marriage leave', { maxDays: 15 }),
    kind('maternity', '产假', 'Maternity leave', { counts: 'calendar', maxDays: 190 }),
    kind('paternity', '陪产假', 'Paternity leave', { counts: 'calendar', maxDays: 30 }),
    kind('bereavement', '丧假', 'Bereavement leave', { maxDays: 5 }),
    kind('childcare', '育儿假', 'Childcare leave', { balance: 'granted', unit: 'half_day' }),
    kind('injury', '工伤假', 'Work injury leave', { counts: 'calendar', photoAfterDays: 0 }),
  ],
}
