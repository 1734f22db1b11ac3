import { accuracyOf } from '../stays/accuracy.ts'
import { metresBetween, type Place } from '../distance.ts'
import { chanceIn, edgesBetween, metresOutside, sizeOf, SURE, type Area } from './fence.ts'
import {
  nextPassing,
  passage,
  PASSAGE_RULES,
  type Moment,
  type Passing,
  type Seen,
} from './passage.ts'
import type { TrackFix } from '../types.ts'

/** What is followed: a place to be inside of, with a name of its own. */
export type Fence = Area & { readonly id: string }

/** A fence that was entered, left, or passed between two fixes. */
export interface FenceEvent {
  readonly fenceId: string
  readonly kind: 'enter' | 'leave' | 'passed'
  readonly at: number // epoch ms on the fixes' clock, where the way between two fixes crosses the edge
  readonly since: number // of leave and passed: when the time inside began; of enter: `at`
  readonly earliest: number // the fix before: it cannot have been sooner …
  readonly latest: number // … nor later than the fix after
}

/** Time inside of a fence, by its events. */
export interface FenceVisit {
  readonly fenceId: string
  readonly from: number
  readonly to: number | null // null: still inside
  readonly dwellMs: number // fix time; of an open visit up to the newest fix inside
  readonly passed: boolean // known by the way between two fixes only
}

/** What is known of one person and one fence after some fixes. Plain data: it may be stored as JSON. */
export interface FenceState {
  readonly where: 'unknown' | 'inside' | 'outside'
  readonly since: number | null // when the time inside began
  readonly lastInside: number | null // at of the newest fix inside
  readonly last: Seen | null
  readonly lastOutside: Seen | null
  readonly trail: readonly Place[] // the newest fixes, at most `confirmFixes`
  readonly edge: Moment | null // where the way last crossed the edge
  readonly inward: Evidence
  readonly outward: Evidence
  readonly passing: Passing | null
}

/** Cumulative sum (CUSUM) of log-odds: falls back to 0 while fixes speak against it. */
interface Evidence {
  readonly sum: number
  readonly fixes: number
  readonly since: Moment
}

export const FENCE_RULES = {
  marginShare: 0.1, // of the radius; to have left is to be so far beyond the edge …
  marginMetres: 20, // … and at least so far
  confirmFixes: 3, // beyond the margin before a fence is left, or behind a fence that was passed
  leaveEvidence: 6, // in fixes that are sure by themselves and independent
  enterEvidence: 2,
  firstEvidence: 1.2, // to know that somebody is inside at first: more than one fix
  doubt: 2, // a fix that speaks against having left counts so many that speak for it
  independentMs: 60_000, // errors of fixes nearer in time are alike: each counts less
  clearly: 3, // times the accuracy off the edge: no error of a usual fix …
  clearWeight: 2, // … so that three suffice
} as const

const NOTHING: Evidence = { sum: 0, fixes: 0, since: { at: 0, earliest: 0, latest: 0 } }

const UNTOLD = { inward: NOTHING, outward: NOTHING } as const

/** Before the first fix. */
export const UNSEEN: FenceState = {
  where: 'unknown',
  since: null,
  lastInside: null,
  last: null,
  lastOutside: null,
  trail: [],
  edge: null,
  inward: NOTHING,
  outward: NOTHING,
  passing: null,
}

/**
 * One more fix of one person against one fence.
 * @param fix cleaned, and not older than the one before.
 * @returns the next state, and the event that this fix confirms, if any: it lies in the past, at the crossing.
 */
export function followFence(
  fence: Fence,
  state: FenceState,
  fix: TrackFix,
): { state: FenceState; event: FenceEvent | null } {
  const seen = seenBy(fence, fix)
  const weighed = withEvidence(fence, state, seen)
  if (state.where !== 'inside' && hasEntered(weighed)) return entered(fence, weighed)
  if (state.where === 'inside')
    return hasLeft(weighed) ? left(fence, weighed) : { state: weighed, event: null }
  const isNews = state.where === 'unknown' && hasLeft(weighed)
  const known = isNews ? { ...weighed, where: 'outside' as const, ...UNTOLD } : weighed
  return passedBy(fence, known, seen, state.trail)
}

