import { Cloud, pointAt, type Points } from './points.ts'
import { rejoined } from './rejoin.ts'
import { legsOf } from './walks.ts'

/** A run of points (indices, inclusive) at one place; x, y, accuracy in metres on the points' plane. */
export interface Stay {
  readonly first: number
  readonly last: number
  readonly x: number
  readonly y: number
  readonly accuracy: number // 68 % radius of the centre
  readonly noise: number // 68 % radius of its points
}

export const STAY_RULES = {
  stayMs: 5 * 60_000, // shorter stops are red lights
  nearMetres: 35, // a place is never smaller
  farMetres: 250, // nor larger, however bad the fixes
  reachPerNoise: 2, // 2 × the 68 % radius holds 98.9 % of a Gaussian's points
  scatterPerClaim: 1.5, // phones err by up to this factor in what they claim
  confirmFixes: 3, // fixes elsewhere in a row before a place is left …
  confirmMs: 75_000, // … lasting so long: correlated noise wanders off for a minute
  sparseMs: 180_000, // two fixes this far apart confirm as well
  clearlyGone: 4, // times the reach: three fixes suffice at once
  mostPending: 60, // fixes; bounds the work
  apartMetres: 25, // nearer places are one place
  apartPerNoise: 1.5,
  shortTripMs: 2 * 60_000, // back at the same place sooner: never left
  splitGain: 30, // times the noise's variance: how much better two places explain the points than one
} as const

/**
 * The stays among ordered points: places kept at least 5 minutes, in order, never overlapping. A place is
 * left only when following fixes confirm it; lone outliers and time without fixes belong to the place.
 */
export function findStays(points: Points): Stay[] {
  const legs = legsOf(points)
  const places = wholes(points, legs).filter((place) => lasts(points, place))
  const parts = places.flatMap((place) => split(points, place))
  return rejoined(
    points,
    legs,
    parts.map((place) => trimmed(points, place)),
  )
}

/** The places of each leg, joined within it. */
function wholes(points: Points, legs: Int32Array): Stay[] {
  const places: Stay[] = []
  for (let first = 0, last = 0; first < points.length; first = last + 1) {
    last = first
    while (last + 1 < points.length && legs[last + 1] === legs[first]) last++
    if ((legs[first] ?? 0) % 2 === 0) places.push(...joined(points, walk(points, first, last)))
  }
  return places
}

function walk(points: Points, first: number, last: number): Stay[] {
  const places: Stay[] = []
  for (let start = first; start <= last;) {
    const place = placeFrom(points, start, last)
    places.push(place)
    start = place.last + 1
  }
  return places
}

/** The place that begins with the point at `first`: up to the last point before a confirmed departure, at most `end`. */
function placeFrom(points: Points, first: number, end: number): Stay {
  const cloud = new Cloud()
  let last = first
  let pending = new Cloud()
  for (let i = first; i <= end; i++) {
    const point = pointAt(points, i)
    const reach = reachOf(cloud, point.accuracy)
    if (cloud.count === 0 || cloud.off(point) <= reach) {
      cloud.add(point)
      last = i
      if (pending.count > 0) pending = new Cloud()
      continue
    }
    pending.add(point)
    const ms = point.at - pointAt(points, last + 1).at
    if (hasLeft({ pending, off: cloud.off(pending), reach, ms })) break
    // at the end of the data two fixes confirm: nothing will follow
    if (i === end && (pending.count < 2 || cloud.off(pending) <= reach)) last = i
  }
  return placeOf(cloud, first, last)
}

function reachOf(cloud: Cloud, accuracy: number): number {
  // the seen scatter corrects a phone that claims too much, but may not grow with a slow walker
  const seen = Math.min(cloud.scatter, STAY_RULES.scatterPerClaim * cloud.claimed)
  const noise = Math.max(accuracy, cloud.count > 4 ? seen : 0)
  return Math.min(
    STAY_RULES.farMetres,
    Math.max(STAY_RULES.nearMetres, STAY_RULES.reachPerNoise * noise),
  )
}

