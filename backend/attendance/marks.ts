import type { DayLedger, DayType } from '../contract/attendance.ts'
import { MARKS } from '../contract/months.ts'

interface Marked {
  readonly dayType: DayType
  readonly makeUp: boolean
  readonly ledger: DayLedger
  readonly overtimeMin: number // as it counts
  readonly closed: boolean
}

/** What is worth seeing of a day, gravest first. */
export function marksOf(day: Marked): string {
  const found = new Set([...dueMarks(day.ledger), ...minuteMarks(day), IDLE[day.dayType]])
  if (day.makeUp) found.add('w')
  const disturbed = [...found].some((mark) => mark !== '' && DISTURBING.includes(mark))
  if (day.dayType === 'workday' && !disturbed) found.add('n')
  return [...MARKS].filter((mark) => found.has(mark)).join('')
}

const IDLE: Record<DayType, string> = { workday: '', restday: 'r', holiday: 'h', unscheduled: 'u', not_employed: 'x' } // prettier-ignore

const dueMarks = ({ due }: DayLedger): string[] =>
  due.flatMap(({ result, corrected }) => [OF_RESULT[result] ?? '', corrected ? 'c' : ''])

function minuteMarks({ ledger, overtimeMin, closed }: Marked): string[] {
  const { leave, outing, absent } = ledger.minutes
  const lacking = freeLack(ledger)
  const marks = [
    [lacking !== null, closed ? (lacking ?? '') : 'p'],
    [absent > 0 && lacking === null, 'a'],
    [leave > 0, 'v'],
    [outing > 0, 'o'],
    [overtimeMin > 0, 't'],
  ] as const
  return marks.flatMap(([holds, mark]) => (holds ? [mark] : []))
}

/** Of free hours: while the day lasts all of it is still to come. */
function freeLack({ due, minutes }: DayLedger): string | null {
  if (due.length > 0) return null
  if (minutes.short > 0) return 'k'
  if (minutes.unproven > 0) return 'm'
  return minutes.absent > 0 ? 'a' : null
}

const DISTURBING = 'asmlekp'

const OF_RESULT: Partial<Record<DayLedger['due'][number]['result'], string>> = {
  late: 'l',
  serious_late: 's',
  early: 'e',
  missing: 'm',
  absent: 'a',
  pending: 'p',
}

/** Marks with the minutes of the first of them, where it has any. */
export function cellOf(marks: string, ledger: DayLedger, overtimeMin: number): string {
  const { minutes } = ledger
  const sizes: Record<string, number> = {
    a: minutes.absent,
    s: minutes.late,
    l: minutes.late,
    e: minutes.early,
    k: minutes.short,
    v: minutes.leave,
    o: minutes.outing,
    t: overtimeMin,
  }
  return `${marks}${sizes[marks.charAt(0)] || ''}`
}
