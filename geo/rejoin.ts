import { pointAt, type Points } from './points.ts'
import type { Stay } from './stays.ts'

const RULES = {
  breakMs: 3 * 60_000, // a longer excursion is believed
  agree: 3.7, // times the 68 % radius of the difference of two centres
  atHome: 2.5, // times its accuracy: how far off both fragments a fix of the break may lie
  leastRadius: 3, // metres
  mostFixes: 16, // that average out, however many there are: maps and walls err, too
} as const

/**
 * Joins the fragments of one stay. Indoors the error of a phone wanders for minutes, so that a visit looks
 * like some near places with hops between them. Neighbours are one place when the break is short, when
 * no fix of it is too exact for where it lies, and when the centres agree within what they can be off.
 * The pair that agrees best is joined first, until none agrees.
 * @param legs of the points: no place reaches over a walk.
 * @param stays in order, never overlapping.
 */
export function rejoined(points: Points, legs: Int32Array, stays: readonly Stay[]): Stay[] {
  const fragments = stays.map((stay) => ({ stay, doubt: doubtOf(points, stay) }))
  for (;;) {
    const index = bestPair(points, legs, fragments)
    const [a, b] = [fragments[index], fragments[index + 1]]
    if (!a || !b) return fragments.map(({ stay }) => stay)
    const stay = united(a.stay, b.stay)
    fragments.splice(index, 2, { stay, doubt: doubtOf(points, stay) })
  }
}

interface Fragment {
  readonly stay: Stay
  readonly doubt: number // 68 % radius of the centre, metres
}

/** The index of the fragment that agrees best with the next one; NaN when none does. */
function bestPair(points: Points, legs: Int32Array, fragments: readonly Fragment[]): number {
  let best = { index: NaN, strain: 1 }
  for (const [index, a] of fragments.entries()) {
    const b = fragments[index + 1]
    if (!b || legs[a.stay.last] !== legs[b.stay.first]) continue
    const strain = strainOf(points, a, b)
    if (strain < best.strain) best = { index, strain }
  }
  return best.index
}

/** How far apart two neighbours are, as a share of what may part the fragments of one place; Infinity: two. */
function strainOf(points: Points, a: Fragment, b: Fragment): number {
  const metres = Math.hypot(a.stay.x - b.stay.x, a.stay.y - b.stay.y)
  const strain = metres / (RULES.agree * Math.hypot(a.doubt, b.doubt))
  if (strain >= 1) return Infinity
  const ms = pointAt(points, b.stay.first).at - pointAt(points, a.stay.last).at
  if (b.stay.first - a.stay.last > 1 && ms > RULES.breakMs) return Infinity
  return isWander(points, a.stay, b.stay) ? strain : Infinity
}

/** A walk outdoors is told by exact fixes off both places; wander by vague ones. */
function isWander(points: Points, a: Stay, b: Stay): boolean {
  const share = (b.last - b.first + 1) / (a.last - a.first + b.last - b.first + 2)
  const [x, y] = [a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share]
  let off = 0
  for (let i = a.last + 1; i < b.first; i++) {
    const point = pointAt(points, i)
    if (Math.hypot(point.x - x, point.y - y) > RULES.atHome * point.accuracy) off++
  }
  return off < 2
}

/**
 * How far the centre may be off. Errors that resemble their neighbours do not average out: the fixes that
 * count as independent are n (1 − ρ) / (1 + ρ), with the ρ of an AR(1) process from von Neumann's ratio of
 * successive differences to the variance, which the claimed accuracy tells (a fragment has not seen it all).
 */
function doubtOf(points: Points, { first, last }: Stay): number {
  const count = last - first + 1
  let [steps, claimed] = [0, 0]
  for (let i = first; i <= last; i++) {
    const point = pointAt(points, i)
    claimed += point.accuracy / count
    if (i === first) continue
    const before = pointAt(points, i - 1)
    steps += ((point.x - before.x) ** 2 + (point.y - before.y) ** 2) / (count - 1)
  }
  const fresh = Math.min(1, steps / (4 * (claimed / 1.51) ** 2)) // 1 − ρ
  const independent = (count * fresh) / (2 - fresh)
  const averaged = Math.min(RULES.mostFixes, Math.max(1, independent))
  return Math.max(RULES.leastRadius, claimed / Math.sqrt(averaged))
}

function united(a: Stay, b: Stay): Stay {
  const size = a.last - a.first + b.last - b.first + 2
  const share = (b.last - b.first + 1) / size
  const mean = (left: number, right: number) => left + (right - left) * share
  return {
    first: a.first,
    last: b.last,
    x: mean(a.x, b.x),
    y: mean(a.y, b.y),
    accuracy: Math.min(a.accuracy, b.accuracy),
    noise: Math.hypot(mean(a.noise, b.noise), Math.hypot(a.x - b.x, a.y - b.y) / 2),
  }
}
