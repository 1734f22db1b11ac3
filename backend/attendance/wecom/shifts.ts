import type { z } from 'zod'
import type { NamedShift } from '../../contract/ruleSets.ts'
import type {
  WecomGroup,
  WecomSection,
  WecomShift,
  WecomTimes,
} from '../../contract/wecomCheckin.ts'
import { clockOf, flexMinutes, minutesOf, NIGHT_ENDS } from './units.ts'

/** A shift as it is handed in, before defaults. */
export type ShiftInput = z.input<typeof NamedShift>

type Weekdays = WecomGroup['checkindate'][number]
type Flexibility = Pick<Weekdays, 'allow_flex' | 'max_allow_arrive_early' | 'max_allow_arrive_late'>
type Lateness = Pick<Weekdays, 'flex_on_duty_time' | 'flex_off_duty_time' | 'limit_aheadtime'> &
  Pick<Weekdays, 'noneed_offwork'> & { flex_time?: number } & Flexibility
type Times = WecomSection

interface Named {
  id: string
  name: string
}

/** The hours of some weekdays, or of a special day, of a rule of fixed hours. */
export const fixedShift = (named: Named, rule: Lateness, times: readonly Times[]): ShiftInput => ({
  ...named,
  ...reminders(times),
  asks: moving({ ...sectionsOf(times), ...punching(rule, times) }, rule, times),
})

/** A shift of a rule with shifts. */
export function rosterShift(shift: WecomShift): ShiftInput {
  const { schedule_id, schedule_name, time_section: times } = shift
  const named = { id: shiftIdOf(schedule_id), name: schedule_name.trim() || `班次 ${schedule_id}` }
  const after =
    shift.limit_offtime === undefined ? {} : { windowAfterMin: minutesOf(shift.limit_offtime) }
  const asks = { ...sectionsOf(times), ...punching(shift, times), ...after }
  return { ...named, ...reminders(times), asks: moving(asks, shift, times) }
}

export const shiftIdOf = (scheduleId: number): string => `s${scheduleId}`

/** The same asks, of flexible hours where these are allowed: 早到早走 晚到晚走. */
function moving<Asks extends object>(asks: Asks, rule: Flexibility, times: readonly Times[]) {
  const { late, early } = leastOf(flexOf(rule), mostOf(times))
  if (late === 0 && early === 0) return { kind: 'fixed' as const, ...asks }
  return { kind: 'flexible' as const, ...asks, flexMin: late, flexEarlyMin: early === late ? null : early } // prettier-ignore
}

interface Flex {
  late: number // minutes
  early: number
}

const flexOf = (rule: Flexibility): Flex =>
  rule.allow_flex
    ? { late: flexMinutes(rule.max_allow_arrive_late), early: flexMinutes(rule.max_allow_arrive_early) } // prettier-ignore
    : { late: 0, early: 0 }

/** Of several sections the first can not begin after its end, nor the last end before its beginning. */
function mostOf(times: readonly Times[]): Flex {
  const [first, last] = [times[0], times.at(-1)]
  if (!first || !last || times.length === 1) return { late: Infinity, early: Infinity }
  const most = ({ work_sec, off_work_sec }: Times) => Math.max(0, minutesOf(off_work_sec - work_sec) - 1) // prettier-ignore
  return { late: most(first), early: most(last) }
}

const leastOf = (one: Flex, other: Flex): Flex => ({
  late: Math.min(one.late, other.late),
  early: Math.min(one.early, other.early),
})

/** Whether a rule's flexible hours reach further than its sections let them. */
export function isCut(rule: Flexibility, times: readonly Times[]): boolean {
  const [asked, most] = [flexOf(rule), mostOf(times)]
  return asked.late > most.late || asked.early > most.early
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

function restOf({ rest_begin_time = 0, rest_end_time = 0, ...more }: Times): [string, string][] {
  if (!more.allow_rest) return []
  const told = more.rest_times ?? [{ rest_begin_time, rest_end_time }]
  return told
    .filter((each) => each.rest_end_time > each.rest_begin_time)
    .map((each) => [clockOf(each.rest_begin_time), clockOf(each.rest_end_time)])
}

/** Graces, windows, and whether one punches out. */
const punching = (rule: Lateness, times: readonly Times[]) => ({
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
