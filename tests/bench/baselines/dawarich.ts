import { metresBetween, type DayFacts, type Place, type TrackFix } from '../../../geo/index.ts'
import type { Sojourn } from '../../geo/score.ts'
import type { Told } from '../truthTell.ts'

const MINUTE = 60_000

/** Dawarich 1.7.5 by its documented rules; metres and ms. */
const RULES = {
  accuracy: 100, // worse is an anomaly
  anomalyMetresPerMs: 1000 / 3600, // 1000 km/h, both ways
  contextSpeeds: 3, // times the median speed, when that is more
  trackGap: 30 * MINUTE,
  trackHop: 500, // a longer hop begins a new track
  visitRadius: 50,
  visitCap: 500,
  visitGap: 30 * MINUTE,
  visitLeast: 3 * MINUTE,
  mergeMetres: 50,
  placeMetres: 100,
} as const

/** Visits around their first point, tracks between gaps and long hops. Order of arrival means nothing. */
export function tellAsDawarich({ fixes, sites }: DayFacts): Told {
  const points = withoutAnomalies(fixes.toSorted((a, b) => a.at - b.at))
  const visits = merged(candidates(points), points)
  return { stays: visits.map((visit) => sojournOf(visit, sites)), metres: trackMetres(points) }
}

function withoutAnomalies(fixes: readonly TrackFix[]): TrackFix[] {
  const exact = fixes.filter(({ accuracy }) => accuracy === null || accuracy <= RULES.accuracy)
  const speeds = exact.map((fix, i) => speedBetween(exact[i - 1], fix))
  const usual = speeds.filter((speed) => speed <= RULES.anomalyMetresPerMs).sort((a, b) => a - b)
  const median = usual[usual.length >> 1] ?? 0
  const limit = Math.max(RULES.anomalyMetresPerMs, RULES.contextSpeeds * median)
  return exact.filter((_, i) => (speeds[i] ?? 0) <= limit || (speeds[i + 1] ?? 0) <= limit)
}

function speedBetween(before: TrackFix | undefined, fix: TrackFix): number {
  return before ? metresBetween(before, fix) / Math.max(1, fix.at - before.at) : 0
}

function trackMetres(points: readonly TrackFix[]): number {
  let metres = 0
  points.forEach((fix, i) => {
    const before = points[i - 1]
    if (!before || fix.at - before.at > RULES.trackGap) return
    const hop = metresBetween(before, fix)
    if (hop <= RULES.trackHop) metres += hop
  })
  return metres
}

interface Visit {
  readonly centre: TrackFix // the first point, never updated
  to: number
  points: number
}

function candidates(points: readonly TrackFix[]): Visit[] {
  const visits: Visit[] = []
  let open: Visit | null = null
  for (const fix of points) {
    if (open && belongs(open, fix)) {
      open.to = fix.at
      open.points++
      continue
    }
    open = { centre: fix, to: fix.at, points: 1 }
    visits.push(open)
  }
  return visits.filter(
    ({ centre, to, points: count }) => to - centre.at >= RULES.visitLeast && count >= 2,
  )
}

function belongs({ centre, to }: Visit, fix: TrackFix): boolean {
  if (fix.at - to > RULES.visitGap) return false
  const hours = (to - centre.at) / 3_600_000
  const radius = Math.min(RULES.visitCap, RULES.visitRadius * (1 + Math.log(1 + hours)))
  return metresBetween(centre, fix) <= radius
}

/** Neighbours within 50 m and 30 min, when nothing between them strays. */
function merged(visits: readonly Visit[], points: readonly TrackFix[]): Visit[] {
  const result: Visit[] = []
  for (const visit of visits) {
    const last = result.at(-1)
    if (last && isOne(last, visit, points)) last.to = visit.to
    else result.push({ ...visit })
  }
  return result
}

function isOne(a: Visit, b: Visit, points: readonly TrackFix[]): boolean {
  if (metresBetween(a.centre, b.centre) > RULES.mergeMetres) return false
  if (b.centre.at - a.to > RULES.visitGap) return false
  return points
    .filter(({ at }) => at > a.to && at < b.centre.at)
    .every((fix) => metresBetween(fix, a.centre) <= RULES.mergeMetres)
}

function sojournOf({ centre, to }: Visit, sites: DayFacts['sites']): Sojourn {
  const near = sites
    .map((site) => ({ site, metres: metresBetween(centre, site) }))
    .filter(({ metres }) => metres <= RULES.placeMetres)
    .sort((a, b) => a.metres - b.metres)
  return { from: centre.at, to, customerId: near[0]?.site.customerId ?? null }
}

/** How many visits one stay becomes, for its own check. */
export const visitsOf = (fixes: readonly (TrackFix & Place)[]) =>
  merged(candidates(withoutAnomalies(fixes)), fixes).length
