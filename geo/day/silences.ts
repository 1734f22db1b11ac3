import { metresTo, WALK_METRES_PER_MS, type Run } from './run.ts'
import { valueAt, type Points } from '../stays/points.ts'
import type { Stay } from '../stays/stays.ts'

const RULES = {
  placeMetres: 25, // places have a size: so near the centre of a stay is still there …
  perAccuracy: 2, // … as is who may be, by so many 68 % radii of the difference (99 %) …
  mostMetres: 150, // … but never further: a vague fix is no proof of a place
} as const

interface Neighbours {
  readonly before: Run | undefined
  readonly after: Run | undefined
}

/**
 * A silence with one end in a stay and the other where the fix may be at that place was spent there. Of every
 * other one nothing is presumed: who is seen elsewhere afterwards was, meanwhile, nobody knows where.
 */
export function explain(points: Points, run: Run, { before, after }: Neighbours): void {
  if (run.before && !run.after) stayOn(points, run, run.before, after)
  else if (run.after && !run.before) wasThere(points, run, run.after, before)
}

function stayOn(points: Points, run: Run, stay: Stay, next: Run | undefined): void {
  const walk = walkTo(points, stay, run.last)
  if (walk > run.to - run.from) return
  Object.assign(run, { kind: 'inferred_stay', stay })
  if (next?.kind !== 'move') return
  run.to = Math.round(run.to - walk)
  Object.assign(next, { from: run.to, before: stay, seenLeaving: false })
}

function wasThere(points: Points, run: Run, stay: Stay, previous: Run | undefined): void {
  const walk = walkTo(points, stay, run.first)
  if (walk > run.to - run.from) return
  Object.assign(run, { kind: 'inferred_stay', stay })
  if (previous?.kind !== 'move') return
  run.from = Math.round(run.from + walk)
  Object.assign(previous, { to: run.from, after: stay, seenArriving: false })
}

/** Milliseconds of the walk from a place to a point that may be there; Infinity when it is elsewhere. */
function walkTo(points: Points, stay: Stay, i: number): number {
  const metres = metresTo(points, stay, i)
  const doubt = RULES.perAccuracy * Math.hypot(stay.accuracy, valueAt(points.accuracy, i))
  const reach = Math.min(RULES.mostMetres, Math.max(RULES.placeMetres, doubt))
  return metres <= reach ? metres / WALK_METRES_PER_MS : Infinity
}
