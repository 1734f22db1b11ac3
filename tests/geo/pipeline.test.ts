import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveDay, type TrackFix } from '../../geo/index.ts'
import { dayOf, EIGHT, HOUR, MINUTE, placeAt, walked, type Leg } from './simulate.ts'

const TRIP: Leg[] = [
  { x: 0, y: 0, minutes: 20 },
  { x: 4000, y: 0, minutes: 8 },
  { x: 4000, y: 0, minutes: 20 },
  { x: 4000, y: 3000, minutes: 8 },
  { x: 4000, y: 3000, minutes: 20 },
]
const derive = (fixes: readonly TrackFix[], hours: number) => deriveDay(dayOf(fixes, hours))
const kinds = (fixes: readonly TrackFix[], hours: number) =>
  derive(fixes, hours).segments.map(({ kind }) => kind)
const some = (count: number) => Array.from({ length: count }, (_, seed) => seed)

test('a thousand shuffles, splits and repetitions give the same bytes', () => {
  const fixes = walked(TRIP, { seed: 11, sigma: 12, every: 60, rogue: 0.05, correlation: 60 })
  const twins = fixes.slice(0, 9).map((fix) => ({ ...fix, id: `${fix.id}b`, lng: fix.lng + 1e-4 }))
  const all = [...fixes, ...twins] // several fixes of one instant
  const expected = JSON.stringify(derive(all, 1.3))
  const shuffled = fc.shuffledSubarray(all, { minLength: all.length })
  fc.assert(
    fc.property(shuffled, fc.subarray(all), (order, again) => {
      expect(JSON.stringify(derive([...again, ...order, ...again], 1.3))).toBe(expected)
    }),
    { numRuns: 1000 },
  )
})

test('the middle of a 20 km trip that comes two hours late makes exactly the same day', () => {
  const way = [
    { x: 0, y: 0, minutes: 30 },
    { x: 20_000, y: 0, minutes: 40 },
    { x: 20_000, y: 0, minutes: 30 },
  ]
  const fixes = walked(way, { seed: 3, sigma: 8, every: 10 })
  const isLate = ({ at }: TrackFix) => at > EIGHT + 40 * MINUTE && at < EIGHT + 60 * MINUTE
  const late = [...fixes.filter((fix) => !isLate(fix)), ...fixes.filter(isLate).reverse()]
  expect(derive(late, 2)).toEqual(derive(fixes, 2))
  expect(Math.abs(derive(late, 2).totals.movedMetres / 20_000 - 1)).toBeLessThan(0.03)
})

describe.each([0, 30, 180, 600])(
  'eight hours still, noise with a memory of %i s',
  (correlation) => {
    test.each([5, 10, 30, 120, 300])('a fix each %i s moves less than 100 m', (every) => {
      const fixes = walked([{ x: 0, y: 0, minutes: 480 }], {
        seed: 21,
        sigma: 10,
        every,
        correlation,
      })
      expect(derive(fixes, 8).totals.movedMetres).toBeLessThan(100)
    })
  },
)

test.each([
  [15, 99],
  [30, 98],
  [50, 95],
])('an hour at %i m jitter with rogue fixes is one stay in %i of 100 runs', (sigma, least) => {
  const noise = { sigma, every: 20, rogue: 0.01 }
  const days = some(100).map((seed) =>
    kinds(walked([{ x: 0, y: 0, minutes: 60 }], { ...noise, seed: 400 + seed }), 1),
  )
  expect(days.filter((day) => day.join() === 'stay').length).toBeGreaterThanOrEqual(least)
})

test.each([null, 38])('accuracy %s: a stay is found whatever the phone claims', (accuracy) => {
  const fixes = walked(TRIP, { seed: 5, sigma: 12, every: 15, correlation: 60, accuracy })
  expect(kinds(fixes, 76 / 60)).toEqual(['stay', 'move', 'stay', 'move', 'stay'])
})

test('one fix in five minutes still shows stays and moves', () => {
  const slow = TRIP.map((leg) => ({ ...leg, minutes: 3 * leg.minutes }))
  const jittered = walked(slow, { seed: 6, sigma: 10, every: 300 }).map((fix, i) => ({
    ...fix,
    at: fix.at + ((i * 7919) % 50) * 1000,
  }))
  expect(kinds(jittered, 3.8)).toEqual(['stay', 'move', 'stay', 'move', 'stay'])
})

