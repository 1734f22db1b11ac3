import type { DraftRules, DraftShift } from './draft.ts'

/**
 * Rules as sentences with gaps to fill in. A sentence is `hrRules.say.<key>`; each gap names the place in
 * the rules that it stands for, and the same sentence with its gaps filled is how a rule is read.
 */
export interface Field {
  readonly kind: 'number' | 'optional' | 'time' | 'text' | 'choice'
  readonly path: string
  /** Of a choice: word list `hrRules.<list>`, and what may be chosen. */
  readonly list?: string
  readonly options?: readonly string[]
}

export interface Sentence {
  readonly key: string
  readonly fields: Readonly<Record<string, Field>>
  /** The list that this is an item of: it can be taken away. */
  readonly item?: string
}

const number = (path: string): Field => ({ kind: 'number', path })
const optional = (path: string): Field => ({ kind: 'optional', path })
const time = (path: string): Field => ({ kind: 'time', path })
const choice = (path: string, list: string, options: readonly string[]): Field => ({ kind: 'choice', path, list, options }) // prettier-ignore

/** Shifts to choose from are named by the rules themselves, not by a word list. */
export const SHIFTS = 'shifts'

/** What a shift asks, sentence by sentence. */
export function shiftSentences(
  shift: Pick<DraftShift, 'asks' | 'lateAfterOvertime'>,
  index: number,
): Sentence[] {
  const { asks } = shift
  const at = `shifts.${index}`
  const named: Sentence = {
    key: 'named',
    fields: {
      name: { kind: 'text', path: `${at}.name` },
      days: choice(`${at}.days`, 'dayCount', ['1', '0.5']),
    },
  }
  if (asks.kind === 'free') {
    const free = { required: number(`${at}.asks.requiredMin`), boundary: time(`${at}.asks.dayBoundary`) } // prettier-ignore
    return [named, { key: 'free', fields: free }, ...rests(asks.rest, `${at}.asks.rest`)]
  }
  return [
    named,
    ...asks.sections.flatMap((section, number) => {
      const path = `${at}.asks.sections.${number}`
      const hours = { in: time(`${path}.in`), out: time(`${path}.out`) }
      const item = number > 0 ? { item: path } : {}
      return [{ key: 'section', fields: hours, ...item }, ...rests(section.rest, `${path}.rest`)]
    }),
    ...(asks.kind === 'flexible' ? [{ key: 'flex', fields: { min: number(`${at}.asks.flexMin`) } }] : []), // prettier-ignore
    ...judgingSentences(at),
    ...asks.sections.flatMap(({ remind }, number) => remind ? [remindSentence(`${at}.asks.sections.${number}`)] : []), // prettier-ignore
    ...lateSentences(shift.lateAfterOvertime, `${at}.lateAfterOvertime`),
  ]
}

const judgingSentences = (at: string): Sentence[] => [
  {
    key: 'late',
    fields: {
      grace: number(`${at}.asks.graceLateMin`),
      serious: optional(`${at}.asks.seriousLateMin`),
      absent: optional(`${at}.asks.absentLateMin`),
    },
  },
  { key: 'early', fields: { grace: number(`${at}.asks.graceEarlyMin`) } },
  {
    key: 'window',
    fields: {
      before: number(`${at}.asks.windowBeforeMin`),
      after: number(`${at}.asks.windowAfterMin`),
      upload: number(`${at}.asks.uploadGraceMin`),
    },
  },
  {
    key: 'remind',
    fields: { in: optional(`${at}.remindInMin`), out: optional(`${at}.remindOutMin`) },
  },
]

/** Of a section with reminders of its own. */
const remindSentence = (path: string): Sentence => ({
  ...{ key: 'remindSection', item: `${path}.remind` },
  fields: {
    begin: time(`${path}.in`),
    in: optional(`${path}.remind.inMin`),
    out: optional(`${path}.remind.outMin`),
  },
})

