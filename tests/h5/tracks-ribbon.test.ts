import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flagsOf, formOf, pieceAt, spanOf, ticksOf } from '../../h5/ui/ribbon.ts'

const NINE = Date.UTC(2026, 10, 23, 1) // 09:00 in Shanghai
const HOUR = 3_600_000
const MINUTE = 60_000

const clock = (zone: string) => (at: number) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' }).format(at)

describe('the ribbon', () => {
  const stay = { kind: 'stay' as const, from: NINE, to: NINE + HOUR }

  it('gives each kind of segment its one form', () => {
    expect(formOf({ ...stay, customerId: 'c1' })).toBe('customer')
    expect(formOf(stay)).toBe('stay')
    expect(formOf({ ...stay, kind: 'inferred_stay' })).toBe('inferred')
    expect(formOf({ ...stay, kind: 'move' })).toBe('move')
    expect(formOf({ ...stay, kind: 'silent' })).toBe('silent')
  })

  it('cuts what sticks out of its edges', () => {
    const span = spanOf({ from: NINE - 1000, to: NINE + 900_000 }, NINE, NINE + HOUR)
    expect(span).toEqual({ left: '0.000%', width: '25.000%' })
  })
})

describe('the ticks of the axis', () => {
  const named = (span: { from: number; to: number }, zone: string, most: number) =>
    ticksOf(span, zone, most)
      .filter((tick) => tick.named)
      .map(({ at }) => clock(zone)(at))

  it('stand on whole hours of the person’s day, as many named as fit', () => {
    const shift = { from: NINE, to: NINE + 9 * HOUR }
    expect(named(shift, 'Asia/Shanghai', 5)).toEqual(['10:00', '12:00', '14:00', '16:00', '18:00'])
    expect(named(shift, 'Asia/Shanghai', 4)).toEqual(['09:00', '12:00', '15:00', '18:00'])
    expect(ticksOf(shift, 'Asia/Shanghai', 4)).toHaveLength(10)
    expect(named(shift, 'Asia/Shanghai', 12)).toHaveLength(10)
  })

  it('are finer on a short day and never off the round minute', () => {
    const start = { from: NINE + 7 * MINUTE + 1234, to: NINE + 52 * MINUTE }
    expect(named(start, 'Asia/Shanghai', 5)).toEqual(['09:10', '09:20', '09:30', '09:40', '09:50'])
  })

  it('stay on whole hours where the zone is off by half an hour and where the clocks change', () => {
    const kolkata = { from: NINE, to: NINE + 3 * HOUR }
    expect(named(kolkata, 'Asia/Kolkata', 6)).toEqual(['07:00', '08:00', '09:00'])
    const back = Date.UTC(2026, 9, 24, 23) // Berlin turns back at 01:00 UTC on the 25th
    expect(named({ from: back, to: back + 5 * HOUR }, 'Europe/Berlin', 9)).toEqual([
      '01:00',
      '02:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
    ])
  })

  it('are few enough, in order and inside, for any span', () => {
    const spans = fc.record({
      from: fc.integer({ min: NINE, max: NINE + 400 * 24 * HOUR }),
      length: fc.integer({ min: 1, max: 40 * HOUR }),
      most: fc.integer({ min: 2, max: 20 }),
      zone: fc.constantFrom('Asia/Shanghai', 'Australia/Lord_Howe', 'America/St_Johns'),
    })
    fc.assert(
      fc.property(spans, ({ from, length, most, zone }) => {
        const ticks = ticksOf({ from, to: from + length }, zone, most)
        expect(ticks.filter((tick) => tick.named).length).toBeLessThanOrEqual(most)
        const times = ticks.map(({ at }) => at)
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
        expect(ticks.every(({ percent }) => percent >= 0 && percent <= 100)).toBe(true)
      }),
    )
  })

  it('are none on an empty span', () => {
    expect(ticksOf({ from: NINE, to: NINE }, 'Asia/Shanghai', 5)).toEqual([])
  })
})

describe('a finger on the ribbon', () => {
  const day = [
    { from: NINE, to: NINE + HOUR },
    { from: NINE + HOUR, to: NINE + HOUR + 2 * MINUTE },
    { from: NINE + HOUR + 2 * MINUTE, to: NINE + 3 * HOUR },
  ]

  it('means what lies under it', () => {
    expect(pieceAt(day, NINE + 10 * MINUTE, 5 * MINUTE)).toBe(0)
    expect(pieceAt(day, NINE + 2 * HOUR, 5 * MINUTE)).toBe(2)
  })

  it('means the piece too narrow to be hit when that is near', () => {
    expect(pieceAt(day, NINE + HOUR - 2 * MINUTE, 5 * MINUTE)).toBe(1)
    expect(pieceAt(day, NINE + HOUR + 4 * MINUTE, 5 * MINUTE)).toBe(1)
  })

  it('means any piece at its very middle, whatever lies beside it', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 30 }), (minutes, reach) => {
        let end = NINE
        const drawn = minutes.map((each) => ({ from: end, to: (end += each * MINUTE) }))
        drawn.forEach(({ from, to }, index) =>
          expect(pieceAt(drawn, (from + to) / 2, reach * MINUTE)).toBe(index),
        )
      }),
    )
  })

  it('means nothing where there is nothing', () => {
    expect(pieceAt(day, NINE - HOUR, 5 * MINUTE)).toBe(-1)
    expect(pieceAt([], NINE, MINUTE)).toBe(-1)
  })
})

describe('what stands above the ribbon', () => {
  const span = { from: NINE, to: NINE + 10 * HOUR }
  const scale = 300 / (10 * HOUR) // 300 px
  const piece = (start: number, minutes: number) => ({
    from: NINE + start * MINUTE,
    to: NINE + (start + minutes) * MINUTE,
  })

  it('is nothing when each number has room in its block', () => {
    expect(flagsOf([piece(0, 60), piece(60, 60)], [1, 2], span, scale)).toEqual([])
  })

  it('is the number that has none, unless it would run into another', () => {
    const flags = flagsOf([piece(0, 10), piece(12, 8), piece(200, 10)], [1, 2, 3], span, scale)
    expect(flags.map(({ number }) => number)).toEqual([1, 3])
  })

  it('never leaves the ribbon, and two numbers never read as one', () => {
    const flags = flagsOf([piece(0, 4), piece(6, 4), piece(596, 4)], [1, 2, 12], span, scale)
    expect(flags.map(({ number }) => number)).toEqual([1, 12])
    expect(flags.map(({ percent }) => Math.round(percent * 3))).toEqual([4, 292])
  })

  it('is the number of a visit in pieces once', () => {
    const flags = flagsOf([piece(0, 10), piece(60, 10), piece(120, 10)], [1, 1, 2], span, scale)
    expect(flags.map(({ index, number }) => [index, number])).toEqual([
      [0, 1],
      [2, 2],
    ])
  })

  it('is each dispute, however narrow, and the mark of an edit', () => {
    const segments = [
      { ...piece(0, 1), edits: ['a'] },
      { ...piece(1, 1), disputed: '我在地下车库' },
      { ...piece(300, 60), edits: ['b'] },
    ]
    const flags = flagsOf(segments, [null, null, null], span, scale)
    expect(flags.map(({ index, disputed, edited }) => [index, disputed, edited])).toEqual([
      [0, false, true],
      [1, true, false],
      [2, false, true],
    ])
  })
})
