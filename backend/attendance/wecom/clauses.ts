import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { Rules } from '../../contract/ruleSets.ts'
import type { WecomGroup, WecomOvertime, WecomShift } from '../../contract/wecomCheckin.ts'
import { minutesOf } from './units.ts'

type RulesInput = z.input<typeof Rules>
type LateLines = Rules['lateAfterOvertime']

/** As the law pays it (劳动法 44): one and a half, twice, three times. WeCom does not say. */
const FACTOR = { workday: 1.5, restday: 2, holiday: 3 } as const
const BY = ['request', 'punches', 'approval'] as const

const NO_LIMITS = {
  ...{ ot_workingday_time_start: 0, ot_workingday_time_min: 0, ot_workingday_time_max: 0 },
  ...{ ot_nonworkingday_time_min: 0, ot_nonworkingday_time_max: 0 },
}
const UNTOLD = { type: 0, allow_ot_workingday: true, allow_ot_nonworkingday: true }

export function overtimeOf(info: WecomOvertime | undefined): RulesInput['overtime'] {
  const { type, allow_ot_workingday, allow_ot_nonworkingday } = info ?? UNTOLD
  const check = info?.otcheckinfo ?? NO_LIMITS
  const of = (allowed: boolean, least: number, most: number) => ({
    by: allowed ? (BY[type] ?? 'request') : ('none' as const),
    leastMin: minutesOf(least),
    mostMin: most > 0 ? minutesOf(most) : null,
  })
  const work = [check.ot_workingday_time_min, check.ot_workingday_time_max] as const
  const rest = [check.ot_nonworkingday_time_min, check.ot_nonworkingday_time_max] as const
  const restday = of(allow_ot_nonworkingday, ...rest)
  return {
    workday: {
      ...of(allow_ot_workingday, ...work),
      afterMin: minutesOf(check.ot_workingday_time_start),
      factor: FACTOR.workday,
    },
    restday: { ...restday, factor: FACTOR.restday },
    holiday: { ...restday, factor: FACTOR.holiday },
  }
}

/** 次日晚到 of a rule's shifts: one word for all where they agree, else `null` and each has its own. */
export function sharedLateRule({ schedulelist }: WecomGroup): LateLines | null {
  const [first = [], ...others] = schedulelist.map(lateLinesOf)
  return others.every((lines) => isDeepStrictEqual(lines, first)) ? first : null
}

/** After an evening of this shift; `timerules` mean something only where they are allowed. */
export const lateLinesOf = ({ late_rule }: WecomShift): LateLines =>
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
