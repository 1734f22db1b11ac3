import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clean,
  followFence,
  followFences,
  UNSEEN,
  type Fence,
  type TrackFix,
} from '../../geo/index.ts'
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

test('a visit of five minutes is an enter and a leave', () => {
  const legs = [
    { x: -600, y: 0, minutes: 1e-9 },
    { x: -600, y: 0, minutes: 10 },
    { x: 0, y: 0, minutes: 2 },
    { x: 0, y: 0, minutes: 5 },
    { x: 900, y: 0, minutes: 3 },
    { x: 900, y: 0, minutes: 10 },
  ]
  for (const every of [10, 30, 60])
    for (let seed = 0; seed < 30; seed++) {
      const { events } = follow(legs, { seed, sigma: 15, every, correlation: 30, rogue: 0.01 }, [
        at0,
      ])
      expect(events.map(({ kind }) => kind)).toEqual(['enter', 'leave'])
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

/** Fixes at places and minutes, precise to 8 m. */
const fixesAt = (
  ...places: readonly (readonly [x: number, y: number, minute: number])[]
): TrackFix[] =>
  places.map(([x, y, minute], i) => ({
    id: `f${i}`,
    at: EIGHT + minute * MINUTE,
    ...placeAt(x, y),
    accuracy: 8,
  }))
const kindsOf = (fixes: readonly TrackFix[], ...fences: Fence[]) =>
  followFences(fixes, fences).events.map(({ kind }) => kind)

test('one fix far off, there and back, passes nothing and leaves nothing', () => {
  const home = [
    [300, 0, 0],
    [302, 1, 1],
    [299, 2, 2],
  ] as const
  const after = [
    [301, 0, 4],
    [300, 3, 5],
    [298, 0, 6],
  ] as const
  expect(kindsOf(fixesAt(...home, [-600, 0, 3], ...after), at0)).toEqual([])
  expect(kindsOf(fixesAt(...home, [-600, 0, 3], [-580, 0, 3.2], ...after), at0)).toEqual([])
  expect(kindsOf(fixesAt([-600, 0, -1], ...home, ...after), at0)).toEqual([])
  const inside = [
    [0, 0, 0],
    [2, 1, 1],
    [4, 2, 2],
    [3, 3, 3],
    [900, 0, 4],
    [950, 0, 5],
    [3, 3, 6],
    [3, 3, 7],
  ] as const
  expect(kindsOf(fixesAt(...inside), at0)).toEqual([])
})

test('a way straight through counts with two fixes on its far side, also at the end of the data', () => {
  const way = [
    [600, 0, 0],
    [300, 0, 1],
    [-300, 0, 2],
    [-600, 0, 3],
  ] as const
  const { events, visits } = followFences(fixesAt(...way), [at0])
  const [from, to] = [250, 350].map((metres) => EIGHT + MINUTE + (metres / 600) * MINUTE)
  expect(events).toEqual([
    {
      fenceId: at0.id,
      kind: 'passed',
      since: from,
      at: to,
      earliest: EIGHT + MINUTE,
      latest: EIGHT + 2 * MINUTE,
    },
  ])
  expect(visits).toEqual([{ fenceId: at0.id, from, to, dwellMs: 10_000, passed: true }])
  expect(kindsOf(fixesAt(...way.slice(0, 3)), at0)).toEqual([])
})

test('a way beside the fence, over a silence, or too fast passes nothing', () => {
  expect(kindsOf(fixesAt([600, 60, 0], [300, 60, 1], [-300, 60, 2], [-600, 60, 3]), at0)).toEqual(
    [],
  )
  expect(kindsOf(fixesAt([600, 0, 0], [300, 0, 1], [-300, 0, 9], [-600, 0, 10]), at0)).toEqual([])
  expect(kindsOf(fixesAt([9000, 0, 0], [9000, 0, 1], [-9000, 0, 2], [-9000, 0, 3]), at0)).toEqual(
    [],
  )
})

test('over a silence only what was seen counts as time inside', () => {
  const out = (minute: number) => [600, 0, minute] as const
  const home = (minute: number) => [0, 0, minute] as const
  const minutes = [0, 1, 2, 3]
  const fixes = fixesAt(
    ...minutes.map(out),
    ...minutes.map((minute) => home(60 + minute)),
    ...minutes.map((minute) => out(120 + minute)),
  )
  const { events } = followFences(fixes, [at0])
  expect(events).toEqual([
    {
      fenceId: at0.id,
      kind: 'enter',
      at: EIGHT + 60 * MINUTE,
      since: EIGHT + 60 * MINUTE,
      earliest: EIGHT + 3 * MINUTE,
      latest: EIGHT + 60 * MINUTE,
    },
    {
      fenceId: at0.id,
      kind: 'leave',
      at: EIGHT + 63 * MINUTE,
      since: EIGHT + 60 * MINUTE,
      earliest: EIGHT + 63 * MINUTE,
      latest: EIGHT + 120 * MINUTE,
    },
  ])
})

test('whoever is inside from the first fix on has not entered; the visit is open', () => {
  const fixes = fixesAt([0, 0, 0], [1, 1, 1], [2, 0, 2], [0, 0, 9])
  expect(followFences(fixes, [at0])).toMatchObject({
    events: [],
    visits: [{ from: EIGHT, to: null, dwellMs: 9 * MINUTE, passed: false }],
    states: [{ fenceId: at0.id, state: { where: 'inside' } }],
  })
  expect(followFences([], [at0])).toEqual({ events: [], visits: [], states: [] })
  expect(followFences(fixes, [fence(5000, 0)]).states).toEqual([])
})

test('leaving needs the margin: 15 m beyond the edge is not away', () => {
  const minutes = Array.from({ length: 30 }, (_, i) => i)
  const inside = minutes.map((minute) => [0, 0, minute] as const)
  const beside = (x: number) => minutes.map((minute) => [x, 0, 30 + minute] as const)
  expect(kindsOf(fixesAt(...inside, ...beside(65)), at0)).toEqual([])
  expect(kindsOf(fixesAt(...inside, ...beside(75)), at0)).toEqual(['leave'])
  const wide = fence(0, 0, 500)
  expect(kindsOf(fixesAt(...inside, ...beside(540)), wide)).toEqual([])
  expect(kindsOf(fixesAt(...inside, ...beside(560)), wide)).toEqual(['leave'])
  expect(kindsOf(fixesAt(...inside, [300, 0, 30], [300, 0, 31]), at0)).toEqual([])
  expect(kindsOf(fixesAt(...inside, [300, 0, 30], [300, 0, 31], [300, 0, 32]), at0)).toEqual([
    'leave',
  ])
})

const anyWay = fc.array(
  fc.record({
    x: fc.integer({ min: -400, max: 400 }),
    y: fc.integer({ min: -100, max: 100 }),
    seconds: fc.integer({ min: 0, max: 600 }),
    accuracy: fc.option(fc.integer({ min: -1, max: 200 })),
  }),
  { maxLength: 60 },
)

test('events alternate, visits do not overlap, and the state may be stored between two fixes', () => {
  fc.assert(
    fc.property(anyWay, (way) => {
      let at = EIGHT
      const fixes = way.map(({ x, y, seconds, accuracy }, i): TrackFix => {
        at += seconds * 1000
        return { id: String(i), at, ...placeAt(x, y), accuracy }
      })
      const { events, visits } = followFences(fixes, [at0])
      const changes = events.filter(({ kind }) => kind !== 'passed').map(({ kind }) => kind)
      for (const [i, kind] of changes.entries()) expect(kind).not.toBe(changes[i - 1])
      for (const [i, visit] of visits.entries()) {
        expect(visit.from).toBeGreaterThanOrEqual(visits[i - 1]?.to ?? 0)
        expect(visit.dwellMs).toBeGreaterThanOrEqual(0)
      }
      for (const { at, earliest, latest, since } of events)
        expect(earliest <= at && at <= latest && since <= at).toBe(true)
      let state = UNSEEN
      const live = fixes.flatMap((fix) => {
        const next = followFence(at0, JSON.parse(JSON.stringify(state)), fix)
        state = next.state
        return next.event ?? []
      })
      expect(events).toEqual(expect.arrayContaining(live))
    }),
    { numRuns: 500 },
  )
})

test('any number answers', () => {
  const number = fc.double()
  const fix = fc.record({
    id: fc.string(),
    at: number,
    lng: number,
    lat: number,
    accuracy: fc.option(number),
  })
  fc.assert(
    fc.property(fc.array(fix), (fixes) => {
      expect(Array.isArray(followFences(fixes, [at0]).events)).toBe(true)
    }),
  )
})
