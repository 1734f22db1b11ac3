import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Move, WatchReply } from '../../backend/contract/live.ts'
import type { Person } from '../../backend/contract/people.ts'
import { freshenedAll } from './freshness.ts'
import { afterMoves } from './moves.ts'
import type { Connection } from './socket.ts'

/** The people in my scope as facts arrive. Functions are named after what happened. */
export const useLive = defineStore('live', () => {
  const people = shallowRef<ReadonlyMap<string, Person>>(new Map())
  const shown = shallowRef<readonly Person[]>([]) // with the freshness of the last tick
  const connection = shallowRef<Connection>('connecting')
  const clockAhead = shallowRef(0) // ms of the server's clock against this one
  const seq = shallowRef<number | null>(null) // null until the first snapshot
  const loaded = computed(() => seq.value !== null)
  const alertsHeard = shallowRef(0) // counts what was told of alerts: whoever lists them asks again

  function watched(reply: WatchReply): void {
    if ('error' in reply) return
    clockAhead.value = reply.now - Date.now()
    seq.value = reply.seq
    if (!('people' in reply)) return
    people.value = new Map(reply.people.map((person) => [person.id, person]))
    ticked()
  }

  function moved(facts: { seq: number; moves: readonly Move[] }): void {
    if (seq.value === null) return // the snapshot that follows has it
    seq.value = Math.max(seq.value, facts.seq)
    people.value = afterMoves(people.value, facts.moves)
    ticked()
  }

  /** Time passed: who was not heard of falls silent. Nothing is drawn again when nobody did. */
  function ticked(): void {
    const known = [...people.value.values()]
    const fresh = settled(freshenedAll(known, Date.now() + clockAhead.value), shown.value)
    const same =
      fresh.length === shown.value.length &&
      fresh.every((person, index) => person === shown.value[index])
    if (!same) shown.value = fresh
  }

  function raised(): void {
    alertsHeard.value += 1
  }

  function connected(state: Connection): void {
    connection.value = state
  }

  const facts = { watched, moved, raised, ticked, connected }
  return { people, shown, connection, clockAhead, seq, loaded, alertsHeard, ...facts }
})

/** Somebody silent is made anew each tick; as long as he says the same, the former object stays. */
function settled(fresh: readonly Person[], before: readonly Person[]): readonly Person[] {
  const former = new Map(before.map((person) => [person.id, person]))
  return fresh.map((person) => {
    const known = former.get(person.id)
    return known && saysTheSame(known, person) ? known : person
  })
}

function saysTheSame(a: Person, b: Person): boolean {
  if (a.state !== b.state || a.since !== b.since || a.reason !== b.reason) return false
  if (a.last !== b.last || a.customer !== b.customer) return false
  return a.name === b.name && a.departmentId === b.departmentId && a.dutyTo === b.dutyTo
}
