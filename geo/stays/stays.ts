import { Evidence } from './evidence.ts'
import { pickedFrom, valueAt, type Points } from './points.ts'
import { telling } from './spikes.ts'

/** A run of points (indices, inclusive) at one place; x, y, accuracy in metres on the points' plane. */
export interface Stay {
  readonly first: number
  readonly last: number
  readonly x: number
  readonly y: number
  readonly accuracy: number // 68 % radius of the centre
}

export const STAY_RULES = {
  stayMs: 5 * 60_000, // shorter stops are red lights
  arriving: 5.5, // nats that a stay must explain more than a move does …
  leaving: 2, // … and for leaving it; nobody arrives where the points begin
  beginning: 2,
  gridMs: 20_000, // between two points that a stay may begin at, before its edges are refined
  refineMs: 60_000,
  hopeless: 20, // nats worse than moving on: no stay begins there
  ripeMs: 8 * 60_000, // from this age on …
  outdone: 8, // … a beginning so many nats worse than the best is given up
  mostBeginnings: 32, // bounds the work
  leastAccuracy: 3, // metres: maps and walls err, too
  sameMetres: 25, // nearer places are one place …
  samePerDoubt: 3, // … as are those whose centres may be one …
  shortTripMs: 2 * 60_000, // … when so little lies between
  insist: 40, // nats more than two places would explain
  loneMs: 75_000, // fewer than three fixes at an end of the points, so short, confirm no other place
  loneFixes: 2,
} as const

const RADIUS_PER_SIGMA = 1.51 // 68 % of a 2-D Gaussian

interface Span {
  readonly first: number
  readonly last: number
}

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
  evidence.stay(first, last)
  const { x, y, variance } = evidence.fit
  const accuracy = Math.max(STAY_RULES.leastAccuracy, RADIUS_PER_SIGMA * Math.sqrt(variance))
  return { first, last, x, y, accuracy }
}

/** Whether what lies between a stay and an end of all points is too little to be another place. */
function isLone({ at }: Points, from: number, to: number): boolean {
  const ms = valueAt(at, to) - valueAt(at, from)
  if (to - from <= 1) return ms <= STAY_RULES.stayMs // beyond a silence even one fix may tell of elsewhere
  return to - from <= STAY_RULES.loneFixes && ms <= STAY_RULES.loneMs
}

/** Whoever is back at the same place within minutes never left it, unless the fixes insist. */
function isSame(points: Points, evidence: Evidence, a: Stay, b: Stay): boolean {
  const metres = Math.hypot(a.x - b.x, a.y - b.y)
  const doubt = STAY_RULES.samePerDoubt * Math.hypot(a.accuracy, b.accuracy)
  if (valueAt(points.at, b.first) - valueAt(points.at, a.last) > STAY_RULES.shortTripMs)
    return false
  if (metres > Math.max(STAY_RULES.sameMetres, doubt)) return false
  const left = evidence.stay(a.first, a.last) + evidence.stay(b.first, b.last)
  const trip = evidence.moveTo(b.first) - evidence.moveTo(a.last)
  const insisted = evidence.stay(a.first, b.last) - left - trip
  return insisted <= STAY_RULES.insist
}

/** A point at which a stay may have begun. */
interface Beginning {
  readonly first: number
  readonly cost: number // of all before, and of arriving here
  readonly before: Ending | null
  now: number // the cost of having stayed until the point judged last
}

/** The cheapest stay that ends at a point, and how it came there. */
interface Ending {
  readonly last: number
  readonly cost: number // less the moves up to here, so that endings compare
  readonly beginning: Beginning
}

/** One pass over the points; each open beginning is judged wherever a stay may end. */
function likeliest(points: Points, evidence: Evidence): Span[] {
  const young: Beginning[] = []
  const open: Beginning[] = []
  let best: Ending | null = null
  let next = -Infinity
  for (let i = 0; i < points.length; i++) {
    const at = valueAt(points.at, i)
    if (at >= next) {
      young.push(beginningAt(i, evidence, best))
      next = at + STAY_RULES.gridMs
    }
    if (i + 1 < points.length && valueAt(points.at, i + 1) < next) continue
    while (isRipe(points, young[0], i)) open.push(...young.splice(0, 1))
    const judged = judge(points, evidence, { open, last: i, moving: costOf(best) })
    best = better(best, judged, points.length - 1)
  }
  return spansTo(best)
}

