import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Person } from '../../backend/contract/people.ts'
import { ringOf } from '../../h5/map/glyphs.ts'
import { indexPeople } from '../../h5/map/peopleIndex.ts'

const STATES = ['moving', 'at_customer', 'still', 'silent', 'off_duty'] as const
const WORLD: [number, number, number, number] = [-180, -85, 180, 85]
const someone = fc.record({
  state: fc.constantFrom(...STATES),
  lng: fc.double({ min: 113.9, max: 114.2, noNaN: true }),
  lat: fc.double({ min: 22.4, max: 22.7, noNaN: true }),
  known: fc.boolean(),
})

function personOf(
  { state, lng, lat, known }: { state: Person['state']; lng: number; lat: number; known: boolean },
  n: number,
): Person {
  // prettier-ignore
  const last = known ? { at: 0, lng, lat, accuracy: 10, heading: null, battery: null, network: null } : null
  return { id: `p${n}`, name: `人${n}`, departmentId: 'd', department: '', position: null, state, since: null, reason: null, customerId: null, customer: null, last, dutyFrom: null, dutyTo: null } // prettier-ignore
}

describe('people on the map', () => {
  it('each person with a position is drawn once, alone or counted by his state, at every zoom', () => {
    fc.assert(
      fc.property(
        fc.array(someone, { maxLength: 60 }),
        fc.integer({ min: 3, max: 19 }),
        (all, zoom) => {
          const people = all.map(personOf)
          const marks = indexPeople(people).marksIn(WORLD, zoom)
          for (const state of STATES) {
            const drawn = marks.reduce((sum, mark) => sum + (mark.kind === 'one' ? Number(mark.person.state === state) : mark.counts[state]), 0) // prettier-ignore
            expect(drawn).toBe(people.filter((p) => p.last !== null && p.state === state).length)
          }
          expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length)
          if (zoom >= 18) expect(marks.every(({ kind }) => kind === 'one')).toBe(true)
        },
      ),
    )
  })

  it('a cluster counts its people and parts when it is opened', () => {
    const people = [0, 0.0004, 0.2].map((d, n) => personOf({ state: 'still', lng: 114 + d, lat: 22.5, known: true }, n)) // prettier-ignore
    const index = indexPeople(people)
    const [cluster, ...others] = index.marksIn(WORLD, 12).toSorted((a, b) => a.lng - b.lng)
    if (cluster?.kind !== 'several') throw new Error('two people 40 m apart share a mark')
    expect(cluster).toMatchObject({ key: 'with p0', count: 2, counts: { still: 2, moving: 0 } })
    expect(others).toMatchObject([{ kind: 'one', key: 'p2' }])
    expect(index.marksIn(WORLD, cluster.opensAt).every(({ kind }) => kind === 'one')).toBe(true)
    expect(index.marksIn(WORLD, cluster.opensAt - 1).some(({ kind }) => kind === 'several')).toBe(
      true,
    )
  })

  it('the ring of a cluster is divided as its states are', () => {
    const counts = { moving: 1, at_customer: 0, still: 2, silent: 1, off_duty: 0 }
    expect(ringOf(counts)).toBe(
      'conic-gradient(var(--moving) 0.0% 25.0%, var(--still) 25.0% 75.0%, var(--silent) 75.0% 100.0%)',
    )
  })
})
