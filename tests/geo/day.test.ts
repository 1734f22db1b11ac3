import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveDay, lengthOf, type TrackFix } from '../../geo/index.ts'
import { Day } from '../../backend/contract/days.ts'
import { dayOf, EIGHT, HOUR, MINUTE, placeAt, walked, type Leg } from './simulate.ts'

const TRIP: Leg[] = [
  { x: 0, y: 0, minutes: 60 },
  { x: 4000, y: 0, minutes: 12 },
  { x: 4000, y: 3000, minutes: 9 },
  { x: 4000, y: 3000, minutes: 60 },
]
const GOOD = { seed: 1, sigma: 5, every: 15 }
const kinds = (fixes: readonly TrackFix[], hours = 2.35) =>
  deriveDay(dayOf(fixes, hours)).segments.map((segment) => segment.kind)

test('stay, move, stay: the way is measured, the stays add nothing', () => {
  const day = deriveDay(dayOf(walked(TRIP, GOOD), 2.35))
  expect(Day.parse(day)).toEqual(day)
  expect(day.segments.map((segment) => segment.kind)).toEqual(['stay', 'move', 'stay'])
  expect(day.totals.movedMetres).toBeGreaterThan(7000 * 0.97)
  expect(day.totals.movedMetres).toBeLessThan(7000 * 1.03)
  const move = day.segments[1]
  expect(Math.abs((move?.from ?? 0) - (EIGHT + 60 * MINUTE))).toBeLessThan(60_000)
  expect(Math.abs((move?.to ?? 0) - (EIGHT + 81 * MINUTE))).toBeLessThan(60_000)
  expect(lengthOf(move?.line ?? [])).toBeCloseTo(move?.metres ?? 0, 0)
})

test('any shuffle, split and repetition of the fixes is the same day', () => {
  const fixes = walked(TRIP, { ...GOOD, every: 60, rogue: 0.05 })
  const expected = JSON.stringify(deriveDay(dayOf(fixes, 3)))
  const shuffled = fc.shuffledSubarray(fixes, { minLength: fixes.length })
  fc.assert(
    fc.property(shuffled, fc.subarray(fixes), (all, again) => {
      expect(JSON.stringify(deriveDay(dayOf([...again, ...all, ...again], 3)))).toBe(expected)
    }),
    { numRuns: 100 },
  )
})

test('whatever the fixes, the ribbon tiles the duty and its seconds add up', () => {
  const fix = fc.record({
    id: fc.string({ maxLength: 4 }),
    at: fc.integer({ min: EIGHT - HOUR, max: EIGHT + 9 * HOUR }),
    lng: fc.oneof(fc.double({ min: 114, max: 114.01 }), fc.double()),
    lat: fc.oneof(fc.double({ min: 22.5, max: 22.51 }), fc.double()),
    accuracy: fc.option(fc.double()),
    speed: fc.option(fc.double()),
  })
  fc.assert(
    fc.property(fc.array(fix, { maxLength: 60 }), (fixes) => {
      const { segments, totals } = deriveDay(dayOf(fixes, 8))
      expect(segments[0]?.from).toBe(EIGHT)
      expect(segments.at(-1)?.to).toBe(EIGHT + 8 * HOUR)
      segments.slice(1).forEach((next, i) => expect(next.from).toBe(segments[i]?.to))
      const seconds = totals.staySeconds + totals.moveSeconds + totals.silentSeconds
      expect(seconds).toBeCloseTo(8 * 3600, 3)
    }),
    { numRuns: 200 },
  )
})

describe.each([0, 100])('noise with a memory of %i s', (correlation) => {
  test.each([5, 30, 60, 300])('eight hours still, a fix each %i s: less than 100 m', (every) => {
    for (let seed = 1; seed <= 3; seed++) {
      const fixes = walked([{ x: 0, y: 0, minutes: 480 }], { seed, sigma: 10, every, correlation })
      expect(deriveDay(dayOf(fixes, 8)).totals.movedMetres).toBeLessThan(100)
    }
  })
})

test.each([15, 30, 50])(
  'an hour at one place with %i m jitter and rogue fixes is one stay',
  (sigma) => {
    const days = Array.from({ length: 40 }, (_, seed) =>
      kinds(walked([{ x: 0, y: 0, minutes: 60 }], { seed, sigma, every: 20, rogue: 0.01 }), 1),
    )
    expect(days.filter((day) => day.join() === 'stay').length).toBeGreaterThanOrEqual(38)
  },
)

