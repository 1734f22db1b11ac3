import { metresBetween, type DayFacts, type Place, type TrackFix } from '../../../geo/index.ts'
import type { Sojourn } from '../../geo/score.ts'
import type { Told } from '../truthTell.ts'

/**
 * Traccar's rules with its defaults, written anew from its documented behaviour (source 9e5c458, Apache-2.0):
 * the motion detection of `report.trip.newLogic`, distance as a running total in order of arrival, no
 * filter, fences by exact geometry. Checked by its own cases in `traccarCases.json`.
 */
export interface MotionRules {
  readonly minDistance: number // metres
  readonly minDuration: number // ms
  readonly stopGap: number | null // ms
}

const DEFAULTS: MotionRules = { minDistance: 200, minDuration: 180_000, stopGap: 3_600_000 }

export interface Seen extends Place {
  readonly at: number // epoch ms
}

export interface MotionEvent {
  readonly kind: 'moving' | 'stopped'
  readonly fix: Seen
}

interface State {
  moving: boolean
  event: Seen // where the last event was
  readonly recent: Seen[] // covers the last minDuration, the oldest of them just before it
}

/** Traccar's motion events over fixes in order of arrival; a fix older than the latest raises none. */
export function motionEvents(
  fixes: readonly Seen[],
  startMoving: boolean,
  rules: MotionRules = DEFAULTS,
): MotionEvent[] {
  const [first] = fixes
  if (!first) return []
  const state: State = { moving: startMoving, event: first, recent: [] }
  return fixes.flatMap((fix) => {
    const latest = state.recent.at(-1)
    if (latest && fix.at < latest.at) return []
    const events = latest ? eventsOf(state, latest, fix, rules) : []
    const last = events.at(-1)
    if (last) [state.moving, state.event] = [last.kind === 'moving', last.fix]
    state.recent.push(fix)
    while ((state.recent[1]?.at ?? Infinity) <= fix.at - rules.minDuration) state.recent.shift()
    return events
  })
}

function eventsOf(state: State, latest: Seen, fix: Seen, rules: MotionRules): MotionEvent[] {
  if (isTripUnseen(latest, fix, rules)) {
    const trip: MotionEvent[] = [
      { kind: 'moving', fix: latest },
      { kind: 'stopped', fix },
    ]
    return state.moving ? [{ kind: 'stopped', fix: latest }, ...trip] : trip
  }
  if (state.moving) return hasStopped(state, fix, rules) ? [{ kind: 'stopped', fix }] : []
  if (metresBetween(state.event, fix) < rules.minDistance) return []
  return [{ kind: 'moving', fix: startOf(state, fix, rules) }]
}

/** A long gap that must have been a trip: far, and faster than the threshold. */
function isTripUnseen(latest: Seen, fix: Seen, rules: MotionRules): boolean {
  const [gap, hop] = [fix.at - latest.at, metresBetween(latest, fix)]
  if (rules.stopGap === null || gap <= rules.stopGap) return false
  return hop >= rules.minDistance && hop / gap > speedOf(rules)
}

function hasStopped({ recent }: State, fix: Seen, { minDistance, minDuration }: MotionRules) {
  const [oldest = fix] = recent
  const near = recent.every((each) => metresBetween(each, fix) < minDistance)
  return near && fix.at - oldest.at >= minDuration
}

const speedOf = ({ minDistance, minDuration }: MotionRules) => minDistance / minDuration

/** Back along the legs that were faster than the threshold, never to the last event. */
function startOf({ recent, event }: State, fix: Seen, rules: MotionRules): Seen {
  let start = fix
  for (const earlier of recent.toReversed()) {
    if (earlier.at <= event.at) break
    const ms = start.at - earlier.at
    if (ms <= 0 || metresBetween(earlier, start) / ms <= speedOf(rules)) break
    start = earlier
  }
  return start
}

/** The running total: from the latest known fix to the arriving one, whatever its time. */
export function runningTotal(arrived: readonly Seen[]): number {
  const totals: { at: number; total: number }[] = []
  let latest: Seen | undefined
  let running = 0
  for (const fix of arrived) {
    const total = running + (latest ? metresBetween(latest, fix) : 0)
    totals.push({ at: fix.at, total })
    if (latest && fix.at < latest.at) continue
    ;[latest, running] = [fix, total]
  }
  const ordered = totals.sort((a, b) => a.at - b.at)
  return (ordered.at(-1)?.total ?? 0) - (ordered[0]?.total ?? 0)
}

/** Stops between the motion events, at the position of the fix that opened them, and the day's distance. */
export function tellAsTraccar({ fixes, sites, duty }: DayFacts): Told {
  const [first, last] = [fixes[0], fixes.at(-1)]
  if (!first || !last) return { stays: [], metres: 0 }
  const stays: Sojourn[] = []
  let stopped: Seen | null = first
  for (const { kind, fix } of motionEvents(fixes, false)) {
    if (kind === 'moving' && stopped) stays.push(stopOf(stopped, fix.at, sites))
    stopped = kind === 'moving' ? null : fix
  }
  if (stopped) stays.push(stopOf(stopped, duty[0]?.to ?? last.at, sites))
  return { stays, metres: runningTotal(fixes) }
}

const stopOf = (fix: Seen, to: number, sites: DayFacts['sites']): Sojourn => ({
  from: fix.at,
  to,
  customerId: sites.find((site) => metresBetween(fix, site) <= site.radius)?.customerId ?? null,
})

/** Enter and exit events of one circle: the set difference between two fixes, nothing else. */
export function fenceEvents(fixes: readonly TrackFix[], circle: Place & { radius: number }) {
  const inside = fixes.map((fix) => metresBetween(fix, circle) <= circle.radius)
  return inside.filter((now, i) => i > 0 && now !== inside[i - 1]).length
}
