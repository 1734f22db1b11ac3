import type { DayInput, LedgerMinutes, MinuteClass } from '../../backend/contract/attendance.ts'
import { minuteOf, type FixedShift } from '../../backend/contract/attendance.ts'

/**
 * The default arithmetic again, minute by minute and as slowly as it reads: written from the documentation alone,
 * sharing nothing with the engine but the shapes. Rules are numbered as there.
 */
export interface Told {
  due: { due: string; at: number; result: string; punch: number | null }[]
  minutes: LedgerMinutes
}

type Span = { from: number; to: number }
const [FROM, TO] = [-1440, 4320] // no minute of a day is further away
const within = (spans: readonly Span[], m: number) => spans.some((s) => m >= s.from && m < s.to)

const zero = (): LedgerMinutes => ({
  ...{ required: 0, worked: 0, forgiven: 0, late: 0, early: 0, unproven: 0, absent: 0 },
  ...{ leave: 0, outing: 0, short: 0, overtime: 0 },
})

/** Rule 4, first sentence. */
function kept(input: DayInput): number[] {
  const all: number[] = []
  for (const { at } of [...input.punches].sort((a, b) => a.at - b.at)) {
    const last = all[all.length - 1]
    if (last === undefined || at > last + 1) all.push(at)
  }
  return all
}

export function oracle(input: DayInput): Told {
  const punches = kept(input)
  const { shift } = input
  if (!shift || input.dayType !== 'workday')
    return { due: [], minutes: { ...zero(), overtime: overtime(input, punches, () => false) } }
  if (shift.kind === 'free') return free(input, punches)
  return sections(input, shift, punches)
}

/** Rule 10, overtime that its approval proves alone, and rests within it. */
function overtime(
  input: DayInput,
  proving: number[],
  required: (m: number) => boolean,
  by = 0, // rule 8: so far work moved
): number {
  if (input.overtime.length === 0) return 0
  const asked = input.overtime.map((each) => ({ from: each.follows ? each.from + by : each.from, to: each.to })) // prettier-ignore
  const alone = input.overtime.filter((each) => each.alone)
  const [first, last] = [Math.min(...proving), Math.max(...proving)]
  const proven = (m: number) => proving.length > 0 && m >= first && m < last && within(asked, m)
  const minutes: number[] = []
  for (let m = FROM; m < TO; m++) if ((proven(m) || within(alone, m)) && !required(m)) minutes.push(m) // prettier-ignore
  return minutes.length - restIn(minutes, input.overtimeRest)
}

function restIn(minutes: number[], rest: DayInput['overtimeRest']): number {
  if (!rest) return 0
  if (rest.by === 'clock') return minutes.filter((m) => rest.times.some(([from, to]) => m >= minuteOf(from) && m < minuteOf(to))).length // prettier-ignore
  let less = 0
  for (const line of rest.lines) if (minutes.length >= line.fromMin) less = line.restMin
  return less
}

/** Rule 9. */
function free(input: DayInput, punches: number[]): Told {
  const { shift } = input
  if (shift?.kind !== 'free') throw new Error('no free hours')
  const begin = minuteOf(shift.dayBoundary)
  const inDay = punches.filter((at) => at >= begin && at < begin + 1440)
  const mine = inDay.filter((at, index) => index === 0 || at >= (inDay[0] ?? 0) + shift.apartMin)
  const rest = shift.rest.map(([from, to]) => ({ from: minuteOf(from), to: minuteOf(to) }))
  const minutes = zero()
  minutes.required = shift.requiredMin
  let left = shift.requiredMin
  const take = (kind: 'leave' | 'outing' | 'worked', holds: (m: number) => boolean) => {
    for (let m = begin; m < begin + 1440; m++)
      if (left > 0 && holds(m)) {
        minutes[kind]++
        left--
      }
  }
  const [first, last] = [mine[0] ?? 0, mine[mine.length - 1] ?? 0]
  take('leave', (m) => within(input.leaves, m))
  take('outing', (m) => within(input.outings, m) && !within(input.leaves, m))
  take('worked', (m) => m >= first && m < last && !within(rest, m) && !within(input.leaves, m) && !within(input.outings, m)) // prettier-ignore
  minutes[mine.length === 0 ? 'absent' : mine.length === 1 ? 'unproven' : 'short'] += left
  minutes.overtime = overtime(input, mine, () => false)
  return { due: [], minutes }
}

interface Section {
  in: number
  out: number
  rest: Span[]
}

/** Rules 1 and 3. */
function dues(section: Section, input: DayInput) {
  const required: number[] = []
  for (let m = section.in; m < section.out; m++) if (!within(section.rest, m)) required.push(m)
  const open = required.filter((m) => !within(input.leaves, m) && !within(input.outings, m))
  const [first, last] = [open[0], open[open.length - 1]]
  if (first === undefined || last === undefined)
    return { required, open, in: section.in, out: section.out, excused: true }
  return {
    required,
    open,
    in: first === required[0] ? section.in : first,
    out: last === required[required.length - 1] ? section.out : last + 1,
    excused: false,
  }
}

