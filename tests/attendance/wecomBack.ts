import { minuteOf, type FixedShift } from '../../backend/contract/attendance.ts'
import type { Rules } from '../../backend/contract/ruleSets.ts'
import type { WecomGroup } from '../../backend/contract/wecomCheckin.ts'
import { ruleSetOf } from '../../backend/attendance/wecom/rules.ts'

/** Our person of a userid; canno is nobody of ours. */
export const known = (userId: string) => (userId === 'canno' ? undefined : userId.toLowerCase())

/** The rule set of a WeCom rule; it must be one that ours allow. */
export function rulesOf(group: WecomGroup): Rules {
  const { rules, notes } = ruleSetOf(group, known)
  if (!rules) throw new Error(JSON.stringify(notes))
  return rules
}

const seconds = (time: string) => minuteOf(time) * 60
export const fixed = (rules: Rules, id: string): FixedShift => {
  const asks = rules.shifts.find((shift) => shift.id === id)?.asks
  if (!asks || asks.kind === 'free') throw new Error(`no shift ${id}`)
  return asks
}
const hours = (asks: FixedShift) =>
  asks.sections.map((each) => ({ work_sec: seconds(each.in), off_work_sec: seconds(each.out) }))
const plain = (times: { work_sec: number; off_work_sec: number }[]) =>
  times.map(({ work_sec, off_work_sec }) => ({ work_sec, off_work_sec }))
const dateOf = (timestamp: number) =>
  new Date((timestamp + 28_800) * 1000).toISOString().slice(0, 10)

/** A WeCom rule said anew from ours alone, without the answer that is kept with it. */
export function backFrom(rules: Rules) {
  const weekdays = rules.shifts.filter(({ id }) => id.startsWith('w'))
  return {
    checkindate: weekdays.map(({ id }) => {
      const asks = fixed(rules, id)
      return {
        workdays: rules.week
          .flatMap((each, index) => (each === id ? [(index + 1) % 7] : []))
          .sort(),
        checkintime: hours(asks),
        noneed_offwork: asks.noOut,
        limit_aheadtime: asks.windowBeforeMin * 60_000,
        late: asks.graceLateMin,
        early: asks.graceEarlyMin,
      }
    }),
    spe_workdays: rules.specials.flatMap(({ date, shiftId, note }) =>
      shiftId ? [{ date, notes: note, times: hours(fixed(rules, shiftId)) }] : [],
    ),
    spe_offdays: rules.specials.flatMap(({ date, shiftId, note }) =>
      shiftId ? [] : [{ date, notes: note }],
    ),
    sync_holidays: rules.calendar === 'CN' && rules.restOnHolidays,
    schedulelist: rules.shifts
      .filter(({ id }) => id.startsWith('s'))
      .map(({ id, name }) => ({
        schedule_id: Number(id.slice(1)),
        schedule_name: name,
        times: hours(fixed(rules, id)),
        limit_aheadtime: fixed(rules, id).windowBeforeMin * 60_000,
        limit_offtime: fixed(rules, id).windowAfterMin * 60,
      })),
    loc_infos: rules.wecom?.places.map((each) => ({
      ...{
        lat: Math.round(each.lat * 1e6),
        lng: Math.round(each.lng * 1e6),
        distance: each.metres,
      },
      ...{ loc_title: each.title, loc_detail: each.detail },
    })),
    wifimac_infos: rules.wecom?.wifi.map(({ name, mac }) => ({ wifiname: name, wifimac: mac })),
    need_photo: rules.wecom?.needPhoto,
  }
}

/** The same of the rule as WeCom says it. */
export function saidBy(group: WecomGroup) {
  const minutes = (ms: number) => Math.round(Math.max(0, ms) / 60_000)
  return {
    checkindate: group.checkindate.map((each) => ({
      workdays: [...each.workdays].sort(),
      checkintime: plain(each.checkintime),
      noneed_offwork: each.noneed_offwork,
      limit_aheadtime: each.limit_aheadtime,
      late: minutes(
        each.flex_on_duty_time === -1 && each.flex_off_duty_time === -1
          ? each.flex_time
          : each.flex_on_duty_time,
      ),
      early: minutes(
        each.flex_on_duty_time === -1 && each.flex_off_duty_time === -1
          ? each.flex_time
          : each.flex_off_duty_time,
      ),
    })),
    spe_workdays: group.spe_workdays.map((each) => ({
      date: dateOf(each.timestamp),
      notes: each.notes,
      times: plain(each.checkintime),
    })),
    spe_offdays: group.spe_offdays.map((each) => ({
      date: dateOf(each.timestamp),
      notes: each.notes,
    })),
    sync_holidays: group.sync_holidays,
    schedulelist: group.schedulelist.map((each) => ({
      ...{
        schedule_id: each.schedule_id,
        schedule_name: each.schedule_name,
        times: plain(each.time_section),
      },
      ...{ limit_aheadtime: each.limit_aheadtime, limit_offtime: each.limit_offtime },
    })),
    loc_infos: group.loc_infos.map(({ lat, lng, distance, loc_title, loc_detail }) => ({
      lat,
      lng,
      distance,
      loc_title,
      loc_detail,
    })),
    wifimac_infos: group.wifimac_infos,
    need_photo: group.need_photo,
  }
}
