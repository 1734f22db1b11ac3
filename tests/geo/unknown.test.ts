import { expect, test } from 'vitest'
import { deriveDay, type TrackFix } from '../../geo/index.ts'
import { guessedPointsOf } from '../../geo/stays/points.ts'
import { dayOf, HOUR, walked } from './simulate.ts'

const still = [{ x: 0, y: 0, minutes: 60 }]
const guessOf = (fixes: readonly TrackFix[]) => guessedPointsOf(fixes).accuracy[0] ?? NaN

test.each([
  [3, 0],
  [3, 30],
  [8, 0],
  [8, 30],
  [15, 60],
])(
  'fixes without accuracy tell it by their scatter: %i m, alike for %i s',
  (sigma, correlation) => {
    const noise = { seed: 3, sigma, correlation, accuracy: null }
    for (const every of [1, 10, 20]) {
      const guess = guessOf(walked(still, { ...noise, every }))
      expect(guess).toBeGreaterThanOrEqual(sigma * 1.51 * 0.4)
      expect(guess).toBeLessThanOrEqual(Math.max(5, sigma * 1.51 * 2.5))
    }
  },
)

test('a claimed accuracy is believed, and too few fixes tell nothing', () => {
  const fixes = walked(still, { seed: 3, sigma: 5, every: 15, accuracy: null })
  const claimed = fixes.map((fix, i) => (i % 2 === 0 ? fix : { ...fix, accuracy: 33 }))
  const { accuracy } = guessedPointsOf(claimed)
  expect([accuracy[1], accuracy[3]]).toEqual([33, 33])
  expect(accuracy[0]).toBeLessThan(25)
  expect(guessOf(fixes.slice(0, 9))).toBe(40)
  expect(guessOf(walked(still, { seed: 3, sigma: 5, every: 300, accuracy: null }))).toBe(40)
})

test.each([1, 5, 10])(
  'a slow walk recorded without accuracy each %i s is no chain of stays',
  (every) => {
    const walk = [0, 1, 2, 3].map((i) => ({ x: 500 * (i + 1), y: 300 * (i % 2), minutes: 9 }))
    const fixes = walked(walk, { seed: 8, sigma: 3, correlation: 30, every, accuracy: null })
    const { segments, totals } = deriveDay(dayOf(fixes, 0.6))
    expect(segments.map(({ kind }) => kind)).toEqual(['move'])
    expect(totals.moveSeconds * 1000).toBe(0.6 * HOUR)
    expect(Math.abs(totals.movedMetres / (500 + 3 * Math.hypot(500, 300)) - 1)).toBeLessThan(0.03)
  },
)

test.each([8, 12])('a slow walk through noise of %i m per axis is no stay either', (sigma) => {
  const walk = [0, 1, 2].map((i) => ({ x: 650 * (i + 1), y: 300 * (i % 2), minutes: 11 }))
  const fixes = walked(walk, { seed: 8, sigma, every: 10 })
  expect(deriveDay(dayOf(fixes, 0.55)).segments.map(({ kind }) => kind)).toEqual(['move'])
})
