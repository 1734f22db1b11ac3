import { accuracyOf, clean, metresBetween, type TrackFix } from '../../geo/index.ts'
import { finding, type Finding } from './finding.ts'

/** The person's fixes around a check-in. Their order means nothing. */
export interface TrackFacts {
  readonly at: number // epoch ms
  readonly position: {
    readonly lng: number
    readonly lat: number
    readonly accuracy: number | null
  } | null
  readonly track: readonly TrackFix[]
  readonly settled: boolean // nothing more is to be expected of the time after
  readonly replay: { readonly daysAgo: number } | null
}

const MINUTE = 60_000
const FAST = 45 // m/s: nobody gets about a city like this
const FAR = 500 // metres, beyond what accuracies explain
const LOOK_MS = 15 * MINUTE // how far a fix may be to compare the place with it
const TURN_MS = 10 * MINUTE
const FROZEN = { fixes: 12, ms: 10 * MINUTE, walking: 0.5 } as const

type Position = NonNullable<TrackFacts['position']>

/** What the track says: before, after, hops inside of it, standing still to the last digit, a track of another day. */
export function trackSignals(facts: TrackFacts): Finding[] {
  const { position, at, track, replay } = facts
  if (!position) return []
  const used = clean(track).flatMap((each) => (each.used ? [each.fix] : []))
  const sides = sidesOf(used, at)
  return [
    beforeSignal(position, at, sides.before),
    afterSignal(facts, position, used),
    ...hopSignals(used),
    ...frozenSignals(track, at),
    ...(replay ? [finding('replayed', -60, { days: replay.daysAgo })] : []),
  ]
}

interface Sides {
  readonly before: readonly TrackFix[] // nearest in time first, three at most
  readonly after: readonly TrackFix[]
}

function sidesOf(used: readonly TrackFix[], at: number): Sides {
  const near = used.filter((fix) => Math.abs(fix.at - at) <= LOOK_MS)
  return {
    before: near
      .filter((fix) => fix.at <= at)
      .slice(-3)
      .reverse(),
    after: near.filter((fix) => fix.at > at).slice(0, 3),
  }
}

/** Metres that two accuracies do not explain. */
const beyond = (a: Position, b: TrackFix) =>
  Math.max(0, metresBetween(a, b) - 1.5 * (accuracyOf(a) + accuracyOf(b)))