/** Of a shift that says itself what a long evening allows; a list of nothing is a word, too. */
function lateSentences(lines: DraftShift['lateAfterOvertime'], path: string): Sentence[] {
  if (lines?.length === 0) return [{ key: 'neverLater', fields: {}, item: path }]
  return (lines ?? []).map((_, index) => lateSentence('lateAfter', `${path}.${index}`))
}

const lateSentence = (key: string, path: string): Sentence => ({
  ...{ key, item: path },
  fields: { out: number(`${path}.outAfterMin`), late: number(`${path}.lateMin`) },
})

const rests = (list: readonly unknown[], path: string): Sentence[] =>
  list.map((_, index) => ({
    ...{ key: 'rest', item: `${path}.${index}` },
    fields: { from: time(`${path}.${index}.0`), to: time(`${path}.${index}.1`) },
  }))

const COUNTED = ['late,serious_late', 'late', 'serious_late', 'early', 'late,serious_late,early', 'missing', 'absent', 'corrected'] // prettier-ignore
const YES = ['true', 'false']

/** When which shift is worked. */
export const weekSentences = (rules: Pick<DraftRules, 'shifts'>): Sentence[] => {
  const shifts = ['', ...rules.shifts.map(({ id }) => id)]
  const days = Array.from({ length: 7 }, (_, day) => [`d${day}`, choice(`week.${day}`, SHIFTS, shifts)]) // prettier-ignore
  return [
    { key: 'week', fields: Object.fromEntries(days) },
    {
      key: 'holidays',
      fields: {
        calendar: choice('calendar', 'calendars', ['CN', '']),
        rest: choice('restOnHolidays', 'rests', YES),
      },
    },
  ]
}

/** Everything that holds whatever the shift. */
export const companySentences = (rules: DraftRules): Sentence[] => [
  ...rules.counters.map((_, index) => counterSentence(`counters.${index}`)),
  {
    key: 'corrections',
    fields: {
      month: optional('corrections.perMonth'),
      days: optional('corrections.withinDays'),
      until: optional('corrections.untilDay'),
    },
  },
  {
    key: 'outside',
    fields: {
      punch: choice('outside.punch', 'away', ['normal', 'outing', 'flag', 'refuse']),
      customer: choice('outside.customerCheckin', 'customer', ['punch', 'none']),
    },
  },
  {
    key: 'visit',
    fields: {
      least: number('outside.visitLeastMin'),
      visit: choice('outside.visit', 'visit', ['outing', 'none']),
    },
  },
  ...['workday', 'restday', 'holiday'].map(overtimeSentence),
  ...rules.lateAfterOvertime.map((_, index) => lateSentence('lateAfterOvertime', `lateAfterOvertime.${index}`)), // prettier-ignore
  { key: 'duty', fields: { before: number('dutyBeforeMin'), after: number('dutyAfterMin') } },
]

const counterSentence = (path: string): Sentence => ({
  ...{ key: 'counter', item: path },
  fields: {
    counts: choice(`${path}.counts`, 'counts', COUNTED),
    over: choice(`${path}.over`, 'over', ['month', 'week']),
    free: number(`${path}.free`),
    every: number(`${path}.every`),
    makes: choice(`${path}.makes`, 'makes', ['absent_half_day', 'absent_day', 'notice']),
  },
})

const overtimeSentence = (day: string): Sentence => ({
  key: `overtime_${day}`,
  fields: {
    by: choice(`overtime.${day}.by`, 'overtimeBy', [
      'request',
      'punches',
      'either',
      'approval',
      'none',
    ]),
    least: number(`overtime.${day}.leastMin`),
    step: number(`overtime.${day}.stepMin`),
    most: optional(`overtime.${day}.mostMin`),
    as: choice(`overtime.${day}.as`, 'overtimeAs', ['pay', 'leave', 'choice']),
    factor: number(`overtime.${day}.factor`),
  },
})
