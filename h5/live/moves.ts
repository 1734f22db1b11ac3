import type { Move } from '../../backend/contract/live.ts'
import type { Person } from '../../backend/contract/people.ts'

/**
 * The people after some moves; a late packet loses against what is newer. The map given stays as it is.
 * Unknown people (not in the snapshot) are left out.
 */
export function afterMoves(
  people: ReadonlyMap<string, Person>,
  moves: readonly Move[],
): ReadonlyMap<string, Person> {
  const after = new Map(people)
  for (const move of moves) {
    const person = after.get(move.personId)
    if (person && !isLate(move, person)) after.set(person.id, afterMove(person, move))
  }
  return after
}

function isLate(move: Move, { last }: Person): boolean {
  return last !== null && move.at < last.at
}

function afterMove(person: Person, move: Move): Person {
  const { lng, lat, at, accuracy, heading, state, since, customerId, customer } = move
  const phone = { battery: person.last?.battery ?? null, network: person.last?.network ?? null }
  return {
    ...person,
    state,
    since,
    customerId,
    customer,
    reason: state === 'silent' ? person.reason : null,
    dutyTo: isOver(person, at) ? null : person.dutyTo, // the server took it, so a new duty has begun
    last: { lng, lat, at, accuracy, heading, ...phone },
  }
}

const isOver = ({ dutyTo }: Person, at: number): boolean => dutyTo !== null && at >= dutyTo
