import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metresToSegment, simplify } from '../../geo/index.ts'
import { gaussianBy, placeAt, randomBy } from './simulate.ts'

type Point = [number, number]
const pointAt = (x: number, y: number): Point => [placeAt(x, y).lng, placeAt(x, y).lat]
const placeOf = ([lng, lat]: Point) => ({ lng, lat })

/** The furthest that a dropped point is from the segment that replaces it. */
function worstOf(line: readonly Point[], thin: readonly Point[]): number {
  let [worst, index] = [0, 0]
  for (const point of line) {
    const [from, to] = [thin[index], thin[index + 1]]
    if (to && point === to) index++
    else if (from && to)
      worst = Math.max(worst, metresToSegment(placeOf(point), placeOf(from), placeOf(to)))
  }
  expect(index).toBe(Math.max(0, thin.length - 1))
  return worst
}

const offset = fc.integer({ min: -500, max: 500 })
const anyLine = fc.array(fc.tuple(offset, offset), { maxLength: 80 })
const tolerance = fc.double({ min: 0.1, max: 400, noNaN: true })

test('ends and order stay, the tolerance is a bound, and once is enough', () => {
  fc.assert(
    fc.property(anyLine, tolerance, (offsets, metres) => {
      const line = offsets.map(([x, y]) => pointAt(x, y))
      const thin = simplify(line, metres)
      expect([thin[0], thin.at(-1)]).toEqual([line[0], line.at(-1)])
      expect(worstOf(line, thin)).toBeLessThanOrEqual(metres)
      expect(simplify(thin, metres)).toEqual(thin)
    }),
  )
})

/** Lines on which the furthest point is always next to an end: 20,000 points would take minutes of n². */
const LINES: [string, (i: number, n: number) => Point][] = [
  ['a zigzag that grows', (i, n) => pointAt(i, (i % 2 === 0 ? 1 : -1) * (1 + i / n) * 50)],
  ['a zigzag that shrinks', (i, n) => pointAt(i, (i % 2 === 0 ? 1 : -1) * (2 - i / n) * 50)],
  ['an even zigzag', (i) => pointAt(i, i % 2 === 0 ? 50 : -50)],
  ['a spiral', (i, n) => pointAt((i / n) * 900 * Math.cos(i), (i / n) * 900 * Math.sin(i))],
  ['ever higher powers', (i, n) => pointAt(i, 5000 * 2 ** -(n - i))],
]

test.each(LINES)('%s is thinned within the tolerance, and in time', (_name, shape) => {
  const line = Array.from({ length: 20_000 }, (_, i) => shape(i, 20_000))
  expect(worstOf(line, simplify(line, 20))).toBeLessThanOrEqual(20)
})

test('a noisy walk keeps its form with few points', () => {
  const gaussian = gaussianBy(randomBy(5))
  const line = Array.from({ length: 3000 }, (_, i): Point => pointAt(i * 2, gaussian() * 3))
  const thin = simplify(line, 15)
  expect(thin.length).toBeLessThan(10)
  expect(worstOf(line, thin)).toBeLessThanOrEqual(15)
})

test('a line over the antimeridian is thinned as any other', () => {
  const line: Point[] = [
    [179.98, 0],
    [179.99, 0.00001],
    [-179.99, 0],
    [-179.98, 0],
  ]
  expect(simplify(line, 10)).toEqual([line[0], line[3]])
})

test('senseless tolerances drop nothing, and any number answers', () => {
  const line: Point[] = [
    [1, 2],
    [1, 2],
    [1, 2],
  ]
  for (const metres of [0, -1, NaN]) expect(simplify(line, metres)).toEqual(line)
  expect(simplify(line, Infinity)).toEqual([line[0], line[2]])
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double(), fc.double())), fc.double(), (any, metres) => {
      expect(simplify(any, metres).length).toBeLessThanOrEqual(any.length)
    }),
  )
})
