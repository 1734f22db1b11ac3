import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { siteAt } from '../../geo/day/sites.ts'
import { deriveDay, type Intention, type Site } from '../../geo/index.ts'
import { dayOf, EIGHT, MINUTE, placeAt, walked } from './simulate.ts'

const site = (customerId: string, x: number): Site => ({ customerId, radius: 60, ...placeAt(x, 0) })
const NEXT_DOOR = [site('a', 0), site('b', 0), site('c', 40)]
const stayed = (x: number, from = EIGHT) => ({ ...placeAt(x, 0), accuracy: 10, from })
const plan = (madeAt: number, ...customerIds: string[]): Intention => ({ madeAt, customerIds })
const named = (x: number, intentions: Intention[] = [], from = EIGHT) =>
  siteAt(stayed(x, from), { sites: NEXT_DOOR, intentions })?.customerId

describe('of several customers who may be meant', () => {
  test('the nearest is, and of those as near the first by id', () => {
    expect(named(0)).toBe('a')
    expect(named(25)).toBe('c')
    expect(named(1000)).toBeUndefined()
  })

  test('in one building the planned one is, and next door when the place speaks for both', () => {
    expect(named(0, [plan(EIGHT - 1, 'b')])).toBe('b')
    expect(named(16, [plan(EIGHT - 1, 'c')])).toBe('c')
    expect(named(16)).toBe('a')
  })

  test('a plan does not carry somebody to a shop that he clearly was not at', () => {
    expect(named(0, [plan(EIGHT - 1, 'c')])).toBe('a')
    expect(named(200, [plan(EIGHT - 1, 'c')])).toBeUndefined()
  })

  test('what is planned after he came is no evidence, and of earlier plans the newest counts', () => {
    expect(named(0, [plan(EIGHT + 1, 'b')])).toBe('a')
    expect(named(0, [plan(EIGHT - 2, 'b'), plan(EIGHT - 1)])).toBe('a')
    expect(named(0, [plan(EIGHT - 1), plan(EIGHT - 2, 'b')])).toBe('a')
    expect(named(0, [plan(EIGHT - 2), plan(EIGHT - 1, 'b'), plan(EIGHT + 9, 'a')])).toBe('b')
  })

  test('of two as likely, and of two plans made at once, either order gives the same', () => {
    const [a, b] = NEXT_DOOR.slice(0, 2)
    if (!a || !b) throw new Error('two sites in one house')
    const plans = [plan(EIGHT - 1, 'a'), plan(EIGHT - 1, 'b')]
    for (const sites of [[a, b], [b, a]]) {
      expect(siteAt(stayed(0), { sites })).toBe(a)
      expect(siteAt(stayed(0), { sites, intentions: plans })).toBe(b)
      expect(siteAt(stayed(0), { sites, intentions: [...plans].reverse() })).toBe(b)
    } // prettier-ignore
  })

  test('the order of sites and plans means nothing', () => {
    const intention = fc.record({
      madeAt: fc.integer({ min: EIGHT - 3, max: EIGHT + 3 }),
      customerIds: fc.shuffledSubarray(['a', 'b', 'c']),
    })
    const given = fc.record({ x: fc.integer({ min: -50, max: 90 }), plans: fc.array(intention) })
    fc.assert(
      fc.property(given, fc.infiniteStream(fc.nat()), ({ x, plans }, dice) => {
        const shuffled = <T>(all: readonly T[]) =>
          all
            .map((each) => ({ each, key: dice.next().value ?? 0 }))
            .sort((p, q) => p.key - q.key)
            .map(({ each }) => each)
        const told = siteAt(stayed(x), { sites: shuffled(NEXT_DOOR), intentions: shuffled(plans) })
        expect(told?.customerId).toBe(named(x, plans))
      }),
    )
  })
})

test('two visits in one house follow a plan that was changed between them', () => {
  const legs = [
    { x: 0, y: 0, minutes: 30 },
    { x: 300, y: 0, minutes: 4 },
    { x: 300, y: 0, minutes: 20 },
    { x: 0, y: 0, minutes: 4 },
    { x: 0, y: 0, minutes: 30 },
  ]
  const fixes = walked(legs, { seed: 2, sigma: 4, every: 15 })
  const intentions = [plan(EIGHT - 1, 'b'), plan(EIGHT + 40 * MINUTE, 'a')]
  const { visits } = deriveDay({ ...dayOf(fixes, 1.5), sites: NEXT_DOOR.slice(0, 2), intentions })
  expect(visits.map(({ customerId }) => customerId)).toEqual(['b', 'a'])
})
