import { valueAt, withAt } from './draft.ts'
import type { Field } from './gaps.ts'

/** Ids of the shifts of rules, in order: A is the first. */
function shiftIds(rules: unknown): string[] {
  const shifts = valueAt(rules, 'shifts')
  return Array.isArray(shifts) ? shifts.map((each) => String(valueAt(each, 'id'))) : []
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz' // more shifts than any rotation has

/**
 * Text of a field as the value it stands for. An empty number that may be left out is null; what is no
 * number, or no letter of a shift, stays text, so that the schema can refuse it where it stands.
 */
export function parsed({ kind, path }: Field, given: string, rules: unknown): unknown {
  const text = given.trim()
  if (kind === 'number' || kind === 'optional') return numberOf(text, kind === 'optional')
  if (kind === 'choice') return choiceOf(text, path)
  if (kind === 'many' || kind === 'list') return text.split(/[,，、\s]+/).filter((each) => each !== '') // prettier-ignore
  if (kind === 'turns') return turnsOf(text, shiftIds(rules))
  return kind === 'time' ? padded(text) : given
}

function numberOf(text: string, mayBeLeftOut: boolean): unknown {
  if (text === '') return mayBeLeftOut ? null : ''
  return Number.isFinite(Number(text)) ? Number(text) : text
}

function choiceOf(text: string, path: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  if (path.endsWith('.days')) return Number(text)
  return text === '' ? null : text
}

const turnsOf = (text: string, ids: readonly string[]): unknown[] =>
  [...text.replaceAll(/\s/g, '')].map((letter) => /^[-—－]$/.test(letter) ? null : (ids[LETTERS.indexOf(letter)] ?? letter)) // prettier-ignore

/** `9:5` and `905` are meant as 09:05. */
function padded(text: string): string {
  const [, hour = '', minute = ''] = /^(\d{1,2})[:：]?(\d{1,2})$/.exec(text) ?? []
  return hour === '' ? text : `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
}

/** How a value stands in its field. */
export function shown({ kind }: Field, value: unknown, rules: unknown): string {
  if (value === null || value === undefined) return ''
  if (!Array.isArray(value)) return String(value)
  if (kind !== 'turns') return value.join(',')
  const ids = shiftIds(rules)
  return value.map((id) => (id === null ? '-' : LETTERS.charAt(ids.indexOf(String(id))) || String(id))).join('') // prettier-ignore
}

const PUNCHED = { graceLateMin: 0, graceEarlyMin: 0, seriousLateMin: null, absentLateMin: null, windowBeforeMin: 120, windowAfterMin: 240, uploadGraceMin: 120, noOut: false } // prettier-ignore
const SECTION = { in: '09:00', out: '18:00', rest: [['12:00', '13:00']] }
const EIGHT_HOURS = 480
const HALF_HOUR = 30

/** What a shift asks, turned into another kind; what both kinds say stays. */
function asksOf(asks: unknown, kind: unknown): unknown {
  if (kind === 'free') return { kind, requiredMin: EIGHT_HOURS, dayBoundary: '00:00', rest: [], apartMin: 0 } // prettier-ignore
  const punched = valueAt(asks, 'kind') === 'free' ? { sections: [SECTION], ...PUNCHED } : asks
  const flex = kind === 'flexible' ? { flexMin: HALF_HOUR, flexEarlyMin: null } : {}
  return { ...(typeof punched === 'object' ? punched : {}), kind, ...flex }
}

const RESTS: Readonly<Record<string, unknown>> = {
  clock: { by: 'clock', times: [['18:00', '18:30']] },
  length: { by: 'length', lines: [{ fromMin: 240, restMin: HALF_HOUR }] },
}

/** The rules with another value at a path; where it decides what else there is to say, with that, too. */
export function changed(rules: unknown, path: string, value: unknown): unknown {
  const above = path.slice(0, path.lastIndexOf('.'))
  if (path.endsWith('.asks.kind')) return withAt(rules, above, asksOf(valueAt(rules, above), value))
  if (path.endsWith('.rest.by')) return withAt(rules, above, RESTS[String(value)] ?? null)
  return withAt(rules, path, value)
}