const isRipe = ({ at }: Points, beginning: Beginning | undefined, i: number) =>
  beginning !== undefined && valueAt(at, i) - valueAt(at, beginning.first) >= STAY_RULES.stayMs

const costOf = (ending: Ending | null) => ending?.cost ?? 0

function beginningAt(first: number, evidence: Evidence, before: Ending | null): Beginning {
  const toll = first === 0 ? STAY_RULES.beginning : STAY_RULES.arriving
  return { first, cost: costOf(before) + evidence.moveTo(first) + toll, before, now: Infinity }
}

/** The new ending when it is the cheaper way to have come here; the last point need not be left. */
function better(old: Ending | null, found: Ending | null, end: number): Ending | null {
  if (!found) return old
  const cost = found.cost + (found.last === end ? 0 : STAY_RULES.leaving)
  return cost < costOf(old) ? { ...found, cost } : old
}

interface Question {
  readonly open: Beginning[] // those not worth following any more are taken out
  readonly last: number
  readonly moving: number // the best cost so far of being under way
}

/** The cheapest stay that ends at `last`, if any. */
function judge(points: Points, evidence: Evidence, question: Question): Ending | null {
  const { open, last, moving } = question
  const onTheWay = evidence.moveTo(last)
  let [cost, cheapest]: [number, Beginning | undefined] = [Infinity, open[0]]
  for (const beginning of open) {
    const now = beginning.cost + evidence.stay(beginning.first, last) - onTheWay
    beginning.now = now
    if (now < cost) [cost, cheapest] = [now, beginning]
  }
  if (!cheapest) return null
  const limit = Math.min(moving + STAY_RULES.hopeless, worstKept(open))
  const ripeAt = valueAt(points.at, last) - STAY_RULES.ripeMs
  let kept = 0
  for (const beginning of open) {
    const isOld = valueAt(points.at, beginning.first) <= ripeAt
    if (beginning.now <= (isOld ? Math.min(limit, cost + STAY_RULES.outdone) : limit))
      open[kept++] = beginning
  }
  open.length = kept
  return { last, cost, beginning: cheapest }
}

/** The cost above which too many beginnings would be kept. */
function worstKept(open: readonly Beginning[]): number {
  if (open.length <= STAY_RULES.mostBeginnings) return Infinity
  const costs = new Float64Array(open.length)
  let count = 0
  for (const { now } of open) costs[count++] = now
  return valueAt(costs.sort(), STAY_RULES.mostBeginnings - 1)
}

function spansTo(best: Ending | null): Span[] {
  const spans: Span[] = []
  for (let ending = best; ending; ending = ending.beginning.before)
    spans.push({ first: ending.beginning.first, last: ending.last })
  return spans.reverse()
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
  const latest = Math.min(at + STAY_RULES.refineMs, valueAt(points.at, last) - STAY_RULES.stayMs)
  let best = { cost: Infinity, i: first }
  for (let i = last; i >= from && valueAt(points.at, i) >= at - STAY_RULES.refineMs; i--) {
    if (valueAt(points.at, i) > latest) continue
    const free = i === 0 ? STAY_RULES.arriving - STAY_RULES.beginning : 0
    const cost = evidence.stay(i, last) + evidence.moveTo(i) - free
    if (cost < best.cost) best = { cost, i }
  }
  return best.i
}

function lastOf(points: Points, evidence: Evidence, { first, last }: Span, to: number): number {
  const at = valueAt(points.at, last)
  const earliest = Math.max(at - STAY_RULES.refineMs, valueAt(points.at, first) + STAY_RULES.stayMs)
  let best = { cost: Infinity, i: last }
  for (let i = first; i <= to && valueAt(points.at, i) <= at + STAY_RULES.refineMs; i++) {
    if (valueAt(points.at, i) < earliest) continue
    const free = i === points.length - 1 ? STAY_RULES.leaving : 0
    const cost = evidence.stay(first, i) - evidence.moveTo(i) - free
    if (cost < best.cost) best = { cost, i }
  }
  return best.i
}
