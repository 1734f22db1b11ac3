import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePath, encodePath, type ReplayTrack } from '../../backend/contract/replay.ts'
import { instantOf } from '../../h5/replay/instant.ts'
import { personAt, playedOf } from '../../h5/replay/played.ts'

const NINE = Date.parse('2026-11-23T01:00:00Z')
const minute = (n: number) => NINE + n * 60_000

const track: ReplayTrack = {
  ...{ personId: 'rep1', name: '王伟', departmentId: 'd', department: '一组' },
  pieces: [
    { kind: 'stay', from: minute(0), to: minute(30), at: [114, 22], customerId: 'c', name: '青岚' },
    { kind: 'move', from: minute(30), to: minute(60) },
    { kind: 'silent', from: minute(60), to: minute(90), reason: 'no_network' },
    { kind: 'stay', from: minute(90), to: minute(120), at: [114.2, 22] },
  ],
  path: encodePath([
    { at: minute(30), lng: 114, lat: 22 },
    { at: minute(50), lng: 114, lat: 22 }, // held up for twenty minutes
    { at: minute(60), lng: 114.1, lat: 22 },
  ]),
}
const played = playedOf(track)

describe('a way on the wire', () => {
  it('comes back to the metre and the second', () => {
    const aPoint = fc.record({
      at: fc.integer({ min: 0, max: 2e9 }).map((seconds) => seconds * 1000),
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(aPoint), (points) => {
        const back = decodePath(encodePath(points))
        expect(back).toHaveLength(points.length)
        points.forEach((point, index) => {
          expect(back[index]?.at).toBe(point.at)
          expect(Math.abs((back[index]?.lng ?? NaN) - point.lng)).toBeLessThan(1e-5)
          expect(Math.abs((back[index]?.lat ?? NaN) - point.lat)).toBeLessThan(1e-5)
        })
      }),
    )
  })

  it('of a damaged reply is read as far as it goes', () => {
    expect(decodePath([1, 2])).toEqual([])
    expect(decodePath([1, 200_000, 300_000, 7])).toEqual([{ at: 1000, lng: 2, lat: 3 }])
  })
})

describe('an instant of a day', () => {
  it('says what the ribbon says there', () => {
    const states = [0, 29, 30, 59, 60, 89, 90, 119, 120].map(
      (n) => instantOf(played, minute(n)).state,
    )
    expect(states).toEqual(['at_customer', 'at_customer', 'moving', 'moving', 'silent', 'silent', 'still', 'still', 'off_duty']) // prettier-ignore
  })

  it('moves by the clock of the positions, not evenly along the line', () => {
    expect(instantOf(played, minute(45)).at).toEqual({ lng: 114, lat: 22 })
    expect(instantOf(played, minute(55)).at?.lng).toBeCloseTo(114.05, 5)
  })

  it('shows a gap as a gap: the mark waits where it was last known', () => {
    expect(instantOf(played, minute(75)).at).toMatchObject({ lng: 114.1, lat: 22 })
    expect(personAt(played, minute(75))).toMatchObject({ state: 'silent', reason: 'no_network', last: { at: minute(60) } }) // prettier-ignore
  })

  it('is nowhere outside of duty, and of a day that begins silent', () => {
    expect(personAt(played, minute(121)).last).toBeNull()
    const silent = playedOf({ ...track, path: [], pieces: [{ kind: 'silent', from: minute(0), to: minute(9) }] }) // prettier-ignore
    expect(personAt(silent, minute(5))).toMatchObject({ state: 'silent', last: null, reason: 'unknown' }) // prettier-ignore
  })
})
