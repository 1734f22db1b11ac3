import { describe, expect, it } from 'vitest'
import { Reason } from '../../backend/contract/attendance.ts'
import type { AttendanceMonth } from '../../backend/contract/months.ts'
import { firstDay, monthAfter, weeksOf } from '../../h5/attendance/calendar.ts'
import { clockOf, saidValues, stripOf } from '../../h5/attendance/day.ts'
import { en, zh } from '../../h5/messages/attendance.ts'

const days = (month: string, cells: string[]): AttendanceMonth =>
  JSON.parse(
    JSON.stringify({
      month,
      days: cells.map((_, index) => ({
        date: `${month}-${String(index + 1).padStart(2, '0')}`,
        type: 'workday',
        name: null,
        makeUp: false,
      })),
      rows: [{ cells }],
    }),
  )

describe('the month as weeks', () => {
  it('begins on Mondays, with room before the first and after the last', () => {
    const october = weeksOf(
      days(
        '2026-10',
        Array.from({ length: 31 }, () => 'n'),
      ),
    )
    expect(october).toHaveLength(5)
    expect(october[0]?.map((square) => square?.day ?? 0)).toEqual([0, 0, 0, 1, 2, 3, 4])
    expect(october[4]?.map((square) => square?.day ?? 0)).toEqual([26, 27, 28, 29, 30, 31, 0])
    const june = weeksOf(
      days(
        '2026-06',
        Array.from({ length: 30 }, () => 'n'),
      ),
    ) // begins on a Monday
    expect(june[0]?.[0]?.day).toBe(1)
  })

  it('shows the gravest mark, and minutes only of that one', () => {
    const [week] = weeksOf(days('2026-06', ['ml14', 'l12', 'r', 'tr90', '']))
    expect(week?.slice(0, 5).map((square) => [square?.mark, square?.minutes])).toEqual([
      ['m', 14],
      ['l', 12],
      ['', null],
      ['t', 90],
      ['', null],
    ])
  })

  it('opens with the newest day up to today that has something wrong, else with today', () => {
    expect(firstDay(days('2026-06', ['n', 'l5', 'n', 'm']), '2026-06-03')).toBe('2026-06-02')
    expect(firstDay(days('2026-06', ['n', 'n', 'n']), '2026-06-02')).toBe('2026-06-02')
    expect(firstDay(days('2026-06', []), '2026-06-02')).toBe('2026-06-01')
  })

  it('goes over the ends of years', () => {
    expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1), monthAfter('2026-05', 0)]).toEqual(
      ['2027-01', '2025-12', '2026-05'],
    )
  })
})

describe('a day', () => {
  it('tells minutes as the clock does, over midnight both ways', () => {
    expect([540, 1800, -30, 0, 2880].map(clockOf)).toEqual([
      { time: '09:00', days: 0 },
      { time: '06:00', days: 1 },
      { time: '23:30', days: -1 },
      { time: '00:00', days: 0 },
      { time: '00:00', days: 2 },
    ])
  })

  it('is drawn to scale, with its missing punch where it was due', () => {
    const due = { due: 'out1', at: 1080, result: 'missing', punch: null } as const
    const strip = stripOf({
      due: [{ ...due, corrected: false, lateMin: 0, closesAt: 1440 }],
      pieces: [
        { from: 540, to: 720, kind: 'worked' },
        { from: 780, to: 1080, kind: 'unproven' },
      ],
      minutes: NONE,
      overtime: [],
      punches: [{ at: 540, use: 'in1' }],
      movedMin: 0,
      explanation: [],
    })
    expect(strip?.bars.map(({ left, width }) => [left.toFixed(2), width.toFixed(2)])).toEqual([
      ['0.00', '0.33'],
      ['0.44', '0.56'],
    ])
    expect(strip?.punches).toEqual([0])
    expect(strip?.gaps).toEqual([{ at: 1, missing: true }])
    expect(strip?.ticks.map(({ minute }) => minute)).toEqual([540, 720, 1080])
  })

  it('is not drawn when there is nothing of it', () => {
    const nothing = { due: [], pieces: [], overtime: [], punches: [], explanation: [] }
    expect(stripOf({ ...nothing, minutes: NONE, movedMin: 0 })).toBeNull()
  })

  it('has a sentence for each reason in both languages, whose blanks are the values it comes with', () => {
    const codes = Reason.shape.code.options
    expect(Object.keys(zh.why).sort()).toEqual([...codes].sort())
    expect(Object.keys(en.why).sort()).toEqual([...codes].sort())
    const reason = { code: 'in_late', values: { due: 'in1', dueAt: 540, lateMin: 6 } } as const
    const words = { clock: (minute: number) => clockOf(minute).time, due: () => '上班' }
    expect(saidValues(reason, words)).toEqual({ due: '上班', dueAt: '09:00', lateMin: '6' })
  })
})

const NONE = {
  ...{ required: 0, worked: 0, forgiven: 0, late: 0, early: 0, unproven: 0 },
  ...{ absent: 0, leave: 0, outing: 0, short: 0, overtime: 0 },
}
