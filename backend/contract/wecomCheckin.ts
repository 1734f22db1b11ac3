/**
 * WeCom's own attendance (打卡) in its own words, as far as Zuji reads and writes it
 * (developer.work.weixin.qq.com/document/path/93384, 94206, 94207, 94209, 95803, 96497, 99647).
 *
 * Units, as WeCom mixes them: `…time` of a record and `timestamp` are epoch *seconds*, `…_sec` and
 * `rest_…_time` seconds after midnight of UTC+8 (over 86400 on the next day), `limit_aheadtime`,
 * `flex_time` and `flex_…_duty_time` *milliseconds*, `lat` and `lng` degrees × 1,000,000 in GCJ-02.
 */
import { z } from 'zod'

const seconds = z.number().int()
const text = z.string().default('')
const micro = z.number().int().default(0) // degrees × 1e6, GCJ-02

/** When a section of a work day begins and ends. */
export const WecomTimes = z.object({
  work_sec: seconds,
  off_work_sec: seconds,
  remind_work_sec: seconds.optional(),
  remind_off_work_sec: seconds.optional(),
})
export type WecomTimes = z.infer<typeof WecomTimes>

/** A section of a shift, with its rest. */
export const WecomSection = WecomTimes.extend({
  time_id: z.number().int().optional(), // in rules
  id: z.number().int().optional(), // in schedules
  rest_begin_time: seconds.optional(),
  rest_end_time: seconds.optional(),
  allow_rest: z.boolean().optional(),
  rest_times: z.array(z.object({ rest_begin_time: seconds, rest_end_time: seconds })).optional(), // prettier-ignore
})
export type WecomSection = z.infer<typeof WecomSection>

/** 晚走晚到: after so long an evening one may come so much later. */
const LateLine = z.object({ offwork_after_time: seconds, onwork_flex_time: seconds })
const LateRule = z.object({
  allow_offwork_after_time: z.boolean().default(false),
  timerules: z.array(LateLine).default([]),
})

const flex = {
  allow_flex: z.boolean().default(false),
  max_allow_arrive_early: seconds.default(0), // 早到早走 晚到晚走: so much earlier, in s
  max_allow_arrive_late: seconds.default(0),
  late_rule: LateRule.optional(),
  noneed_offwork: z.boolean().default(false), // nobody punches out
  limit_aheadtime: seconds.default(0), // ms before the section; 0: no limit
  flex_on_duty_time: seconds.default(0), // ms of lateness that are let pass; -1: see flex_time
  flex_off_duty_time: seconds.default(0),
}

export const WecomShift = z.object({
  schedule_id: z.number().int(),
  schedule_name: text,
  time_section: z.array(WecomSection).default([]),
  limit_offtime: seconds.optional(), // s after the section
  ...flex,
})
export type WecomShift = z.infer<typeof WecomShift>

const SpecialDay = z.object({
  timestamp: seconds, // its midnight
  notes: text,
  checkintime: z.array(WecomSection).default([]),
})

const FixedRest = z.object({ fix_time_begin_sec: seconds, fix_time_end_sec: seconds })
const RestLine = z.object({ ot_time: seconds, rest_time: seconds })
/** 加班休息扣除: `type` 0 none, 1 at fixed times, 2 by how long the overtime was. */
const RestInfo = z.looseObject({
  type: z.number().int().default(0),
  fix_time_rule: FixedRest.optional(),
  fix_time_rule_list: z.array(FixedRest).optional(),
  cal_ottime_rule: z.object({ items: z.array(RestLine).default([]) }).optional(),
})
export type WecomRestInfo = z.infer<typeof RestInfo>
const restInfos = {
  ot_workingday_restinfo: RestInfo.optional(),
  ot_nonworkingday_restinfo: RestInfo.optional(),
}

