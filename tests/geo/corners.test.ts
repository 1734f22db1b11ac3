import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withCorners } from '../../geo/day/corners.ts'
import { deriveDay, lengthOf, type TrackFix } from '../../geo/index.ts'
import { pointsOf } from '../../geo/stays/points.ts'
import { dayOf, EIGHT, MINUTE, walked, type Leg } from './simulate.ts'

const fixesAt = (places: readonly (readonly [number, number])[], accuracy: number) =>
  places.map((_, i): TrackFix => ({ id: `f${i}`, at: EIGHT + i * 1000, lng: 0, lat: 0, accuracy }))

/** The line through places in metres, as seen with an accuracy. */
function drawn(places: readonly (readonly [number, number])[], accuracy = 5) {
  const way = {
    x: Float64Array.from(places, ([x]) => x),
    y: Float64Array.from(places, ([, y]) => y),
  }
  return withCorners(way, pointsOf(fixesAt(places, accuracy)), 0)
}

const metres = (line: readonly (readonly [number, number])[]) =>
  line.reduce((sum, [x, y], i) => {
    const [a, b] = line[i - 1] ?? [x, y]
    return sum + Math.hypot(x - a, y - b)
  }, 0)

test('a straight way has no corners, nor has one of two points', () => {
  const straight = [0, 100, 300, 450].map((x) => [x, x / 2] as const)
  expect(drawn(straight)).toEqual(straight)
  expect(drawn([straight[0] ?? [0, 0], [7, 7]])).toHaveLength(2)
})

test('each hop at a right angle is longer, by a corner on the outer side', () => {
  const left = drawn([
    [0, 0],
    [400, 0],
    [400, 400],
  ])
  expect(left).toHaveLength(5)
  expect(metres(left) / 800).toBeCloseTo(1 + 0.25 / (1 + 1.19), 2)
  expect(left[1]?.[1]).toBeLessThan(-10) // south of the way east
  expect(left[3]?.[0]).toBeGreaterThan(410) // east of the way north
  const right = drawn([
    [0, 0],
    [400, 0],
    [400, -400],
  ])
  expect(right).toEqual(left.map(([x, y]) => [x, y === 0 ? 0 : -y]))
})

test('a hop that turns and seems slower than those beside it hides more of its way; a straight one does not', () => {
  const around = (metres: number) =>
    [0, 400, 400 + metres, 800 + metres].map((x, i) => [x, i > 1 ? 200 : 0] as const)
  const hidden = (way: ReturnType<typeof around>) => metres(drawn(way)) / metres(way) - 1
  expect(hidden(around(100))).toBeGreaterThan(2 * hidden(around(400)))
  const straight = [0, 400, 450, 850].map((x) => [x, 0] as const)
  expect(drawn(straight)).toEqual(straight)
})

test('where hops are short against the noise their turns add next to nothing', () => {
  const zigzag = [0, 1, 2, 3, 4, 5].map((i) => [i * 10, (i % 2) * 10] as const)
  expect(metres(drawn(zigzag, 60)) / metres(zigzag)).toBeLessThan(1.01)
})

test('whatever the way, its points stay, in order, and it is never twice as long', () => {
  const place = fc.tuple(
    fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  )
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (places) => {
      const doubled = places.flatMap((each) => [each, each]) // hops of no length, too
      for (const way of [places, doubled]) {
        const line = drawn(way)
        let next = 0
        for (const [x, y] of line) if (x === way[next]?.[0] && y === way[next]?.[1]) next++
        expect(next).toBe(way.length)
        expect(metres(line)).toBeGreaterThanOrEqual(metres(way) * (1 - 1e-9))
        expect(metres(line)).toBeLessThanOrEqual(metres(way) * 1.8001 + 1e-6)
      }
    }),
  )
})

test('a drive through blocks of 400 m is told within 4 %, though a fix each half minute cuts its corners', () => {
  const legs: Leg[] = Array.from({ length: 24 }, (_, i) => ({
    x: 400 * Math.ceil((i + 1) / 2),
    y: 400 * Math.floor((i + 1) / 2),
    minutes: 40 / 60,
  }))
  const still = (leg: Leg | undefined) => ({ x: leg?.x ?? 0, y: leg?.y ?? 0, minutes: 10 })
  const way = [still(undefined), ...legs, still(legs.at(-1))]
  const fixes = walked(way, { seed: 5, sigma: 5, every: 30 })
  const { totals, segments } = deriveDay(dayOf(fixes, 0.6))
  const onTheWay = fixes.filter(({ at }) => at >= EIGHT + 10 * MINUTE && at <= EIGHT + 26 * MINUTE)
  const cut = lengthOf(onTheWay.map(({ lng, lat }) => [lng, lat])) / 9600
  expect(cut).toBeLessThan(0.88)
  expect(Math.abs(totals.movedMetres / 9600 - 1)).toBeLessThan(Math.abs(cut - 1) / 2)
  const lines = segments.flatMap(({ kind, line }) => (kind === 'move' ? [line ?? []] : []))
  expect(lines.reduce((sum, line) => sum + lengthOf(line), 0)).toBeCloseTo(totals.movedMetres, -1)
})
