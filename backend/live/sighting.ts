import type { Move } from '../contract/live.ts'
import { stateOf } from '../contract/presence.ts'
import type { NewestRow } from './queries.ts'
import type { Sighting } from './topic.ts'

/** A stored newest position as a move, with the place before it. */
export function sightingOf(row: NewestRow, before: Sighting | undefined, now: number): Sighting {
  const { departmentId, circles, dutyTo, stillSince, customerId, customer, ...position } = row
  const { state, since } = stateOf({ onDuty: true, at: row.at, stillSince, customerId }, now)
  const here = state === 'at_customer' ? { customerId, customer } : NOWHERE
  return {
    move: { ...position, state, since, ...here },
    departmentId,
    circles,
    dutyTo,
    was: before ? { lng: before.move.lng, lat: before.move.lat } : null,
  }
}

const NOWHERE: Pick<Move, 'customerId' | 'customer'> = { customerId: null, customer: null }

/** A late packet leaves the newest position as it is: nothing to tell. */
export function isNews({ move }: Sighting, before: Sighting | undefined): boolean {
  if (!before) return true
  const { at, state, customerId } = before.move
  return (
    move.at > at || (move.at === at && (move.state !== state || move.customerId !== customerId))
  )
}
