import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { visitsOf } from './bench/baselines/dawarich.ts'
import { fenceEvents, motionEvents, runningTotal } from './bench/baselines/traccar.ts'
import { placeAt, walked } from './geo/simulate.ts'

const Case = z.object({
  id: z.string(),
  rules: z.object({
    minDistance: z.number(),
    minDuration: z.number(),
    stopGap: z.number().nullable(),
  }),
  startMoving: z.boolean(),
  points: z.array(z.object({ t: z.string(), east_m: z.number() })),
  events: z.array(z.enum(['moving', 'stopped'])),
  times: z.array(z.string()).nullable(),
})
const file = path.join(import.meta.dirname, 'bench/baselines/traccarCases.json')
const { cases } = z.object({ cases: z.array(Case) }).parse(JSON.parse(readFileSync(file, 'utf8')))

describe('the baseline has Traccar’s own motion', () => {
  test.each(cases)('$id', ({ rules, startMoving, points, events, times }) => {
    const fixes = points.map(({ t, east_m }) => ({
      at: Date.parse(t),
      lng: east_m / 111_195,
      lat: 0,
    }))
    const told = motionEvents(fixes, startMoving, rules)
    expect(told.map(({ kind }) => kind)).toEqual(events)
    if (times) expect(told.map(({ fix }) => fix.at)).toEqual(times.map(Date.parse))
  })
})

test('a running total loses a block that arrives late', () => {
  const way = Array.from({ length: 2001 }, (_, i) => ({
    at: i * 1000,
    lng: (1000 - Math.abs(i - 1000)) / 11_119.5,
    lat: 0,
  }))
  expect(runningTotal(way)).toBeCloseTo(20_000, -2)
  const late = [...way.slice(0, 700), ...way.slice(1300), ...way.slice(700, 1300)]
  expect(runningTotal(late)).toBeCloseTo(14_000, -2)
})

test('a still phone travels 17 km in eight hours, and crosses its fence some 70 times', () => {
  const jitter = { seed: 3, sigma: 10, every: 30 }
  const metres = runningTotal(walked([{ x: 0, y: 0, minutes: 480 }], jitter))
  expect(metres / 1000).toBeGreaterThan(16)
  expect(metres / 1000).toBeLessThan(18)
  const still = [
    { x: 20, y: 0, minutes: 0.01 },
    { x: 20, y: 0, minutes: 480 },
  ]
  const inFence = walked(still, { seed: 3, sigma: 15, every: 30, rogue: 0.01 })
  const events = fenceEvents(inFence, { ...placeAt(0, 0), radius: 50 })
  expect(events).toBeGreaterThan(45)
  expect(events).toBeLessThan(100)
})

test('Dawarich’s rules make one visit of an hour at 15 m jitter, and several at 30 m', () => {
  const visits = (sigma: number) =>
    Array.from({ length: 100 }, (_, seed) =>
      visitsOf(walked([{ x: 0, y: 0, minutes: 60 }], { seed, sigma, every: 60 })),
    )
  expect(visits(15).filter((count) => count === 1).length).toBeGreaterThan(60)
  expect(visits(30).filter((count) => count === 1).length).toBeLessThan(10)
})
