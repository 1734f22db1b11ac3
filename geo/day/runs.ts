import { metresTo, WALK_METRES_PER_MS, type Run, type RunKind } from './run.ts'
import { explain } from './silences.ts'
import { metresApart, valueAt, type Points } from '../stays/points.ts'
import type { Stay } from '../stays/stays.ts'

/** Longer than this without a fix is silence, unless fixes are sparse all day. */
export const SILENCE_MS = 5 * 60_000

const RULES = {
  sparseMs: 60_000, // from this mean interval on the usual interval is asked for
  perUsual: 2.5, // times the usual interval is silence
  mostMs: 12 * 60_000, // however sparse
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
  let [before, run]: [Stay | null, Run | null] = [stayAt(0), null]
  for (let i = 1; i < points.length; i++) {
    const after = stayAt(i)
    const stay = after === before ? after : null
    const isQuiet = valueAt(points.at, i) - valueAt(points.at, i - 1) > silenceMs
    const kind = kindOf(stay !== null, isQuiet)
    if (run === null || run.kind !== kind || run.stay !== stay || kind === 'silent') {
      if (run) close(points, run, i - 1, before)
      run = opened(points, i, { kind, stay, before })
      runs.push(run)
    }
    before = after
  }
  if (run) close(points, run, points.length - 1, before)
  return runs
}

/** A run that begins with the interval before a point. */
function opened(points: Points, i: number, run: Pick<Run, 'kind' | 'stay' | 'before'>): Run {
  const { kind, stay, before } = run
  const [first, from, to] = [i - 1, valueAt(points.at, i - 1), valueAt(points.at, i)]
  const [seenLeaving, seenArriving, after] = [before !== null, false, null]
  return { kind, first, last: i, from, to, stay, before, after, seenLeaving, seenArriving }
}

function close(points: Points, run: Run, last: number, after: Stay | null): void {
  run.last = last
  run.to = valueAt(points.at, last)
  run.after = after
  run.seenArriving = after !== null
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
    const walk = Math.hypot(before.x - after.x, before.y - after.y) / WALK_METRES_PER_MS
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
  const usable = speed > WALK_METRES_PER_MS && speed < Infinity ? speed : WALK_METRES_PER_MS
  const ms = metresTo(points, stay, i + way) / usable
  return way > 0 ? Math.max(at, seen - ms) : Math.min(at, seen + ms)
}
