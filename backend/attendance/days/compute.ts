import type { DayInput, DayLedger, Shift } from '../../contract/attendance.ts'
import type { DayFacts } from '../../contract/months.ts'
import type { Rules } from '../../contract/ruleSets.ts'
import { employedOn } from '../../people/index.ts'
import { coverOn, type Approved, type WorkDate } from '../../approvals/index.ts'
import { dateAfter, datesFrom, minuteAt, minuteOfLocal, momentOf } from '../clock.ts'
import { ledgerOf } from '../engine.ts'
import { planOf } from '../engine/plan.ts'
import { cellOf, marksOf } from '../marks.ts'
import { allowanceAfter, overtimeAsked, overtimeCounted, overtimeRuleOf } from '../overtime.ts'
import { factsOn, ruleSetOn } from '../resolve.ts'
import type { CompanyRules } from '../rules/book.ts'
import { ownedBy, reachOf, type Reach } from '../windows.ts'
import type { Member } from './members.ts'

/** A punch of any source on the time line. */
export interface TimedPunch {
  readonly id: string
  readonly at: number // epoch ms
  readonly source: 'checkin' | 'device' | 'wecom' | 'import'
  readonly customer: boolean // a check-in at a customer
  readonly outside: boolean // away from every place it could be at
}

/** A proven visit. */
export interface TimedVisit {
  readonly id: string
  readonly from: number
  readonly to: number
}

/** All that is known of a person around the dates in question. */
export interface PersonEvidence {
  readonly member: Member
  readonly zones: ReadonlyMap<string, string> // of days that are kept: a day keeps its zone
  readonly departments: ReadonlyMap<string, string> // likewise: who moves later does not take old days along
  readonly roster: ReadonlyMap<string, string | null>
  readonly punches: readonly TimedPunch[] // by time
  readonly visits: readonly TimedVisit[]
  readonly approved: Approved // his own
}

/** A person-day as rules and evidence make it. */
export interface ComputedDay {
  readonly personId: string
  readonly date: string
  readonly zone: string
  readonly departmentId: string
  readonly facts: DayFacts
  readonly input: DayInput
  readonly ledger: DayLedger
  readonly overtimeMin: number // as it counts
  readonly marks: string
  readonly cell: string
  readonly closed: boolean
  readonly recheckAt: number | null
}

const UPLOAD_GRACE_MIN = 120 // of days without a shift that says its own

/**
 * The days of a person from one date to another, in order. Pure: what was known, the rules and the moment decide.
 */
export function daysOf(
  evidence: PersonEvidence,
  rules: CompanyRules,
  span: { from: string; to: string },
  now: number,
): ComputedDay[] {
  const dates = datesFrom(dateAfter(span.from, -1), dateAfter(span.to, 1))
  const frames = dates.map((date) => frameOn(date, evidence, rules))
  const days: ComputedDay[] = []
  let evening: DayLedger | null = null
  frames.forEach((frame, index) => {
    const [before, after] = [frames[index - 1], frames[index + 1]]
    const first = index === 0
    if (!after || (first && lateLines(frame, after).length === 0)) return
    const owns = ownedBy({ before: before?.reach ?? null, own: frame.reach, after: after.reach })
    const allowance = before && allowanceAfter(lateLines(before, frame), evening)
    const day = dayOf(frame, evidence, { owns, allowance, now })
    evening = day.ledger
    if (!first) days.push(day)
  })
  return days
}

/** What a long evening allows the next morning: as the evening's shift says, else as the morning's rules say. */
const lateLines = ({ facts }: Frame, { rules }: Frame) =>
  facts.shift?.lateAfterOvertime ?? rules.lateAfterOvertime

interface Frame {
  readonly date: string
  readonly zone: string
  readonly departmentId: string
  readonly rules: Rules
  readonly facts: DayFacts
  readonly shift: Shift | null
  readonly reach: Reach | null
}

