import type { z } from 'zod'
import { Rules, type RuleGroup } from '../../contract/ruleSets.ts'
import type { WecomGroup, WecomTimes } from '../../contract/wecomCheckin.ts'
import { correctionsOf, lateLinesOf, outsideOf, overtimeOf, sharedLateRule } from './clauses.ts'
import { note, type Note } from './notes.ts'
import { notesOf } from './rulesNotes.ts'
import { fixedShift, rosterShift, type ShiftInput } from './shifts.ts'
import { clockOf, dateAt, degrees, minutesOf, weekdayIndex } from './units.ts'

type RulesInput = z.input<typeof Rules>
export type PersonOf = (userId: string) => string | undefined

/** A rule of WeCom's in our words. `rules` is null when ours refuse it; a note says why. */
export interface MappedRules {
  id: string // of our set: the same for the same rule
  name: string
  rules: Rules | null
  groups: RuleGroup[]
  notes: Note[]
}

export const ruleSetIdOf = (groupId: number): string => `wecom-${groupId}`

/**
 * A 打卡 rule as a rule set. What only WeCom's own punching uses (places, networks, photos) is kept with it, and
 * the whole answer too, so nothing is lost. Pure.
 * @param personOf our person of a userid; undefined for one we do not know.
 */
export function ruleSetOf(group: WecomGroup, personOf: PersonOf): MappedRules {
  const id = ruleSetIdOf(group.groupid)
  const name = (group.groupname.trim() || `打卡规则 ${group.groupid}`).slice(0, 60)
  const parsed = Rules.safeParse(inputOf(group, personOf))
  const issues = (parsed.error?.issues ?? [])
    .slice(0, 5)
    .map((issue) => note('unfit', { field: issue.path.join('.'), rule: issue.message }))
  const notes = [...notesOf(group, personOf), ...issues]
  return { id, name, rules: parsed.data ?? null, groups: groupsOf(id, group, personOf), notes }
}

function inputOf(group: WecomGroup, personOf: PersonOf): RulesInput {
  const plan = PLANS[group.grouptype](group)
  const exempt = group.white_users.flatMap((id) => personOf(id) ?? [])
  return {
    ...plan,
    calendar: group.sync_holidays ? 'CN' : null,
    restOnHolidays: group.grouptype !== 2 && group.sync_holidays, // a roster says what it says
    overtime: overtimeOf(group.ot_info),
    lateAfterOvertime: sharedLateRule(group) ?? [],
    corrections: correctionsOf(group),
    outside: outsideOf(group),
    exempt,
    wecom: fromWecom(group),
  }
}

type Plan = Pick<RulesInput, 'shifts' | 'week' | 'specials' | 'cycle'>
const REST: (string | null)[] = Array<string | null>(7).fill(null)

const PLANS: Record<1 | 2 | 3, (group: WecomGroup) => Plan> = {
  1: fixedPlan,
  2: (group) => ({ shifts: rosterShifts(group), week: REST, specials: daysOff(group) }),
  3: freePlan,
}

function rosterShifts(group: WecomGroup): ShiftInput[] {
  const each = sharedLateRule(group) === null
  return group.schedulelist
    .filter(({ schedule_id, time_section }) => schedule_id !== 0 && time_section.length > 0)
    .map((shift) => ({
      ...rosterShift(shift),
      ...(each && { lateAfterOvertime: lateLinesOf(shift) }),
    }))
}

/** Fixed hours: a shift for each set of weekdays, and for special days with hours of their own. */
function fixedPlan(group: WecomGroup): Plan {
  const week = [...REST]
  const shifts: ShiftInput[] = []
  const ownLate = sharedLateRule(group) === null
  for (const [index, rule] of group.checkindate.entries()) {
    if (rule.checkintime.length === 0) continue
    const id = `w${index + 1}`
    const shift = fixedShift({ id, name: hoursOf(rule.checkintime) }, rule, rule.checkintime)
    shifts.push({ ...shift, ...(ownLate && { lateAfterOvertime: lateLinesOf(rule) }) })
    for (const weekday of rule.workdays) week[weekdayIndex(weekday)] = id
  }
  const special = specialShifts(group)
  return {
    shifts: [...shifts, ...special.shifts, ...rosterShifts(group)],
    week,
    cycle: biweekly(group),
    specials: [...special.days, ...daysOff(group)],
  }
}

const FIRST_ODD_WEEK = '2024-01-01' // WeCom counts 大小周 from this Monday

