import { expect, test } from 'vitest'
import { deriveDay, type DayFacts, type TrackFix } from '../../geo/index.ts'
import { dayOf, EIGHT, MINUTE, placeAt } from './simulate.ts'

const seen = (minute: number, x: number, accuracy = 10): TrackFix => ({
  id: `f${String(minute).padStart(3, '0')}`,
  at: EIGHT + minute * MINUTE,
  ...placeAt(x, 0),
  accuracy,
})
const from = (start: number, end: number, x: number) =>
  Array.from({ length: end - start + 1 }, (_, i) => seen(start + i, x))
const told = (fixes: readonly TrackFix[], minutes: number) =>
  piecesOf({ ...dayOf(fixes, (minutes + 1) / 60) })
const piecesOf = (facts: DayFacts) =>
  deriveDay(facts).segments.map((each) => [
    each.kind,
    Math.round((each.from - EIGHT) / MINUTE),
    Math.round((each.to - EIGHT) / MINUTE),
  ])

test('of a silence between two places nothing is presumed, however near they are and however long it lasts', () => {
  for (const metres of [240, 1500])
    expect(told([...from(0, 20, 0), ...from(40, 60, metres)], 60)).toEqual([
      ['stay', 0, 20],
      ['silent', 20, 40],
      ['stay', 40, 61],
    ])
})

test('a silence on the way, with no stay at either end, stays a silence', () => {
  const ride = [0, 1, 2, 3, 4].map((n) => seen(n, 900 * n))
  const on = [20, 21, 22, 23, 24].map((n) => seen(n, 900 * (n - 12)))
  expect(told([...ride, ...on], 24).map(([kind]) => kind)).toEqual(['move', 'silent', 'move'])
})

test('presumed time bears the reason of the silence and the place of the stay', () => {
  const silences = [
    { from: EIGHT + 20 * MINUTE, to: EIGHT + 40 * MINUTE, reason: 'page_closed' },
  ] as const
  const site = { customerId: 'shop', ...placeAt(0, 0), radius: 60 }
  const facts = { ...dayOf([...from(0, 20, 0), seen(40, 12), seen(45, 4000)], 46 / 60), silences }
  const { segments } = deriveDay({ ...facts, sites: [site] })
  expect(segments[1]).toMatchObject({
    kind: 'inferred_stay',
    reason: 'page_closed',
    customerId: 'shop',
    place: segments[0]?.place,
  })
})
