import { minuteOf, type DayInput, type DayLedger, type DueResult, type Reason } from '../../backend/contract/attendance.ts' // prettier-ignore

type Ledger = Omit<DayLedger, 'explanation'>
type Values = Reason['values']

/**
 * The reasoning of a day again, written as a table of what each fact must be worded as, from the documentation of
 * the reasons alone; a second opinion for tests.
 */
export function explained(input: DayInput, ledger: Ledger): Reason[] {
  return [
    ...asked(input, ledger),
    ...ledger.punches.filter(({ use }) => ['repeated', 'outside', 'between', 'too_soon'].includes(use)).map(({ use, at }) => say(use, { punchAt: at, ...(use === 'too_soon' && input.shift?.kind === 'free' && { apartMin: input.shift.apartMin }) })), // prettier-ignore
    ...ledger.due.flatMap((due) => [
      ...(due.corrected ? [say('corrected', valuesOf(due))] : []),
      ofDue(input, due),
    ]),
    ...counted('leave', ledger.minutes.leave),
    ...counted('outing', ledger.minutes.outing),
    ...ofFree(input, ledger),
    ...ofOvertime(input, ledger),
  ]
}

function say(code: string, values: Values): Reason {
  const known: Reason['code'][] = ['holiday', 'restday', 'unscheduled', 'not_employed', 'required', 'free_required', 'flexed', 'flexed_ends', 'due_moved', 'excused', 'allowance', 'repeated', 'outside', 'between', 'too_soon', 'corrected', 'in_normal', 'in_forgiven', 'in_late', 'in_serious_late', 'in_absent', 'out_normal', 'out_forgiven', 'out_early', 'pending', 'missing', 'absent', 'leave', 'outing', 'short', 'free_one', 'free_none', 'overtime', 'overtime_unproven', 'overtime_alone', 'overtime_none', 'overtime_ruled', 'overtime_rest_clock', 'overtime_rest_length'] // prettier-ignore
  const found = known.find((each) => each === code)
  if (!found) throw new Error(`no reason ${code}`)
  return { code: found, values }
}

const counted = (code: string, minutes: number) => minutes > 0 ? [say(code, { [`${code}Min`]: minutes })] : [] // prettier-ignore

function asked({ shift, dayType }: DayInput, { minutes, movedMin, due }: Ledger): Reason[] {
  if (dayType !== 'workday') return [say(dayType, {})]
  if (!shift) return [say('unscheduled', {})]
  if (shift.kind === 'free') return [say('free_required', { requiredMin: shift.requiredMin })]
  let present = 0
  for (const section of shift.sections) present += minuteOf(section.out) - minuteOf(section.in)
  const restMin = present > minutes.required ? present - minutes.required : 0
  const reasons = [say('required', { requiredMin: minutes.required, restMin })]
  const many = shift.sections.length > 1
  if (movedMin !== 0) reasons.push(say(many ? 'flexed_ends' : 'flexed', { movedMin }))
  shift.sections.forEach((section, index) => {
    const plain = [['in', minuteOf(section.in)], ['out', minuteOf(section.out)]] as const // prettier-ignore
    for (const [way, minute] of plain) {
      const name = `${way}${index + 1}`
      const at = due.find((each) => each.due === name)?.at
      const inside = way === 'in' ? index > 0 : index < shift.sections.length - 1
      const fromAt = inside ? minute : minute + movedMin
      if (at !== undefined && at !== fromAt) reasons.push(say('due_moved', { due: name, fromAt, toAt: at })) // prettier-ignore
    }
  })
  return reasons
}

const valuesOf = ({ due, at, punch }: DueResult): Values =>
  punch === null ? { due, dueAt: at } : { due, dueAt: at, punchAt: punch }

/** What a due's result is called, by way, result and minutes. */
function ofDue(input: DayInput, due: DueResult): Reason {
  const values = valuesOf(due)
  if (due.result === 'excused') return say('excused', values)
  if (due.result === 'pending') return say('pending', { ...values, closesAt: due.closesAt })
  return due.punch === null ? say(due.result, values) : ofPunch(input, due, values)
}

function ofPunch({ shift, allowance }: DayInput, due: DueResult, values: Values): Reason {
  if (!shift || shift.kind === 'free') throw new Error('no dues without sections')
  const way = due.due.replace(/\d+/, '')
  const graceMin = way === 'in' ? shift.graceLateMin : shift.graceEarlyMin
  const all: Values = { ...values, lateMin: due.lateMin, graceMin }
  if (due.result === 'normal') return due.lateMin <= graceMin ? ofTime(way, due, all) : say('allowance', { ...all, ...allowed(allowance) }) // prettier-ignore
  const code = due.result === 'early' ? 'out_early' : `in_${due.result}`
  return say(code, { ...all, ...edges(shift) })
}

const ofTime = (way: string, { lateMin }: DueResult, all: Values) => say(`${way}_${lateMin === 0 ? 'normal' : 'forgiven'}`, all) // prettier-ignore
const allowed = (allowance: DayInput['allowance']): Values => ({ allowedMin: allowance?.lateMin ?? 0, afterAt: allowance?.after ?? 0 }) // prettier-ignore

const edges = ({ seriousLateMin, absentLateMin }: { seriousLateMin: number | null; absentLateMin: number | null }): Values => ({
  ...(seriousLateMin === null ? {} : { seriousMin: seriousLateMin }),
  ...(absentLateMin === null ? {} : { absentMin: absentLateMin }),
}) // prettier-ignore

function ofFree({ shift, dayType }: DayInput, { minutes }: Ledger): Reason[] {
  if (shift?.kind !== 'free' || dayType !== 'workday') return []
  if (minutes.short > 0) return [say('short', { shortMin: minutes.short, workedMin: minutes.worked })] // prettier-ignore
  if (minutes.unproven > 0) return [say('free_one', { unprovenMin: minutes.unproven })]
  return minutes.absent > 0 ? [say('free_none', { absentMin: minutes.absent })] : []
}

function ofOvertime({ overtime, overtimeRest: rest }: DayInput, ledger: Ledger): Reason[] {
  let provenMin = 0
  for (const { from, to } of ledger.overtime) provenMin += to - from
  const alone = overtime.filter((each) => each.alone).length > 0
  const approved = overtime.filter((each) => !each.byRule).length > 0
  if (provenMin === 0) return approved ? [say(alone ? 'overtime_none' : 'overtime_unproven', {})] : [] // prettier-ignore
  const overtimeMin = ledger.minutes.overtime
  const called = approved ? 'overtime' : 'overtime_ruled'
  const less = lessBy(rest, provenMin, provenMin - overtimeMin)
  return [...less, say(alone ? 'overtime_alone' : called, { overtimeMin })]
}

function lessBy(rest: DayInput['overtimeRest'], provenMin: number, restMin: number): Reason[] {
  if (restMin <= 0) return []
  if (rest?.by !== 'length') return [say('overtime_rest_clock', { provenMin, restMin })]
  let fromMin = 0
  for (const line of rest.lines) if (line.fromMin <= provenMin) fromMin = line.fromMin
  return [say('overtime_rest_length', { provenMin, restMin, fromMin })]
}