/**
 * Follows somebody through fences.
 * @param fixes cleaned and ordered by time; their accuracy null counts as 40 m.
 * @returns events in order of time, visits by their beginning, and the state of each fence that is not far from
 *   all fixes. Where somebody is at first is no event.
 */
export function followFences(fixes: readonly TrackFix[], fences: readonly Fence[]) {
  const followed = nearTo(fixes, fences).map((fence) => followOne(fixes, fence))
  return {
    events: followed.flatMap(({ events }) => events).sort((a, b) => a.at - b.at),
    visits: followed.flatMap(({ visits }) => visits).sort((a, b) => a.from - b.from),
    states: followed.map(({ fence, state }) => ({ fenceId: fence.id, state })),
  }
}

/** Fences that reach into the circle around the first fix that holds all of them: no other can be touched. */
function nearTo(fixes: readonly TrackFix[], fences: readonly Fence[]): readonly Fence[] {
  const [start] = fixes
  if (!start) return []
  const reach = fixes.reduce((most, fix) => Math.max(most, metresBetween(start, fix)), 0)
  return fences.filter((fence) => metresOutside(fence, start) <= reach)
}

function followOne(fixes: readonly TrackFix[], fence: Fence) {
  const events: FenceEvent[] = []
  let state = UNSEEN
  for (const fix of fixes) {
    const next = followFence(fence, state, fix)
    if (next.event) events.push(next.event)
    state = next.state
  }
  if (state.passing && state.passing.fixes > 1)
    events.push(eventOf(fence, 'passed', state.passing, state.passing.since))
  return { fence, state, events, visits: visitsOf(fence, events, state) }
}

function visitsOf(fence: Fence, events: readonly FenceEvent[], state: FenceState): FenceVisit[] {
  const visits = events
    .filter(({ kind }) => kind !== 'enter')
    .map(({ kind, since, at }) => visit(fence, since, at, kind === 'passed'))
  if (state.since === null) return visits
  const dwellMs = Math.max(0, Number(state.lastInside) - state.since)
  return [...visits, { fenceId: fence.id, from: state.since, to: null, dwellMs, passed: false }]
}

const visit = (fence: Fence, from: number, to: number, passed: boolean): FenceVisit => ({
  fenceId: fence.id,
  from,
  to,
  dwellMs: to - from,
  passed,
})

const hasEntered = ({ where, inward }: FenceState) =>
  inward.fixes > 1 &&
  inward.sum >= (where === 'unknown' ? FENCE_RULES.firstEvidence : FENCE_RULES.enterEvidence)

/** Also at first: two fixes gone astray must not make an arrival of those that follow. */
const hasLeft = ({ outward }: FenceState) =>
  outward.sum >= FENCE_RULES.leaveEvidence && outward.fixes >= FENCE_RULES.confirmFixes

function entered(fence: Fence, state: FenceState) {
  const moment = state.inward.since
  const isKnown = state.where === 'outside'
  return {
    state: { ...settled(state), where: 'inside' as const, since: moment.at },
    event: isKnown ? eventOf(fence, 'enter', moment, moment.at) : null,
  }
}

function left(fence: Fence, state: FenceState) {
  const moment = state.outward.since
  return {
    state: {
      ...settled(state),
      where: 'outside' as const,
      since: null,
      lastInside: null,
      lastOutside: state.last,
    },
    event: eventOf(fence, 'leave', moment, Math.min(moment.at, Number(state.since))),
  }
}

const settled = (state: FenceState): FenceState => ({ ...state, ...UNTOLD, passing: null })

const eventOf = (
  { id }: Fence,
  kind: FenceEvent['kind'],
  { at, earliest, latest }: Moment,
  since: number,
): FenceEvent => ({ fenceId: id, kind, at, since, earliest, latest })

