import type { Person } from '../../backend/contract/people.ts'
import { decodePath, type PathPoint, type ReplayTrack } from '../../backend/contract/replay.ts'
import { instantOf, type Instant } from './instant.ts'

/** A track with its way read once. */
export interface Played extends ReplayTrack {
  readonly points: readonly PathPoint[]
}

export const playedOf = (track: ReplayTrack): Played => ({
  ...track,
  points: decodePath(track.path),
})

/** Somebody as the map shows him at a moment of his day. */
export function personAt(track: Played, at: number): Person {
  const instant = instantOf(track, at)
  const { personId: id, name, department, departmentId, pieces } = track
  return {
    ...{ id, name, department, departmentId, position: null },
    ...saidOf(instant),
    last: positionOf(instant, at),
    dutyFrom: pieces[0]?.from ?? null,
    dutyTo: pieces.at(-1)?.to ?? null,
  }
}

function saidOf({ state, piece }: Instant) {
  const { from = null, reason = 'unknown', customerId = null, name = null } = piece ?? {}
  return {
    ...{ state, since: from, customerId },
    reason: state === 'silent' ? reason : null,
    customer: customerId === null ? null : name,
  }
}

/** In a silence the position is as old as the silence. */
function positionOf({ state, at: place, piece }: Instant, now: number): Person['last'] {
  if (place === null) return null
  const at = state === 'silent' && piece ? piece.from : now
  return { ...place, at, accuracy: null, heading: null, battery: null, network: null }
}
