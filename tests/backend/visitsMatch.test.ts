import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchVisits, type Claim, type Evidence, type Stay } from '../../backend/visits/match.ts'

const MIN = 60_000
const at = (hour: number, minute = 0) => (hour * 60 + minute) * MIN
const NONE: Evidence = {
  personId: 'rep1',
  date: '2026-11-23',
  stops: [],
  claims: [],
  stays: [],
  confirmations: [],
  over: true,
}
const match = (some: Partial<Evidence>) => matchVisits({ ...NONE, ...some })
const stay = (customerId: string, from: number, minutes = 20): Stay => ({
  customerId,
  from,
  to: from + minutes * MIN,
})
const claim = (id: string, customerId: string, from: number, minutes = 0): Claim => ({
  id,
  customerId,
  from,
  to: from + minutes * MIN,
})
const statuses = (some: Partial<Evidence>) => match(some).map((visit) => visit.status)

describe('matchVisits', () => {
  const stops = [{ id: 's1', customerId: 'a' }]
  it('tells the five kinds apart, and what is still to come', () => {
    expect(statuses({ stops, claims: [claim('c', 'a', at(9))], stays: [stay('a', at(9))] })).toEqual(['done']) // prettier-ignore
    expect(statuses({ claims: [claim('c', 'a', at(9))], stays: [stay('a', at(9))] })).toEqual(['unplanned']) // prettier-ignore
    expect(statuses({ stops })).toEqual(['missed'])
    expect(statuses({ stops, over: false })).toEqual(['planned'])
    expect(statuses({ stops, stays: [stay('a', at(9))] })).toEqual(['unlogged'])
    expect(statuses({ stops, claims: [claim('c', 'a', at(9))] })).toEqual(['unproven'])
  })

  it('takes the person’s word for a stay, and for nothing that was not seen', () => {
    const confirmations = [{ customerId: 'a', at: at(9, 5) }]
    expect(statuses({ stops, stays: [stay('a', at(9))], confirmations })).toEqual(['done'])
    expect(statuses({ stays: [stay('a', at(9))], confirmations })).toEqual(['unplanned'])
    expect(statuses({ stays: [stay('a', at(14))], confirmations })).toEqual(['unlogged'])
    expect(statuses({ stops, confirmations })).toEqual(['missed'])
  })

  it('calls less than five minutes passing by', () => {
    expect(statuses({ stays: [stay('a', at(9), 4.9)] })).toEqual([])
    expect(statuses({ stays: [stay('a', at(9), 5)] })).toEqual(['unlogged'])
  })

  it('lets a check-in reach a stay ten minutes away, and no further', () => {
    const stays = [stay('a', at(9))]
    expect(statuses({ stays, claims: [claim('c', 'a', at(9, 30))] })).toEqual(['unplanned'])
    expect(statuses({ stays, claims: [claim('c', 'a', at(9, 31))] })).toEqual(['unlogged', 'unproven']) // prettier-ignore
  })

  it('counts a double tap, and two halves of one stay, as one visit', () => {
    const [visit, ...more] = match({
      claims: [claim('c1', 'a', at(9)), claim('c2', 'a', at(9, 1)), claim('c1', 'a', at(9))],
      stays: [stay('a', at(9), 10), stay('a', at(9, 15), 10)],
    })
    expect(more).toEqual([])
    expect(visit).toMatchObject({
      checkinIds: ['c1', 'c2'],
      staySeconds: 1200,
    })
  })

  it('gives the stop to the best-proven visit, and a second stop to the next', () => {
    const evidence = {
      claims: [claim('c1', 'a', at(9)), claim('c2', 'a', at(14))],
      stays: [stay('a', at(14))],
    }
    expect(match({ stops, ...evidence }).map(({ stopId }) => stopId)).toEqual([null, 's1'])
    const two = [...stops, { id: 's2', customerId: 'a' }]
    expect(match({ stops: two, ...evidence }).map(({ stopId }) => stopId)).toEqual(['s2', 's1'])
  })
})

const CUSTOMERS = fc.constantFrom('a', 'b', 'c')
const MINUTE = fc.integer({ min: 0, max: 1439 })
const evidence = fc.record({
  stops: fc.uniqueArray(fc.record({ id: fc.uuid(), customerId: CUSTOMERS }), {
    selector: (stop) => stop.id,
    maxLength: 6,
  }),
  claims: fc.uniqueArray(
    fc
      .record({
        id: fc.uuid(),
        customerId: CUSTOMERS,
        from: MINUTE,
        length: MINUTE,
      })
      .map(({ id, customerId, from, length }) => claim(id, customerId, from * MIN, length % 60)),
    { selector: (each) => each.id, maxLength: 8 },
  ),
  stays: fc.array(
    fc
      .record({
        customerId: CUSTOMERS,
        from: MINUTE,
        length: fc.integer({ min: 1, max: 90 }),
      })
      .map(({ customerId, from, length }) => stay(customerId, from * MIN, length)),
    { maxLength: 8 },
  ),
  confirmations: fc.array(fc.record({ customerId: CUSTOMERS, at: MINUTE.map((m) => m * MIN) }), {
    maxLength: 3,
  }),
  over: fc.boolean(),
})

describe('matchVisits, whatever the day', () => {
  it('does not depend on the order or repetition of evidence', () => {
    fc.assert(
      fc.property(evidence, fc.infiniteStream(fc.nat()), (some, numbers) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          [...list].map((each) => ({ each, rank: numbers.next().value })).sort((a, b) => a.rank - b.rank).map(({ each }) => each) // prettier-ignore
        const again = {
          ...some,
          claims: shuffled([...some.claims, ...some.claims.slice(0, 2)]),
          stays: shuffled(some.stays),
          confirmations: shuffled([...some.confirmations, ...some.confirmations]),
        }
        expect(match(again)).toEqual(match(some))
        expect(match(some)).toEqual(match(some))
      }),
    )
  })

  it('uses each check-in once and each stop once, and no second of a customer twice', () => {
    fc.assert(
      fc.property(evidence, (some) => {
        const visits = match(some)
        expect(visits.flatMap((visit) => visit.checkinIds).sort()).toEqual(some.claims.map((each) => each.id).sort()) // prettier-ignore
        expect(visits.flatMap((visit) => visit.stopId ?? []).sort()).toEqual(some.stops.map((stop) => stop.id).sort()) // prettier-ignore
        expect(new Set(visits.map((visit) => visit.id)).size).toBe(visits.length)
        for (const customer of ['a', 'b', 'c']) {
          const spans = visits
            .filter((visit) => visit.customerId === customer && visit.from !== null)
            .sort((a, b) => (a.from ?? 0) - (b.from ?? 0))
          for (const [index, next] of spans.slice(1).entries())
            expect(next.from).toBeGreaterThan(spans[index]?.to ?? 0)
        }
      }),
    )
  })

  it('says missed only when the day is over, planned only while it is not', () => {
    fc.assert(
      fc.property(evidence, (some) => {
        expect(statuses(some)).not.toContain(some.over ? 'planned' : 'missed')
      }),
    )
  })
})
