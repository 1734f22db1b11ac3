import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bearing,
  chanceInside,
  interpolate,
  lengthOf,
  metresBetween,
  metresToSegment,
  restOf,
  simplify,
  whereIs,
} from '../../geo/index.ts'
import { EIGHT, gaussianBy, placeAt, randomBy, walked } from './simulate.ts'

const circle = { ...placeAt(0, 0), radius: 50 }

test('a position is inside, outside, or it cannot be told', () => {
  expect(whereIs(placeAt(10, 0), 10, circle)).toBe('inside')
  expect(whereIs(placeAt(120, 0), 10, circle)).toBe('outside')
  expect(whereIs(placeAt(45, 0), 20, circle)).toBe('cannot_tell')
  expect(whereIs(placeAt(49, 0), 0, circle)).toBe('inside')
  expect(whereIs(placeAt(20, 0), null, circle)).toBe('cannot_tell')
})

test('the probability is what throwing darts gives', () => {
  const gaussian = gaussianBy(randomBy(7))
  for (const [off, radius, accuracy] of [
    [0, 50, 50],
    [40, 50, 20],
    [80, 50, 60],
    [200, 300, 90],
  ] as const) {
    const sigma = accuracy / 1.5096
    let hits = 0
    for (let i = 0; i < 40_000; i++)
      if (Math.hypot(off + sigma * gaussian(), sigma * gaussian()) <= radius) hits++
    expect(chanceInside(off, radius, accuracy)).toBeCloseTo(hits / 40_000, 1.9)
  }
  expect(chanceInside(0, 50, 50)).toBeCloseTo(0.68, 5)
  expect(chanceInside(0, 0, 50)).toBe(0)
  expect(chanceInside(0, 5000, 1)).toBe(1)
})

test('distances, courses and ways between are those of the sphere', () => {
  const [origin, north, east] = [placeAt(0, 0), placeAt(0, 1000), placeAt(1000, 0)]
  expect(metresBetween(origin, north)).toBeCloseTo(1000, 1)
  expect(bearing(origin, north)).toBeCloseTo(0, 3)
  expect(bearing(origin, east)).toBeCloseTo(90, 1)
  expect(bearing(east, origin)).toBeCloseTo(270, 1)
  expect(metresBetween(origin, interpolate(origin, east, 0.25))).toBeCloseTo(250, 0)
  expect(lengthOf([])).toBe(0)
  expect(metresToSegment(placeAt(500, 30), origin, east)).toBeCloseTo(30, 1)
  expect(metresToSegment(placeAt(-40, 30), origin, east)).toBeCloseTo(50, 1)
  expect(metresToSegment(placeAt(3, 4), origin, origin)).toBeCloseTo(5, 2)
})

test('a simplified line keeps its ends and loses nothing beyond the tolerance', () => {
  const offset = fc.integer({ min: -500, max: 500 })
  fc.assert(
    fc.property(fc.array(fc.tuple(offset, offset), { maxLength: 40 }), (offsets) => {
      const line = offsets.map(([x, y]): [number, number] => [placeAt(x, y).lng, placeAt(x, y).lat])
      const thin = simplify(line, 20)
      expect(thin[0]).toEqual(line[0])
      expect(thin.at(-1)).toEqual(line.at(-1))
      expect(simplify(line, 0)).toEqual(line)
      const asPlace = ([lng = 0, lat = 0]: readonly number[] = []) => ({ lng, lat })
      for (const point of line) {
        const off = thin.map((end, i) =>
          metresToSegment(asPlace(point), asPlace(thin[Math.max(0, i - 1)]), asPlace(end)),
        )
        expect(Math.min(...off)).toBeLessThan(20.1)
      }
    }),
  )
})

test('somebody who stopped is still since the stop, in whatever order the fixes come', () => {
  const legs = [
    { x: 900, y: 0, minutes: 5 },
    { x: 900, y: 0, minutes: 8 },
  ]
  const fixes = walked(legs, { seed: 2, sigma: 6, every: 10, rogue: 0.02 })
  const rest = restOf(fixes)
  expect(Math.abs((rest.stillSince ?? 0) - (EIGHT + 5 * 60_000))).toBeLessThan(45_000)
  expect(metresBetween(rest, placeAt(900, 0))).toBeLessThan(10)
  expect(restOf(fixes.toReversed())).toEqual(rest)
})

test('somebody under way is not still, and nobody is nowhere', () => {
  const fixes = walked([{ x: 900, y: 0, minutes: 5 }], { seed: 2, sigma: 6, every: 10 })
  expect(restOf(fixes).stillSince).toBeNull()
  expect(restOf([])).toEqual({ stillSince: null, lng: NaN, lat: NaN })
})
