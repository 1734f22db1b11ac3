import { Temporal } from 'temporal-polyfill'
import { percent, type TeamWeek } from '../contract/team.ts'

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  const day = Temporal.PlainDate.from(date)
  return day.subtract({ days: day.dayOfWeek - 1 }).toString()
}

/** From the Monday of the first of so many weeks to the Sunday of a date's week. */
export function weeksUpTo(date: string, weeks: number): { from: string; to: string } {
  const monday = Temporal.PlainDate.from(mondayOf(date))
  return {
    from: monday.subtract({ weeks: weeks - 1 }).toString(),
    to: monday.add({ days: 6 }).toString(),
  }
}

/** When a team's week is told: on its zone's Monday, from 8:30 on. @returns the Monday of the week that is over, null: not now */
export function weekToTell(now: number, zone: string): string | null {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  if (local.dayOfWeek !== 1 || local.hour * 60 + local.minute < 510) return null
  return local.toPlainDate().subtract({ days: 7 }).toString()
}

/** The card of a week in a few lines. @param before the week before it, to compare with */
export function digestOf(week: TeamWeek, before: TeamWeek): string {
  const rate = percent(week.done, week.planned)
  const visits =
    rate === null
      ? `拜访 ${week.done + week.extra} 次，没有计划`
      : `计划拜访 ${week.planned} 次，完成 ${week.done} 次（${rate}%），漏访 ${week.missed} 次，另有 ${week.extra} 次计划外`
  const metres = `里程 ${Math.round(week.movedMetres / 1000)} 公里${compared(week.movedMetres, before.movedMetres)}`
  const silent = percent(week.silentSeconds, week.dutySeconds)
  const silence = silent === null ? [] : [`当班静默 ${silent}%`]
  return [visits, [metres, ...silence, `迟到 ${week.lateDays} 人次`].join('；')].join('\n')
}

function compared(now: number, before: number): string {
  const change = before > 0 ? Math.round((100 * (now - before)) / before) : null
  if (change === null) return ''
  return change === 0
    ? '（与上周持平）'
    : `（比前一周${change > 0 ? '多' : '少'} ${Math.abs(change)}%）`
}
