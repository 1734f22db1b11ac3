import { Evidence } from './evidence.ts'
import { pickedFrom, valueAt, type Points } from './points.ts'
import { likeliest, STAY_RULES, type Span } from './search.ts'
import { telling } from './spikes.ts'

export { STAY_RULES } from './search.ts'

/** A run of points (indices, inclusive) at one place; x, y, accuracy in metres on the points' plane. */
export interface Stay {
  readonly first: number
  readonly last: number
  readonly x: number
  readonly y: number
  readonly accuracy: number // 68 % radius of the centre
}

const RULES = {
  refineMs: 60_000,
  leastAccuracy: 3, // metres: maps and walls err, too
  sameMetres: 25, // nearer places are one place …
  samePerDoubt: 3, // … as are those whose centres may be one …
  shortTripMs: 2 * 60_000, // … when so little lies between
  insist: 40, // nats more than two places would explain
  loneMs: 75_000, // fewer than three fixes at an end of the points, so short, confirm no other place
  loneFixes: 2,
} as const

const RADIUS_PER_SIGMA = 1.51 // 68 % of a 2-D Gaussian

/**
 * The stays among ordered points: places kept at least 5 minutes, in order, never overlapping. Of all ways
 * to cut the points into stays and moves it is the likeliest, found by dynamic programming (a semi-Markov
 * segmentation); beginnings without hope are dropped early, so that the work grows with the points.
 * Silence is no absence: time without fixes says nothing for or against a stay.
 */
export function findStays(points: Points): Stay[] {
  const indices = telling(points)
  const picked = pickedFrom(points, indices)
  const evidence = new Evidence(picked)
  const stays: Stay[] = []
  for (const span of refined(picked, evidence, likeliest(picked, evidence))) {
    const [stay, before] = [stayOf(evidence, span), stays.at(-1)]
    if (before && isSame(picked, evidence, before, stay))
      stays.splice(-1, 1, stayOf(evidence, { first: before.first, last: stay.last }))
    else stays.push(stay)
  }
  const end = picked.length - 1
  return stays.map((stay) => ({
    ...stay,
    first: isLone(picked, 0, stay.first) ? 0 : valueAt(indices, stay.first),
    last: isLone(picked, stay.last, end) ? points.length - 1 : valueAt(indices, stay.last),
  }))
}

function stayOf(evidence: Evidence, { first, last }: Span): Stay {
  const { x, y, variance } = evidence.placeOf(first, last)
  const accuracy = Math.max(RULES.leastAccuracy, RADIUS_PER_SIGMA * Math.sqrt(variance))
  return { first, last, x, y, accuracy }
}

/** Whether what lies between a stay and an end of all points is too little to be another place. */
function isLone({ at }: Points, from: number, to: number): boolean {
  const ms = valueAt(at, to) - valueAt(at, from)
  if (to - from <= 1) return ms <= STAY_RULES.stayMs // beyond a silence even one fix may tell of elsewhere
  return to - from <= RULES.loneFixes && ms <= RULES.loneMs
}

/** Whoever is back at the same place within minutes never left it, unless the fixes insist. */
function isSame(points: Points, evidence: Evidence, a: Stay, b: Stay): boolean {
  const metres = Math.hypot(a.x - b.x, a.y - b.y)
  const doubt = RULES.samePerDoubt * Math.hypot(a.accuracy, b.accuracy)
  if (valueAt(points.at, b.first) - valueAt(points.at, a.last) > RULES.shortTripMs) return false
  if (metres > Math.max(RULES.sameMetres, doubt)) return false
  const left = evidence.stay(a.first, a.last) + evidence.stay(b.first, b.last)
  const trip = evidence.moveTo(b.first) - evidence.moveTo(a.last)
  const insisted = evidence.stay(a.first, b.last) - left - trip
  return insisted <= RULES.insist
}

/** Moves each edge to the likeliest point near it: the grid was coarser than the points. */
function refined(points: Points, evidence: Evidence, spans: readonly Span[]): Span[] {
  const done: Span[] = []
  for (const [i, span] of spans.entries()) {
    const from = (done.at(-1)?.last ?? -1) + 1
    const to = (spans[i + 1]?.first ?? points.length) - 1
    const first = firstOf(points, evidence, span, from)
    done.push({ first, last: lastOf(points, evidence, { first, last: span.last }, to) })
  }
  return done
}

function firstOf(points: Points, evidence: Evidence, { first, last }: Span, from: number): number {
  const at = valueAt(points.at, first)
  const latest = Math.min(at + RULES.refineMs, valueAt(points.at, last) - STAY_RULES.stayMs)
  let best = { cost: Infinity, i: first }
  for (let i = last; i >= from && valueAt(points.at, i) >= at - RULES.refineMs; i--) {
    if (valueAt(points.at, i) > latest) continue
    const free = i === 0 ? STAY_RULES.arriving - STAY_RULES.beginning : 0
    const cost = evidence.stay(i, last) + evidence.moveTo(i) - free
    if (cost < best.cost) best = { cost, i }
  }
  return best.i
}

function lastOf(points: Points, evidence: Evidence, { first, last }: Span, to: number): number {
  const at = valueAt(points.at, last)
  const earliest = Math.max(at - RULES.refineMs, valueAt(points.at, first) + STAY_RULES.stayMs)
  let best = { cost: Infinity, i: last }
  for (let i = first; i <= to && valueAt(points.at, i) <= at + RULES.refineMs; i++) {
    if (valueAt(points.at, i) < earliest) continue
    const free = i === points.length - 1 ? STAY_RULES.leaving : 0
    const cost = evidence.stay(first, i) - evidence.moveTo(i) - free
    if (cost < best.cost) best = { cost, i }
  }
  return best.i
}
