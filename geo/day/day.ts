import { countsOf, judged, usedOf, type Flag } from '../stays/clean.ts'
import { ribbonOf, type Piece } from './ribbon.ts'
import { STAY_RULES } from '../stays/stays.ts'
import type { Intention, SilentPeriod, Site, TrackFix, Window } from '../types.ts'

/** Goes up with every change that can change a day. */
export const ALGORITHM_VERSION = '10'

/** Everything a day is made of. Order and repetition of `fixes` and `silences` mean nothing. */
export interface DayFacts {
  readonly date: string
  readonly zone: string
  readonly duty: readonly Window[]
  readonly fixes: readonly TrackFix[]
  readonly silences: readonly SilentPeriod[]
  readonly sites: readonly Site[]
  readonly intentions?: readonly Intention[] | undefined // the order means nothing either
  readonly now?: number | undefined // the ribbon ends here when the duty does not yet
}

export interface DerivedDay {
  date: string
  zone: string
  algorithmVersion: string
  duty: { from: number; to: number }[]
  segments: Piece[]
  totals: {
    movedMetres: number
    gapMetres: number
    staySeconds: number
    moveSeconds: number
    silentSeconds: number
  }
  visits: { customerId: string; name: string; from: number; to: number }[]
  flags: Record<Flag, number>
}

/** The day as it was, from facts alone: a pure function, total over its types. */
export function deriveDay(facts: DayFacts): DerivedDay {
  const duty = apart(facts.duty)
  const windows = duty
    .map(({ from, to }) => ({ from, to: Math.min(to, facts.now ?? Infinity) }))
    .filter(({ from, to }) => to > from)
  const isOnDuty = ({ at }: TrackFix) => windows.some(({ from, to }) => at >= from && at < to)
  const areAll = facts.fixes.every(isOnDuty)
  const judgement = judged(areAll ? facts.fixes : facts.fixes.filter(isOnDuty))
  const used = usedOf(judgement)
  const segments = windows.flatMap((window) => ribbonOf(window, used, facts))
  return {
    date: facts.date,
    zone: facts.zone,
    algorithmVersion: ALGORITHM_VERSION,
    duty,
    segments,
    totals: totalsOf(segments),
    visits: visitsOf(segments),
    flags: countsOf(judgement),
  }
}

/** Windows in order, those that touch or overlap joined, so that no time is told twice. */
export function apart(duty: readonly Window[]): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = []
  const ordered = duty.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)
  for (const { from, to } of ordered) {
    const last = result.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else result.push({ from, to })
  }
  return result
}

/** Metres and seconds by kind; a straight line over a silence is told apart. */
export function totalsOf(segments: readonly Piece[]): DerivedDay['totals'] {
  const seconds = (...kinds: Piece['kind'][]) =>
    sum(segments.filter((each) => kinds.includes(each.kind)).map((each) => each.to - each.from)) /
    1000
  const metres = (kind: Piece['kind']) =>
    Math.round(sum(segments.filter((each) => each.kind === kind).map((each) => each.metres ?? 0)))
  return {
    movedMetres: metres('move'),
    gapMetres: metres('silent'),
    staySeconds: seconds('stay', 'inferred_stay'),
    moveSeconds: seconds('move'),
    silentSeconds: seconds('silent'),
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

/** Stays of 5 minutes at a customer, joined with inferred time at the same one. */
export function visitsOf(segments: readonly Piece[]): DerivedDay['visits'] {
  const visits: DerivedDay['visits'] = []
  for (const { customerId, place, from, to } of segments) {
    if (!customerId) continue
    const last = visits.at(-1)
    if (last && last.customerId === customerId && last.to === from) last.to = to
    else visits.push({ customerId, name: place?.name ?? '', from, to })
  }
  return visits.filter(({ from, to }) => to - from >= STAY_RULES.stayMs)
}
