import { expect, test } from 'vitest'
import {
  deriveDay,
  findStays,
  pointsOf,
  restOf,
  smoothed,
  valueAt,
  type DayFacts,
  type SilenceReason,
} from '../../geo/index.ts'
import { dayOf, EIGHT, MINUTE, placeAt, walked } from './simulate.ts'

const seen = (minute: number, x: number, accuracy = 10) => ({
  id: `f${String(minute * 60).padStart(6, '0')}`,
  at: EIGHT + minute * MINUTE,
  ...placeAt(x, 0),
  accuracy,
})
const from = (start: number, end: number, x: number) =>
  Array.from({ length: (end - start) * 2 + 1 }, (_, i) => seen(start + i / 2, x))
const told = (facts: DayFacts) =>
  deriveDay(facts).segments.map(({ kind, from, to }) => [
    kind,
    Math.round((from - EIGHT) / MINUTE),
    Math.round((to - EIGHT) / MINUTE),
  ])

test('no fixes make no points and no stays, and there is nothing beyond the last', () => {
  expect(findStays(pointsOf([]))).toEqual([])
  expect(valueAt(pointsOf([seen(0, 0)]).at, 1)).toBeNaN()
})

test('of two customers in one building the first by id is visited, however they are listed', () => {
  const sites = ['a', 'b'].map((customerId) => ({ customerId, ...placeAt(0, 0), radius: 50 }))
  const day = dayOf(from(0, 20, 0), 1)
  for (const each of [sites, sites.toReversed()])
    expect(deriveDay({ ...day, sites: each }).visits.map((visit) => visit.customerId)).toEqual([
      'a',
    ])
})

test('of two reasons that cover as much of a silence the first by name is told', () => {
  const reasons: SilenceReason[] = ['gps_off', 'page_closed']
  const silences = reasons.map((reason) => ({ from: EIGHT, to: EIGHT + 30 * MINUTE, reason }))
  for (const each of [silences, silences.toReversed()])
    expect(deriveDay({ ...dayOf([], 1), silences: each }).segments[0]?.reason).toBe('gps_off')
})

test('a jump does not wake somebody who is still', () => {
  const fixes = walked([{ x: 0, y: 0, minutes: 10 }], { seed: 4, sigma: 5, every: 10 })
  const jump = { ...seen(9.05, 9000), id: 'jump' }
  expect(restOf([...fixes, jump])).toEqual(restOf(fixes))
})

test('a silence between two fixes at one place was spent there, whichever end is of the stay', () => {
  const arriving = [seen(0, 9000), seen(20, 12), ...from(40, 60, 0)]
  expect(told(dayOf(arriving, 1))).toEqual([
    ['silent', 0, 20],
    ['inferred_stay', 20, 40],
    ['stay', 40, 60],
  ])
  const leaving = [...from(0, 20, 0), seen(40, 12), seen(60, 9000)]
  expect(told(dayOf(leaving, 61 / 60))).toEqual([
    ['stay', 0, 20],
    ['inferred_stay', 20, 40],
    ['silent', 40, 61],
  ])
})

test('a silence that ends a walk away from the place was not spent there, unless the fix is as vague', () => {
  const kindWhen = (x: number, accuracy: number) =>
    told(dayOf([...from(0, 20, 0), seen(40, x, accuracy), seen(60, 3000)], 61 / 60))[1]?.[0]
  expect(kindWhen(120, 10)).toBe('silent')
  expect(kindWhen(60, 40)).toBe('inferred_stay')
  expect(kindWhen(400, 900)).toBe('silent')
})

test('one fix far away after a silence ends the stay where it was seen last', () => {
  expect(told(dayOf([...from(0, 20, 0), seen(40, 3000)], 41 / 60))).toEqual([
    ['stay', 0, 20],
    ['silent', 20, 41],
  ])
})

test('a day that begins or ends with a silence at the place was begun or ended there', () => {
  expect(told(dayOf([seen(0, 60, 40), ...from(20, 40, 0)], 40 / 60))).toEqual([
    ['inferred_stay', 0, 20],
    ['stay', 20, 40],
  ])
  expect(told(dayOf([...from(0, 20, 0), seen(40, 60, 40)], 41 / 60))).toEqual([
    ['stay', 0, 20],
    ['inferred_stay', 20, 41],
  ])
})

test('fixes as vague as can be told are passed without a position that is no number', () => {
  const vague = [0, 1, 2, 3].map((minute) => seen(minute, minute * 900, 1e200))
  const way = smoothed(pointsOf(vague), 0, 3)
  expect([...way.x, ...way.y].every(Number.isFinite)).toBe(true)
  const line = deriveDay(dayOf(vague, 0.1)).segments.flatMap((piece) => piece.line ?? [])
  expect(line.flat().every(Number.isFinite)).toBe(true)
})
