import { metresApart, valueAt, type Points } from '../stays/points.ts'
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

/** Longer than this without a fix is silence, unless fixes are sparse all day. */
export const SILENCE_MS = 5 * 60_000

const RULES = {
  sparseMs: 60_000, // from this mean interval on the usual interval is asked for
  perUsual: 2.5, // times the usual interval is silence
  mostMs: 12 * 60_000, // however sparse
  walkMetresPerMs: 1.3 / 1000,
  placeMetres: 25, // places have a size: so near the centre of a stay is still there …
  perAccuracy: 2, // … as is who may be, by so many 68 % radii of the difference (99 %) …
  mostMetres: 150, // … but never further: a vague fix is no proof of a place
} as const

/** How long a time without a fix is silence, among these points: never less than `SILENCE_MS`. */
export function silenceAmong({ at, length }: Points): number {
  const mean = (valueAt(at, length - 1) - valueAt(at, 0)) / (length - 1)
  if (!(mean > RULES.sparseMs)) return SILENCE_MS
  const gaps = at.subarray(1).map((each, i) => each - valueAt(at, i))
  const usual = valueAt(gaps.sort(), gaps.length >> 1)
  return Math.min(RULES.mostMs, Math.max(SILENCE_MS, RULES.perUsual * usual))
}

/** Cuts the time from the first point to the last; @param silenceMs a longer interval is silence. */
export function runsOf(points: Points, stays: readonly Stay[], silenceMs: number): Run[] {
  const runs = cut(points, stays, silenceMs)
  for (const run of runs) if (run.kind === 'move') dateMove(points, run)
  runs.forEach((run, i) => {
    if (run.kind === 'silent') explain(points, run, { before: runs[i - 1], after: runs[i + 1] })
  })
  runs.forEach((run, i) => {
    const after = runs[i + 1]
    if (!after) return
    if (run.kind === 'move') after.from = run.to
    else if (after.kind === 'move') run.to = after.from
    else after.from = run.to
  })
  return runs
}

function cut(points: Points, stays: readonly Stay[], silenceMs: number): Run[] {
  const runs: Run[] = []
  const stayAt = stayFinder(stays)
  let before = stayAt(0)
  for (let i = 1; i < points.length; i++) {
    const after = stayAt(i)
    const [from, to] = [valueAt(points.at, i - 1), valueAt(points.at, i)]
    const stay = after === before ? after : null
    const kind = kindOf(stay !== null, to - from > silenceMs)
    const last = runs.at(-1)
    if (last && last.kind === kind && last.stay === stay && kind !== 'silent') {
      last.last = i
      last.to = to
      last.after = after
      last.seenArriving = after !== null
    } else {
      const seen = { seenLeaving: before !== null, seenArriving: after !== null }
      runs.push({ kind, first: i - 1, last: i, from, to, stay, before, after, ...seen })
    }
    before = after
  }
  return runs
}

/** The stay that a point belongs to, for points asked in order. */
function stayFinder(stays: readonly Stay[]): (i: number) => Stay | null {
  let next = 0
  return (i) => {
    while ((stays[next]?.last ?? Infinity) < i) next++
    const stay = stays[next]
    return stay && stay.first <= i ? stay : null
  }
}

function kindOf(atOnePlace: boolean, quiet: boolean): RunKind {
  if (atOnePlace) return quiet ? 'inferred_stay' : 'stay'
  return quiet ? 'silent' : 'move'
}

/** Dates departure and arrival between two fixes, by the way from the place to the first fix elsewhere. */
function dateMove(points: Points, run: Run): void {
  const { first, last, before, after } = run
  const [from, to] = [run.from, run.to]
  if (before && after && last - first === 1) {
    const walk = Math.hypot(before.x - after.x, before.y - after.y) / RULES.walkMetresPerMs
    const rest = Math.max(0, to - from - walk) / 2
    ;[run.from, run.to] = [from + rest, to - rest]
  } else {
    if (before) run.from = dated(points, before, first, 1)
    if (after) run.to = dated(points, after, last, -1)
  }
  ;[run.from, run.to] = [Math.round(run.from), Math.round(run.to)]
}

/** When somebody left the place after point i (way 1) or reached it before (way −1). */
function dated(points: Points, stay: Stay, i: number, way: 1 | -1): number {
  const [at, seen] = [valueAt(points.at, i), valueAt(points.at, i + way)]
  const further = metresApart(points, i + way, i + way + way)
  const speed = further / Math.abs(valueAt(points.at, i + way + way) - seen)
  const usable = speed > RULES.walkMetresPerMs && speed < Infinity ? speed : RULES.walkMetresPerMs
  const ms = metresTo(points, stay, i + way) / usable
  return way > 0 ? Math.max(at, seen - ms) : Math.min(at, seen + ms)
}

function metresTo(points: Points, stay: Stay, i: number): number {
  return Math.hypot(valueAt(points.x, i) - stay.x, valueAt(points.y, i) - stay.y)
}

interface Neighbours {
  readonly before: Run | undefined
  readonly after: Run | undefined
}

/** A silence with one end in a stay and the other where the fix may be at that place was spent there. */
function explain(points: Points, run: Run, { before, after }: Neighbours): void {
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
  return metres <= reach ? metres / RULES.walkMetresPerMs : Infinity
}
