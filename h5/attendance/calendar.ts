import { readCell, type AttendanceMonth } from '../../backend/contract/months.ts'

/** A square of the month: a day, or the room before the first. */
export interface Square {
  date: string // YYYY-MM-DD
  day: number
  marks: string
  mark: string // the gravest, that is shown; '' for nothing
  minutes: number | null // of it
  rests: boolean // nothing is required, by the calendar
  makeUp: boolean // a day off that is worked
  name: string | null // of the holiday
}

const SHOWN = /[asmlekvocnpt]/ // marks with a sign of their own; the others are the calendar's

/** The month's days by weeks from Monday on; null stands before the first and after the last. */
export function weeksOf(month: AttendanceMonth): (Square | null)[][] {
  const cells = month.rows[0]?.cells ?? []
  const squares = month.days.map((day, index): Square => {
    const { marks, minutes } = readCell(cells[index] ?? '')
    const mark = SHOWN.exec(marks)?.[0] ?? ''
    return {
      date: day.date,
      day: Number(day.date.slice(8)),
      marks,
      mark,
      minutes: marks[0] === mark ? minutes : null,
      rests: day.type !== 'workday',
      makeUp: day.makeUp,
      name: day.name,
    }
  })
  const first = month.days[0]?.date ?? ''
  const before = (new Date(`${first}T00:00Z`).getUTCDay() + 6) % 7
  const all = [...Array.from({ length: before || 0 }, () => null), ...squares]
  const rows = Math.ceil(all.length / 7)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: 7 }, (__, column) => all[row * 7 + column] ?? null),
  )
}

/** The month `steps` after `month`, as YYYY-MM. */
export function monthAfter(month: string, steps: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + steps
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

/** The day to open first: the newest up to today with something wrong, else today or the month's last. */
export function firstDay(month: AttendanceMonth, today: string): string {
  const past = weeksOf(month)
    .flat()
    .filter((square): square is Square => square !== null && square.date <= today)
  const wrong = past.filter(({ marks }) => /[asmlek]/.test(marks)).at(-1)
  return (wrong ?? past.at(-1))?.date ?? `${month.month}-01`
}
