import type { DayInput, DayLedger, DueResult, FixedShift, FreeShift, Piece, Punch } from '../contract/attendance.ts' // prettier-ignore
import { duesOf, type Dues } from './engine/due.ts'
import { explanationOf } from './engine/explain.ts'
import { judged } from './engine/judge.ts'
import { classesOf, freeClasses, sumsOf, type Cover } from './engine/minutes.ts'
import { dateOf, planOf, restsOf, type Planned } from './engine/plan.ts'
import { countsApart, pairOf, proofOf, sifted, type Pair, type Proof } from './engine/punches.ts'
import { restWithin } from './engine/rest.ts'
import { common, lengthOf, union, without, type Span } from './engine/spans.ts'

/**
 * Counted up with every change that can change a number of any input. What 2 was asked, 3 answers the same; 3 knows
 * words of rules that 2 did not.
 */
export const ENGINE_VERSION = '3'

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
    minutes: sumsOf([], countedOf(evidence, overtime)),
    pieces: [],
    overtime,
    movedMin: 0,
    uses: new Map(evidence.kept.map((punch) => [punch, 'day'])),
  })
}

/** Rule 9: a number of hours, whenever. */
function freeDay(evidence: Evidence, shift: FreeShift): DayLedger {
  const date = dateOf(shift)
  const given = evidence.kept.filter(({ at }) => at >= date.from && at < date.to)
  const mine = given.filter(countsApart(given, shift.apartMin))
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
    minutes: sumsOf(pieces, countedOf(evidence, overtime), { kind, minutes: left }),
    pieces,
    overtime,
    movedMin: 0,
    uses: new Map(given.map((punch) => [punch, mine.includes(punch) ? 'day' : 'too_soon'])),
  })
}

/** Rules 3 to 8: sections with punches that are due. */
function punchedDay(evidence: Evidence, shift: FixedShift): DayLedger {
  const drafts = draftsOf(evidence, shift)
  const movedMin = movedOf(shift, drafts[0])
  const sections = drafts.map((draft) => sectionOf(evidence, shift, { draft, movedMin }))
  const mine = evidence.kept.filter(({ at }) =>
    drafts.some(({ section: { opens, closes } }) => at >= opens && at <= closes),
  )
  const pieces = sections.flatMap((each) => each.pieces)
  const required = union(sections.flatMap((each) => [...each.dues.required]))
  const overtime = overtimeOf(evidence, mine, required, movedMin)
  return told(evidence, {
    due: sections.flatMap((each) => each.due),
    minutes: sumsOf(pieces, countedOf(evidence, overtime)),
    pieces,
    overtime,
    movedMin,
    uses: new Map(sections.flatMap((each) => each.uses)),
  })
}

/** A section with its punches, before flexible hours move it. */
interface Draft {
  readonly section: Planned
  readonly place: number // from 1
  readonly last: boolean
  readonly plain: Dues
  readonly pair: Pair
  readonly proof: Proof
}

function draftsOf({ input, kept, cover }: Evidence, shift: FixedShift): Draft[] {
  const covered = union([...cover.leave, ...cover.outing])
  const planned = planOf(shift)
  return planned.map((section, index) => {
    const place = index + 1
    const plain = duesOf(section, covered)
    const pair = pairOf(kept, section, plain, shift.noOut)
    const proof = proofOf(pair, place, input.corrections)
    return { section, place, last: place === planned.length, plain, pair, proof }
  })
}

/** Rule 8: with the first punch, within what is flexible. */
function movedOf(shift: FixedShift, first: Draft | undefined): number {
  if (shift.kind !== 'flexible' || !first || first.proof.in === null) return 0
  const early = shift.flexEarlyMin ?? shift.flexMin
  return Math.max(0 - early, Math.min(shift.flexMin, first.proof.in - first.section.in))
}

function sectionOf(
  { input, cover }: Evidence,
  shift: FixedShift,
  { draft, movedMin }: { draft: Draft; movedMin: number },
) {
  const { section, place, plain, pair, proof } = draft
  const ends = { in: place === 1 ? movedMin : 0, out: draft.last ? movedMin : 0 }
  const dues = movedMin === 0 ? plain : duesOf({ ...section, in: section.in + ends.in, out: section.out + ends.out }, union([...cover.leave, ...cover.outing])) // prettier-ignore
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
    due: [results.in, ...(results.out ? [results.out] : [])],
    pieces: classesOf(dues, results, cover),
    uses: usesOf(pair, place, proof.corrected),
  }
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
 * @param movedMin by which flexible hours moved the end of work
 */
function overtimeOf(
  { input: { overtime } }: Evidence,
  proving: readonly Punch[],
  required: readonly Span[],
  movedMin = 0,
): Span[] {
  if (overtime.length === 0) return []
  const asked = overtime.map((each) => each.follows ? { ...each, from: each.from + movedMin } : each) // prettier-ignore
  const proven = common(union(asked), reachOf(proving))
  const alone = overtime.filter((each) => each.alone)
  return without(alone.length === 0 ? proven : union([...proven, ...alone]), required)
}

/** Proven overtime without the rests within it. */
const countedOf = ({ input }: Evidence, overtime: readonly Span[]) =>
  lengthOf(overtime) - restWithin(input.overtimeRest, overtime).restMin

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
