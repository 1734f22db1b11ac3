import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  bd09ToGcj02,
  gcj02ToBd09,
  gcj02ToWgs84,
  metresBetween,
  toDatum,
  toWgs84,
  wgs84ToGcj02,
} from '../../geo/index.ts'

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/data/${name}`, import.meta.url), 'utf8'))

const Pair = z.tuple([z.number(), z.number()])
const Name = z.enum(['wgs84', 'gcj02', 'bd09'])
const { vectors, grid } = z
  .object({
    vectors: z.array(
      z.object({
        id: z.string(),
        from: Name,
        to: Name,
        in: Pair,
        out: Pair,
        tolerance: z.number(),
      }),
    ),
    grid: z.array(z.tuple([Pair, Pair, Pair])),
  })
  .parse(read('coords.json'))

type Pair = z.infer<typeof Pair>
const apart = (a: readonly number[], b: readonly number[]) =>
  metresBetween({ lng: a[0] ?? 0, lat: a[1] ?? 0 }, { lng: b[0] ?? 0, lat: b[1] ?? 0 })
const worst = (a: readonly number[], b: readonly number[]) =>
  Math.max(Math.abs((a[0] ?? 0) - (b[0] ?? 0)), Math.abs((a[1] ?? 0) - (b[1] ?? 0)))

test.each(vectors)('$id is converted as its source does', (vector) => {
  const answer = toDatum(toWgs84(vector.in, vector.from), vector.to)
  expect(apart(answer, vector.out)).toBeLessThanOrEqual(vector.tolerance + 0.02)
})

test('the grid on which three implementations agree is met to 1e-9 degrees forward, 1e-8 in every direction', () => {
  for (const [wgs, gcj, bd] of grid) {
    expect(worst(wgs84ToGcj02(wgs), gcj)).toBeLessThan(1e-9)
    expect(worst(gcj02ToBd09(gcj), bd)).toBeLessThan(1e-9)
    expect(worst(toWgs84(gcj, 'gcj02'), wgs)).toBeLessThan(1e-8)
    expect(worst(toWgs84(bd, 'bd09'), wgs)).toBeLessThan(1e-8)
  }
})

test('the cities of a map service are met to its own precision', () => {
  const { vectors } = z
    .object({ vectors: z.array(z.tuple([Name, Name, Pair, Pair, z.number()])) })
    .parse(read('coords-cities.json'))
  expect(vectors).toHaveLength(402)
  for (const [from, to, start, end, tolerance] of vectors)
    expect(apart(toDatum(toWgs84(start, from), to), end)).toBeLessThanOrEqual(tolerance)
})

test('the published vectors that are wrong are not met', () => {
  // a library's BD-09 with π for 3000π/180: 41 m off the services
  const answer = toWgs84([120.036455, 29.210504], 'bd09')
  expect(apart(answer, [120.0253853970846, 29.206795749156136])).toBeGreaterThan(30)
})

/** The region without the strip in which a position and its image lie on different sides of its edge. */
const inland = fc.tuple(
  fc.oneof(
    fc.double({ min: 72.05, max: 137.8, noNaN: true }),
    fc.double({ min: 104.999999, max: 105.000001, noNaN: true }), // the formula has an edge here
  ),
  fc.double({ min: 0.87, max: 55.79, noNaN: true }),
)

test('the inverse of any position of the region has that position as its image', () => {
  fc.assert(
    fc.property(inland, (there) => {
      expect(worst(wgs84ToGcj02(gcj02ToWgs84(there)), there)).toBeLessThan(1e-8)
      expect(worst(gcj02ToBd09(bd09ToGcj02(there)), there)).toBeLessThan(1e-8)
      expect(worst(toDatum(toWgs84(there, 'bd09'), 'bd09'), there)).toBeLessThan(1e-8)
    }),
  )
})

test('there and back is the same place to 1e-8 degrees', () => {
  fc.assert(
    fc.property(inland, ([lng, lat]) => {
      expect(worst(gcj02ToWgs84(wgs84ToGcj02([lng, lat])), [lng, lat])).toBeLessThan(1e-8)
      expect(worst(bd09ToGcj02(gcj02ToBd09([lng, lat])), [lng, lat])).toBeLessThan(1e-8)
      expect(worst(toWgs84(toDatum([lng, lat], 'bd09'), 'bd09'), [lng, lat])).toBeLessThan(1e-8)
    }),
  )
})

test.each([[[72.004, 1]], [[72.0045, 30]], [[100, 0.8294]]] satisfies [[number, number]][])(
  'the edge %j answers',
  ([lng, lat]) => {
    expect(worst(gcj02ToWgs84([lng, lat]), [lng, lat])).toBeLessThan(0.05)
    expect(worst(bd09ToGcj02([lng, lat]), [lng, lat])).toBeLessThan(0.05)
  },
)

test.each([
  [[-122.3, 47.6]],
  [[139.7, 35.7]],
  [[72.003, 30]],
  [[100, 0.82]],
  [[183, 45]],
  [[180, 0]],
  [[-180, 40]],
  [[100, 90]],
  [[100, -90]],
  [[1e300, -1e300]],
] satisfies [[number, number]][])('outside of the region %j stays', ([lng, lat]) => {
  for (const datum of ['wgs84', 'gcj02', 'bd09'] as const) {
    expect(toWgs84([lng, lat], datum)).toEqual([lng, lat])
    expect(toDatum([lng, lat], datum)).toEqual([lng, lat])
  }
})

test('any number answers', () => {
  fc.assert(
    fc.property(
      fc.double(),
      fc.double(),
      fc.constantFrom('wgs84', 'gcj02', 'bd09'),
      (lng, lat, datum) => {
        expect(toWgs84([lng, lat], datum)).toHaveLength(2)
      },
    ),
  )
})
