import { hasLength, type AlertKind, type AlertRule } from '../contract/alerts.ts'
import type { DueResult } from '../contract/attendance.ts'
import type { Segment } from '../contract/days.ts'

export interface Span {
  readonly from: number // epoch ms
  readonly to: number
}

/** A due punch on the time line. */
export interface Due extends Pick<DueResult, 'due' | 'result' | 'lateMin'> {
  readonly at: number // epoch ms, all three
  readonly punch: number | null
  readonly closesAt: number
}

/** Everything that rules look at of one person-day, as far as it is known at `now`. */
export interface Scene {
  readonly now: number // epoch ms
  readonly duty: readonly Span[] // of the work date, in time order
  readonly lastAt: number | null // time of the newest fix
  readonly segments: readonly Pick<Segment, 'kind' | 'from' | 'to' | 'customerId' | 'reason'>[]
  readonly workplaces: readonly Span[] // stays at a workplace
  readonly outside: readonly (Omit<Span, 'to'> & { readonly to: number | null })[] // of the territory; null: still
  readonly dues: readonly Due[]
  /** Those alone that little speaks for; `waits`: for a supervisor's word. */
  readonly checkins: readonly { readonly id: string; readonly at: number; readonly score: number; readonly waits: boolean }[] // prettier-ignore
  readonly calls: readonly { readonly id: string; readonly at: number; readonly endedAt: number | null; readonly note: string }[] // prettier-ignore
}

/** A time in which something was as a rule says. */
export interface Episode {
  readonly kind: AlertKind
  /** Of the punch, check-in or call it is about: its times may change, it stays the same. Null: its time alone tells it. */
  readonly key: string | null
  readonly since: number // epoch ms, by the clock of the fixes
  readonly until: number | null // null while it lasts
  readonly detail: Readonly<Record<string, number | string>>
}

const MINUTE = 60_000

/**
 * What of a person-day the rules want told: pure, of facts alone, so that it is the same whatever came in when.
 * @param rules at most one of a kind; those that are off say nothing
 */
export function episodesOf(rules: readonly AlertRule[], scene: Scene): Episode[] {
  return rules
    .filter(({ on }) => on)
    .flatMap((rule) => EPISODES[rule.kind](scene, rule.minutes * MINUTE).map((each) => ({ kind: rule.kind, ...each }))) // prettier-ignore
}

type Found = Omit<Episode, 'kind'>

const EPISODES: Record<AlertKind, (scene: Scene, least: number) => Found[]> = {
  sos: ({ calls }) =>
    calls.map(({ id, at, endedAt, note }) => ({ key: id, since: at, until: endedAt, detail: note === '' ? {} : { note } })), // prettier-ignore
  silent: silences,
  no_movement: (scene, least) => stops(scene, least, () => true),
  long_stop: (scene, least) =>
    stops(scene, least, (stop) => stop.customerId === undefined && !isAtWork(scene, stop)),
  left_territory: ({ outside, now }, least) =>
    outside
      .filter(({ from, to }) => (to ?? now) - from >= least)
      .map(({ from, to }) => timed(from, to, now)),
  late: lates,
  missing_punch: missing,
  low_evidence: ({ checkins }) =>
    checkins.map(({ id, at, score, waits }) => ({ key: id, since: at, until: waits ? null : at, detail: { score } })), // prettier-ignore
}

const timed = (since: number, until: number | null, now: number, detail: Found['detail'] = {}) => ({
  ...{ key: null, since, until },
  detail: { ...detail, minutes: Math.floor(((until ?? now) - since) / MINUTE) },
})

const isHeard = ({ kind }: Scene['segments'][number]) => kind === 'stay' || kind === 'move'

/**
 * Runs of duty time without a position: those the ribbon has closed, and the one that goes on. Where the phone
 * said why, the reason of the longest piece stands for the run.
 */
