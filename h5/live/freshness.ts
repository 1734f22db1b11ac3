import type { Person } from '../../backend/contract/people.ts'
import { SILENT_AFTER_MS } from '../../backend/contract/presence.ts'

/**
 * The person as he is to be shown now: without a fix for five minutes he is silent since his last
 * one, and after his duty he is off the map. What did not change is the same object.
 * @param now server clock, epoch ms
 */
export function freshened(person: Person, now: number): Person {
  if (person.state === 'off_duty') return person
  if (person.dutyTo !== null && now >= person.dutyTo) return offDuty(person)
  if (person.state === 'silent' || person.last === null) return person
  if (now - person.last.at <= SILENT_AFTER_MS) return person
  return { ...person, state: 'silent', since: person.last.at, customerId: null, customer: null }
}

/** The same for many; the same array when nobody changed. */
export function freshenedAll(people: readonly Person[], now: number): readonly Person[] {
  const fresh = people.map((person) => freshened(person, now))
  return fresh.every((person, index) => person === people[index]) ? people : fresh
}

function offDuty(person: Person): Person {
  const none = { since: null, reason: null, customerId: null, customer: null, last: null }
  return { ...person, ...none, state: 'off_duty' }
}
