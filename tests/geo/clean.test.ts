import { expect, test } from 'vitest'
import { clean, ordered, type TrackFix } from '../../geo/index.ts'
import { EIGHT, placeAt } from './simulate.ts'

const fix = (second: number, x: number, more: Partial<TrackFix> = {}): TrackFix => ({
  id: `f${second}`,
  at: EIGHT + second * 1000,
  ...placeAt(x, 0),
  accuracy: 10,
  ...more,
})
const flagged = (fixes: readonly TrackFix[]) =>
  clean(fixes).flatMap(({ fix, flags }) => (flags.length > 0 ? [[fix.id, ...flags]] : []))

test('fixes are ordered by time and id, each id once, whichever copy came first', () => {
  const fixes = [
    fix(20, 0),
    fix(10, 0, { id: 'b' }),
    fix(10, 0, { id: 'a' }),
    fix(20, 5),
    fix(20, 0),
  ]
  const ids = ordered(fixes).map(({ id }) => id)
  expect(ids).toEqual(['a', 'b', 'f20'])
  expect(ordered(fixes.toReversed())).toEqual(ordered(fixes))
})

test('an inaccurate fix is flagged only while a better one is near in time', () => {
  const poor = { accuracy: 500 }
  expect(flagged([fix(0, 0), fix(60, 0, poor), fix(400, 0, poor)])).toEqual([['f60', 'inaccurate']])
  expect(flagged([fix(0, 0, poor), fix(60, 0)])).toEqual([['f0', 'inaccurate']])
})

test('a leap away and back is a jump, for one fix or a few', () => {
  expect(flagged([fix(0, 0), fix(10, 5000), fix(20, 10)])).toEqual([['f10', 'jump']])
  expect(flagged([fix(0, 0), fix(10, 5000), fix(20, 5010), fix(30, 10), fix(40, 10)])).toEqual([
    ['f10', 'jump'],
    ['f20', 'jump'],
  ])
})

test('a fast train is no jump, nor is a leap that never comes back', () => {
  expect(flagged([0, 1, 2, 3, 4].map((n) => fix(10 * n, 900 * n)))).toEqual([])
  expect(flagged([fix(0, 0), fix(10, 5000), fix(20, 5010)])).toEqual([])
  expect(flagged([0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => fix(10 * n, n === 0 ? 0 : 9000)))).toEqual(
    [],
  )
})

test('a cached position told again under way is stale, and so is a frozen one at speed', () => {
  const way = [0, 300, 600, 900, 0, 1500, 1800].map((x, i) => fix(30 * i, x))
  expect(flagged(way)).toEqual([['f120', 'stale']])
  const frozen = [0, 1, 2].map((n) => fix(10 * n, 0, { speed: 12 }))
  expect(flagged(frozen)).toEqual([
    ['f10', 'stale'],
    ['f20', 'stale'],
  ])
})

test('a place told again and again under way is stale each time', () => {
  const way = Array.from({ length: 160 }, (_, i) => fix(30 * i, i > 0 && i % 4 === 0 ? 0 : 300 * i))
  const again = way.filter((_, i) => i > 0 && i % 4 === 0).map(({ id }) => [id, 'stale'])
  expect(flagged(way)).toEqual(again)
})

test('exactly the same place again after an hour is a return', () => {
  expect(flagged([fix(0, 0), fix(1800, 3000), fix(3600, 0), fix(5400, 3000)])).toEqual([])
})

test('mock and corrected clocks are told, and the position is still used', () => {
  const [only] = clean([fix(0, 0, { mock: true, clock: true })])
  expect(only).toMatchObject({ flags: ['mock', 'clock'], used: true })
})
