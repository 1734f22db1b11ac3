import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Move } from '../../backend/contract/live.ts'
import type { Segment } from '../../backend/contract/days.ts'
import type { Person } from '../../backend/contract/people.ts'
import { ageOf } from '../../h5/live/age.ts'
import {
  attentionOf,
  countsOf,
  isWanted,
  sortedByAttention,
  subtree,
} from '../../h5/live/attention.ts'
import { freshened, freshenedAll } from '../../h5/live/freshness.ts'
import { afterMoves } from '../../h5/live/moves.ts'
import { useLive } from '../../h5/live/store.ts'
import { trailOf } from '../../h5/live/trail.ts'

const NOW = Date.UTC(2026, 10, 23, 6)
const MINUTE = 60_000

function person(id: string, more: Partial<Person> = {}): Person {
  return {
    id,
    name: id,
    departmentId: 'd1',
    department: '车公庙组',
    position: null,
    state: 'moving',
    since: null,
    reason: null,
    customerId: null,
    customer: null,
    last: seen(NOW - 10_000),
    dutyFrom: NOW - 300 * MINUTE,
    dutyTo: NOW + 300 * MINUTE,
    ...more,
  }
}

function seen(at: number): NonNullable<Person['last']> {
  const rest = { accuracy: 10, heading: 90, battery: 64, network: '5G' }
  return { lng: 114.02, lat: 22.53, at, ...rest }
}

function move(personId: string, at: number, more: Partial<Move> = {}): Move {
  const where = { lng: 114.03, lat: 22.54, accuracy: 8, heading: null }
  const what = { state: 'moving', since: null, customerId: null, customer: null } as const
  return { personId, at, ...where, ...what, ...more }
}

describe('freshness', () => {
  test('five minutes after the last fix a person is silent since that fix', () => {
    const before = person('a', { last: seen(NOW - 5 * MINUTE) })
    expect(freshened(before, NOW)).toBe(before)
    const after = freshened(before, NOW + 1)
    expect(after).toMatchObject({ state: 'silent', since: NOW - 5 * MINUTE, last: before.last })
  })

  test('who falls silent at a customer is no longer said to be there', () => {
    const there = { state: 'at_customer', customerId: 'c', customer: '恒进精密' } as const
    const after = freshened(person('a', { ...there, last: seen(NOW - 6 * MINUTE) }), NOW)
    expect(after).toMatchObject({ state: 'silent', customerId: null, customer: null })
  })

  test('at the end of his duty a person leaves the map by himself', () => {
    const after = freshened(person('a', { dutyTo: NOW }), NOW)
    expect(after).toMatchObject({ state: 'off_duty', last: null })
  })

  test('when nobody changes, the list is the same object', () => {
    const people = [person('a'), person('b', { state: 'off_duty', last: null })]
    expect(freshenedAll(people, NOW)).toBe(people)
  })
})

describe('moves', () => {
  test('a late packet loses against a newer position', () => {
    const people = new Map([['a', person('a')]])
    expect(afterMoves(people, [move('a', NOW - MINUTE)]).get('a')).toBe(people.get('a'))
  })

  test('any order of the same moves ends with the newest', () => {
    const people = new Map([['a', person('a')]])
    const first = move('a', NOW + 1000, { lng: 1 })
    const second = move('a', NOW + 2000, { lng: 2 })
    expect(afterMoves(people, [second, first])).toEqual(afterMoves(people, [first, second]))
  })

  test('a move keeps the battery and makes a silent person speak again', () => {
    const people = new Map([['a', person('a', { state: 'silent', reason: 'no_network' })]])
    const after = afterMoves(people, [move('a', NOW)]).get('a')
    expect(after).toMatchObject({ state: 'moving', reason: null, last: { battery: 64, at: NOW } })
  })

  test('a move after the known duty means that a new duty has begun', () => {
    const people = new Map([['a', person('a', { dutyTo: NOW - MINUTE })]])
    const after = afterMoves(people, [move('a', NOW)]).get('a')
    expect(after && freshened(after, NOW).state).toBe('moving')
  })

  test('somebody who is not in the snapshot stays unknown', () => {
    expect(afterMoves(new Map(), [move('x', NOW)]).size).toBe(0)
  })
})

