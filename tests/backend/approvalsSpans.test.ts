import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balanceOf, type Lot, type Use } from '../../backend/approvals/balances.ts'
import { DEFAULT_LEAVE } from '../../backend/approvals/defaults.ts'
import { boundsOf, costOf, coverOn, dateAfter, datesBetween, middleOf, minutesOf, partOn, type WorkDate } from '../../backend/approvals/spans.ts' // prettier-ignore
import type { Span } from '../../backend/contract/approvals.ts'
import type { LeaveKind } from '../../backend/contract/approvalSettings.ts'

const work = (date: string): WorkDate => ({
  date,
  sections: [{ from: 540, to: 1080, rests: [{ from: 720, to: 780 }] }],
})
const night = (date: string): WorkDate => ({
  date,
  sections: [{ from: 1320, to: 1800, rests: [] }],
})
const off = (date: string): WorkDate => ({ date, sections: [] })
const days = (from: string, to: string, fromHalf: 'am' | 'pm' = 'am', toHalf: 'am' | 'pm' = 'pm'): Span => ({ by: 'days', from, fromHalf, to, toHalf }) // prettier-ignore
const clock = (from: string, to: string): Span => ({ by: 'clock', from, to })
const WEEK = datesBetween('2026-11-20', '2026-11-24').map((date) =>
  ['2026-11-21', '2026-11-22'].includes(date) ? off(date) : work(date),
)

describe('spans', () => {
  it('take whole days, halves and hours of the work there is', () => {
    const of = (span: Span, counts: 'workdays' | 'calendar' = 'workdays') =>
      costOf(span, WEEK, { counts, minutesPerDay: 480 })
    expect(of(days('2026-11-20', '2026-11-24'))).toBe(3 * 480)
    expect(of(days('2026-11-20', '2026-11-24'), 'calendar')).toBe(5 * 480)
    expect(of(days('2026-11-20', '2026-11-24', 'pm', 'am'))).toBe(2 * 480)
    expect(of(days('2026-11-21', '2026-11-22'))).toBe(0)
    expect(of(clock('2026-11-20T11:00', '2026-11-20T14:00'))).toBe(120)
    expect(of(clock('2026-11-20T17:00', '2026-11-23T10:00'))).toBe(120)
  })

  it('cut a day where its work has its break, a night where it has its middle', () => {
    expect(middleOf(work('2026-11-20'))).toBe(720)
    expect(middleOf(night('2026-11-20'))).toBe(1560)
    expect(middleOf(off('2026-11-20'))).toBe(720)
    expect(boundsOf(days('2026-11-20', '2026-11-20', 'pm'), WEEK)).toEqual({
      ...{ from: '2026-11-20T12:00', to: '2026-11-21T00:00' },
    })
    expect(coverOn(days('2026-11-20', '2026-11-20'), night('2026-11-20'))).toEqual({
      from: 0,
      to: 1800,
    })
    expect(coverOn(days('2026-11-20', '2026-11-20', 'pm'), night('2026-11-20'))).toEqual({ from: 1560, to: 1800 }) // prettier-ignore
    expect(coverOn(clock('2026-11-21T02:00', '2026-11-21T04:00'), night('2026-11-20'))).toEqual({ from: 1560, to: 1680 }) // prettier-ignore
    expect(coverOn(days('2026-11-20', '2026-11-20'), night('2026-11-21'))).toBeNull()
  })

  it('two halves are the whole, on every date of a span', () => {
    const date = fc.integer({ min: 0, max: 400 }).map((n) => dateAfter('2025-12-01', n))
    const half = fc.constantFrom('am' as const, 'pm' as const)
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 40 }), half, half, (from, length, a, b) => {
        const span = {
          by: 'days' as const,
          from,
          fromHalf: a,
          to: dateAfter(from, length),
          toHalf: b,
        }
        if (length === 0 && a === 'pm' && b === 'am') return
        const all = datesBetween(span.from, span.to).map(work)
        const parts = all.map(({ date: on }) => partOn(span, on))
        const minutes = all.map((each) => {
          const cover = coverOn(span, each)
          const inside = (x: number, y: number) => Math.max(0, Math.min(y, cover?.to ?? 0) - Math.max(x, cover?.from ?? 0)) // prettier-ignore
          return inside(540, 720) + inside(780, 1080)
        })
        parts.forEach((part, index) => {
          expect(minutes[index]).toBe({ none: 0, whole: 480, am: 180, pm: 300 }[part])
        })
        expect(minutesOf(work(from))).toBe(480)
      }),
    )
  })
})

