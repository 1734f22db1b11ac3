import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metresBetween, placeAtTime, thinByTime, type TimedPlace } from '../../geo/index.ts'

const aWay = fc
  .array(
    fc.record({
      step: fc.integer({ min: 0, max: 60_000 }),
      lng: fc.double({ min: 114, max: 114.02, noNaN: true }),
      lat: fc.double({ min: 22.5, max: 22.52, noNaN: true }),
    }),
    { maxLength: 700 },
  ) // prettier-ignore
  .map((steps) => {
    let at = 0
    return steps.map(({ step, lng, lat }): TimedPlace => ({ at: (at += step + 1), lng, lat }))
  })

test('who goes by the kept points is nowhere further off than the tolerance at the time of any point', () => {
  fc.assert(
    fc.property(aWay, fc.integer({ min: 0, max: 2000 }), (way, tolerance) => {
      const kept = thinByTime(way, tolerance)
      for (const point of way) {
        const place = placeAtTime(kept, point.at)
        expect(place).not.toBeNull()
        if (place) expect(metresBetween(place, point)).toBeLessThanOrEqual(tolerance + 0.01)
      }
      expect(kept.every((point) => way.includes(point))).toBe(true)
      expect(kept.toSorted((a, b) => a.at - b.at)).toEqual(kept)
    }),
    { numRuns: 300 },
  )
})

test('an even walk needs its ends alone', () => {
  const walk = Array.from({ length: 200 }, (_, n) => ({ at: n * 1000, lng: 114 + n * 1e-5, lat: 22.5 })) // prettier-ignore
  expect(thinByTime(walk, 0.1)).toEqual([walk[0], walk[199]])
})

test('a long line is thinned in blocks, whose ends are kept once', () => {
  const walk = Array.from({ length: 600 }, (_, n) => ({ at: n * 1000, lng: 114 + n * 1e-5, lat: 22.5 })) // prettier-ignore
  expect(thinByTime(walk, 0.1)).toEqual([0, 256, 512, 599].map((n) => walk[n]))
})

test('a stop on the way is kept: the line alone would not show it', () => {
  const stop = [0, 1, 2, 3, 4, 4, 4, 4, 4, 5, 6, 7].map((n, index) => ({ at: index * 10_000, lng: 114 + n * 1e-3, lat: 22.5 })) // prettier-ignore
  expect(thinByTime(stop, 20).map(({ at }) => at)).toEqual([0, 40_000, 80_000, 110_000])
})

test('points of one moment, one point, and none are answered', () => {
  const same = { at: 5, lng: 114, lat: 22.5 }
  const all = [same, { ...same, lng: 114.01 }, { ...same, lng: 114.02 }]
  expect(thinByTime(all, 10).length).toBeGreaterThan(1)
  expect(placeAtTime(all, 5)).toEqual(same)
  expect(thinByTime([same], 10)).toEqual([same])
  expect(thinByTime([], 10)).toEqual([])
  expect(placeAtTime([], 5)).toBeNull()
})

test('before the first and after the last point nothing is known', () => {
  const way = [{ at: 10, lng: 114, lat: 22 }, { at: 20, lng: 115, lat: 22 }] // prettier-ignore
  expect(placeAtTime(way, 9)).toBeNull()
  expect(placeAtTime(way, 21)).toBeNull()
  expect(placeAtTime(way, 15)).toEqual({ lng: 114.5, lat: 22 })
})
