import { readCell, type AttendanceMonth, type MonthRow } from '../../../backend/contract/months.ts'
import type { GridRow } from '../grid/grid.ts'

export interface PersonLine extends GridRow {
  readonly kind: 'person'
  readonly person: MonthRow
}
export interface GroupLine extends GridRow {
  readonly kind: 'group'
}
export type Line = PersonLine | GroupLine

/** People under the headings of their departments, in the order they come. */
export function linesOf(rows: readonly MonthRow[], hint: (people: number) => string): Line[] {
  const groups = new Map<string, MonthRow[]>()
  for (const row of rows) {
    const group = groups.get(row.departmentId)
    if (group) group.push(row)
    else groups.set(row.departmentId, [row])
  }
  return [...groups].flatMap(([id, people]): Line[] => [
    { key: `d:${id}`, kind: 'group', label: people[0]?.department ?? '', hint: hint(people.length) },
    ...people.map((person) => ({
      ...{ key: person.personId, kind: 'person' as const },
      ...{ label: person.name, hint: person.personId, person },
    })),
  ]) // prettier-ignore
}

const QUIET = new Set(['r', 'h', 'u', 'w', 'x']) // nothing happened, and nothing was due

/** What a cell shows: the gravest mark, its share of the day, and whether there was overtime beside it. */
export function signOf(cell: string) {
  const { marks, minutes } = readCell(cell)
  const [first = ''] = marks
  const main = QUIET.has(first) ? '' : first
  const share = minutes === null || 'nctp'.includes(first) ? null : Math.min(1, minutes / 480)
  return { main, minutes, share, overtime: main !== 't' && marks.includes('t'), marks }
}

const MARKED = /[asmlek]/

/** Cells that somebody has to look at. */
export const isAnomaly = (cell: string) => MARKED.test(readCell(cell).marks)
export const isPending = (cell: string) => readCell(cell).marks.includes('p')

export interface DayHead {
  date: string
  number: number
  weekday: number // 0 Sunday
  kind: 'holiday' | 'makeup' | 'restday' | 'workday'
  name: string | null
}

export const headsOf = (days: AttendanceMonth['days']): DayHead[] =>
  days.map(({ date, type, name, makeUp }) => ({
    ...{ date, name, number: Number(date.slice(8)) },
    weekday: new Date(`${date}T00:00Z`).getUTCDay(),
    kind: makeUp ? 'makeup' : type === 'holiday' || type === 'restday' ? type : 'workday',
  }))

/** The month before or after, YYYY-MM. */
export function shifted(month: string, by: number): string {
  const [year = 2000, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}
