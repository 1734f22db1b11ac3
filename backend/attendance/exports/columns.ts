import type { Cell, CellKind } from '../../core/sheets/write.ts'
import { wordIn, type ExportWords } from './words.ts'
import type { ExportDay, ExportPerson } from './source.ts'

type Words = ExportWords
type ColumnName = keyof Words['column']

/** A column of a file: its key is what an own choice of columns names. */
export interface ExportColumn<Of> {
  readonly key: ColumnName
  readonly kind: CellKind
  readonly width?: number
  readonly of: (of: Of, words: Words) => Cell
}

export interface PersonDay {
  readonly person: ExportPerson
  readonly day: ExportDay
}

const person = <Of>(personOf: (of: Of) => ExportPerson): ExportColumn<Of>[] => [
  { key: 'name', kind: 'text', width: 12, of: (of) => personOf(of).name },
  { key: 'account', kind: 'text', width: 14, of: (of) => personOf(of).userId },
  { key: 'department', kind: 'text', width: 16, of: (of) => personOf(of).department },
  { key: 'position', kind: 'text', width: 12, of: (of) => personOf(of).position },
]

/** The first columns of the matrix, before its days. */
export const MONTH_HEAD = person<ExportPerson>((of) => of)

const minutes = (key: ColumnName & keyof ExportPerson['totals']['minutes']) => ({
  ...{ key, kind: 'whole' as const, width: 11 },
  of: (of: ExportPerson) => of.totals.minutes[key],
})

/** The sums of a month, behind its days. */
export const MONTH_SUMS: ExportColumn<ExportPerson>[] = [
  { key: 'dueDays', kind: 'decimal', of: ({ totals }) => totals.dueDays },
  { key: 'attendedDays', kind: 'decimal', of: ({ totals }) => totals.attendedDays },
  minutes('required'),
  minutes('worked'),
  { key: 'lateTimes', kind: 'whole', of: ({ totals }) => totals.late },
  minutes('late'),
  { key: 'seriousLate', kind: 'whole', of: ({ totals }) => totals.seriousLate },
  { key: 'earlyTimes', kind: 'whole', of: ({ totals }) => totals.early },
  minutes('early'),
  { key: 'missing', kind: 'whole', of: ({ totals }) => totals.missing },
  { key: 'absentDays', kind: 'decimal', of: ({ totals }) => totals.absentDays },
  minutes('leave'),
  minutes('outing'),
  minutes('forgiven'),
  minutes('unproven'),
  minutes('absent'),
  minutes('short'),
  { key: 'corrected', kind: 'whole', of: ({ totals }) => totals.corrected },
  { key: 'overtimeWorkday', kind: 'duration', of: ({ totals }) => totals.overtime.workday },
  { key: 'overtimeRestday', kind: 'duration', of: ({ totals }) => totals.overtime.restday },
  { key: 'overtimeHoliday', kind: 'duration', of: ({ totals }) => totals.overtime.holiday },
  { key: 'lieu', kind: 'duration', of: ({ totals }) => totals.lieu },
  {
    ...{ key: 'penalties', kind: 'text', width: 16 },
    of: ({ totals }, words) =>
      totals.penalties.map(({ makes, times }) => `${wordIn(words.makes, makes)}×${times}`).join('；'),
  },
] // prettier-ignore

const dayMinutes = (key: ColumnName & keyof ExportDay['minutes']) => ({
  ...{ key, kind: 'whole' as const, width: 11 },
  of: ({ day }: PersonDay) => day.minutes[key],
})

