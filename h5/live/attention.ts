import type { Person } from '../../backend/contract/people.ts'
import type { State } from '../../backend/contract/terms.ts'

const LONG_SILENCE_MS = 30 * 60_000
const LONG_STILL_MS = 40 * 60_000

/** What a line of the list is about; `alarm` and `warn` also colour it. */
export type Attention = 'alarm' | 'warn' | 'normal' | 'rest'

/** How long the present state lasts, ms; 0 when unknown. */
export function lasting(person: Person, now: number): number {
  const since = person.since ?? (person.state === 'silent' ? (person.last?.at ?? null) : null)
  return since === null ? 0 : Math.max(0, now - since)
}

export function attentionOf(person: Person, now: number): Attention {
  if (person.state === 'off_duty') return 'rest'
  if (person.state === 'silent' && isLong(person, now)) return 'alarm'
  return person.state === 'still' && isLong(person, now) ? 'warn' : 'normal'
}

const RANK: Record<State, number> = { silent: 2, still: 3, moving: 4, at_customer: 5, off_duty: 6 }

/** Who needs attention first: silent long, still long, silent, still, moving, at a customer, off duty; the longest first. */
export function sortedByAttention(people: readonly Person[], now: number): Person[] {
  const keyed = people.map((person) => ({
    person,
    rank: rankOf(person, now),
    lasting: lasting(person, now),
  }))
  keyed.sort(
    (a, b) => a.rank - b.rank || b.lasting - a.lasting || (a.person.id < b.person.id ? -1 : 1),
  )
  return keyed.map(({ person }) => person)
}

export type Counts = Record<State, number>

export function countsOf(people: readonly Person[]): Counts {
  const counts = { moving: 0, at_customer: 0, still: 0, silent: 0, off_duty: 0 }
  for (const { state } of people) counts[state] += 1
  return counts
}

export interface Wanted {
  readonly departments: ReadonlySet<string> | null // null: all
  readonly state: State | null
  readonly text: string // part of a name, customer, department or id
}

export function isWanted(person: Person, { departments, state, text }: Wanted): boolean {
  if (departments !== null && !departments.has(person.departmentId)) return false
  if (state !== null && person.state !== state) return false
  const looked = `${person.name} ${person.customer ?? ''} ${person.department} ${person.id}`
  return looked.toLowerCase().includes(text.trim().toLowerCase())
}

/** A department with all below it. */
export function subtree(
  id: string,
  departments: readonly { id: string; parentId: string | null }[],
): ReadonlySet<string> {
  const inside = new Set([id])
  for (let before = 0; before !== inside.size;) {
    before = inside.size
    for (const each of departments) {
      if (each.parentId !== null && inside.has(each.parentId)) inside.add(each.id)
    }
  }
  return inside
}

function rankOf(person: Person, now: number): number {
  const attention = attentionOf(person, now)
  if (attention === 'alarm') return 0
  return attention === 'warn' ? 1 : RANK[person.state]
}

function isLong(person: Person, now: number): boolean {
  return lasting(person, now) >= (person.state === 'silent' ? LONG_SILENCE_MS : LONG_STILL_MS)
}