function seenBy(fence: Fence, fix: TrackFix): Seen {
  const { at, lng, lat } = fix
  const accuracy = accuracyOf(fix)
  const [off, chance] = [metresOutside(fence, fix), chanceIn(fence, fix, accuracy)]
  return { at, lng, lat, accuracy, off, chance }
}

/** The state with what a fix says of inside and outside. */
function withEvidence(fence: Fence, state: FenceState, seen: Seen): FenceState {
  const { last } = state
  const { at, lng, lat, off, chance } = seen
  const edge = (last && crossing(fence, last, seen)) ?? state.edge
  const odds = Math.log(chance / (1 - chance)) / Math.log(SURE / (1 - SURE))
  const gain = Math.max(-1, Math.min(1, odds)) * weightOf(state, seen)
  const margin = Math.max(FENCE_RULES.marginShare * sizeOf(fence), FENCE_RULES.marginMetres)
  const since = edge ?? { at, earliest: at, latest: at }
  return {
    ...state,
    last: seen,
    edge,
    lastInside: off <= 0 ? at : state.lastInside,
    trail: [...state.trail, { lng, lat }].slice(-FENCE_RULES.confirmFixes),
    inward: added(state.inward, gain, since),
    outward: added(
      state.outward,
      off > margin ? -gain : Math.min(0, -gain * FENCE_RULES.doubt),
      since,
    ),
  }
}

/**
 * What a fix counts: errors last for a minute, but no error of a usual fix explains one clearly off the edge. Several
 * of those make somebody leave only while they agree: fixes gone astray go anywhere.
 */
function weightOf({ last, where }: FenceState, seen: Seen): number {
  if (!last) return 1
  const share = Math.max(0, Math.min(1, (seen.at - last.at) / FENCE_RULES.independentMs))
  const isClear = Math.abs(seen.off) > FENCE_RULES.clearly * seen.accuracy
  const isSure = isClear && (where !== 'inside' || agrees(last, seen))
  return isSure ? FENCE_RULES.clearWeight * Math.sqrt(share) : share
}

/** Not on opposite sides of the fence: nearer to each other than the further one is to its edge. */
const agrees = (last: Seen, seen: Seen) =>
  last.off <= 0 || seen.off <= 0 || metresBetween(last, seen) <= Math.max(last.off, seen.off)

function added({ sum, fixes, since }: Evidence, gain: number, now: Moment): Evidence {
  const next = Math.max(0, sum + gain)
  if (next === 0) return NOTHING
  return { sum: next, fixes: fixes + (gain > 0 ? 1 : 0), since: sum === 0 ? now : since }
}

/** When the way between two fixes crossed the edge; over a long silence, the fix that was inside. */
function crossing(fence: Fence, last: Seen, seen: Seen): Moment | null {
  const wasInside = last.off <= 0
  if (wasInside === seen.off <= 0) return null
  const edges = edgesBetween(fence, last, seen)
  const share = wasInside ? Math.max(0, ...edges) : Math.min(1, ...edges)
  const isShort = seen.at - last.at <= PASSAGE_RULES.longestMs
  const inside = wasInside ? last.at : seen.at
  const at = isShort ? Math.round(last.at + share * (seen.at - last.at)) : inside
  return { at, earliest: last.at, latest: seen.at }
}

/** Somebody not inside: did the way since the last fix outside lead through the fence? */
function passedBy(fence: Fence, state: FenceState, seen: Seen, trail: FenceState['trail']) {
  if (seen.chance > 1 - SURE) return { state, event: null }
  const through = passage(fence, state.lastOutside, seen, trail)
  const passing = nextPassing(state.passing, through, seen)
  const isSure = passing !== null && passing.fixes >= FENCE_RULES.confirmFixes
  return {
    state: { ...state, lastOutside: seen, passing: isSure ? null : passing },
    event: isSure ? eventOf(fence, 'passed', passing, passing.since) : null,
  }
}
