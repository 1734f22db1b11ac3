import { valueAt, type Points } from '../stays/points.ts'
import type { Stay } from '../stays/stays.ts'

export type RunKind = 'stay' | 'move' | 'inferred_stay' | 'silent'

/** Neighbouring points with one kind of time between them. */
export interface Run {
  kind: RunKind
  first: number // index of the point it begins at
  last: number // index of the point it ends at
  from: number // epoch ms: people come and go between two fixes
  to: number
  stay: Stay | null // of a stay or inferred stay
  before: Stay | null // the stay it leaves, when the run begins there
  after: Stay | null // the stay it reaches, when the run ends there
  seenLeaving: boolean // the first point is of the stay before
  seenArriving: boolean // the last point is of the stay after
}

export const WALK_METRES_PER_MS = 1.3 / 1000

/** Metres from the centre of a stay to a point. */
export function metresTo(points: Points, stay: Stay, i: number): number {
  return Math.hypot(valueAt(points.x, i) - stay.x, valueAt(points.y, i) - stay.y)
}