describe('the live store', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    vi.useFakeTimers({ now: NOW })
    return () => void vi.useRealTimers()
  })

  test('counts the server’s clock, not its own', () => {
    const live = useLive()
    const late = person('a', { last: seen(NOW + 60 * MINUTE - 6 * MINUTE) })
    live.watched({ seq: 1, now: NOW + 60 * MINUTE, people: [late] })
    expect(live.shown[0]?.state).toBe('silent')
  })

  test('a tick draws nothing again unless somebody changed', () => {
    const live = useLive()
    const silent = person('b', { last: seen(NOW - 9 * MINUTE) })
    live.watched({ seq: 1, now: NOW, people: [person('a'), silent] })
    const before = live.shown
    vi.setSystemTime(NOW + 5000)
    live.ticked()
    expect(live.shown).toBe(before)
    vi.setSystemTime(NOW + 6 * MINUTE)
    live.ticked()
    expect(live.shown[0]?.state).toBe('silent')
    expect(live.shown[1]).toBe(before[1])
  })

  test('an earlier seq never sets the resume point back', () => {
    const live = useLive()
    live.watched({ seq: 7, now: NOW, people: [person('a')] })
    live.moved({ seq: 9, moves: [move('a', NOW)] })
    live.moved({ seq: 8, moves: [] })
    expect(live.seq).toBe(9)
  })

  test('after a resume the people stay and the resume point moves on', () => {
    const live = useLive()
    live.watched({ seq: 7, now: NOW, people: [person('a')] })
    live.watched({ seq: 12, now: NOW, replayed: 5 })
    expect([live.seq, live.people.size]).toEqual([12, 1])
  })
})

describe('the list', () => {
  test('sorts long silence, long stillness, silent, still, moving, at a customer, off duty', () => {
    const people = [
      person('off', { state: 'off_duty', last: null }),
      person('customer', { state: 'at_customer', since: NOW - 90 * MINUTE }),
      person('moving'),
      person('still', { state: 'still', since: NOW - 10 * MINUTE }),
      person('silent', { state: 'silent', since: NOW - 8 * MINUTE }),
      person('stillLong', { state: 'still', since: NOW - 41 * MINUTE }),
      person('silentLong', { state: 'silent', since: NOW - 31 * MINUTE }),
      person('silentLonger', { state: 'silent', since: NOW - 60 * MINUTE }),
    ]
    expect(sortedByAttention(people, NOW).map(({ id }) => id)).toEqual([
      'silentLonger',
      'silentLong',
      'stillLong',
      'silent',
      'still',
      'moving',
      'customer',
      'off',
    ])
    expect(attentionOf(people[5] ?? person('x'), NOW)).toBe('warn')
    expect(countsOf(people)).toMatchObject({ silent: 3, still: 2, off_duty: 1 })
  })

  test('finds a person by part of his customer’s name and by department with all below', () => {
    const departments = [
      { id: 'd0', parentId: null },
      { id: 'd1', parentId: 'd0' },
      { id: 'd2', parentId: null },
    ]
    const there = person('a', { customer: '恒进精密' })
    const below = subtree('d0', departments)
    expect(isWanted(there, { departments: below, state: null, text: '恒进' })).toBe(true)
    const other = subtree('d2', departments)
    expect(isWanted(there, { departments: other, state: null, text: '' })).toBe(false)
  })

  test('words an age in its largest whole unit', () => {
    expect(ageOf(-5)).toEqual({ unit: 'seconds', n: 0 })
    expect(ageOf(61_000)).toEqual({ unit: 'minutes', n: 1 })
    expect(ageOf(26 * 3_600_000)).toEqual({ unit: 'days', n: 1 })
  })
})

describe('the trail of the chosen person', () => {
  const piece = (kind: Segment['kind'], from: number, to: number, more: Partial<Segment> = {}): Segment => ({ kind, from, to, ...more }) // prettier-ignore
  const line: [number, number][] = [[114, 22], [114.001, 22], [114.003, 22]] // prettier-ignore

  test('is the end of the day; what began before is cut, gaps stay gaps', () => {
    const day = [
      piece('stay', 0, 100, { place: { lng: 114, lat: 22 } }),
      piece('move', 100, 400, { line }),
      piece('silent', 400, 500),
      piece('move', 500, 600, { line }),
    ]
    const trail = trailOf(day, 300)
    expect(trail.map(({ index, segment }) => [index, segment.kind, segment.from])).toEqual([
      [1, 'move', 300],
      [2, 'silent', 400],
      [3, 'move', 500],
    ])
    expect(trail[0]?.segment.line?.map(([lng]) => Math.round(lng * 1e6) / 1e6)).toEqual([114.002, 114.003]) // prettier-ignore
    expect(trail[2]?.segment).toBe(day[3])
    expect(trailOf(day, -Infinity).map(({ segment }) => segment)).toEqual(day)
    expect(trailOf(day, 600)).toEqual([])
  })

  test('has no pace where the line has no length', () => {
    const still = [piece('move', 0, 100, { line: [[114, 22], [114, 22]] })] // prettier-ignore
    expect(trailOf(still, 50)[0]?.segment.line).toEqual([[114, 22]])
  })
})
