import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Person } from '../../backend/contract/people.ts'
import { Questions, type Question } from '../../backend/contract/questions.ts'
import { answersOf, type Surroundings } from '../../h5/live/questions/answers.ts'

const NOW = 1_000_000_000
const MINUTE = 60_000
const PLACE = { lng: 114, lat: 22.5 }

const person = (id: string, known: Partial<Person> = {}): Person => ({
  ...{ id, name: id, departmentId: 'shop', department: 'shop', position: null, state: 'moving' },
  ...{ since: null, reason: null, customerId: null, customer: null, dutyFrom: 0, dutyTo: NOW * 2 },
  last: { ...PLACE, at: NOW, accuracy: null, heading: null, battery: null, network: null },
  ...known,
})
const at = (lng: number, lat: number): Person['last'] => ({ lng, lat, at: NOW, accuracy: null, heading: null, battery: null, network: null }) // prettier-ignore
const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  ...{ now: NOW, appointments: [], territories: new Map(), lineages: new Map(), ...more },
})
const ids = (question: Question, people: readonly Person[], more: Partial<Surroundings> = {}) =>
  answersOf(question, people, around(more)).map(({ personId }) => personId)

test('who has not moved for so long, the longest first; nobody who is silent or off duty', () => {
  const since = (minutes: number) => NOW - minutes * MINUTE
  const people = [
    person('a', { state: 'still', since: since(40) }),
    person('b', { state: 'at_customer', since: since(90), customerId: 'c' }),
    person('c', { state: 'still', since: since(39) }),
    person('d', { state: 'silent', since: since(400) }),
    person('e', { state: 'off_duty', since: since(400) }),
  ]
  expect(ids({ kind: 'still', minutes: 40 }, people)).toEqual(['b', 'a'])
  expect(ids({ kind: 'silent', minutes: 40 }, people)).toEqual(['d'])
})

test('who is near a customer and free, the nearest first', () => {
  const question = { kind: 'near', customerId: 'c', customer: '店', ...PLACE, km: 2 } as const
  const people = [
    person('far', { last: at(114.02, 22.5) }), // 2,055 m
    person('near', { last: at(114.01, 22.5) }),
    person('nearer', { last: at(114.001, 22.5), state: 'still' }),
    person('busy', { state: 'at_customer' }),
    person('unheard', { state: 'silent' }),
    person('nowhere', { last: null }),
  ]
  expect(ids(question, people)).toEqual(['nearer', 'near'])
})

test('who will miss the next appointment, by the way there and not by the one after', () => {
  const appointments = [
    { personId: 'late', at: NOW + 10 * MINUTE, customer: 'x', lng: 114.1, lat: 22.5 }, // 10 km away
    { personId: 'fine', at: NOW + 60 * MINUTE, customer: 'x', lng: 114.1, lat: 22.5 },
    { personId: 'fine', at: NOW + 61 * MINUTE, customer: 'y', lng: 115, lat: 22.5 },
    { personId: 'past', at: NOW - MINUTE, customer: 'x', lng: 115, lat: 22.5 },
  ]
  const people = ['late', 'fine', 'past', 'none'].map((id) => person(id))
  expect(ids({ kind: 'late_for' }, people, { appointments })).toEqual(['late'])
})

test('who is outside the territory of his department, or of the next one above that has one', () => {
  const area = { type: 'MultiPolygon', coordinates: [[[[113.9, 22.4], [114.1, 22.4], [114.1, 22.6], [113.9, 22.6]]]] } as const // prettier-ignore
  const coordinates = area.coordinates.map((part) => part.map((ring) => ring.map(([lng, lat]): [number, number] => [lng, lat]))) // prettier-ignore
  const territories = new Map([['north', { ...area, coordinates }]])
  const lineages = new Map([['shop', ['shop', 'north', 'root']]])
  const people = [person('in'), person('out', { last: at(114.2, 22.5) }), person('other', { departmentId: 'south', last: at(114.2, 22.5) })] // prettier-ignore
  expect(ids({ kind: 'outside' }, people, { territories, lineages })).toEqual(['out'])
})

test('whatever is asked, nobody off duty is found, and the order of people means nothing', () => {
  const aPerson = fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    state: fc.constantFrom('moving' as const, 'still' as const, 'silent' as const, 'off_duty' as const), // prettier-ignore
    since: fc.option(fc.integer({ min: 0, max: NOW })),
    lng: fc.double({ min: 113.9, max: 114.1, noNaN: true }),
  })
  const people = fc.uniqueArray(aPerson, { selector: ({ id }) => id }).map((all) => all.map(({ lng, ...each }) => person(each.id, { ...each, last: at(lng, 22.5) }))) // prettier-ignore
  const question = fc.constantFrom<Question>({ kind: 'still', minutes: 5 }, { kind: 'silent', minutes: 5 }, { kind: 'near', customerId: 'c', customer: '', ...PLACE, km: 5 }) // prettier-ignore
  fc.assert(
    fc.property(people, question, (all, asked) => {
      const found = ids(asked, all)
      expect(found).toEqual(ids(asked, all.toReversed()))
      const off = new Set(all.filter(({ state }) => state === 'off_duty').map(({ id }) => id))
      expect(found.filter((id) => off.has(id))).toEqual([])
    }),
  )
})

test('a question without its values, or two of one id, is refused', () => {
  const id = '01a21901-e6c0-7560-b12e-8a6ec932a9b5'
  const refused = (questions: unknown) => !Questions.safeParse({ questions }).success
  expect(refused([{ id, kind: 'still', minutes: 0 }])).toBe(true)
  expect(refused([{ id, kind: 'near', customerId: id, customer: '', ...PLACE }])).toBe(true)
  expect(refused([{ id, kind: 'late_for' }, { id, kind: 'outside' }])).toBe(true) // prettier-ignore
  expect(refused([{ id, kind: 'late_for' }])).toBe(false)
})
