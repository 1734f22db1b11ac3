/** Attendance days and months as they are shown: a person's day with its explanation, and the matrix. */
import { z } from 'zod'
import { DayInput, DayLedger, DayType, LedgerMinutes } from './attendance.ts'
import { NamedShift } from './ruleSets.ts'
import { IsoDate, Millis, PersonId } from './terms.ts'

export const Month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'must be a month YYYY-MM')

/**
 * One letter for each thing worth seeing of a day, gravest first:
 * n normal · l late · s seriously late · e early · m missing · a absent · k short of free hours · v leave · o outing ·
 * c corrected · t overtime · p pending · r rest day · h holiday · u unscheduled · w make-up workday · x not employed
 */
export const MARKS = 'asmlekvocntphruwx'

/** What rules and calendar made of a date for a person. */
export const DayFacts = z.object({
  dayType: DayType,
  dayName: z.string().nullable(), // of the holiday
  makeUp: z.boolean(),
  ruleSet: z.object({ id: z.string(), name: z.string(), version: z.number(), validFrom: IsoDate }),
  shift: NamedShift.nullable(),
  shiftFrom: z.enum(['roster', 'special', 'cycle', 'week', 'none']), // who put it there
})
export type DayFacts = z.infer<typeof DayFacts>

/** `GET /api/v1/attendance/people/:id/days/:date` */
export const AttendanceDay = DayFacts.extend({
  personId: PersonId,
  date: IsoDate,
  zone: z.string(),
  marks: z.string(),
  ledger: DayLedger,
  input: DayInput, // the engine makes the same ledger of it again
  engineVersion: z.string(),
  computedAt: Millis,
  closed: z.boolean(), // nothing is pending any more
  locked: z.boolean(), // its month is
  counters: z.array(
    z.object({ counts: z.array(z.string()), every: z.number(), free: z.number(), makes: z.string(), count: z.number(), times: z.number() }), // prettier-ignore
  ), // of the month so far
  overtime: z.object({
    countedMin: z.number(),
    as: z.enum(['pay', 'leave', 'choice']),
    factor: z.number(),
  }), // as the rules count it
  corrections: z.object({ left: z.number().nullable(), until: IsoDate.nullable() }), // null: no limit
})
export type AttendanceDay = z.infer<typeof AttendanceDay>

/** A cell: marks, then the minutes of the first of them where it has any: "l14", "n", "v240". */
export const Cell = z.string()
export const readCell = (cell: string) => {
  const [, marks = '', minutes = ''] = /^([a-z]*)(\d*)$/.exec(cell) ?? []
  return { marks, minutes: minutes === '' ? null : Number(minutes) }
}

/** A person's month in numbers. Days count as their shift says (half Saturdays: 0.5). */
export const MonthTotals = z.object({
  dueDays: z.number(),
  attendedDays: z.number(), // days × (worked + outing + forgiven) / required, to two decimals
  normalDays: z.number(),
  minutes: LedgerMinutes,
  late: z.number(), // times; serious ones not among them
  seriousLate: z.number(),
  early: z.number(),
  missing: z.number(), // due punches
  absentDays: z.number(), // whole or part, by minutes
  corrected: z.number(),
  overtime: z.object({ workday: z.number(), restday: z.number(), holiday: z.number() }), // minutes
  lieu: z.number(), // minutes of time off earned
  penalties: z.array(z.object({ makes: z.string(), times: z.number() })), // of counters
})
export type MonthTotals = z.infer<typeof MonthTotals>

export const MonthRow = z.object({
  personId: PersonId,
  name: z.string(),
  departmentId: z.string(),
  department: z.string(),
  cells: z.array(Cell), // one a day of the month
  totals: MonthTotals,
})
export type MonthRow = z.infer<typeof MonthRow>

export const MonthLock = z.object({
  month: Month,
  state: z.enum(['open', 'grace', 'locked', 'reopened']),
  lockedAt: Millis.nullable(),
  lockedBy: z.string().nullable(),
  graceUntil: Millis.nullable(),
  reason: z.string().nullable(), // of the last reopening
})
export type MonthLock = z.infer<typeof MonthLock>

/** `GET /api/v1/attendance/months/:month` */
export const AttendanceMonth = z.object({
  month: Month,
  days: z.array(
    z.object({ date: IsoDate, type: z.string(), name: z.string().nullable(), makeUp: z.boolean() }),
  ),
  rows: z.array(MonthRow),
  people: z.number(), // in the filter, on all pages
  next: z.string().nullable(), // `after` of the next page
  lock: MonthLock,
})
export type AttendanceMonth = z.infer<typeof AttendanceMonth>

export const MonthQuery = z.object({
  department: z.string().max(64).optional(), // with those below it
  q: z.string().max(60).optional(), // name or userid
  only: z.enum(['anomalies']).optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

export const Anomaly = z.object({
  personId: PersonId,
  name: z.string(),
  departmentId: z.string(),
  department: z.string(),
  date: IsoDate,
  marks: z.string(),
  cell: Cell,
})
export const Anomalies = z.object({ anomalies: z.array(Anomaly), next: z.string().nullable() })

/** What a change does to a person-day. */
export const DayDiff = z.object({
  personId: PersonId,
  name: z.string(),
  date: IsoDate,
  before: z.object({ marks: z.string(), minutes: LedgerMinutes, shift: z.string().nullable() }),
  after: z.object({ marks: z.string(), minutes: LedgerMinutes, shift: z.string().nullable() }),
})
export type DayDiff = z.infer<typeof DayDiff>

export const RulePreview = z.object({
  people: z.number(), // looked at
  days: z.number(),
  changed: z.number(),
  diffs: z.array(DayDiff), // at most 200, the gravest first
})
export type RulePreview = z.infer<typeof RulePreview>