function silences({ duty, segments, lastAt, now }: Scene, least: number): Found[] {
  return duty.flatMap((window) => {
    const end = Math.min(window.to, now)
    const heard = Math.max(window.from, Math.min(lastAt ?? window.from, end))
    const runs = runsOf(segments.filter((each) => each.from < window.to && each.to > window.from && !isHeard(each))) // prettier-ignore
    const tail = runs.find(({ to }) => to >= heard)
    const since = Math.min(tail?.from ?? heard, heard)
    const last = { from: since, to: now < window.to ? null : window.to, reason: tail?.reason }
    return [...runs.filter((run) => run !== tail), ...(end > since ? [last] : [])]
      .filter(({ from, to }) => (to ?? now) - Math.max(from, window.from) >= least)
      .map(({ from, to, reason }) => timed(Math.max(from, window.from), to, now, reason ? { reason } : {})) // prettier-ignore
  })
}

interface Run {
  from: number
  to: number
  reason: string | undefined
}

/** Segments that follow one another without gap, as one. */
function runsOf(segments: Scene['segments']): Run[] {
  const runs: (Run & { longest: number })[] = []
  for (const { from, to, reason } of segments) {
    const last = runs.at(-1)
    if (!last || last.to !== from) runs.push({ from, to, reason, longest: to - from })
    else {
      if (to - from > last.longest) Object.assign(last, { reason, longest: to - from })
      last.to = to
    }
  }
  return runs
}

/**
 * Stays of the length asked for. A stay lasts as long as nothing else is known, but its length is that of what
 * was heard: a phone that fell silent is no longer still.
 */
function stops(
  { segments, duty, now }: Scene,
  least: number,
  counts: (stop: Scene['segments'][number]) => boolean,
): Found[] {
  return segments.flatMap((each, index) => {
    if (each.kind !== 'stay' || each.to - each.from < least || !counts(each)) return []
    const window = duty.find(({ from, to }) => each.from >= from && each.from < to)
    const goesOn = index === segments.length - 1 && window !== undefined && now < window.to
    return [timed(each.from, goesOn ? null : each.to, each.to)]
  })
}

const isAtWork = ({ workplaces }: Scene, stop: Span) =>
  workplaces.some(({ from, to }) => from < stop.to && to > stop.from)

const isMissing = ({ result, punch }: Due) =>
  punch === null && (result === 'missing' || result === 'absent')

/** Punches in that are late and waited for, or came late; those that can not come any more are missing. */
function lates({ dues, now }: Scene, least: number): Found[] {
  return dues.flatMap((each) => {
    const { due, at, result, punch, lateMin, closesAt } = each
    if (!due.startsWith('in')) return []
    const late = (until: number | null, minutes: number) =>
      minutes * MINUTE < least ? [] : [{ key: due, since: at, until, detail: { due, minutes } }]
    if (punch !== null) return lateMin > 0 ? late(punch, lateMin) : []
    if (result === 'pending' && now >= at) return late(null, Math.floor((now - at) / MINUTE))
    return isMissing(each) ? late(closesAt, Math.floor((closesAt - at) / MINUTE)) : []
  })
}

/** A section whose punch in is missing is told of by that one: its punch out would say the same again. */
function missing({ dues }: Scene): Found[] {
  const gone = new Set(dues.filter(isMissing).map(({ due }) => due))
  return dues
    .filter(({ due }) => gone.has(due) && !(due.startsWith('out') && gone.has(`in${due.slice(3)}`)))
    .map(({ due, closesAt }) => ({ key: due, since: closesAt, until: null, detail: { due } }))
}

/**
 * When time alone changes next what `episodesOf` says; null when only facts can.
 * @param rules as for `episodesOf`
 */
export function nextLook(rules: readonly AlertRule[], scene: Scene): number | null {
  const { now, duty, lastAt, dues, outside } = scene
  const moments = rules.flatMap(({ kind, minutes, on }) => {
    if (!on || !hasLength(kind)) return []
    const least = minutes * MINUTE
    if (kind === 'silent')
      return duty.map(({ from, to }) => Math.max(from, Math.min(lastAt ?? from, to)) + least)
    if (kind === 'late') return dues.map(({ at }) => at + least)
    if (kind === 'left_territory') return outside.map(({ from }) => from + least)
    return []
  })
  const edges = [...duty.flatMap(({ from, to }) => [from, to]), ...dues.map((due) => due.closesAt)]
  const later = [...moments, ...edges].filter((at) => at > now)
  return later.length === 0 ? null : Math.min(...later)
}
