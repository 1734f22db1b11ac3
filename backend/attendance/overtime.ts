import type { DayInput, DayLedger } from '../contract/attendance.ts'
import type { OvertimeRule, Rules } from '../contract/ruleSets.ts'

const FAR = 2880 // minutes: further than a day's punches reach

const NONE: OvertimeRule = { by: 'none', leastMin: 0, stepMin: 1, mostMin: null, beforeShift: false, afterMin: 0, rest: null, as: 'pay', factor: 0 } // prettier-ignore

/** Which rule overtime of a day follows. */
export const overtimeRuleOf = (rules: Rules, dayType: DayInput['dayType']): OvertimeRule => {
  if (dayType === 'not_employed') return NONE
  if (dayType === 'holiday') return rules.overtime.holiday
  return dayType === 'workday' ? rules.overtime.workday : rules.overtime.restday
}

/** A day as overtime sees it. */
interface Around {
  readonly work: { readonly begins: number; readonly ends: number } | null // null: it requires nothing
  readonly owns: (at: number) => boolean // whether a minute is this day's, and no other's
}

/**
 * What may count as overtime, before the punches prove it: what was approved, or by rule all that lies outside of
 * the work. An approval that counts alone is wholly the day's on which it begins, as a punch at that minute would be.
 */
export function overtimeAsked(
  rule: OvertimeRule,
  approved: DayInput['overtime'],
  { work, owns }: Around,
): DayInput['overtime'] {
  if (rule.by === 'none') return []
  if (rule.by === 'request') return approved
  if (rule.by === 'approval')
    return approved.filter(({ from }) => owns(from)).map((each) => ({ ...each, alone: true }))
  const proven = work
    ? [
        { from: work.ends + rule.afterMin, to: work.ends + FAR, byRule: true, follows: true },
        ...(rule.beforeShift ? [{ from: work.begins - FAR, to: work.begins, byRule: true }] : []),
      ]
    : [{ from: -FAR, to: FAR * 2, byRule: true }]
  return rule.by === 'punches' ? proven : [...approved, ...proven]
}

/** Proven minutes as they count: not below the least, in whole steps, up to the most. */
export function overtimeCounted(rule: OvertimeRule, provenMin: number): number {
  if (provenMin < rule.leastMin) return 0
  const stepped = Math.floor(provenMin / rule.stepMin) * rule.stepMin
  return Math.min(stepped, rule.mostMin ?? Infinity)
}

/** How much later one may come after such an evening: the most that any line of the rule allows. */
export function allowanceAfter(
  lines: Rules['lateAfterOvertime'],
  evening: DayLedger | null,
): DayInput['allowance'] {
  const out = evening?.due.findLast(({ due }) => due.startsWith('out'))
  if (!out || out.punch === null) return undefined
  const stayed = out.punch - out.at
  const lateMin = Math.max(
    0,
    ...lines.filter(({ outAfterMin }) => stayed >= outAfterMin).map((line) => line.lateMin),
  )
  return lateMin > 0 ? { lateMin, after: out.punch - 1440 } : undefined
}
