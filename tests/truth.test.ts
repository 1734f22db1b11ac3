import fc from 'fast-check'
import { expect, test } from 'vitest'
import { livedDays, scoreDays, seenMetres, seenStays } from './bench/truthDays.ts'
import { edgeErrors, matched, quantile } from './bench/truthScore.ts'
import { oneStay, shopAccuracy, shopStreet } from './bench/truthStill.ts'

const MINUTE = 60_000
const stay = (from: number, to: number) => ({
  from: from * MINUTE,
  to: to * MINUTE,
  customerId: null,
})

test('who tells the truth has every figure right, however the days were reported', () => {
  const days = livedDays('oracle', 8, 'live')
  const truthOf = new Map(days.map(({ day, facts }) => [facts.fixes, day]))
  const score = scoreDays(days, ({ fixes }) => {
    const day = truthOf.get(fixes)
    return { stays: day?.truth.stays ?? [], metres: day ? seenMetres(day) : NaN }
  })
  expect(score).toMatchObject({ stayPrecision: 1, stayRecall: 1, stayF1: 1, placeAccuracy: 1 })
  expect(score.stayF1Seen).toBeGreaterThan(0.97) // of what lies half in a silence, all told is too much
  expect(score).toMatchObject({ edgeErrorP90Seconds: 0, distanceErrorP90: 0, customerAccuracy: 1 })
})

test('a stay is seen as far as it is outside of silences, and who tells exactly that has the bound', () => {
  const days = livedDays('oracle', 12, 'live')
  const dayOf = new Map(days.map(({ day, facts }) => [facts.fixes, day]))
  const score = scoreDays(days, ({ fixes }) => {
    const day = dayOf.get(fixes)
    return { stays: day ? seenStays(day) : [], metres: 1 }
  })
  expect(score.stayF1Seen).toBe(1)
  expect(score.stayF1).toBe(score.stayF1SeenOnly)
  expect(score.stayF1SeenOnly).toBeLessThan(1)
  for (const { day } of days)
    for (const { from, to } of seenStays(day)) {
      const edges = [from, to].filter((at) => at > day.window.from && at < day.window.to)
      for (const at of edges)
        expect(day.silences.some((each) => at > each.from && at < each.to)).toBe(false)
    }
})

test('who says nothing finds nothing', () => {
  const none = { runs: 3, teller: () => ({ stays: [], metres: 0 }) }
  expect(oneStay('s', 15, none)).toBe(0)
  expect(shopAccuracy('s', 0, none)).toBe(0)
})

test('the shops of a street follow each other, each with fixes', () => {
  const { facts, truth } = shopStreet('s', 2, 0)
  expect(truth).toHaveLength(6)
  for (const { from, to } of truth)
    expect(facts.fixes.filter(({ at }) => at >= from && at < to).length).toBeGreaterThan(20)
})

test('a stay told in halves is one hit at most and one false alarm', () => {
  const halves = [stay(0, 40), stay(40, 60)]
  expect(matched(halves, [stay(0, 60)])).toMatchObject({ told: 2, truth: 1, pairs: { length: 1 } })
  expect(matched([stay(0, 25), stay(35, 60)], [stay(0, 60)]).pairs).toHaveLength(0)
  expect(matched([stay(0, 60)], [stay(0, 28), stay(32, 60)]).pairs).toHaveLength(0)
})

test('whatever is told, a pair is used once and stops under 5 minutes count nowhere', () => {
  const stays = fc.array(
    fc.tuple(fc.nat(200), fc.nat(60)).map(([from, length]) => stay(from, from + length)),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(stays, stays, (told, truth) => {
      const result = matched(told, truth)
      expect(new Set(result.pairs.map((pair) => pair.told)).size).toBe(result.pairs.length)
      expect(new Set(result.pairs.map((pair) => pair.truth)).size).toBe(result.pairs.length)
      expect(result.told).toBe(told.filter(({ from, to }) => to - from >= 5 * MINUTE).length)
      expect(matched(truth, truth).pairs).toHaveLength(result.truth)
    }),
  )
})

test('edges that the window gives count for nobody', () => {
  const window = { from: 0, to: 100 * MINUTE }
  const first = { told: stay(0, 31), truth: stay(0, 30) }
  const last = { told: stay(48, 90), truth: stay(50, 100) }
  expect(edgeErrors([first, last], window)).toEqual([60, 120])
  expect(quantile([3, 1, 2, 4], 0.5)).toBe(3)
  expect(quantile([], 0.5)).toBeNaN()
})