function frameOn(date: string, evidence: PersonEvidence, rules: CompanyRules): Frame {
  const { member } = evidence
  const departmentId = evidence.departments.get(date) ?? member.departmentId
  const set = ruleSetOn(rules, { ...member, departmentId }, date)
  const facts = factsOn(date, set, rules.calendar(set.rules.calendar), evidence.roster.get(date))
  const zone = evidence.zones.get(date) ?? member.zone
  const frame = { date, zone, departmentId, rules: set.rules }
  if (!employedOn(member.employed, date)) return { ...frame, ...UNEMPLOYED, facts: { ...facts, ...NOT_EMPLOYED } } // prettier-ignore
  const shift = set.rules.exempt.includes(member.id) ? null : (facts.shift?.asks ?? null)
  const dayType = facts.shift && !shift ? 'unscheduled' : facts.dayType
  return { ...frame, facts: { ...facts, dayType }, shift, reach: reachOf(dayType, shift) }
}

/** Before somebody came and after he left nothing is asked of him. */
const NOT_EMPLOYED = { dayType: 'not_employed', shift: null, makeUp: false } as const
const UNEMPLOYED = { shift: null, reach: null }

interface Circumstances {
  readonly owns: (at: number) => boolean
  readonly allowance: DayInput['allowance']
  readonly now: number
}

function dayOf(
  frame: Frame,
  evidence: PersonEvidence,
  { owns, allowance, now }: Circumstances,
): ComputedDay {
  const { date, zone, facts, rules } = frame
  const closesAt = closeOf(frame)
  const clock = minuteAt(now, zone, date)
  const overtimeRule = overtimeRuleOf(rules, facts.dayType)
  const input: DayInput = {
    ...{ zone, date, dayType: facts.dayType, shift: frame.shift },
    now: Math.min(clock, closesAt), // later on nothing changes
    punches: punchesOf(frame, evidence.punches, owns),
    ...coversOf(frame, evidence, owns),
    ...(allowance && { allowance }),
    ...(overtimeRule.rest && { overtimeRest: overtimeRule.rest }),
  }
  const ledger = ledgerOf(input)
  const closed = clock >= closesAt
  const overtimeMin = overtimeCounted(overtimeRule, ledger.minutes.overtime)
  const marks = marksOf({ ...facts, ledger, overtimeMin, closed })
  return {
    ...{
      personId: evidence.member.id,
      date,
      zone,
      departmentId: frame.departmentId,
      facts,
      input,
      ledger,
      overtimeMin,
      marks,
      closed,
    },
    cell: cellOf(marks, ledger, overtimeMin),
    recheckAt: closed ? null : momentOf(nextChange(ledger, clock, closesAt), zone, date),
  }
}

/** From then on time alone changes nothing. */
function closeOf({ reach, shift }: Frame): number {
  const grace = shift && shift.kind !== 'free' ? shift.uploadGraceMin : UPLOAD_GRACE_MIN
  return (reach ? reach.closes : 1439) + Math.max(1, grace)
}

/** When a missing punch is no longer pending, else when the day closes. */
const nextChange = ({ due }: DayLedger, clock: number, closesAt: number) =>
  Math.min(closesAt, ...due.filter((each) => each.result === 'pending' && each.closesAt > clock).map((each) => each.closesAt)) // prettier-ignore

const AROUND_MS = 3 * 86_400_000

/** Where the first punch at or after a moment stands. */
function firstAt(punches: readonly TimedPunch[], at: number): number {
  let [low, high] = [0, punches.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((punches[middle]?.at ?? Infinity) < at) low = middle + 1
    else high = middle
  }
  return low
}

function punchesOf(
  { date, zone, rules }: Frame,
  punches: readonly TimedPunch[],
  owns: (at: number) => boolean,
): DayInput['punches'] {
  const { customerCheckin, punch: outside } = rules.outside
  const midnight = Date.parse(date) // of UTC: no zone is a day away
  const from = firstAt(punches, midnight - AROUND_MS)
  const until = firstAt(punches, midnight + AROUND_MS)
  const mine: DayInput['punches'] = []
  for (const each of punches.slice(from, until)) {
    if (each.customer && customerCheckin === 'none') continue
    if (each.outside && outside === 'refuse') continue
    const at = minuteAt(each.at, zone, date)
    if (owns(at)) mine.push({ id: each.id, source: each.source, at })
  }
  return mine
}