interface Departure {
  readonly pending: Cloud
  readonly off: number
  readonly reach: number
  readonly ms: number
}

function hasLeft({ pending, off, reach, ms }: Departure): boolean {
  if (pending.count >= STAY_RULES.mostPending) return true
  if (pending.count < 2 || off <= reach) return false
  if (ms >= STAY_RULES.sparseMs) return true
  if (pending.count < STAY_RULES.confirmFixes) return false
  return ms >= STAY_RULES.confirmMs || off > STAY_RULES.clearlyGone * reach
}

function placeOf(cloud: Cloud, first: number, last: number): Stay {
  const noise = Math.max(cloud.scatter, cloud.claimed / 2)
  // correlated errors do not average out: no centre is believed better than a third of its points
  const accuracy = Math.max(3, Math.max(noise, cloud.claimed) / Math.min(3, Math.sqrt(cloud.count)))
  return { first, last, x: cloud.x, y: cloud.y, accuracy, noise }
}

function lasts(points: Points, { first, last }: Stay): boolean {
  return pointAt(points, last).at - pointAt(points, first).at >= STAY_RULES.stayMs
}

/** Joins places that are one: near each other with nothing but a short or near excursion between. */
function joined(points: Points, places: readonly Stay[]): Stay[] {
  const result: Stay[] = []
  for (const place of withoutLoneStart(points, places)) {
    result.push(place)
    for (let back = 2; back <= 4; back++) {
      const earlier = result.at(-back)
      if (!earlier || !isOne(points, earlier, place)) continue
      result.splice(-back, back, united(earlier, place))
      break
    }
  }
  return result
}

/** A lone first fix is confirmed by nothing: it belongs to the stay that follows. */
function withoutLoneStart(points: Points, places: readonly Stay[]): readonly Stay[] {
  const [lone, next, ...rest] = places
  if (!lone || !next || lone.first !== lone.last || !lasts(points, next)) return places
  return [{ ...next, first: lone.first }, ...rest]
}

function isOne(points: Points, a: Stay, b: Stay): boolean {
  const noise = Math.max(a.noise, b.noise)
  if (Math.hypot(a.x - b.x, a.y - b.y) > apart(noise)) return false
  const between = b.first - a.last - 1
  if (between === 0) return lasts(points, a) || lasts(points, b)
  if (!lasts(points, a) && !lasts(points, b)) return false
  if (pointAt(points, b.first).at - pointAt(points, a.last).at <= STAY_RULES.shortTripMs)
    return true
  if (between > STAY_RULES.mostPending) return false
  return isNearby(points, a, b)
}

function isNearby(points: Points, a: Stay, b: Stay): boolean {
  const limit = 2 * Math.max(STAY_RULES.nearMetres, STAY_RULES.reachPerNoise * a.noise)
  for (let i = a.last + 1; i < b.first; i++) {
    const { x, y } = pointAt(points, i)
    if (Math.hypot(x - a.x, y - a.y) > limit) return false
  }
  return true
}

function apart(noise: number): number {
  return Math.max(STAY_RULES.apartMetres, STAY_RULES.apartPerNoise * noise)
}

function united(a: Stay, b: Stay): Stay {
  const size = a.last - a.first + b.last - b.first + 2
  const share = (b.last - b.first + 1) / size
  const mean = (left: number, right: number) => left + (right - left) * share
  const accuracy = Math.min(a.accuracy, b.accuracy)
  const noise = mean(a.noise, b.noise)
  return { first: a.first, last: b.last, x: mean(a.x, b.x), y: mean(a.y, b.y), accuracy, noise }
}

/** Cuts a place that two neighbouring places explain far better, again and again: shops in one street. */
function split(points: Points, place: Stay): Stay[] {
  const done: Stay[] = []
  const open = [place]
  for (let next = open.pop(); next; next = open.pop()) {
    const cut = bestCut(points, next)
    if (cut === undefined) done.push(next)
    else open.push(gathered(points, cut + 1, next.last), gathered(points, next.first, cut))
  }
  return done
}