function sections(input: DayInput, shift: FixedShift, punches: number[]): Told {
  const told: Told = { due: [], minutes: zero() }
  const all = shift.sections.map((each) => ({
    in: minuteOf(each.in),
    out: minuteOf(each.out),
    rest: each.rest.map(([from, to]) => ({ from: minuteOf(from), to: minuteOf(to) })),
  }))
  const everyRequired = new Set<number>()
  const inSpans = new Set<number>()
  let by = 0 // rule 8: decided by the first section
  all.forEach((section, index) => {
    const [before, after] = [all[index - 1], all[index + 1]]
    const { opens, closes } = windowOf(section, { before, after }, shift)
    const mine = punches.filter((at) => at >= opens && at <= closes)
    mine.forEach((at) => inSpans.add(at))
    const plain = dues(section, input)
    let [inward, outward] = paired(mine, plain)
    for (const { due, at } of input.corrections) {
      if (due === `in${index + 1}`) inward = at
      if (due === `out${index + 1}`) outward = at
    }
    if (!before) by = moved(shift, section, inward)
    const due = dues(placed(section, before ? 0 : by, after ? 0 : by), input)
    const results = judge({ shift: index === 0 ? morning(input, shift) : shift, due, inward, outward, over: input.now >= closes + shift.uploadGraceMin }) // prettier-ignore
    told.due.push({ due: `in${index + 1}`, at: due.in, result: results.in, punch: inward })
    told.due.push({ due: `out${index + 1}`, at: due.out, result: results.out, punch: outward })
    for (const m of due.required) {
      everyRequired.add(m)
      told.minutes.required++
      told.minutes[classOf(m, { input, results, inward, outward })]++
    }
  })
  const proving = punches.filter((at) => inSpans.has(at))
  told.minutes.overtime = overtime(input, proving, (m) => everyRequired.has(m), by)
  return told
}

/** Rule 4: which punches may be a section's. */
function windowOf(section: Section, { before, after }: { before: Section | undefined; after: Section | undefined }, shift: FixedShift) {
  return {
    opens: before ? Math.floor((before.out + section.in) / 2) + 1 : section.in - shift.windowBeforeMin,
    closes: after ? Math.floor((section.out + after.in) / 2) : section.out + shift.windowAfterMin,
  }
} // prettier-ignore

const placed = (section: Section, first: number, last: number) => ({ ...section, in: section.in + first, out: section.out + last }) // prettier-ignore

/** Rule 8. */
function moved(shift: FixedShift, section: Section, inward: number | null): number {
  if (shift.kind !== 'flexible' || inward === null) return 0
  return Math.min(shift.flexMin, Math.max(-(shift.flexEarlyMin ?? shift.flexMin), inward - section.in)) // prettier-ignore
}

/** Who left late the evening before may come later to the first section. */
const morning = ({ allowance }: DayInput, shift: FixedShift): FixedShift => ({ ...shift, graceLateMin: Math.max(shift.graceLateMin, allowance?.lateMin ?? 0) }) // prettier-ignore

/** Rule 4. */
function paired(mine: number[], due: { in: number; out: number }): [number | null, number | null] {
  const [first] = mine
  if (first === undefined) return [null, null]
  if (mine.length > 1) return [first, mine[mine.length - 1] ?? null]
  return Math.abs(first - due.in) <= Math.abs(first - due.out) ? [first, null] : [null, first]
}

interface Judging {
  shift: FixedShift
  due: { in: number; out: number; excused: boolean }
  inward: number | null
  outward: number | null
  over: boolean
}

/** Rule 6. */
function judge({ shift, due, inward, outward, over }: Judging) {
  if (due.excused) return { in: 'excused', out: 'excused' }
  const lacking = inward === null && outward === null ? 'absent' : 'missing'
  const none = over ? lacking : 'pending'
  const out = outward !== null && outward < due.out - shift.graceEarlyMin ? 'early' : 'normal'
  return {
    in: inward === null ? none : lateness(shift, inward - due.in),
    out: outward === null ? none : out,
  }
}

function lateness(shift: FixedShift, late: number): string {
  if (late <= shift.graceLateMin) return 'normal'
  if (late >= (shift.absentLateMin ?? Infinity)) return 'absent'
  return late >= (shift.seriousLateMin ?? Infinity) ? 'serious_late' : 'late'
}

interface Known {
  input: DayInput
  results: { in: string; out: string }
  inward: number | null
  outward: number | null
}

/** Rules 2 and 7. */
function classOf(m: number, known: Known): MinuteClass {
  if (within(known.input.leaves, m)) return 'leave'
  return within(known.input.outings, m) ? 'outing' : openClass(m, known)
}

function openClass(m: number, { results, inward, outward }: Known): MinuteClass {
  if (results.in === 'absent') return 'absent'
  if (m < (inward ?? -Infinity)) return results.in === 'normal' ? 'forgiven' : 'late'
  if (m >= (outward ?? Infinity)) return results.out === 'normal' ? 'forgiven' : 'early'
  return inward === null || outward === null ? 'unproven' : 'worked'
}