/** Overtime: `type` 0 by application and punches, 1 by punches, 2 by application alone. */
export const WecomOvertime = z.object({
  type: z.number().int().default(0),
  allow_ot_workingday: z.boolean().default(false),
  allow_ot_nonworkingday: z.boolean().default(false),
  otcheckinfo: z
    .object({
      ot_workingday_time_start: seconds.default(0), // after the end of work
      ot_workingday_time_min: seconds.default(0),
      ot_workingday_time_max: seconds.default(0),
      ot_nonworkingday_time_min: seconds.default(0),
      ot_nonworkingday_time_max: seconds.default(0),
      ...restInfos,
      ot_nonworkingday_spanday_time: seconds.default(0),
    })
    .optional(),
  otapplyinfo: z
    .looseObject({
      allow_ot_workingday: z.boolean().default(false),
      allow_ot_nonworkingday: z.boolean().default(false),
      ...restInfos,
    })
    .optional(),
})
export type WecomOvertime = z.infer<typeof WecomOvertime>

const Workdays = z.array(z.number().int().min(0).max(7)).default([]) // 1–6 Mon–Sat, 0 Sunday

/** Odd weeks begin with that of 2024-01-01. */
const Biweekly = z.object({ enable_weekday_recurrence: z.boolean().default(false), odd_workdays: Workdays, even_workdays: Workdays }) // prettier-ignore

/** A rule (打卡规则). `getcheckinoption` leaves out what only `getcorpcheckinoption` tells. */
export const WecomGroup = z.object({
  grouptype: z.union([z.literal(1), z.literal(2), z.literal(3)]), // fixed hours, shifts, free
  groupid: z.number().int(),
  groupname: text,
  checkindate: z
    .array(
      z.object({
        workdays: Workdays,
        checkintime: z.array(WecomSection).default([]),
        biweekly: Biweekly.optional(), // 大小周
        flex_time: seconds.default(0), // ms; counts only when both below are -1
        ...flex,
      }),
    )
    .default([]),
  spe_workdays: z.array(SpecialDay).default([]),
  spe_offdays: z.array(SpecialDay).default([]),
  sync_holidays: z.boolean().default(true),
  need_photo: z.boolean().default(false),
  wifimac_infos: z.array(z.object({ wifiname: text, wifimac: text })).default([]),
  note_can_use_local_pic: z.boolean().default(false),
  allow_checkin_offworkday: z.boolean().default(false),
  allow_apply_offworkday: z.boolean().default(false),
  loc_infos: z
    .array(
      z.object({
        lat: micro,
        lng: micro,
        loc_title: text,
        loc_detail: text,
        distance: z.number().min(0).default(0), // metres
      }),
    )
    .default([]),
  schedulelist: z.array(WecomShift).default([]),
  range: z
    .object({
      partyid: z.array(z.coerce.string()).default([]),
      userid: z.array(z.string()).default([]),
      tagid: z.array(z.number().int()).default([]),
    })
    .optional(),
  white_users: z.array(z.string()).default([]),
  type: z.number().int().default(0), // 0 phone, 2 machine, 3 both
  option_out_range: z.number().int().optional(),
  sync_out_checkin: z.boolean().optional(),
  allow_apply_bk_cnt: z.number().int().optional(), // corrections a month, -1: no limit
  allow_apply_bk_day_limit: z.number().int().optional(), // days back, 1: today; -1: no limit
  buka_limit_next_month: z.number().int().optional(), // from this day of the next month on none
  buka_restriction: z.number().int().optional(), // bits: missing, late, early, other may not be corrected
  ot_info: WecomOvertime.optional(),
  offwork_interval_time: seconds.optional(), // free hours: s between in and out
  span_day_time: seconds.optional(), // free hours: where a day begins
  standard_work_duration: seconds.optional(), // free hours: what is due; -1: nothing
})
export type WecomGroup = z.infer<typeof WecomGroup>

/** A punch as `getcheckindata` tells it. Without a punch: 未打卡 at the time it was due. */
export const WecomRecord = z.object({
  userid: z.string().min(1),
  groupname: text,
  checkin_type: z.string(), // 上班打卡, 下班打卡, 外出打卡
  exception_type: text, // joined by `;`: 时间异常, 地点异常, 未打卡, wifi异常, 非常用设备; '' is normal
  checkin_time: seconds,
  location_title: text,
  location_detail: text,
  wifiname: text,
  wifimac: text,
  notes: text,
  mediaids: z.array(z.string()).default([]),
  lat: micro, // 0: none
  lng: micro,
  deviceid: text,
  sch_checkin_time: seconds.default(0), // the due time that it counts for
  groupid: z.number().int().default(0),
  schedule_id: z.number().int().default(0),
  timeline_id: z.number().int().default(0),
})
export type WecomRecord = z.infer<typeof WecomRecord>