/** What is approved, in minutes of the date, and visits where the rules count them. */
function coversOf(frame: Frame, evidence: PersonEvidence, owns: Circumstances['owns']) {
  const { date, rules, facts, reach } = frame
  const work = workOf(frame)
  const { absences, corrections, overtime } = evidence.approved
  const covers = absences.flatMap((absence) => {
    const cover = coverOn(absence.span, work)
    return cover ? [{ ...cover, id: absence.requestId, absence }] : []
  })
  const asked = overtime
    .map(({ span, requestId }) => ({
      from: minuteOfLocal(span.from, date),
      to: minuteOfLocal(span.to, date),
      id: requestId,
    })) // prettier-ignore
    .filter(({ from, to }) => to > -1440 && from < 2880)
  return {
    leaves: covers.flatMap(({ absence, ...cover }) => absence.kind === 'leave' ? [{ ...cover, kind: absence.leaveKind ?? '' }] : []), // prettier-ignore
    outings: [
      ...covers.flatMap(({ absence, ...cover }) => absence.kind === 'leave' ? [] : [{ ...cover, source: absence.kind === 'trip' ? ('trip' as const) : ('request' as const) }]), // prettier-ignore
      ...visitsOf(frame, evidence.visits),
    ],
    corrections: corrections
      .filter((each) => each.date === date)
      .map(({ due, at, requestId }) => ({ due, at: minuteOfLocal(at, date), id: requestId })),
    overtime: overtimeAsked(overtimeRuleOf(rules, facts.dayType), asked, { work: reach, owns }),
  }
}

function visitsOf(
  { date, zone, rules }: Frame,
  visits: readonly TimedVisit[],
): DayInput['outings'] {
  if (rules.outside.visit !== 'outing') return []
  return visits
    .map(({ id, from, to }) => ({
      id,
      source: 'visit' as const,
      from: minuteAt(from, zone, date),
      to: minuteAt(to, zone, date),
    })) // prettier-ignore
    .filter(({ from, to }) => to - from >= rules.outside.visitLeastMin && to > 0 && from < 2880)
}

/** A date's work as requests reckon it. */
export function workOf({ date, shift, reach }: Pick<Frame, 'date' | 'shift' | 'reach'>): WorkDate {
  if (!shift || !reach) return { date, sections: [] }
  if (shift.kind === 'free') return { date, sections: [{ from: 540, to: 540 + shift.requiredMin, rests: [] }] } // prettier-ignore
  return {
    date,
    sections: planOf(shift).map((section) => ({
      from: section.in,
      to: section.out,
      rests: section.rest,
    })),
  }
}

/** What somebody has to work on dates, for those who ask before there is evidence. */
export const worksOf = (
  evidence: PersonEvidence,
  rules: CompanyRules,
  span: { from: string; to: string },
): WorkDate[] => datesFrom(span.from, span.to).map((date) => workOf(frameOn(date, evidence, rules)))

/** Where somebody's work lies on dates, in epoch ms; dates without work are left out. */
export const dutiesOf = (
  evidence: PersonEvidence,
  rules: CompanyRules,
  span: { from: string; to: string },
) =>
  datesFrom(span.from, span.to).flatMap((date) => {
    const frame = frameOn(date, evidence, rules)
    if (!frame.reach) return []
    const { dutyBeforeMin, dutyAfterMin } = frame.rules
    return [
      {
        ...{ personId: evidence.member.id, date, zone: frame.zone },
        rostered: frame.facts.shiftFrom === 'roster',
        from: momentOf(frame.reach.begins - dutyBeforeMin, frame.zone, date),
        to: momentOf(frame.reach.ends + dutyAfterMin, frame.zone, date),
      },
    ]
  })
