import type { z } from 'zod'
import type { NamedShift } from '../../contract/ruleSets.ts'
import type { WecomGroup, WecomShift, WecomTimes } from '../../contract/wecomCheckin.ts'
import { clockOf, flexMinutes, minutesOf, NIGHT_ENDS } from './units.ts'

/** A shift as it is handed in, before defaults. */
export type ShiftInput = z.input<typeof NamedShift>

type Weekdays = WecomGroup['checkindate'][number]
type Lateness = Pick<Weekdays, 'flex_on_duty_time' | 'flex_off_duty_time' | 'limit_aheadtime'> &
  Pick<Weekdays, 'noneed_offwork'> & { flex_time?: number }
type Times = WecomTimes & {
  rest_begin_time?: number | undefined
  rest_end_time?: number | undefined
  allow_rest?: boolean | undefined
}

interface Named {
  id: string
  name: string
}

/** The hours of some weekdays, or of a special day, of a rule of fixed hours. */
export const fixedShift = (
  named: Named,
  rule: Lateness,
  times: readonly WecomTimes[],
): ShiftInput => ({
  ...named,
  ...reminders(times),
  asks: { kind: 'fixed', ...sectionsOf(times), ...punching(rule, times) },
})

/** A shift of a rule with shifts. */
export function rosterShift(shift: WecomShift): ShiftInput {
  const { schedule_id, schedule_name, time_section: times } = shift
  const named = { id: shiftIdOf(schedule_id), name: schedule_name.trim() || `班次 ${schedule_id}` }
  const after =
    shift.limit_offtime === undefined ? {} : { windowAfterMin: minutesOf(shift.limit_offtime) }
  const asks = { ...sectionsOf(times), ...punching(shift, times), ...after }
  const moves = movesOf(shift)
  return {
    ...named,
    ...reminders(times),
    asks: moves ? { kind: 'flexible', ...asks, ...moves } : { kind: 'fixed', ...asks },
  }
}

export const shiftIdOf = (scheduleId: number): string => `s${scheduleId}`

/** Flexible hours, 早到早走 晚到晚走; null where the shift has none, or several sections. */
function movesOf(shift: WecomShift) {
  const late = flexMinutes(shift.max_allow_arrive_late)
  const early = flexMinutes(shift.max_allow_arrive_early)
  if (!shift.allow_flex || shift.time_section.length !== 1 || (late === 0 && early === 0))
    return null
  return { flexMin: late, flexEarlyMin: early === late ? null : early }
}

const sectionsOf = (times: readonly Times[]) => ({
  sections: times.map((each) => ({
    in: clockOf(each.work_sec),
    out: clockOf(each.off_work_sec),
    rest: restOf(each),
    ...ownReminders(each, times),
  })),
})

/** A section's, where they are not those of the shift. */
function ownReminders(each: WecomTimes, times: readonly WecomTimes[]) {
  const { remindInMin: inMin, remindOutMin: outMin } = reminders([each])
  const shift = reminders(times)
  const same = inMin === shift.remindInMin && outMin === shift.remindOutMin
  return same ? {} : { remind: { inMin, outMin } }
}

function restOf({ rest_begin_time, rest_end_time, allow_rest }: Times): [string, string][] {
  if (!allow_rest || rest_begin_time === undefined || rest_end_time === undefined) return []
  return rest_end_time > rest_begin_time ? [[clockOf(rest_begin_time), clockOf(rest_end_time)]] : []
}

/** Graces, windows, and whether one punches out. */
const punching = (rule: Lateness, times: readonly WecomTimes[]) => ({
  ...gracesOf(rule),
  ...windowsOf(rule.limit_aheadtime, times),
  noOut: rule.noneed_offwork,
})

/** `flex_time` counts only when both others are -1. */
function gracesOf({ flex_on_duty_time: on, flex_off_duty_time: off, flex_time = 0 }: Lateness) {
  const both = on === -1 && off === -1
  return {
    graceLateMin: flexMinutes(both ? flex_time : on),
    graceEarlyMin: flexMinutes(both ? flex_time : off),
  }
}

/** Without a limit: from midnight on, and until the night is over. */
function windowsOf(limitMs: number, times: readonly WecomTimes[]) {
  const first = times[0]?.work_sec ?? 0
  const last = times.at(-1)?.off_work_sec ?? 0
  return {
    windowBeforeMin: limitMs > 0 ? minutesOf(limitMs / 1000) : minutesOf(first),
    windowAfterMin: minutesOf(Math.max(4 * 3600, NIGHT_ENDS - last)),
  }
}

/** Minutes before the first in and after the last out. */
function reminders(times: readonly WecomTimes[]) {
  const [first] = times
  const last = times.at(-1)
  return {
    remindInMin: first ? ahead(first.work_sec, first.remind_work_sec) : null,
    remindOutMin: last ? ahead(last.remind_off_work_sec ?? NaN, last.off_work_sec) : null,
  }
}

const ahead = (later: number, earlier = NaN): number | null =>
  later >= earlier ? minutesOf(later - earlier) : null
