import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  chanceIn,
  chanceInPolygon,
  chanceInside,
  edgesBetween,
  followFences,
  isInPolygon,
  metresOutside,
  metresToSegment,
  sizeOf,
  whereIs,
  type Polygon,
  type Ring,
} from '../../geo/index.ts'
import { gaussianBy, placeAt, randomBy, walked } from './simulate.ts'

const ringOf = (corners: readonly (readonly [number, number])[]): Ring =>
  corners.map(([x, y]) => [placeAt(x, y).lng, placeAt(x, y).lat])
const polygonOf = (...rings: (readonly (readonly [number, number])[])[]): Polygon => ({
  polygons: [rings.map(ringOf)],
})
const box = (left: number, low: number, right: number, high: number) =>
  [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
  ] as const
const square = polygonOf(box(-50, -50, 50, 50))
const yard = polygonOf(box(-100, -100, 100, 100), box(-40, -40, 40, 40))
const star = polygonOf(
  Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 120 : 40
    return [radius * Math.cos((i * Math.PI) / 5), radius * Math.sin((i * Math.PI) / 5)] as const
  }),
)

/** Φ by its series, exact to 1e-12 within ±6. */
function phi(z: number): number {
  let [sum, term] = [z, z]
  for (let n = 1; n < 200; n++) {
    term *= (z * z) / (2 * n + 1)
    sum += term
  }
  return 0.5 + (sum * Math.exp(-(z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

/** 1 − Q₁(a, b), Marcum: the chance of the circle, by the Poisson mixture of incomplete gammas. */
function marcum(a: number, b: number): number {
  const [x, y] = [(a * a) / 2, (b * b) / 2]
  let [weight, tail, term] = [Math.exp(-x), Math.exp(-y), Math.exp(-y)] // tail: P(Poisson(y) ≤ k)
  let sum = 0
  for (let k = 0; k < 400; k++) {
    sum += weight * (1 - tail)
    weight *= x / (k + 1)
    term *= y / (k + 1)
    tail += term
  }
  return sum
}

test('the chance of a circle is that of Marcum’s Q to 1e-5', () => {
  const spread = fc.double({ min: 0.01, max: 12, noNaN: true })
  fc.assert(
    fc.property(spread, spread, (distance, radius) => {
      const accuracy = 30 * Math.sqrt(-2 * Math.log(0.32)) // sigma 30 m
      const chance = chanceInside(distance * 30, radius * 30, accuracy)
      expect(Math.abs(chance - marcum(distance, radius))).toBeLessThan(1e-5)
    }),
    { numRuns: 1000 },
  )
})

test('the chance of a rectangle is a product of two normal distributions, to 1e-8', () => {
  const edge = fc.double({ min: -150, max: 150, noNaN: true })
  const size = fc.double({ min: 1, max: 200, noNaN: true })
  fc.assert(
    fc.property(edge, edge, size, size, (x, y, width, height) => {
      const sigma = 30
      const chance = chanceInPolygon(
        placeAt(0, 0),
        polygonOf(box(x, y, x + width, y + height)),
        sigma,
      )
      const across = phi((x + width) / sigma) - phi(x / sigma)
      const up = phi((y + height) / sigma) - phi(y / sigma)
      expect(Math.abs(chance - across * up)).toBeLessThan(1e-8)
    }),
    { numRuns: 1000 },
  )
})

test('edges and corners through the very place are no trouble', () => {
  const chance = (polygon: Polygon) => chanceInPolygon(placeAt(0, 0), polygon, 1)
  expect(chance(polygonOf(box(0, -100, 100, 100)))).toBeCloseTo(0.5, 8)
  expect(chance(polygonOf(box(0, 0, 100, 100)))).toBeCloseTo(0.25, 8)
  expect(chance(polygonOf(box(1e-7, 1e-7, 1e5, 1e5)))).toBeCloseTo(0.25, 6)
  expect(chance(polygonOf(box(0, 0, 0, 0)))).toBe(0)
  expect(chance({ polygons: [] })).toBe(0)
  expect(chance({ polygons: [[]] })).toBe(0)
})

test.each([
  ['a square', square],
  ['a yard around a house', yard],
  ['a star', star],
  ['two parts', { polygons: [...square.polygons, ...polygonOf(box(60, 60, 200, 90)).polygons] }],
])('the chance of %s is what throwing darts gives', (_name, polygon) => {
  const gaussian = gaussianBy(randomBy(11))
  for (const [x, y, sigma] of [
    [0, 0, 30],
    [45, 20, 25],
    [90, 70, 60],
    [-130, 5, 20],
  ] as const) {
    let hits = 0
    for (let i = 0; i < 20_000; i++)
      if (isInPolygon(placeAt(x + sigma * gaussian(), y + sigma * gaussian()), polygon)) hits++
    expect(Math.abs(chanceInPolygon(placeAt(x, y), polygon, sigma) - hits / 20_000)).toBeLessThan(
      0.015,
    )
  }
})

test('direction and closing of rings mean nothing', () => {
  const [outer, hole] = [box(-100, -100, 100, 100), box(-40, -40, 40, 40)]
  const other = polygonOf([...outer, outer[0]], hole.toReversed())
  const turned = polygonOf(outer.toReversed(), hole)
  for (const [x, y] of [
    [0, 0],
    [70, 0],
    [120, 0],
    [38, 39],
  ] as const)
    for (const polygon of [other, turned]) {
      const place = placeAt(x, y)
      expect(chanceIn(polygon, place, 20)).toBeCloseTo(chanceIn(yard, place, 20), 12)
      expect(metresOutside(polygon, place)).toBeCloseTo(metresOutside(yard, place), 9)
      expect(isInPolygon(place, polygon)).toBe(isInPolygon(place, yard))
    }
  expect(sizeOf(turned)).toBeCloseTo(Math.sqrt((200 * 200 - 80 * 80) / Math.PI), 1)
})

test('a position is inside a polygon, outside, or it cannot be told', () => {
  expect(whereIs(placeAt(0, 0), 15, square)).toBe('inside')
  expect(whereIs(placeAt(120, 0), 15, square)).toBe('outside')
  expect(whereIs(placeAt(50, 0), 15, square)).toBe('cannot_tell')
  expect(whereIs(placeAt(0, 0), 10, yard)).toBe('outside')
  expect(whereIs(placeAt(70, 0), 10, yard)).toBe('inside')
})

test('metres to the edge are those to the nearest side', () => {
  expect(metresOutside(square, placeAt(0, 0))).toBeCloseTo(-50, 1)
  expect(metresOutside(square, placeAt(80, 90))).toBeCloseTo(50, 1)
  expect(metresOutside(yard, placeAt(0, 0))).toBeCloseTo(40, 1)
  expect(metresOutside({ polygons: [] }, placeAt(0, 0))).toBe(Infinity)
  expect(metresToSegment(placeAt(0, 0), placeAt(50, -50), placeAt(50, 50))).toBeCloseTo(50, 1)
})

test('a way crosses edges in order', () => {
  const shares = (polygon: Polygon, y: number) =>
    edgesBetween(polygon, placeAt(-200, y), placeAt(200, y)).map((share) => share.toFixed(3))
  expect(shares(square, 0)).toEqual(['0.375', '0.625'])
  expect(shares(yard, 0)).toEqual(['0.250', '0.400', '0.600', '0.750'])
  expect(shares(yard, 120)).toEqual([])
  expect(edgesBetween(square, placeAt(0, 0), placeAt(0, 0))).toEqual([])
})

test('a polygon over the antimeridian holds what it holds', () => {
  const polygon: Polygon = {
    polygons: [
      [
        [
          [179.99, -0.01],
          [-179.99, -0.01],
          [-179.99, 0.01],
          [179.99, 0.01],
        ],
      ],
    ],
  }
  expect(isInPolygon({ lng: 180, lat: 0 }, polygon)).toBe(true)
  expect(isInPolygon({ lng: -179.995, lat: 0 }, polygon)).toBe(true)
  expect(isInPolygon({ lng: 0, lat: 0 }, polygon)).toBe(false)
  expect(whereIs({ lng: -180, lat: 0 }, 20, polygon)).toBe('inside')
})

test('a fence may be a polygon', () => {
  const legs = [
    { x: -600, y: 0, minutes: 1e-9 },
    { x: 70, y: 0, minutes: 10 },
    { x: 70, y: 0, minutes: 20 },
    { x: 70, y: 900, minutes: 12 },
  ]
  const fixes = walked(legs, { seed: 3, sigma: 5, every: 20 })
  const { events } = followFences(fixes, [{ id: 'yard', ...yard }])
  // the way leads through the near side of the yard, and the house
  expect(events.map(({ kind }) => kind)).toEqual(['passed', 'enter', 'leave'])
})

test('any number answers', () => {
  const number = fc.oneof(fc.double(), fc.double({ min: -180, max: 180 }))
  const ring = fc.array(fc.tuple(number, number), { maxLength: 6 })
  const polygons = fc.array(fc.array(ring, { maxLength: 3 }), { maxLength: 3 })
  fc.assert(
    fc.property(polygons, number, number, fc.double(), (parts, lng, lat, accuracy) => {
      const [polygon, place] = [{ polygons: parts }, { lng, lat }]
      expect(['inside', 'outside', 'cannot_tell']).toContain(whereIs(place, accuracy, polygon))
      expect(typeof metresOutside(polygon, place)).toBe('number')
      expect(Array.isArray(edgesBetween(polygon, place, { lng: lat, lat: lng }))).toBe(true)
    }),
  )
})