/** One member's month of shifts. */
export const WecomRoster = z.object({
  userid: z.string().min(1),
  yearmonth: z.number().int(), // 202011
  groupid: z.number().int(),
  groupname: text,
  schedule: z.object({
    scheduleList: z
      .array(
        z.object({
          day: z.number().int().min(1).max(31),
          schedule_info: z.object({
            schedule_id: z.number().int(), // 0: rest
            schedule_name: text,
            time_section: z.array(WecomSection).default([]),
          }),
        }),
      )
      .default([]),
  }),
})
export type WecomRoster = z.infer<typeof WecomRoster>

const Counted = z.object({ count: z.number(), duration: z.number().default(0) })
/** 1 late, 2 early, 3 missing, 4 absent, 5 place, 6 device; seconds for 1, 2 and 4. */
const Exception = Counted.extend({ exception: z.number().int() })
const Application = Counted.extend({
  time_type: z.number().int().default(0), // 0 days (÷ 86400), 1 hours (÷ 3600)
  type: z.number().int(), // 1 leave, 2 correction, 3 trip, 4 outing, 100 punches outside
  vacation_id: z.number().int().default(0),
  name: text,
})
const base = {
  record_type: z.number().int().default(0), // 1 fixed, 3 shift, 4 free, 5 overtime, 7 no rule
  name: text,
  departs_name: text, // paths joined by `;`
  acctid: z.string(), // userid
}

/** A person-day as WeCom judges it. */
export const WecomDay = z.object({
  base_info: z.object({
    ...base,
    date: seconds,
    day_type: z.number().int().default(0), // 0 work, 1 rest
    rule_info: z
      .object({
        groupid: z.number().int().default(0),
        groupname: text,
        scheduleid: z.number().int().default(0),
        schedulename: text,
        checkintime: z.array(WecomTimes.pick({ work_sec: true, off_work_sec: true })).default([]),
      })
      .optional(),
  }),
  summary_info: z.object({
    checkin_count: z.number().default(0),
    regular_work_sec: z.number().default(0),
    standard_work_sec: z.number().default(0),
    earliest_time: z.number().default(0),
    lastest_time: z.number().default(0), // WeCom spells it so
  }),
  exception_infos: z.array(Exception).default([]),
  sp_items: z.array(Application).default([]),
  ot_info: z
    .object({ ot_status: z.number().int().default(0), ot_duration: z.number().default(0) })
    .optional(),
})
export type WecomDay = z.infer<typeof WecomDay>

/** A person's span of days as WeCom sums them up. */
export const WecomMonth = z.object({
  base_info: z.object({
    ...base,
    rule_info: z.object({ groupid: z.number().int().default(0), groupname: text }).optional(),
  }),
  summary_info: z.object({
    work_days: z.number().default(0),
    regular_days: z.number().optional(),
    except_days: z.number().default(0),
    rest_days: z.number().optional(),
    regular_work_sec: z.number().default(0),
    standard_work_sec: z.number().default(0),
  }),
  exception_infos: z.array(Exception).default([]),
  sp_items: z.array(Application).default([]),
  overwork_info: z.record(z.string(), z.number()).optional(),
})
export type WecomMonth = z.infer<typeof WecomMonth>

/** A punch to be written by `add_checkin_record`. */
export const WecomNewRecord = z.object({
  userid: z.string(),
  checkin_time: seconds,
  location_title: z.string(),
  location_detail: z.string(),
  mediaids: z.array(z.string()).max(1).optional(),
  notes: z.string().optional(),
  device_type: z.union([z.literal(1), z.literal(2), z.literal(3)]), // door, machine, other
  lat: micro.optional(),
  lng: micro.optional(),
  device_detail: z.string(),
  wifiname: z.string().optional(),
  wifimac: z.string().optional(),
})
export type WecomNewRecord = z.infer<typeof WecomNewRecord>