/** The last index of the first half, when halves of 5 minutes each are convincingly apart. */
function bestCut(points: Points, place: Stay): number | undefined {
  const all = new Moments()
  for (let i = place.first; i <= place.last; i++) all.add(points, place, i)
  const left = new Moments()
  let best = { cut: -1, gain: 0, apart: 0 }
  const [start, end] = [pointAt(points, place.first).at, pointAt(points, place.last).at]
  for (let i = place.first; i < place.last; i++) {
    left.add(points, place, i)
    if (pointAt(points, i).at - start < STAY_RULES.stayMs) continue
    if (end - pointAt(points, i + 1).at < STAY_RULES.stayMs) break
    const found = all.without(left)
    if (found.gain > best.gain) best = { cut: i, ...found }
  }
  if (best.cut < 0) return undefined
  const variance = Math.max(1, (all.squares - best.gain) / all.count) // squared metres, both axes
  const noise = Math.max(1.07 * Math.sqrt(variance), place.noise / 2)
  const isApart = best.apart >= apart(noise) && best.gain >= (STAY_RULES.splitGain * variance) / 2
  return isApart ? best.cut : undefined
}

/** Sums of points about a place, outliers left out: what a cut needs to be judged in one pass. */
class Moments {
  count = 0
  private x = 0
  private y = 0
  private square = 0

  add(points: Points, place: Stay, i: number): void {
    const point = pointAt(points, i)
    const [dx, dy] = [point.x - place.x, point.y - place.y]
    const limit = 3 * Math.max(STAY_RULES.nearMetres, place.noise)
    if (dx * dx + dy * dy > limit * limit) return
    this.count += 1
    this.x += dx
    this.y += dy
    this.square += dx * dx + dy * dy
  }

  /** Squared metres about the mean. */
  get squares(): number {
    return this.count > 0 ? this.square - (this.x * this.x + this.y * this.y) / this.count : 0
  }

  /** What is gained by taking `left` apart from the rest, and how far apart the two means are. */
  without(left: Moments): { gain: number; apart: number } {
    const rest = this.count - left.count
    if (left.count === 0 || rest === 0) return { gain: 0, apart: 0 }
    const dx = left.x / left.count - (this.x - left.x) / rest
    const dy = left.y / left.count - (this.y - left.y) / rest
    const square = dx * dx + dy * dy
    return { gain: (square * left.count * rest) / this.count, apart: Math.sqrt(square) }
  }
}

/** A place from its points anew: first roughly, then without what lies far off the rough centre. */
function gathered(points: Points, first: number, last: number): Stay {
  const rough = new Cloud()
  for (let i = first; i <= last; i++) rough.add(pointAt(points, i))
  const limit = Math.max(STAY_RULES.nearMetres, STAY_RULES.reachPerNoise * rough.scatter)
  const cloud = new Cloud()
  for (let i = first; i <= last; i++) {
    const point = pointAt(points, i)
    if (rough.off(point) <= limit) cloud.add(point)
  }
  return placeOf(cloud.count > 0 ? cloud : rough, first, last)
}

/** Cuts the way in and the way out: edge points beyond the reach of the centre. */
function trimmed(points: Points, place: Stay): Stay {
  const reach = Math.max(STAY_RULES.nearMetres, STAY_RULES.reachPerNoise * place.noise)
  let { first, last } = place
  const isOff = (i: number) => {
    const { x, y } = pointAt(points, i)
    return Math.hypot(x - place.x, y - place.y) > reach
  }
  while (first < last && isOff(first) && isOff(first + 1)) first++
  while (last > first && isOff(last) && isOff(last - 1)) last--
  const cut = { ...place, first, last }
  return lasts(points, cut) ? cut : place
}
