import { accuracyOf } from './clean.ts'
import { lengthOf, metresBetween, type Place } from './distance.ts'
import { simplify } from './simplify.ts'
import { findStays, type Stay } from './stays.ts'
import type { SilenceReason, SilentPeriod, Site, TrackFix, Window } from './types.ts'

/** A piece of the ribbon; pieces tile the duty window. */
export interface Piece {
  kind: 'stay' | 'move' | 'inferred_stay' | 'silent'
  from: number
  to: number
  place?: { lng: number; lat: number; name: string | null }
  customerId?: string
  reason?: SilenceReason
  metres?: number
  line?: [number, number][]
}

/** Longer than this without a fix is silence. */
export const SILENCE_MS = 5 * 60_000

interface Surroundings {
  readonly silences: readonly SilentPeriod[]
  readonly sites: readonly Site[]
}

/**
 * Cuts one duty window into pieces without gap or overlap.
 * @param used cleaned fixes of the day, ordered by time; those outside of the window are not looked at.
 */
export function ribbonOf(window: Window, used: readonly TrackFix[], around: Surroundings): Piece[] {
  const fixes = used.filter((fix) => fix.at >= window.from && fix.at < window.to)
  if (fixes.length === 0) return [silent(window.from, window.to, around)]
  const stays = findStays(fixes)
  const runs = runsOf(fixes, stays)
  const pieces = runs.map((run) => pieceOf(run, fixes, around))
  return withEdges(pieces, window, around)
}

interface Run {
  kind: Piece['kind']
  first: number // index of the fix it begins at
  last: number // index of the fix it ends at
  stay: Stay | null // of a stay or inferred stay
  before: Stay | null // the stay that a move leaves
  after: Stay | null // the stay that a move reaches
}

/** Each interval between two fixes is of one kind; equal neighbours are joined. */
function runsOf(fixes: readonly TrackFix[], stays: readonly Stay[]): Run[] {
  const stayOf = new Array<Stay | null>(fixes.length).fill(null)
  for (const stay of stays) stayOf.fill(stay, stay.first, stay.last + 1)
  const runs: Run[] = []
  for (let index = 1; index < fixes.length; index++) {
    const before = stayOf[index - 1] ?? null
    const after = stayOf[index] ?? null
    const gap = (fixes[index]?.at ?? 0) - (fixes[index - 1]?.at ?? 0)
    const kind = kindOf(before !== null && before === after, gap > SILENCE_MS)
    const last = runs.at(-1)
    const stay = before === after ? before : null
    if (last && last.kind === kind && last.stay === stay && kind !== 'silent') {
      last.last = index
      last.after = after
    } else runs.push({ kind, first: index - 1, last: index, stay, before, after })
  }
  return runs
}

function kindOf(atOnePlace: boolean, quiet: boolean): Piece['kind'] {
  if (atOnePlace) return quiet ? 'inferred_stay' : 'stay'
  return quiet ? 'silent' : 'move'
}

function pieceOf(run: Run, fixes: readonly TrackFix[], around: Surroundings): Piece {
  const from = fixes[run.first]?.at ?? 0
  const to = fixes[run.last]?.at ?? 0
  if (run.stay) return stayPiece(run, from, to, around)
  const line = lineOf(run, fixes)
  if (run.kind === 'silent') {
    const straight = [...line.slice(0, 1), ...line.slice(-1)]
    return { ...silent(from, to, around), line: straight, metres: rounded(lengthOf(straight)) }
  }
  return { kind: 'move', from, to, line, metres: rounded(lengthOf(line)) }
}

function stayPiece(run: Run, from: number, to: number, around: Surroundings): Piece {
  const centre = { lng: run.stay?.lng ?? 0, lat: run.stay?.lat ?? 0 }
  const site = siteAt(centre, around.sites)
  const inferred = run.kind === 'inferred_stay'
  return {
    kind: inferred ? 'inferred_stay' : 'stay',
    from,
    to,
    place: { lng: degrees(centre.lng), lat: degrees(centre.lat), name: site?.name ?? null },
    ...(site && { customerId: site.customerId }),
    ...(inferred && { reason: reasonOf(from, to, around.silences) }),
  }
}

const WALL = 20 // metres a stay's centre may lie outside of the circle: indoor fixes lean to the street

/** The nearest site whose circle holds the place; ties by id, so that order means nothing. */
function siteAt(place: Place, sites: readonly Site[]): Site | null {
  const near = sites
    .map((site) => ({ site, metres: metresBetween(place, site) }))
    .filter(({ site, metres }) => metres <= site.radius + WALL)
    .sort((a, b) => a.metres - b.metres || (a.site.customerId < b.site.customerId ? -1 : 1))
  return near[0]?.site ?? null
}

/** The line of a move: from stay to stay through its fixes, without the zigzag of their noise. */
function lineOf(run: Run, fixes: readonly TrackFix[]): [number, number][] {
  const inner = fixes.slice(
    run.before ? run.first + 1 : run.first,
    run.after ? run.last : run.last + 1,
  )
  const middle = inner.map((fix): [number, number] => [degrees(fix.lng), degrees(fix.lat)])
  const ends = (stay: Stay | null): [number, number][] =>
    stay ? [[degrees(stay.lng), degrees(stay.lat)]] : []
  const line = [...ends(run.before), ...middle, ...ends(run.after)]
  return simplify(line, toleranceOf(inner))
}

/** About half of the usual accuracy: what is below is noise. */
function toleranceOf(fixes: readonly TrackFix[]): number {
  const sorted = fixes.map(accuracyOf).sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 10
  return Math.min(Math.max(median * 0.5, 3), 20)
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

/** The window's edges: a short one belongs to its neighbour, a long one is silence. */
function withEdges(pieces: Piece[], window: Window, around: Surroundings): Piece[] {
  const first = pieces[0]
  const last = pieces.at(-1)
  if (!first || !last) return [silent(window.from, window.to, around)]
  const result = [...pieces]
  if (first.from - window.from > SILENCE_MS) result.unshift(silent(window.from, first.from, around))
  else result[0] = { ...first, from: window.from }
  const end = result.length - 1
  const tail = result[end] ?? last
  if (window.to - tail.to > SILENCE_MS) result.push(silent(tail.to, window.to, around))
  else result[end] = { ...tail, to: window.to }
  return result
}

const degrees = (value: number) => Math.round(value * 1e7) / 1e7 // 1 cm
const rounded = (metres: number) => Math.round(metres * 10) / 10