/** 大小周: odd and even weeks with workdays of their own, as a rotation of fourteen days. */
function biweekly({ checkindate, sync_holidays }: WecomGroup): RulesInput['cycle'] {
  if (!checkindate.some(({ biweekly }) => biweekly?.enable_weekday_recurrence)) return null
  const turns = [...REST, ...REST]
  for (const [index, rule] of checkindate.entries()) {
    if (rule.checkintime.length === 0) continue
    const { odd_workdays: odd = rule.workdays, even_workdays: even = rule.workdays } = rule.biweekly?.enable_weekday_recurrence ? rule.biweekly : {} // prettier-ignore
    for (const day of odd) turns[weekdayIndex(day)] = `w${index + 1}`
    for (const day of even) turns[7 + weekdayIndex(day)] = `w${index + 1}`
  }
  return { from: FIRST_ODD_WEEK, shifts: turns, makeUp: sync_holidays }
}

function specialShifts(group: WecomGroup) {
  const shifts = new Map<string, ShiftInput>()
  const [rule] = group.checkindate
  const days = group.spe_workdays.flatMap(({ timestamp, notes, checkintime }) => {
    const times = checkintime.length > 0 ? checkintime : (rule?.checkintime ?? [])
    if (times.length === 0) return []
    const like = group.checkindate.findIndex((each) => same(each.checkintime, times))
    const id = like >= 0 ? `w${like + 1}` : `d${hoursOf(times)}`
    if (like < 0) shifts.set(id, fixedShift({ id, name: hoursOf(times) }, rule ?? NO_RULE, times))
    return [{ date: dateAt(timestamp), shiftId: id, note: notes.slice(0, 200) }]
  })
  return { shifts: [...shifts.values()], days }
}

const NO_RULE = { flex_on_duty_time: 0, flex_off_duty_time: 0, limit_aheadtime: 0, noneed_offwork: false, allow_flex: false, max_allow_arrive_early: 0, max_allow_arrive_late: 0 } // prettier-ignore

const hoursOf = (times: readonly WecomTimes[]) =>
  times
    .map((each) => `${clockOf(each.work_sec)}-${clockOf(each.off_work_sec)}`)
    .join(' ')
    .slice(0, 60)
const same = (a: readonly WecomTimes[], b: readonly WecomTimes[]) => hoursOf(a) === hoursOf(b)

const daysOff = ({ spe_offdays }: WecomGroup) =>
  spe_offdays.map(({ timestamp, notes }) => ({
    ...{ date: dateAt(timestamp), shiftId: null, note: notes.slice(0, 200) },
  }))

/** Free hours: so much a day, on the days that are named, or on every day. */
function freePlan(group: WecomGroup): Plan {
  const { standard_work_duration: due = -1, span_day_time: boundary = 0, offwork_interval_time: apart = 0 } = group // prettier-ignore
  const requiredMin = due > 0 ? minutesOf(due) : 0
  const asks = { kind: 'free' as const, requiredMin, dayBoundary: clockOf(boundary), apartMin: Math.min(1440, minutesOf(apart)) } // prettier-ignore
  const named = new Set(group.checkindate.flatMap(({ workdays }) => workdays.map(weekdayIndex)))
  const every = named.size === 0
  return {
    shifts: [{ id: 'free', name: '自由上下班', asks, remindInMin: null, remindOutMin: null }],
    week: REST.map((_, index) => (every || named.has(index) ? 'free' : null)),
    specials: daysOff(group),
  }
}

const PUNCH_BY = { 2: 'device', 3: 'both' } as const
const punchBy = (type: number) => (type === 2 || type === 3 ? PUNCH_BY[type] : 'phone')

const fromWecom = (group: WecomGroup): NonNullable<RulesInput['wecom']> => ({
  groupId: group.groupid,
  groupType: group.grouptype,
  punchBy: punchBy(group.type),
  places: group.loc_infos.map((each) => ({
    ...{ lng: degrees(each.lng), lat: degrees(each.lat), metres: each.distance },
    ...{ title: each.loc_title, detail: each.loc_detail },
  })),
  wifi: group.wifimac_infos.map(({ wifiname, wifimac }) => ({ name: wifiname, mac: wifimac })),
  needPhoto: group.need_photo,
  noteMayUseAlbum: group.note_can_use_local_pic,
  punchOnRestDays: group.allow_checkin_offworkday,
  applyOnRestDays: group.allow_apply_offworkday,
  exempt: group.white_users,
  raw: group,
})

/** Whom a rule is for; the numbers of departments are ours, too. Without a range: everybody. */
function groupsOf(ruleSetId: string, { range }: WecomGroup, personOf: PersonOf): RuleGroup[] {
  const { partyid = [], userid = [], tagid = [] } = range ?? {}
  const to = (kind: RuleGroup['kind'], ref: string): RuleGroup => ({
    ...{ ruleSetId, kind, ref, from: null, to: null },
  })
  const named = [
    ...partyid.map((id) => to('department', id)),
    ...userid.flatMap((id) => personOf(id) ?? []).map((id) => to('person', id)),
    ...tagid.map((id) => to('tag', String(id))),
  ]
  const isNamed = partyid.length + userid.length + tagid.length > 0
  return isNamed ? named : [to('org', '')]
}
