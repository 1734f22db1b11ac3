import { expect, test } from 'vitest'
import { clean, followFences, type Fence, type TrackFix } from '../../geo/index.ts'
import { EIGHT, MINUTE, placeAt, walked, type Leg, type Noise } from './simulate.ts'

const fence = (x: number, y: number, radius = 50): Fence => ({
  id: `${x},${y}`,
  ...placeAt(x, y),
  radius,
})
const cleaned = (fixes: readonly TrackFix[]) =>
  clean(fixes).flatMap(({ fix, used }) => (used ? [fix] : []))
const follow = (legs: readonly Leg[], noise: Noise, fences: readonly Fence[]) =>
  followFences(cleaned(walked(legs, noise)), fences)

const at0 = fence(0, 0)

const still = [
  { x: 30, y: 0, minutes: 1e-9 },
  { x: 30, y: 0, minutes: 480 },
]
const around = [fence(200, 0), fence(400, -400, 300)]

test.each([
  [10, 0],
  [10, 60],
  [30, 60],
  [60, 0],
])(
  'somebody still for 8 hours, 20 m inside, never leaves: a fix each %i s, errors alike for %i s',
  (every, correlation) => {
    const events = Array.from(
      { length: 100 },
      (_, seed) =>
        follow(still, { seed, sigma: 15, every, correlation, rogue: 0.01 }, [at0, ...around])
          .events,
    )
    expect(events.flat()).toEqual([])
  },
  120_000,
)

test('whoever comes, stays and goes is seen to enter and leave at the right time', () => {
  // 600 m at 1.2 m/s: the edge is crossed 550 m on the way and 50 m after the start of the way back
  const legs = [
    { x: -600, y: 0, minutes: 20 },
    { x: 0, y: 0, minutes: 8 },
    { x: 0, y: 0, minutes: 30 },
    { x: 900, y: 0, minutes: 12 },
    { x: 900, y: 0, minutes: 20 },
  ]
  const truth = {
    enter: EIGHT + (20 + (8 * 550) / 600) * MINUTE,
    leave: EIGHT + (58 + 12 / 18) * MINUTE,
  }
  for (const [every, sigma] of [
    [10, 8],
    [30, 15],
    [60, 15],
  ] as const)
    for (let seed = 0; seed < 20; seed++) {
      const noise = { seed, sigma, every, correlation: 30, rogue: 0.01 }
      const start = [{ x: -600, y: 0, minutes: 1e-9 }, ...legs]
      const { events, visits } = follow(start, noise, [at0])
      expect(events.map(({ kind }) => kind)).toEqual(['enter', 'leave'])
      expect(Math.abs(Number(events[0]?.at) - truth.enter)).toBeLessThan(100_000)
      expect(Math.abs(Number(events[1]?.at) - truth.leave)).toBeLessThan(60_000)
      expect(visits).toEqual([
        expect.objectContaining({ from: events[0]?.at, to: events[1]?.at, passed: false }),
      ])
      for (const { at, earliest, latest } of events)
        expect(earliest <= at && at <= latest).toBe(true)
    }
})

test('a fence driven through between two fixes was passed', () => {
  // 15 m/s along y = 0, a fix each 60 s
  const drive = [
    { x: -3000, y: 0, minutes: 1e-9 },
    { x: 3000, y: 0, minutes: 6000 / 15 / 60 },
  ]
  const beside = fence(0, 90)
  const fixes = walked(drive, { seed: 1, sigma: 5, every: 60 })
  const { events, visits } = followFences(fixes, [at0, beside])
  expect(events.map(({ kind, fenceId }) => [kind, fenceId])).toEqual([['passed', at0.id]])
  expect(Math.abs(Number(events[0]?.at) - (EIGHT + (3050 / 15) * 1000))).toBeLessThan(3000)
  expect(visits[0]?.passed).toBe(true)
  expect(Math.abs(Number(visits[0]?.dwellMs) - 6667)).toBeLessThan(2000)
})
