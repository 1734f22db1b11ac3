import type { PathPoint, ReplayPiece } from '../../backend/contract/replay.ts'
import type { State } from '../../backend/contract/terms.ts'
import { placeAtTime } from '../../geo/timeline.ts'

/** What is known of somebody at a moment of his day. */
export interface Instant {
  readonly state: State
  readonly at: { readonly lng: number; readonly lat: number } | null // null: off duty, or nowhere known yet
  readonly piece: ReplayPiece | null
}

/**
 * The state at a moment: what the ribbon says, and where. In a silence it is the last place that is known: the gap
 * is shown as a gap, nobody glides across it.
 */
export function instantOf(
  { pieces, points }: { pieces: readonly ReplayPiece[]; points: readonly PathPoint[] },
  at: number,
): Instant {
  const index = pieces.findIndex(({ from, to }) => at >= from && at < to)
  const piece = pieces[index]
  if (!piece) return { state: 'off_duty', at: null, piece: null }
  if (piece.kind === 'silent') return { state: 'silent', at: lastKnown(pieces, points, index), piece } // prettier-ignore
  if (piece.kind === 'move') {
    const place = placeAtTime(points, at) ?? lastKnown(pieces, points, index)
    return { state: 'moving', at: place, piece }
  }
  const [lng, lat] = piece.at ?? [0, 0]
  const state = piece.customerId === undefined ? 'still' : 'at_customer'
  return { state, at: piece.at ? { lng, lat } : null, piece }
}

function lastKnown(
  pieces: readonly ReplayPiece[],
  points: readonly PathPoint[],
  index: number,
): Instant['at'] {
  const before = pieces[index - 1]
  if (!before) return null
  if (before.at) return { lng: before.at[0], lat: before.at[1] }
  return points.findLast(({ at }) => at <= before.to) ?? null
}
