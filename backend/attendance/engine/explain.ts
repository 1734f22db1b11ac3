import type { DayInput, DayLedger, DueResult, Reason } from '../../contract/attendance.ts'
import { planOf } from './plan.ts'
import { restWithin } from './rest.ts'
import { lengthOf } from './spans.ts'

type Told = Omit<DayLedger, 'explanation'>
type Values = Reason['values']

const reason = (code: Reason['code'], values: Values = {}): Reason => ({ code, values })

/** The reasoning of a ledger, step by step as the rules are asked: codes and numbers, no words. */
export function explanationOf(input: DayInput, ledger: Told): Reason[] {
  return [
    ...frame(input, ledger),
    ...ledger.punches.flatMap((punch) => punchReason(punch, input)),
    ...ledger.due.flatMap((due) => dueReason(due, input)),
    ...covers(ledger),
    ...freeReasons(input, ledger),
    ...overtimeReasons(input, ledger),
  ]
}

function frame(input: DayInput, { minutes, movedMin, due }: Told): Reason[] {
  const { shift, dayType } = input
  if (!shift) return [reason(dayType === 'workday' ? 'unscheduled' : dayType)]
  if (dayType !== 'workday') return [reason(dayType)]
  if (shift.kind === 'free') return [reason('free_required', { requiredMin: shift.requiredMin })]
  const rested = planOf(shift).reduce((sum, { in: from, out }) => sum + out - from, 0)
  return [
    reason('required', {
      requiredMin: minutes.required,
      restMin: Math.max(0, rested - minutes.required),
    }),
    ...(movedMin === 0 ? [] : [reason(shift.sections.length > 1 ? 'flexed_ends' : 'flexed', { movedMin })]), // prettier-ignore
    ...dueMoves(input, due, movedMin),
  ]
}

/** Dues that leave or outing moved away from the section's own times. */
function dueMoves({ shift }: DayInput, due: readonly DueResult[], movedMin: number): Reason[] {
  if (!shift || shift.kind === 'free') return []
  const planned = planOf(shift)
  return planned.flatMap((section, index) =>
    (['in', 'out'] as const).flatMap((way) => {
      const mine = due.find((each) => each.due === `${way}${index + 1}`)
      const moves = way === 'in' ? index === 0 : index === planned.length - 1
      const plainAt = section[way] + (moves ? movedMin : 0)
      if (!mine || mine.at === plainAt) return []
      return [reason('due_moved', { due: mine.due, fromAt: plainAt, toAt: mine.at })]
    }),
  )
}

const CHANGING_NOTHING: Record<string, Reason['code']> = {
  repeated: 'repeated',
  outside: 'outside',
  between: 'between',
}

function punchReason({ at, use }: Told['punches'][number], { shift }: DayInput): Reason[] {
  if (use === 'too_soon' && shift?.kind === 'free') return [reason('too_soon', { punchAt: at, apartMin: shift.apartMin })] // prettier-ignore
  const code = CHANGING_NOTHING[use]
  return code ? [reason(code, { punchAt: at })] : []
}

function dueReason(due: DueResult, input: DayInput): Reason[] {
  const values: Values = { due: due.due, dueAt: due.at, ...(due.punch !== null && { punchAt: due.punch }) } // prettier-ignore
  return [
    ...(due.corrected ? [reason('corrected', values)] : []),
    ...resultReason(due, values, input),
  ]
}

function resultReason(due: DueResult, values: Values, input: DayInput): Reason[] {
  const { result, punch, closesAt } = due
  if (result === 'excused') return [reason('excused', values)]
  if (result === 'pending') return [reason('pending', { ...values, closesAt })]
  if (punch === null) return [reason(result === 'absent' ? 'absent' : 'missing', values)]
  const counted = { ...values, lateMin: due.lateMin, graceMin: graceOf(input.shift, due) }
  if (result === 'normal') return [normalReason(due, counted, input)]
  return [reason(LATE[result] ?? 'out_early', { ...counted, ...thresholds(input.shift) })]
}

/** Within the grace, on time, or as late as yesterday's evening allows. */
function normalReason(
  { due, lateMin }: DueResult,
  counted: Values & { graceMin: number },
  { allowance }: DayInput,
): Reason {
  const way = due.startsWith('in') ? 'in' : 'out'
  if (lateMin === 0) return reason(`${way}_normal`, counted)
  if (lateMin <= counted.graceMin) return reason(`${way}_forgiven`, counted)
  const { lateMin: allowedMin = 0, after: afterAt = 0 } = allowance ?? {}
  return reason('allowance', { ...counted, allowedMin, afterAt })
}

const LATE: Partial<Record<DueResult['result'], Reason['code']>> = {
  late: 'in_late',
  serious_late: 'in_serious_late',
  absent: 'in_absent',
}

function graceOf(shift: DayInput['shift'], { due }: DueResult): number {
  if (!shift || shift.kind === 'free') return 0
  return due.startsWith('in') ? shift.graceLateMin : shift.graceEarlyMin
}

const thresholds = (shift: DayInput['shift']): Values =>
  !shift || shift.kind === 'free'
    ? {}
    : {
        ...(shift.seriousLateMin !== null && { seriousMin: shift.seriousLateMin }),
        ...(shift.absentLateMin !== null && { absentMin: shift.absentLateMin }),
      }

const covers = ({ minutes }: Told): Reason[] => [
  ...(minutes.leave > 0 ? [reason('leave', { leaveMin: minutes.leave })] : []),
  ...(minutes.outing > 0 ? [reason('outing', { outingMin: minutes.outing })] : []),
]

function freeReasons({ shift, dayType }: DayInput, { minutes }: Told): Reason[] {
  if (shift?.kind !== 'free' || dayType !== 'workday') return []
  return [
    ...(minutes.short > 0 ? [reason('short', { shortMin: minutes.short, workedMin: minutes.worked })] : []), // prettier-ignore
    ...(minutes.unproven > 0 ? [reason('free_one', { unprovenMin: minutes.unproven })] : []),
    ...(minutes.absent > 0 ? [reason('free_none', { absentMin: minutes.absent })] : []),
  ]
}

function overtimeReasons({ overtime: asked, overtimeRest }: DayInput, ledger: Told): Reason[] {
  const alone = asked.some((each) => each.alone)
  const ruled = asked.every((each) => each.byRule)
  if (ledger.overtime.length === 0) return ruled ? [] : [reason(alone ? 'overtime_none' : 'overtime_unproven')] // prettier-ignore
  const { by, restMin, fromMin } = restWithin(overtimeRest, ledger.overtime)
  const values = { provenMin: lengthOf(ledger.overtime), restMin, ...(by === 'length' && { fromMin }) } // prettier-ignore
  const proven = ruled ? 'overtime_ruled' : 'overtime'
  return [
    ...(restMin > 0 ? [reason(`overtime_rest_${by}`, values)] : []),
    reason(alone ? 'overtime_alone' : proven, { overtimeMin: ledger.minutes.overtime }),
  ]
}
