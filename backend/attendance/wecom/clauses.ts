import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { Rules } from '../../contract/ruleSets.ts'
import type { OvertimeRest } from '../../contract/attendance.ts'
import type { WecomGroup, WecomOvertime, WecomRestInfo, WecomShift } from '../../contract/wecomCheckin.ts' // prettier-ignore
import { clockOf, minutesOf } from './units.ts'

type RulesInput = z.input<typeof Rules>
type LateLines = Rules['lateAfterOvertime']

/** As the law pays it (劳动法 44): one and a half, twice, three times. WeCom does not say. */
const FACTOR = { workday: 1.5, restday: 2, holiday: 3 } as const
const BY = ['request', 'punches', 'approval'] as const

const NO_LIMITS = {
  ...{ ot_workingday_time_start: 0, ot_workingday_time_min: 0, ot_workingday_time_max: 0 },
  ...{ ot_nonworkingday_time_min: 0, ot_nonworkingday_time_max: 0 },
}
const UNTOLD: WecomOvertime = { type: 0, allow_ot_workingday: true, allow_ot_nonworkingday: true }

export function overtimeOf(info: WecomOvertime | undefined): RulesInput['overtime'] {
  const { type, allow_ot_workingday, allow_ot_nonworkingday } = info ?? UNTOLD
  const check = info?.otcheckinfo ?? NO_LIMITS
  const of = (allowed: boolean, least: number, most: number) => ({
    by: allowed ? (BY[type] ?? 'request') : ('none' as const),
    leastMin: minutesOf(least),
    mostMin: most > 0 ? minutesOf(most) : null,
  })
  const rests = restInfosOf(info)
  const work = [check.ot_workingday_time_min, check.ot_workingday_time_max] as const
  const rest = [check.ot_nonworkingday_time_min, check.ot_nonworkingday_time_max] as const
  const restday = { ...of(allow_ot_nonworkingday, ...rest), rest: restWithin(rests.restday) }
  return {
    workday: {
      ...of(allow_ot_workingday, ...work),
      afterMin: minutesOf(check.ot_workingday_time_start),
      rest: restWithin(rests.workday),
      factor: FACTOR.workday,
    },
    restday: { ...restday, factor: FACTOR.restday },
    holiday: { ...restday, factor: FACTOR.holiday },
  }
}

/** What is said of rests within overtime: where applications decide alone, by them, else by punches. */
export function restInfosOf(info: WecomOvertime | undefined) {
  const { type, otcheckinfo, otapplyinfo } = info ?? UNTOLD
  const [first, other] = type === 2 ? [otapplyinfo, otcheckinfo] : [otcheckinfo, undefined]
  return {
    workday: first?.ot_workingday_restinfo ?? other?.ot_workingday_restinfo,
    restday: first?.ot_nonworkingday_restinfo ?? other?.ot_nonworkingday_restinfo,
  }
}

/** Null where nothing is rest, and where the kind of rest says no times or lengths. */
export function restWithin(info: WecomRestInfo | undefined): OvertimeRest | null {
  if (info?.type === 1) return atTimes(info)
  return info?.type === 2 ? byLength(info) : null
}

function atTimes({ fix_time_rule, fix_time_rule_list }: WecomRestInfo): OvertimeRest | null {
  const told = fix_time_rule_list ?? (fix_time_rule ? [fix_time_rule] : [])
  const times = told
    .map((each) => [each.fix_time_begin_sec, each.fix_time_end_sec] as const)
    .map(
      ([from, to]) =>
        [clockOf(from), clockOf(to > from ? to : to + 86_400)] satisfies [string, string],
    ) // prettier-ignore
    .filter(([from, to]) => to > from)
  return times.length > 0 ? { by: 'clock', times: times.slice(0, 10) } : null
}

function byLength({ cal_ottime_rule }: WecomRestInfo): OvertimeRest | null {
  const lines = new Map<number, number>()
  for (const { ot_time, rest_time } of cal_ottime_rule?.items ?? [])
    if (ot_time >= 60) lines.set(minutesOf(ot_time), Math.min(minutesOf(ot_time), minutesOf(rest_time))) // prettier-ignore
  const ordered = [...lines].sort(([a], [b]) => a - b)
  const told = ordered.slice(0, 10).map(([fromMin, restMin]) => ({ fromMin, restMin }))
  return told.length > 0 ? { by: 'length', lines: told } : null
}

/** 次日晚到 of a rule's shifts: one word for all where they agree, else `null` and each has its own. */
export function sharedLateRule({ checkindate, schedulelist }: WecomGroup): LateLines | null {
  const weekdays = checkindate.filter((each) => each.late_rule && each.checkintime.length > 0)
  const [first = [], ...others] = [...weekdays, ...schedulelist].map(lateLinesOf)
  return others.every((lines) => isDeepStrictEqual(lines, first)) ? first : null
}

/** After an evening of this shift; `timerules` mean something only where they are allowed. */
export const lateLinesOf = ({ late_rule }: Pick<WecomShift, 'late_rule'>): LateLines =>
  (late_rule?.allow_offwork_after_time ? late_rule.timerules : []).map((each) => ({
    outAfterMin: minutesOf(each.offwork_after_time),
    lateMin: minutesOf(each.onwork_flex_time),
  }))

const KINDS = [
  ['missing', 1],
  ['late', 2],
  ['early', 4],
  ['absent', 8],
] as const

/** 补卡. -1 is no limit; one day back is the day itself; from day n of the next month on it is too late. */
export function correctionsOf(group: WecomGroup): RulesInput['corrections'] {
  const { allow_apply_bk_cnt: most = -1, allow_apply_bk_day_limit: days = -1 } = group
  const { buka_limit_next_month: closes = -1, buka_restriction: shut = 0 } = group
  return {
    perMonth: group.allow_apply_offworkday ? unlimited(most, most) : 0,
    withinDays: unlimited(days, days - 1),
    untilDay: closes > 1 ? closes - 1 : null,
    kinds: KINDS.filter(([, bit]) => Math.floor(shut / bit) % 2 === 0).map(([kind]) => kind),
  }
}

const unlimited = (told: number, value: number) => (told < 0 ? null : Math.max(0, value))

const OUT_OF_RANGE: Readonly<Record<number, 'flag' | 'outing' | 'refuse'>> = {
  0: 'flag',
  1: 'outing',
  2: 'outing', // or refused: two sources differ, the import says so
  3: 'refuse',
}

export const outsideOf = ({
  option_out_range,
  sync_out_checkin,
}: WecomGroup): RulesInput['outside'] => ({
  punch: OUT_OF_RANGE[option_out_range ?? 0] ?? 'flag',
  ...(sync_out_checkin !== undefined && { customerCheckin: sync_out_checkin ? 'punch' : 'none' }),
})