test('a fix each second is no reason for more stays', () => {
  const fixes = walked(TRIP, { seed: 7, sigma: 10, every: 1, correlation: 30 })
  expect(kinds(fixes, 76 / 60)).toEqual(['stay', 'move', 'stay', 'move', 'stay'])
})

test('departure and arrival are dated between two fixes', () => {
  const fixes = walked(TRIP, { seed: 8, sigma: 4, every: 110 })
  const [first, move, second] = derive(fixes, 76 / 60).segments
  expect(Math.abs((first?.to ?? 0) - (EIGHT + 20 * MINUTE))).toBeLessThan(45_000)
  expect(Math.abs((second?.from ?? 0) - (EIGHT + 28 * MINUTE))).toBeLessThan(45_000)
  expect(move?.from).toBe(first?.to)
})

/** Half an hour at a place and a walk of 40 minutes away, silent from one minute to another. */
const hushed = (from: number, to: number, back = false) => {
  const legs = [
    { x: 0, y: 0, minutes: 30 },
    { x: 2400, y: 0, minutes: 30 },
  ]
  const fixes = walked(legs, { seed: 9, sigma: 4, every: 15 })
  const end = EIGHT + HOUR
  const turned = back ? fixes.map((fix) => ({ ...fix, at: EIGHT + end - fix.at })) : fixes
  return turned.filter(({ at }) => at <= EIGHT + from * MINUTE || at >= EIGHT + to * MINUTE)
}

test('who is seen at the place when a silence ends was there during it', () => {
  const day = derive(hushed(15, 30), 1)
  expect(day.segments.map(({ kind }) => kind)).toEqual(['stay', 'inferred_stay', 'move'])
  expect(Math.abs((day.segments[1]?.to ?? 0) - (EIGHT + 30 * MINUTE))).toBeLessThan(45_000)
  expect(Math.abs(day.totals.movedMetres - 2400)).toBeLessThan(80)
  const back = derive(hushed(30, 45, true), 1)
  expect(back.segments.map(({ kind }) => kind)).toEqual(['move', 'inferred_stay', 'stay'])
  expect(Math.abs(back.totals.movedMetres - 2400)).toBeLessThan(80)
})

test('who is seen elsewhere after a silence was nobody knows where, were it a minute’s walk away', () => {
  expect(kinds(hushed(15, 31), 1)).toEqual(['stay', 'silent', 'move'])
  expect(kinds(hushed(29, 45, true), 1)).toEqual(['move', 'silent', 'stay'])
  expect(kinds(hushed(15, 40), 1)).toEqual(['stay', 'silent', 'move'])
  expect(kinds(hushed(20, 45, true), 1)).toEqual(['move', 'silent', 'stay'])
})

test('several windows over midnight and a change of zone are cut apart, each tiled', () => {
  const fixes = walked(
    [
      { x: 0, y: 0, minutes: 60 },
      { x: 900, y: 0, minutes: 10 },
    ],
    { seed: 4, sigma: 6, every: 20 },
  )
  const night = fixes.map((fix) => ({ ...fix, at: fix.at + 15.5 * HOUR }))
  const start = EIGHT + 15.5 * HOUR
  const duty = [
    { from: start, to: start + 20 * MINUTE },
    { from: start + 30 * MINUTE, to: start + 70 * MINUTE },
  ]
  const day = { ...dayOf(night, 0), duty }
  const { segments } = deriveDay(day)
  expect(segments.map(({ kind }) => kind)).toEqual(['stay', 'stay', 'move'])
  expect(segments.map(({ from }) => from).slice(0, 2)).toEqual(duty.map(({ from }) => from))
  expect(deriveDay({ ...day, zone: 'Asia/Urumqi' }).segments).toEqual(segments)
})

test('a lone fix elsewhere, first or last, belongs to the stay', () => {
  const fixes = walked([{ x: 0, y: 0, minutes: 30 }], { seed: 2, sigma: 6, every: 30 })
  const far = (fix: TrackFix | undefined, id: string) =>
    fix ? [{ ...fix, id, ...placeAt(500, 500) }] : []
  const strange = [...far(fixes[0], 'a'), ...fixes.slice(1, -1), ...far(fixes.at(-1), 'z')]
  expect(kinds(strange, 0.5)).toEqual(['stay'])
})