/** One row a person and date. */
export const DAILY: ExportColumn<PersonDay>[] = [
  { key: 'date', kind: 'date', width: 12, of: ({ day }) => day.date },
  ...person<PersonDay>((of) => of.person),
  {
    ...{ key: 'dayType', kind: 'text', width: 14 },
    of: ({ day }, words) => day.dayName ?? wordIn(words.dayType, day.dayType),
  },
  { key: 'shift', kind: 'text', width: 14, of: ({ day }) => day.shift },
  { key: 'rules', kind: 'text', width: 14, of: ({ day }) => day.rules },
  {
    ...{ key: 'result', kind: 'text', width: 14 },
    of: ({ day }, words) => [...day.marks].map((mark) => wordIn(words.markName, mark)).join('、'),
  },
  { key: 'firstIn', kind: 'moment', width: 19, of: ({ day }) => momentOf(day, punchOf(day, 'in')) },
  { key: 'lastOut', kind: 'moment', width: 19, of: ({ day }) => momentOf(day, punchOf(day, 'out')) }, // prettier-ignore
  dayMinutes('required'),
  dayMinutes('worked'),
  dayMinutes('leave'),
  dayMinutes('outing'),
  dayMinutes('forgiven'),
  dayMinutes('late'),
  dayMinutes('early'),
  dayMinutes('unproven'),
  dayMinutes('absent'),
  dayMinutes('short'),
  { key: 'overtime', kind: 'duration', of: ({ day }) => day.overtime },
]

/** The first in or the last out that was punched or corrected; null when none was. */
function punchOf({ due: dues }: ExportDay, side: 'in' | 'out'): number | null {
  const punched = dues.flatMap(({ due, punch }) =>
    due.startsWith(side) && punch !== null ? [punch] : [],
  )
  if (punched.length === 0) return null
  return side === 'in' ? Math.min(...punched) : Math.max(...punched)
}

/** Every time of a day: most moments are on the work date itself. */
const CLOCKS = Array.from(
  { length: 1440 },
  (_, minute) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
)

/** A minute of a work date as a wall clock `YYYY-MM-DD HH:MM`, past midnight on the next date. */
export function momentOf({ date }: Pick<ExportDay, 'date'>, minute: number | null): string | null {
  if (minute === null) return null
  if (minute >= 0 && minute < CLOCKS.length) return `${date} ${CLOCKS[minute]}`
  const at = new Date(Date.parse(`${date}T00:00Z`) + minute * 60_000)
  return at.toISOString().slice(0, 16).replace('T', ' ')
}

interface OwnPunch extends PersonDay {
  readonly punch: ExportDay['punches'][number]
}

/** One row a punch, with what became of it. */
export const PUNCHES: ExportColumn<OwnPunch>[] = [
  { key: 'date', kind: 'date', width: 12, of: ({ day }) => day.date },
  ...person<OwnPunch>((of) => of.person),
  { key: 'punchedAt', kind: 'moment', width: 19, of: ({ day, punch }) => momentOf(day, punch.at) },
  {
    ...{ key: 'source', kind: 'text' },
    of: ({ punch }, words) => wordIn(words.source, punch.source ?? 'checkin'),
  },
  { key: 'use', kind: 'text', width: 20, of: ({ punch }, words) => useOf(punch.use, words) },
]

/** `in1` as 上班1; what became of the others in words. */
function useOf(use: string, words: Words): string {
  const [, side = '', number = ''] = /^(in|out)(\d+)$/.exec(use) ?? []
  return side === '' ? wordIn(words.use, use) : `${wordIn(words.due, side)}${number}`
}

interface Corrected extends PersonDay {
  readonly due: ExportDay['due'][number]
}

/** One row an approved correction that counts. */
export const CORRECTIONS: ExportColumn<Corrected>[] = [
  { key: 'date', kind: 'date', width: 12, of: ({ day }) => day.date },
  ...person<Corrected>((of) => of.person),
  { key: 'due', kind: 'text', of: ({ due }, words) => useOf(due.due, words) },
  { key: 'dueAt', kind: 'moment', width: 19, of: ({ day, due }) => momentOf(day, due.at) },
  { key: 'correctedTo', kind: 'moment', width: 19, of: ({ day, due }) => momentOf(day, due.punch) },
]

/** Columns that were chosen, in the order of the file; all when none were. A column is known by its key. */
export const chosen = <Of>(columns: readonly ExportColumn<Of>[], keys: readonly string[] | null) =>
  keys === null || keys.length === 0 ? columns : columns.filter(({ key }) => keys.includes(key))
