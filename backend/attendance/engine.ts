import type { DayInput, DayLedger, DueResult, FixedShift, FreeShift, Piece, Punch } from '../contract/attendance.ts' // prettier-ignore
import { duesOf } from './engine/due.ts'
import { explanationOf } from './engine/explain.ts'
import { judged } from './engine/judge.ts'
import { classesOf, freeClasses, sumsOf, type Cover } from './engine/minutes.ts'
import { dateOf, planOf, restsOf, type Planned } from './engine/plan.ts'
import { pairOf, proofOf, sifted, type Pair } from './engine/punches.ts'
import { common, union, without, type Span } from './engine/spans.ts'

/**
 * Counted up with every change that can change a number of any input. What 1 was asked, 2 answers the same; 2 knows
 * words of rules that 1 did not.
 */
export const ENGINE_VERSION = '2'

/** The evidence in order, and what covers minutes. */
interface Evidence {
  readonly input: DayInput
  readonly kept: readonly Punch[]
  readonly repeated: readonly Punch[]
  readonly cover: Cover
}

/**
 * The attendance arithmetic: what a person's day amounts to, to the minute, and why.
 * Pure and total; the order of the evidence changes nothing, but that of two corrections of one due.
 * The rules are numbered in the documentation of the default arithmetic.
 * @param input wall-clock minutes from midnight of the work date
 * @returns minutes that add up: `required` is the sum of all the classes, `overtime` apart
 */
export function ledgerOf(input: DayInput): DayLedger {
  const leave = union(input.leaves)
  const cover = { leave, outing: without(union(input.outings), leave) }
  const evidence = { input, cover, ...sifted(input.punches) }
  const { shift } = input
  if (!shift || input.dayType !== 'workday') return idleDay(evidence)
  return shift.kind === 'free' ? freeDay(evidence, shift) : punchedDay(evidence, shift)
}

/** A day that requires nothing. */
function idleDay(evidence: Evidence): DayLedger {
  const overtime = overtimeOf(evidence, evidence.kept, [])
  return told(evidence, {
    due: [],
    minutes: sumsOf([], overtime),
    pieces: [],
    overtime,
    movedMin: 0,
    uses: new Map(evidence.kept.map((punch) => [punch, 'day'])),
  })
}

/** Rule 9: a number of hours, whenever. */
function freeDay(evidence: Evidence, shift: FreeShift): DayLedger {
  const date = dateOf(shift)
  const mine = evidence.kept.filter(({ at }) => at >= date.from && at < date.to)
  const cover = {
    leave: common(evidence.cover.leave, [date]),
    outing: common(evidence.cover.outing, [date]),
  }
  const covered = union([...restsOf(shift.rest), ...cover.leave, ...cover.outing])
  const { pieces, left } = freeClasses(shift.requiredMin, cover, without(reachOf(mine), covered))
  const overtime = overtimeOf(evidence, mine, [])
  const kind = mine.length > 1 ? 'short' : mine.length === 1 ? 'unproven' : 'absent'
  return told(evidence, {
    due: [],
    minutes: sumsOf(pieces, overtime, { kind, minutes: left }),
    pieces,
    overtime,
    movedMin: 0,
    uses: new Map(mine.map((punch) => [punch, 'day'])),
  })
}

/** Rules 3 to 8: sections with punches that are due. */
function punchedDay(evidence: Evidence, shift: FixedShift): DayLedger {
  const planned = planOf(shift)
  const sections = planned.map((section, index) => sectionOf(evidence, shift, { section, place: index + 1 })) // prettier-ignore
  const mine = evidence.kept.filter(({ at }) =>
    planned.some(({ opens, closes }) => at >= opens && at <= closes),
  )
  const pieces = sections.flatMap((each) => each.pieces)
  const required = union(sections.flatMap((each) => [...each.dues.required]))
  const overtime = overtimeOf(evidence, mine, required)
  return told(evidence, {
    due: sections.flatMap((each) => each.due),
    minutes: sumsOf(pieces, overtime),
    pieces,
    overtime,
    movedMin: sections[0]?.movedMin ?? 0,
    uses: new Map(sections.flatMap((each) => each.uses)),
  })
}

function sectionOf(
  { input, kept, cover }: Evidence,
  shift: FixedShift,
  { section, place }: { section: Planned; place: number },
) {
  const covered = union([...cover.leave, ...cover.outing])
  const plain = duesOf(section, covered)
  const pair = pairOf(kept, section, plain, shift.noOut)
  const proof = proofOf(pair, place, input.corrections)
  const movedMin = shift.kind === 'flexible' && proof.in !== null ? shiftBy(shift, proof.in - section.in) : 0 // prettier-ignore
  const dues = movedMin === 0 ? plain : duesOf({ ...section, in: section.in + movedMin, out: section.out + movedMin }, covered) // prettier-ignore
  const allowed = place === 1 ? (input.allowance?.lateMin ?? 0) : 0
  const results = judged(proof, {
    shift,
    dues,
    place,
    closesAt: section.closes + shift.uploadGraceMin,
    now: input.now,
    graceLateMin: Math.max(shift.graceLateMin, allowed),
  })
  return {
    dues,
    movedMin,
    due: [results.in, ...(results.out ? [results.out] : [])],
    pieces: classesOf(dues, results, cover),
    uses: usesOf(pair, place, proof.corrected),
  }
}

/** Rule 8: with the first punch, within what is flexible. */
function shiftBy(shift: Extract<FixedShift, { kind: 'flexible' }>, distance: number): number {
  const early = shift.flexEarlyMin ?? shift.flexMin
  return Math.max(0 - early, Math.min(shift.flexMin, distance))
}

function usesOf(pair: Pair, place: number, corrected: { in: boolean; out: boolean }) {
  const use = (way: 'in' | 'out'): [Punch, string][] => {
    const punch = pair[way]
    return punch ? [[punch, corrected[way] ? 'overwritten' : `${way}${place}`]] : []
  }
  return [
    ...use('in'),
    ...pair.between.map((punch): [Punch, string] => [punch, 'between']),
    ...use('out'),
  ]
}

/** From the first to the last of these punches. */
const reachOf = (punches: readonly Punch[]): Span[] => {
  const [first, last] = [punches[0], punches.at(-1)]
  return first && last && last.at > first.at ? [{ from: first.at, to: last.at }] : []
}

/**
 * Rule 10: approved, between the first and the last punch unless the approval counts alone, and not required.
 * Corrections prove nothing.
 */
function overtimeOf(
  { input: { overtime } }: Evidence,
  proving: readonly Punch[],
  required: readonly Span[],
): Span[] {
  if (overtime.length === 0) return []
  const proven = common(union(overtime), reachOf(proving))
  const alone = overtime.filter((each) => each.alone)
  return without(alone.length === 0 ? proven : union([...proven, ...alone]), required)
}

interface Sum extends Omit<DayLedger, 'explanation' | 'punches'> {
  readonly due: DueResult[]
  readonly pieces: Piece[]
  readonly uses: ReadonlyMap<Punch, string>
}

/** With every punch's use and the reasoning. */
function told({ input, kept, repeated }: Evidence, { uses, ...sum }: Sum): DayLedger {
  const punches = [
    ...kept.map((punch) => ({ ...punch, use: uses.get(punch) ?? 'outside' })),
    ...repeated.map((punch) => ({ ...punch, use: 'repeated' })),
  ].sort((a, b) => a.at - b.at)
  const ledger = { ...sum, punches }
  return { ...ledger, explanation: explanationOf(input, ledger) }
}
