import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestOrder } from '../../backend/visits/order/exact.ts'
import { createEvaluator } from '../../backend/visits/order/evaluator.ts'
import { orderDay } from '../../backend/visits/order/index.ts'
import { costOf, type Problem } from '../../backend/visits/order/route.ts'
import { goodOrder } from '../../backend/visits/order/search.ts'
import { learnSpeeds, minutesFor } from '../../backend/visits/order/speeds.ts'
import { randomOf } from '../../fixtures/random.ts'
import { dayOf, KINDS } from '../support/daysToOrder.ts'

/** By trying every order. */
function tried(problem: Problem): number {
  const all = (left: number[], order: number[]): number =>
    left.length === 0
      ? costOf(problem, order)
      : Math.min(...left.map((next) => all(left.filter((each) => each !== next), [...order, next]))) // prettier-ignore
  return all([...problem.places.keys()], [])
}

describe('the order of a day', () => {
  it('is exactly the best of all orders, with opening hours and appointments too', () => {
    for (const kind of KINDS)
      for (let seed = 0; seed < 12; seed++) {
        const problem = dayOf(String(seed), 7, kind)
        expect(costOf(problem, bestOrder(problem)), `${kind} ${seed}`).toBeCloseTo(
          tried(problem),
          6,
        )
      }
  })

  it('is found by the search within 3 % of the exact one, for every kind of day', () => {
    const gaps: number[] = []
    for (const kind of KINDS)
      for (const count of [5, 9, 12])
        for (let seed = 0; seed < 8; seed++) {
          const problem = dayOf(String(seed), count, kind)
          const best = costOf(problem, bestOrder(problem))
          gaps.push(costOf(problem, goodOrder(problem)) / best - 1)
        }
    expect(Math.max(...gaps)).toBeLessThanOrEqual(0.03)
    expect(Math.min(...gaps)).toBeGreaterThan(-1e-9)
  })

  it('knows what a place put in between costs as if the whole way were walked', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.constantFrom(...KINDS), (seed, kind) => {
        const problem = dayOf(String(seed), 12, kind)
        const order = randomOf('ways', seed).shuffled([...problem.places.keys()])
        const place = order.pop() ?? 0
        const evaluator = createEvaluator(problem)
        expect(evaluator.keep(order)).toBeCloseTo(costOf(problem, order), 6)
        for (const position of [...order.keys(), order.length])
          expect(evaluator.costWith(order, place, position, Infinity)).toBeCloseTo(
            costOf(problem, order.toSpliced(position, 0, place)),
            6,
          )
      }),
      { numRuns: 200 },
    )
  })

  it('holds each stop once and does not change by being asked again', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 0, max: 16 }), (seed, count) => {
        const problem = dayOf(String(seed), count, 'hours')
        const order = goodOrder(problem, 60)
        expect([...order].sort((a, b) => a - b)).toEqual([...problem.places.keys()])
        expect(goodOrder(problem, 60)).toEqual(order)
      }),
      { numRuns: 40 },
    )
  })

  it('puts stops of unknown position last, and tells the way before and after', () => {
    const at = (lng: number) => ({ lng, lat: 22.54 })
    const stop = (id: string, lng: number | null) => ({
      id,
      point: lng === null ? null : at(lng),
      fixed: null,
      open: null,
      minutes: 20,
    })
    const day = {
      stops: [stop('b', 114.06), stop('x', null), stop('c', 114.07), stop('a', 114.05)],
      start: at(114.04),
      startMinute: 540,
      speeds: learnSpeeds([]),
    }
    const { order, exact, before, after } = orderDay(day)
    expect(order).toEqual(['a', 'b', 'c', 'x'])
    expect(exact).toBe(true)
    expect(after.travelMinutes).toBeLessThan(before.travelMinutes)
    expect(after.legs[0]).toMatchObject({ stopId: 'a', waitMinutes: 0, lateMinutes: 0 })
    expect(orderDay({ ...day, stops: [] }).order).toEqual([])
  })
})

describe('speeds', () => {
  it('are the usual ones for whoever has no history, and his own with much of it', () => {
    const usual = learnSpeeds([])
    expect(usual.map((band) => Math.round(band.metresPerMinute))).toEqual([55, 95, 190, 330, 560])
    const fast = learnSpeeds(Array.from({ length: 200 }, () => ({ straightMetres: 3200, minutes: 8 }))) // prettier-ignore
    expect(fast[2]?.metresPerMinute).toBeGreaterThan(380)
    expect(fast[2]?.moves).toBe(200)
    expect(fast[0]).toEqual(usual[0])
    const once = learnSpeeds([{ straightMetres: 3200, minutes: 8 }])
    expect(once[2]?.metresPerMinute).toBeLessThan(220)
  })

  it('forget what can not be, and take longer for longer ways', () => {
    const odd = [
      { straightMetres: 10, minutes: 100 },
      { straightMetres: 5000, minutes: 0 },
      { straightMetres: 5000, minutes: 900 },
    ]
    expect(learnSpeeds(odd)).toEqual(learnSpeeds([]))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 20_000 }), (metres, more) => {
        const speeds = learnSpeeds([])
        expect(minutesFor(speeds, metres + more)).toBeGreaterThan(minutesFor(speeds, metres))
      }),
    ) // prettier-ignore
  })
})