/** Of the nearest three fixes, so that no single wild one accuses anybody: the middle one of what they say. */
function middle(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

/** Metres per second that the way between the place and these fixes would have taken. */
function gapOf(position: Position, at: number, fixes: readonly TrackFix[]) {
  const metres = middle(fixes.map((fix) => beyond(position, fix)))
  const speed = middle(
    fixes.map((fix) => beyond(position, fix) / Math.max(1, Math.abs(fix.at - at) / 1000)),
  )
  return { metres, isImpossible: metres > FAR && speed > FAST, speed }
}

function beforeSignal(position: Position, at: number, fixes: readonly TrackFix[]): Finding {
  const [nearest] = fixes
  if (!nearest) return finding('track_none_before', 6)
  const { metres, isImpossible, speed } = gapOf(position, at, fixes)
  const values = { metres: Math.round(metres), kmh: Math.round(speed * 3.6), minutes: Math.round((at - nearest.at) / MINUTE) } // prettier-ignore
  if (isImpossible) return finding('track_disagrees_before', -50, values)
  return finding('track_before', metres > FAR && speed > FAST / 2 ? 0 : 10, values)
}

function afterSignal(facts: TrackFacts, position: Position, used: readonly TrackFix[]): Finding {
  const { after } = sidesOf(used, facts.at)
  const excursion = isExcursion(position, facts.at, used)
  const [next] = excursion ? used.filter((fix) => fix.at > facts.at) : after
  if (!next) return finding(facts.settled ? 'track_none_after' : 'track_after_pending', 6)
  const { metres, isImpossible, speed } = gapOf(
    position,
    facts.at,
    after.length > 0 ? after : [next],
  )
  const values = { metres: Math.round(metres), kmh: Math.round(speed * 3.6), minutes: Math.round((next.at - facts.at) / MINUTE) } // prettier-ignore
  if (isImpossible) return finding('track_disagrees_after', -50, values)
  if (excursion) return finding('track_excursion', -50, values)
  return finding('track_after', metres > FAR && speed > FAST / 2 ? 0 : 10, values)
}

/** How fast people get to a customer at the best, door to door, and what a visit takes with its arrival. */
const TRIP = { speed: 8, visitMs: 20 * MINUTE, lookMs: 25 * MINUTE } as const

/**
 * There and back between two neighbouring fixes: faster than anybody visits anything, or back at
 * rest where he was heading before, in less time than the way and a short visit take. The page that checks in
 * also reports, so that an honest visit leaves fixes of its own.
 */
function isExcursion(position: Position, at: number, used: readonly TrackFix[]): boolean {
  const near = used.filter((fix) => Math.abs(fix.at - at) <= TRIP.lookMs)
  const before = near.filter((fix) => fix.at <= at).slice(-3).reverse() // prettier-ignore
  const after = near.filter((fix) => fix.at > at).slice(0, 3)
  const [last, next] = [before[0], after[0]]
  if (!last || !next) return false
  const there = middle(before.map((fix) => beyond(position, fix)))
  const back = middle(after.map((fix) => beyond(position, fix)))
  if (there < FAR || back < FAR) return false
  const ms = Math.max(1000, next.at - last.at)
  const isHurry = ms <= TURN_MS && (there + back) / (ms / 1000) > 15
  const isBack = metresBetween(last, next) < (there + back) / 4
  const onWay = ((there + back) / TRIP.speed) * 1000
  const isShort = ms - onWay < TRIP.visitMs && after.every((fix) => isNear(fix, next))
  return isBack && (isHurry || isShort)
}

const isNear = (fix: TrackFix, other: TrackFix) =>
  metresBetween(fix, other) < LEAP.within + accuracyOf(fix) + accuracyOf(other)

const EDGE = 5 // fixes at the ends of what was loaded: a wild one there has no other side
const LEAP = { metres: 200, pace: 1, speed: 16, restMs: 90_000, within: 60, lookMs: 4 * MINUTE } as const // prettier-ignore

/**
 * A hop between two fixes that are both believed by all that follow and precede: faster than anybody
 * gets about, or from one rest straight into another faster than the traffic between two doors.
 */
function hopSignals(used: readonly TrackFix[]): Finding[] {
  const hops = used.flatMap((_, index) => hopAt(used, index))
  const [worst] = hops.toSorted((a, b) => b.metres - a.metres)
  return worst ? [finding('track_hops', -50, worst)] : []
}

function hopAt(used: readonly TrackFix[], index: number): { metres: number; kmh: number }[] {
  const [from, to] = [used[index - 1], used[index]]
  if (!from || !to || index <= EDGE || index >= used.length - EDGE) return []
  const metres = beyond(from, to)
  const speed = metres / Math.max(1, (to.at - from.at) / 1000)
  const isHop = isFast(metres, speed)
    ? isBelieved(used, index)
    : isLeap(metres, (to.at - from.at) / 1000) && rests(used, index)
  return isHop ? [{ metres: Math.round(metres), kmh: Math.round(speed * 3.6) }] : []
}

const isFast = (metres: number, speed: number) => metres > FAR && speed > FAST

/**
 * Whether a way from one rest straight into another was faster than any door-to-door way of a city:
 * beyond 16 m/s on the whole, or gaining and losing speed by more than 1 m/s² all along (t < 2·√(s/a)).
 */
const isLeap = (metres: number, seconds: number) =>
  metres > LEAP.metres &&
  (metres / seconds > LEAP.speed || seconds < 2 * Math.sqrt(metres / LEAP.pace))

/** The two fixes before and the two after take the side of their own end: a wild fix before a silence is no hop. */
function isBelieved(used: readonly TrackFix[], index: number): boolean {
  const [from, to] = [used[index - 1], used[index]]
  if (!from || !to) return false
  const nearer = (fix: TrackFix | undefined, own: TrackFix, other: TrackFix) =>
    fix !== undefined && metresBetween(fix, own) < metresBetween(fix, other)
  return [2, 3].every((n) => nearer(used[index - n], from, to)) && [1, 2].every((n) => nearer(used[index + n], to, from)) // prettier-ignore
}

/** Whether he was at rest up to the fix before `index`, and from that one on. */
function rests(used: readonly TrackFix[], index: number): boolean {
  return isRest(used, index - 1, -1) && isRest(used, index, 1)
}

/** The fixes from `start` on in one direction stay near it for a while. */
function isRest(used: readonly TrackFix[], start: number, step: 1 | -1): boolean {
  const here = used[start]
  if (!here) return false
  for (let index = start + step; ; index += step) {
    const fix = used[index]
    if (!fix || Math.abs(fix.at - here.at) > LEAP.lookMs) return false
    if (!isNear(fix, here)) return false
    if (Math.abs(fix.at - here.at) >= LEAP.restMs) return true
  }
}

/** The same coordinates to the last digit, again and again: no receiver does that for long, least of all one that moves. */
function frozenSignals(track: readonly TrackFix[], at: number): Finding[] {
  const run = runAround(track, at)
  const [first, last] = [run[0], run.at(-1)]
  if (!first || !last || run.length < FROZEN.fixes || last.at - first.at < FROZEN.ms) return []
  const values = { fixes: run.length, minutes: Math.round((last.at - first.at) / MINUTE) }
  const moving = run.filter(({ speed }) => (speed ?? 0) > FROZEN.walking).length
  return [
    moving > run.length / 2
      ? finding('frozen_moving', -60, values)
      : finding('frozen', -45, values),
  ]
}

/** The longest run of identical coordinates that holds the moment, or ends or begins within minutes of it. */
function runAround(track: readonly TrackFix[], at: number): TrackFix[] {
  const sorted = track.toSorted((a, b) => a.at - b.at)
  const runs: TrackFix[][] = []
  for (const fix of sorted) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last && last.lng === fix.lng && last.lat === fix.lat) run.push(fix)
    else runs.push([fix])
  }
  const touching = runs.filter((run) => {
    const [first, last] = [run[0], run.at(-1)]
    return first && last && first.at <= at + 2 * MINUTE && last.at >= at - 2 * MINUTE
  })
  return touching.sort((a, b) => b.length - a.length)[0] ?? []
}