test('six shops 40 m apart are six visits to the right customers', () => {
  const legs = [0, 1, 2, 3, 4, 5].flatMap((shop) => [
    { x: 40 * shop, y: 0, minutes: shop === 0 ? 0.01 : 0.6 },
    { x: 40 * shop, y: 0, minutes: 12 },
  ])
  const sites = [5, 4, 3, 2, 1, 0].map((shop) => {
    return { customerId: `shop${shop}`, name: `Shop ${shop}`, radius: 30, ...placeAt(40 * shop, 0) }
  })
  const fixes = walked(legs, { seed: 4, sigma: 15, every: 20 })
  const { visits } = deriveDay({ ...dayOf(fixes, 1.26), sites })
  expect(visits.map((visit) => visit.customerId)).toEqual([0, 1, 2, 3, 4, 5].map((n) => `shop${n}`))
  expect(visits[0]?.name).toBe('Shop 0')
})

test('silence at one place is an inferred stay, with the phone’s reason, and one visit with the rest', () => {
  const [from, to] = [EIGHT + 20 * MINUTE, EIGHT + 40 * MINUTE]
  const fixes = walked([{ x: 0, y: 0, minutes: 60 }], GOOD).filter(
    ({ at }) => at <= from || at >= to,
  )
  const sites = [{ customerId: 'a', radius: 50, ...placeAt(10, 0) }]
  const silences = [
    { from: from + 1, to, reason: 'page_closed' as const },
    { from, to: from + MINUTE, reason: 'gps_off' as const },
  ]
  const day = deriveDay({ ...dayOf(fixes, 1), sites, silences })
  expect(day.segments.map((segment) => segment.kind)).toEqual(['stay', 'inferred_stay', 'stay'])
  expect(day.segments[1]).toMatchObject({ from, to, reason: 'page_closed', customerId: 'a' })
  expect(day.visits).toEqual([{ customerId: 'a', name: '', from: EIGHT, to: EIGHT + HOUR }])
})

test('silence under way is told apart: straight, and in gapMetres only', () => {
  const [from, to] = [EIGHT + 62 * MINUTE, EIGHT + 80 * MINUTE]
  const fixes = walked(TRIP, GOOD).filter(({ at }) => at <= from || at >= to)
  const day = deriveDay(dayOf(fixes, 2.35))
  const silent = day.segments.find((segment) => segment.kind === 'silent')
  expect(silent).toMatchObject({ from, to, reason: 'unknown' })
  expect(silent?.line).toHaveLength(2)
  expect(day.totals.gapMetres).toBe(Math.round(silent?.metres ?? 0))
  expect(day.totals.movedMetres).toBeLessThan(1500)
})

test('a duty without fixes is silence, and one that has not begun has no ribbon', () => {
  expect(kinds([], 8)).toEqual(['silent'])
  expect(deriveDay({ ...dayOf([], 8), now: EIGHT }).segments).toEqual([])
})

test('the ribbon ends now, and joins windows that overlap', () => {
  const fixes = walked(TRIP, GOOD)
  const now = EIGHT + 30 * MINUTE
  const duty = [
    { from: EIGHT + HOUR, to: EIGHT + 3 * HOUR },
    { from: EIGHT, to: EIGHT + 2 * HOUR },
  ]
  const day = deriveDay({ ...dayOf(fixes, 0), duty, now })
  expect(day.duty).toEqual([{ from: EIGHT, to: EIGHT + 3 * HOUR }])
  expect(day.segments).toHaveLength(1)
  expect(day.segments[0]).toMatchObject({ kind: 'stay', from: EIGHT, to: now })
})

test('a red light of two minutes is no stay', () => {
  const legs = [
    { x: 3000, y: 0, minutes: 6 },
    { x: 3000, y: 0, minutes: 2 },
    { x: 6000, y: 0, minutes: 6 },
  ]
  expect(kinds(walked(legs, { ...GOOD, every: 10 }), 14 / 60)).toEqual(['move'])
})

test('fixes outside of duty count nowhere', () => {
  const [first] = walked(TRIP, GOOD)
  const mock = first ? [{ ...first, at: EIGHT - 1, mock: true }] : []
  expect(deriveDay(dayOf(mock, 1)).flags.mock).toBe(0)
})
