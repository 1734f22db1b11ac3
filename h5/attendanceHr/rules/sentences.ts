import { valueAt, type DraftRules } from './draft.ts'
import { choice, date, lateSentence, many, number, optional, SHIFTS, text, time, YES, type Sentence } from './gaps.ts' // prettier-ignore

/** When which shift is worked. */
export function weekSentences(rules: DraftRules): Sentence[] {
  const shifts = ['', ...rules.shifts.map(({ id }) => id)]
  const days = Array.from({ length: 7 }, (_, day) => [`d${day}`, choice(`week.${day}`, SHIFTS, shifts)]) // prettier-ignore
  return [
    { key: 'week', fields: Object.fromEntries(days) },
    ...(rules.cycle ? [cycle] : []),
    {
      key: 'holidays',
      fields: {
        calendar: choice('calendar', 'calendars', ['CN', '']),
        rest: choice('restOnHolidays', 'rests', YES),
      },
    },
    ...rules.specials.map((_, index) => ({
      ...{ key: 'special', item: `specials.${index}` },
      fields: {
        date: date(`specials.${index}.date`),
        shift: choice(`specials.${index}.shiftId`, SHIFTS, shifts),
        note: text(`specials.${index}.note`),
      },
    })),
  ]
}

const cycle: Sentence = {
  ...{ key: 'cycle', item: 'cycle' },
  fields: {
    from: date('cycle.from'),
    turns: { kind: 'turns', path: 'cycle.shifts' },
    makeUp: choice('cycle.makeUp', 'makeUp', YES),
  },
}

/** Everything that holds whatever the shift. */
export const companySentences = (rules: DraftRules): Sentence[] => [
  ...rules.counters.map((_, index) => counterSentence(`counters.${index}`)),
  ...corrections,
  ...outside,
  ...DAYS.flatMap((day) => overtimeSentences(rules, day)),
  ...rules.lateAfterOvertime.map((_, index) => lateSentence('lateAfterOvertime', `lateAfterOvertime.${index}`)), // prettier-ignore
  { key: 'duty', fields: { before: number('dutyBeforeMin'), after: number('dutyAfterMin') } },
  { key: 'exempt', fields: { people: { kind: 'list', path: 'exempt' } } },
]

const COUNTED = ['late', 'serious_late', 'early', 'missing', 'absent', 'corrected']

const counterSentence = (path: string): Sentence => ({
  ...{ key: 'counter', item: path },
  fields: {
    counts: many(`${path}.counts`, 'counts', COUNTED),
    over: choice(`${path}.over`, 'over', ['month', 'week']),
    free: number(`${path}.free`),
    freeMin: number(`${path}.freeMin`),
    every: number(`${path}.every`),
    makes: choice(`${path}.makes`, 'makes', ['absent_half_day', 'absent_day', 'notice']),
  },
})

const corrections: Sentence[] = [
  {
    key: 'corrections',
    fields: {
      month: optional('corrections.perMonth'),
      days: optional('corrections.withinDays'),
      until: optional('corrections.untilDay'),
    },
  },
  {
    key: 'correctable',
    fields: {
      kinds: many('corrections.kinds', 'correctable', ['missing', 'late', 'early', 'absent']),
      remind: choice('corrections.remind', 'remindMissing', YES),
    },
  },
]

const outside: Sentence[] = [
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
]

export const DAYS = ['workday', 'restday', 'holiday'] as const

function overtimeSentences(rules: DraftRules, day: (typeof DAYS)[number]): Sentence[] {
  const at = `overtime.${day}`
  return [overtimeSentence(day), ...(day === 'workday' ? [evening] : []), ...restSentences(rules, at, { day: `hrRules.dayType.${day}` })] // prettier-ignore
}

const BASES = ['request', 'punches', 'either', 'approval', 'none']

const overtimeSentence = (day: string): Sentence => ({
  key: `overtime_${day}`,
  fields: {
    by: choice(`overtime.${day}.by`, 'overtimeBy', BASES),
    least: number(`overtime.${day}.leastMin`),
    step: number(`overtime.${day}.stepMin`),
    most: optional(`overtime.${day}.mostMin`),
    as: choice(`overtime.${day}.as`, 'overtimeAs', ['pay', 'leave', 'choice']),
    factor: number(`overtime.${day}.factor`),
  },
})

/** Only a day with a shift has a time before and after it. */
const evening: Sentence = {
  key: 'evening',
  fields: {
    after: number('overtime.workday.afterMin'),
    before: choice('overtime.workday.beforeShift', 'beforeShift', YES),
  },
}

/** Whether something of a day's overtime is rest, and what; the last line takes the whole word with it. */
function restSentences(rules: DraftRules, at: string, said: Sentence['said'] & object): Sentence[] {
  const [times, lines] = [valueAt(rules, `${at}.rest.times`), valueAt(rules, `${at}.rest.lines`)]
  const by = { by: choice(`${at}.rest.by`, 'overtimeRest', ['', 'clock', 'length']) }
  const itemsOf = (list: unknown, path: string) =>
    Array.isArray(list) ? list.map((_, index) => ({ path: `${path}.${index}`, item: list.length > 1 ? `${path}.${index}` : `${at}.rest` })) : [] // prettier-ignore
  return [
    { key: 'overtimeRest', fields: by, said },
    ...itemsOf(times, `${at}.rest.times`).map(({ path, item }) => ({
      ...{ key: 'overtimeRestAt', said, item },
      fields: { from: time(`${path}.0`), to: time(`${path}.1`) },
    })),
    ...itemsOf(lines, `${at}.rest.lines`).map(({ path, item }) => ({
      ...{ key: 'overtimeRestFrom', said, item },
      fields: { from: number(`${path}.fromMin`), rest: number(`${path}.restMin`) },
    })),
  ]
}