const annual = (more: Partial<LeaveKind> = {}): LeaveKind => {
  const kind = DEFAULT_LEAVE.kinds.find(({ key }) => key === 'annual')
  if (!kind) throw new Error('no annual leave')
  return { ...kind, ...more }
}
const at = (date: string) => ({ date, minutesPerDay: 480 })
const use = (date: string, n: number, pending = false): Use => ({ date, minutes: n * 480, pending })
const lot = (n: number, from: string, to: string): Lot => ({ minutes: n * 480, from, to })

describe('a balance', () => {
  it('begins with the year, less what was taken and what is asked for', () => {
    const uses = [use('2026-03-02', 2), use('2026-12-01', 1, true)]
    expect(balanceOf(annual(), { lots: [], uses }, at('2026-11-23'))).toEqual({
      ...{ leaveKind: 'annual', granted: 5 * 480, used: 2 * 480, pending: 480, left: 2 * 480 },
      ...{ expired: 0, expiring: { minutes: 2 * 480, on: '2026-12-31' } },
    })
  })

  it('carries over what is left, for a while, and takes what lapses first', () => {
    const kind = annual({ carryOverDays: 3 })
    const uses = [use('2026-05-04', 1), use('2027-02-01', 2)]
    expect(balanceOf(kind, { lots: [], uses }, at('2027-02-10'))).toMatchObject({
      ...{ granted: 8 * 480, used: 2 * 480, left: 6 * 480 },
      expiring: { minutes: 480, on: '2027-03-31' },
    })
    expect(balanceOf(kind, { lots: [], uses }, at('2027-04-01'))).toMatchObject({
      ...{ granted: 5 * 480, left: 5 * 480, expired: 480 },
    })
  })

  it('shows this year what next year’s request will take from it', () => {
    const uses = [use('2027-02-01', 2, true)]
    expect(balanceOf(annual(), { lots: [], uses }, at('2026-11-23'))).toMatchObject({
      ...{ granted: 5 * 480, pending: 2 * 480, left: 3 * 480 },
    })
  })

  it('counts grants and corrections of them, and what was taken without being there', () => {
    const kind = annual({ daysPerYear: 0 })
    const lots = [lot(3, '2026-01-01', '2026-12-31'), lot(-1, '2026-01-01', '2026-12-31')]
    expect(balanceOf(kind, { lots, uses: [use('2026-06-01', 1)] }, at('2026-06-02')).left).toBe(480)
    expect(balanceOf(kind, { lots, uses: [use('2026-06-01', 4)] }, at('2026-06-02')).left).toBe(-2 * 480) // prettier-ignore
  })

  it('takes from the older of two grants that lapse together, in whichever order they are told', () => {
    const [old, young] = [lot(4, '2026-01-02', '2027-02-03'), lot(4, '2026-09-24', '2027-02-03')]
    const uses = [use('2027-01-01', 1)]
    for (const lots of [
      [old, young],
      [young, old],
    ])
      expect(balanceOf(annual(), { lots, uses }, at('2026-01-02'))).toMatchObject({ used: 480 })
  })

  it('never gives more than there is, whatever the order of its facts', () => {
    const date = fc.integer({ min: 0, max: 700 }).map((n) => dateAfter('2026-01-01', n))
    const anyLot = fc.tuple(fc.integer({ min: 1, max: 10 }), date, fc.integer({ min: 0, max: 400 })).map(([n, from, length]) => lot(n, from, dateAfter(from, length))) // prettier-ignore
    const anyUse = fc.tuple(date, fc.integer({ min: 1, max: 4 }), fc.boolean()).map(([on, n, pending]) => use(on, n, pending)) // prettier-ignore
    const facts = fc.record({ lots: fc.array(anyLot, { maxLength: 6 }), uses: fc.array(anyUse, { maxLength: 8 }) }) // prettier-ignore
    fc.assert(
      fc.property(facts, date, ({ lots, uses }, on) => {
        const balance = balanceOf(annual(), { lots, uses }, at(on))
        const turned = { lots: [...lots].reverse(), uses: [...uses].reverse() }
        expect(balanceOf(annual(), turned, at(on))).toEqual(balance)
        expect(balance.left).toBeLessThanOrEqual(balance.granted - balance.used - balance.pending)
        const more = balanceOf(annual(), { lots, uses: [...uses, use(on, 1)] }, at(on))
        expect(more.left).toBeLessThanOrEqual(balance.left)
      }),
      { numRuns: 300 },
    )
  })
})
