import { lengthOf } from '../distance.ts'
import { guessedPointsOf, valueAt, type Points } from '../stays/points.ts'
import { withCorners } from './corners.ts'
import { smoothed } from './smooth.ts'
import type { Run, RunKind } from './run.ts'
import { runsOf, silenceAmong } from './runs.ts'
import { siteAt, type KnownPlaces } from './sites.ts'
import { findStays, type Stay } from '../stays/stays.ts'
import type { SilenceReason, SilentPeriod, TrackFix, Window } from '../types.ts'

/** A piece of the ribbon; pieces tile the duty window. */
export interface Piece {
  kind: RunKind
  from: number
  to: number
  place?: { lng: number; lat: number; name: string | null }
  customerId?: string
  reason?: SilenceReason
  metres?: number
  line?: [number, number][]
}

interface Surroundings extends KnownPlaces {
  readonly silences: readonly SilentPeriod[]
}

/**
 * Cuts one duty window into pieces without gap or overlap.
 * @param used cleaned fixes of the day, ordered by time; those outside of the window are not looked at.
 */
export function ribbonOf(window: Window, used: readonly TrackFix[], around: Surroundings): Piece[] {
  const fixes = within(window, used)
  if (fixes.length === 0) return [silent(window.from, window.to, around)]
  const points = guessedPointsOf(fixes)
  const silenceMs = silenceAmong(points)
  const runs = runsOf(points, findStays(points), silenceMs)
  const pieces = runs.map((run) => pieceOf(run, points, around)).filter(({ from, to }) => to > from)
  return withEdges(pieces, points, { window, around, silenceMs })
}

/** Those of ordered fixes that lie in a window. */
function within({ from, to }: Window, fixes: readonly TrackFix[]): readonly TrackFix[] {
  const [first, last] = [fixes[0], fixes.at(-1)]
  const areAll = first && last && first.at >= from && last.at < to
  return areAll ? fixes : fixes.filter(({ at }) => at >= from && at < to)
}

function pieceOf(run: Run, points: Points, around: Surroundings): Piece {
  const { from, to } = run
  if (run.stay) return { ...stayPiece(run, run.stay, points, around), from, to }
  const line = lineOf(run, points)
  const metres = rounded(lengthOf(line))
  if (run.kind === 'silent') return { ...silent(from, to, around), line, metres }
  return { kind: 'move', from, to, line, metres }
}

function stayPiece(
  { kind, from, to }: Run,
  stay: Stay,
  points: Points,
  around: Surroundings,
): Pick<Piece, 'kind' | 'place' | 'customerId' | 'reason'> {
  const [lng, lat] = points.positionOf(stay.x, stay.y)
  const site = siteAt({ lng, lat, accuracy: stay.accuracy, from }, around)
  const place = { lng, lat, name: site?.name ?? null }
  const piece = site ? { kind, place, customerId: site.customerId } : { kind, place }
  if (kind === 'stay') return piece
  return { ...piece, reason: reasonOf(from, to, around.silences) }
}

/** From stay to stay through the likely way between; straight over a silence. */
function lineOf(run: Run, points: Points): [number, number][] {
  const { before, after } = run
  const isMove = run.kind === 'move'
  const way = isMove ? smoothed(points, run.first, run.last) : straight(points, run)
  const end = way.x.length - 1
  if (before && run.seenLeaving) [way.x[0], way.y[0]] = [before.x, before.y]
  if (after && run.seenArriving) [way.x[end], way.y[end]] = [after.x, after.y]
  const drawn = withCorners(way, points, run.first)
  const line = drawn.map(([x, y]) => points.positionOf(x, y))
  if (before && !run.seenLeaving) line.unshift(points.positionOf(before.x, before.y))
  if (after && !run.seenArriving) line.push(points.positionOf(after.x, after.y))
  return line
}

function straight({ x, y }: Points, { first, last }: Run) {
  const ends = (values: Float64Array) =>
    Float64Array.of(valueAt(values, first), valueAt(values, last))
  return { x: ends(x), y: ends(y) }
}

const silent = (from: number, to: number, around: Surroundings): Piece => ({
  kind: 'silent',
  from,
  to,
  reason: reasonOf(from, to, around.silences),
})

/** The reported silence that covers most of the span; `unknown` when none does. */
function reasonOf(from: number, to: number, silences: readonly SilentPeriod[]): SilenceReason {
  const covering = silences
    .map((each) => ({ reason: each.reason, ms: Math.min(each.to, to) - Math.max(each.from, from) }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms || (a.reason < b.reason ? -1 : 1))
  return covering[0]?.reason ?? 'unknown'
}

interface Frame {
  readonly window: Window
  readonly silenceMs: number
  readonly around: Surroundings
}

/** The window's edges: a short one belongs to its neighbour, a long one is silence. */
function withEdges(pieces: Piece[], { at, length }: Points, frame: Frame): Piece[] {
  const { window, around, silenceMs } = frame
  const [start, end] = [valueAt(at, 0), valueAt(at, length - 1)]
  const [first, tail] = [pieces[0], pieces.at(-1)]
  if (!first || !tail) return [silent(window.from, window.to, around)]
  if (start - window.from <= silenceMs) first.from = window.from
  if (window.to - end <= silenceMs) tail.to = window.to
  const before = silent(window.from, first.from, around)
  const after = silent(tail.to, window.to, around)
  return [before, ...pieces, after].filter(({ from, to }) => to > from)
}

const rounded = (metres: number) => Math.round(metres * 10) / 10
