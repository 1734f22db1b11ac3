import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  alongGreatCircle,
  bearing,
  interpolate,
  lengthOf,
  metresBetween,
  metresToSegment,
  type Place,
} from '../../geo/index.ts'

const place = fc.record({
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
})
const share = fc.double({ min: 0, max: 1, noNaN: true })
const at = (lng: number, lat: number): Place => ({ lng, lat })
const HALF_WAY_ROUND = Math.PI * 6371008.8

test('distances are those of the sphere', () => {
  expect(metresBetween(at(0, 0), at(1, 0))).toBeCloseTo(HALF_WAY_ROUND / 180, 6)
  expect(metresBetween(at(0, -90), at(77, 90))).toBeCloseTo(HALF_WAY_ROUND, 6)
  expect(metresBetween(at(179.9, 0), at(-179.9, 0))).toBeCloseTo(HALF_WAY_ROUND / 900, 4)
  // Paris to Sydney, known to 0.5 % of an ellipsoid's answer
  expect(metresBetween(at(2.3522, 48.8566), at(151.2093, -33.8688)) / 16_960_000).toBeCloseTo(1, 2)
  expect(
    lengthOf([
      [179.9, 0],
      [-179.9, 0],
      [-179.8, 0],
    ]),
  ).toBeCloseTo(HALF_WAY_ROUND / 600, 4)
  expect(lengthOf([[1, 2]])).toBe(0)
})

test('a distance is a metric', () => {
  fc.assert(
    fc.property(place, place, place, (a, b, c) => {
      expect(metresBetween(a, b)).toBeCloseTo(metresBetween(b, a), 6)
      expect(metresBetween(a, a)).toBe(0)
      expect(metresBetween(a, c)).toBeLessThanOrEqual(
        metresBetween(a, b) + metresBetween(b, c) + 0.2,
      )
      expect(metresBetween(a, b)).toBeLessThanOrEqual(HALF_WAY_ROUND)
    }),
  )
})

test('courses are 0 to 360, clockwise from north, over the antimeridian, too', () => {
  expect(bearing(at(179.9, 0), at(-179.9, 0))).toBeCloseTo(90, 6)
  expect(bearing(at(-179.9, 0), at(179.9, 0))).toBeCloseTo(270, 6)
  expect(bearing(at(10, 5), at(10, -5))).toBeCloseTo(180, 6)
  fc.assert(
    fc.property(place, place, (a, b) => {
      const course = bearing(a, b)
      expect(course >= 0 && course < 360).toBe(true)
    }),
  )
})

test('a place on the great circle is as far along as asked', () => {
  fc.assert(
    fc.property(place, place, share, (a, b, part) => {
      const metres = metresBetween(a, b)
      fc.pre(metres < HALF_WAY_ROUND * 0.999)
      const middle = alongGreatCircle(a, b, part)
      expect(Math.abs(metresBetween(a, middle) - part * metres)).toBeLessThan(0.5)
      expect(Math.abs(metresBetween(middle, b) - (1 - part) * metres)).toBeLessThan(0.5)
    }),
  )
  expect(alongGreatCircle(at(1, 2), at(1, 2), 0.3)).toEqual(at(1, 2))
  expect(alongGreatCircle(at(0, 90), at(0, -90), 0.7)).toEqual(at(0, -90))
})

test('a place on a short way is between its ends, over the antimeridian, too', () => {
  expect(interpolate(at(179.9, 1), at(-179.7, 2), 0.75)).toEqual({
    lng: expect.closeTo(-179.8, 9),
    lat: 1.75,
  })
  expect(interpolate(at(-179.9, 0), at(179.9, 0), 0.5).lng).toBeCloseTo(-180, 9)
  expect(metresToSegment(at(180, 0.001), at(179.99, 0), at(-179.99, 0))).toBeCloseTo(111.195, 2)
  expect(metresToSegment(at(5, 5), at(5, 5), at(5, 5))).toBe(0)
})

test('any number answers', () => {
  const any = fc.record({ lng: fc.double(), lat: fc.double() })
  fc.assert(
    fc.property(any, any, any, fc.double(), (a, b, c, part) => {
      for (const answer of [metresBetween(a, b), bearing(a, b), metresToSegment(a, b, c)])
        expect(typeof answer).toBe('number')
      expect(Object.keys(interpolate(a, b, part))).toEqual(['lng', 'lat'])
      expect(Object.keys(alongGreatCircle(a, b, part))).toEqual(['lng', 'lat'])
    }),
  )
})
