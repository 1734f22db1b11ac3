import type { LeaveKind } from '../../contract/approvalSettings.ts'
import type { Cell, CellKind } from '../../core/sheets/write.ts'
import { daysOfMinutes, leaveByKind, OTHER_LEAVE, overtimeState, tripMinutes } from './granted.ts'
import type { ExportDay, ExportPerson, Oddities } from './source.ts'

export interface WecomColumn<Of> {
  readonly title: string
  readonly kind: CellKind
  readonly width?: number
  readonly of: (of: Of) => Cell
}

export const round = (value: number) => Math.round(value * 100) / 100
export const hours = (minutes: number) => Math.round(minutes / 6) / 10
export const workedOf = ({ minutes }: ExportDay) => minutes.worked + minutes.outing + minutes.forgiven // prettier-ignore

const results = (day: ExportDay, ...wanted: string[]) =>
  day.due.filter(({ result }) => wanted.includes(result)).length

const NOTHING_ODD: Oddities = { outings: 0, place: 0, device: 0 }

/** What of a day is summed, before it is said in days or hours. */
type Count = (day: ExportDay, odd: Oddities) => number

/**
 * What WeCom counts, over one day or all of a month, in the order of its columns. Leave of kinds that are no
 * longer in use stands in a column of its own, so nothing is lost of the day's leave.
 * @param per of a day also whether its overtime was worked as asked for
 */
export function countersOf<Of>(
  leaveKinds: readonly LeaveKind[],
  per: 'day' | 'month',
  personOf: (of: Of) => ExportPerson,
  daysOf: (of: Of) => readonly ExportDay[],
): WecomColumn<Of>[] {
  const sum = (of: Of, count: Count) => {
    const { oddities } = personOf(of)
    return daysOf(of).reduce((total, day) => total + count(day, oddities.get(day.date) ?? NOTHING_ODD), 0) // prettier-ignore
  }
  const said: Record<string, (of: Of, count: Count) => number> = {
    天: (of, count) => round(sum(of, (day, odd) => daysOfMinutes(day, count(day, odd)))),
    小时: (of, count) => hours(sum(of, count)),
  }
  const column = ([title, unit, count]: Counted): WecomColumn<Of> => ({
    title: `${title}(${unit})`,
    kind: unit === '天' || unit === '小时' ? 'decimal' : 'whole',
    of: (of) => (said[unit] ?? sum)(of, count),
  })
  const state: WecomColumn<Of>[] = per === 'day' ? [{ title: '加班状态', kind: 'text', of: (of) => daysOf(of).map(overtimeState)[0] ?? null }] : [] // prettier-ignore
  const granted = [...GRANTED, ...leaveKinds.map(leaveOf), otherLeave(leaveKinds)]
  return [...WRONG.map(column), ...state, ...[...OUTSIDE, ...granted].map(column)]
}

type Counted = readonly [title: string, unit: '次' | '分钟' | '小时' | '天', count: Count]

const WRONG: readonly Counted[] = [
  ['异常合计', '次', (day, { place, device }) => results(day, 'late', 'serious_late', 'early', 'missing', 'absent') + place + device],
  ['迟到次数', '次', (day) => results(day, 'late', 'serious_late')],
  ['迟到时长', '分钟', ({ minutes }) => minutes.late],
  ['早退次数', '次', (day) => results(day, 'early')],
  ['早退时长', '分钟', ({ minutes }) => minutes.early],
  ['旷工次数', '次', ({ minutes }) => (minutes.absent > 0 ? 1 : 0)],
  ['旷工时长', '分钟', ({ minutes }) => minutes.absent],
  ['缺卡次数', '次', (day) => results(day, 'missing')],
  ['地点异常', '次', (_, { place }) => place],
  ['设备异常', '次', (_, { device }) => device],
] // prettier-ignore

const OUTSIDE: readonly Counted[] = [
  ['加班时长', '小时', ({ overtime }) => overtime],
  ['外勤次数', '次', (_, { outings }) => outings],
]

const GRANTED: readonly Counted[] = [
  ['外出', '小时', (day) => day.minutes.outing - tripMinutes(day)],
  ['出差', '天', tripMinutes],
]

/** A kind that is asked for in hours is told in hours, one in days or halves of them in days. */
const leaveOf = ({ key, name, unit }: LeaveKind): Counted => [
  name,
  unit === 'hour' ? '小时' : '天',
  (day) => leaveByKind(day).get(key) ?? 0,
]

function otherLeave(leaveKinds: readonly LeaveKind[]): Counted {
  const known = new Set(leaveKinds.map(({ key }) => key))
  const count: Count = (day) =>
    [...leaveByKind(day)].reduce((sum, [kind, minutes]) => sum + (known.has(kind) ? 0 : minutes), 0)
  return [OTHER_LEAVE, '小时', count]
}
