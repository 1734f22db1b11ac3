import type { DraftShift } from './draft.ts'
import { choice, lateSentence, number, optional, text, time, YES, type Sentence } from './gaps.ts'

/** What a shift asks, sentence by sentence. */
export function shiftSentences(
  shift: Pick<DraftShift, 'asks' | 'lateAfterOvertime'>,
  index: number,
): Sentence[] {
  const at = `shifts.${index}`
  const later = lateSentences(shift.lateAfterOvertime, `${at}.lateAfterOvertime`)
  return [...named(at), ...hours(shift.asks, at), ...reminders(shift.asks, at), ...later]
}

const named = (at: string): Sentence[] => [
  {
    key: 'named',
    fields: { name: text(`${at}.name`), days: choice(`${at}.days`, 'dayCount', ['1', '0.5']) },
  },
  {
    key: 'hours',
    fields: { kind: choice(`${at}.asks.kind`, 'shiftKind', ['fixed', 'flexible', 'free']) },
  },
]

function hours(asks: DraftShift['asks'], at: string): Sentence[] {
  if (asks.kind === 'free') {
    const free = { required: number(`${at}.asks.requiredMin`), boundary: time(`${at}.asks.dayBoundary`) } // prettier-ignore
    const apart = { min: number(`${at}.asks.apartMin`) }
    return [
      { key: 'free', fields: free },
      ...rests(asks.rest, `${at}.asks.rest`),
      { key: 'apart', fields: apart },
    ]
  }
  return [
    ...asks.sections.flatMap((section, number) => {
      const path = `${at}.asks.sections.${number}`
      const fields = { in: time(`${path}.in`), out: time(`${path}.out`) }
      const item = asks.sections.length > 1 ? { item: path } : {}
      return [{ key: 'section', fields, ...item }, ...rests(section.rest, `${path}.rest`)]
    }),
    ...(asks.kind === 'flexible' ? [flex(at, asks.sections.length > 1)] : []),
    ...judging(at),
  ]
}

const flex = (at: string, several: boolean): Sentence => ({
  key: several ? 'flexEnds' : 'flex',
  fields: {
    min: number(`${at}.asks.flexMin`),
    early: optional(`${at}.asks.flexEarlyMin`, `${at}.asks.flexMin`),
  },
})

const judging = (at: string): Sentence[] => [
  {
    key: 'late',
    fields: {
      grace: number(`${at}.asks.graceLateMin`),
      serious: optional(`${at}.asks.seriousLateMin`),
      absent: optional(`${at}.asks.absentLateMin`),
    },
  },
  { key: 'early', fields: { grace: number(`${at}.asks.graceEarlyMin`) } },
  { key: 'noOut', fields: { out: choice(`${at}.asks.noOut`, 'noOut', YES) } },
  {
    key: 'window',
    fields: {
      before: number(`${at}.asks.windowBeforeMin`),
      after: number(`${at}.asks.windowAfterMin`),
      upload: number(`${at}.asks.uploadGraceMin`),
    },
  },
]

/** Of the shift, and of each section with reminders of its own. */
function reminders(asks: DraftShift['asks'], at: string): Sentence[] {
  if (asks.kind === 'free') return [] // no punch of it is due at a time
  const noOut = asks['noOut'] === true
  const of = noOut ? REMIND_IN : REMIND_BOTH
  return [
    of(at),
    ...asks.sections.flatMap(({ remind }, number) => remind ? [remindSection(`${at}.asks.sections.${number}`, noOut)] : []), // prettier-ignore
  ]
}

const REMIND_BOTH = (at: string): Sentence => ({
  key: 'remind',
  fields: { in: optional(`${at}.remindInMin`), out: optional(`${at}.remindOutMin`) },
})
/** Nobody punches out, so nobody is reminded of it. */
const REMIND_IN = (at: string): Sentence => ({
  key: 'remindIn',
  fields: { in: optional(`${at}.remindInMin`) },
})

const remindSection = (path: string, noOut: boolean): Sentence => ({
  ...{ key: noOut ? 'remindSectionIn' : 'remindSection', item: `${path}.remind` },
  fields: {
    begin: time(`${path}.in`),
    in: optional(`${path}.remind.inMin`),
    ...(!noOut && { out: optional(`${path}.remind.outMin`) }),
  },
})

/** Of a shift that says itself what a long evening allows; a list of nothing is a word, too. */
function lateSentences(lines: DraftShift['lateAfterOvertime'], path: string): Sentence[] {
  if (lines?.length === 0) return [{ key: 'neverLater', fields: {}, item: path }]
  return (lines ?? []).map((_, index) => lateSentence('lateAfter', `${path}.${index}`))
}

const rests = (list: readonly unknown[], path: string): Sentence[] =>
  list.map((_, index) => ({
    ...{ key: 'rest', item: `${path}.${index}` },
    fields: { from: time(`${path}.${index}.0`), to: time(`${path}.${index}.1`) },
  }))
