import type { z } from 'zod'
import { percent, type TeamWeeks } from '../contract/team.ts'
import { far, long, tableOf, type Content } from './html.ts'

const HEAD = ['周一', '人天', '计划', '完成', '错过', '完成率', '计划外', '行驶', '没有位置', '出勤', '迟到天'] // prettier-ignore

/** Weeks of a team, the newest first: plan against actual. */
export function weekContent({ weeks }: z.infer<typeof TeamWeeks>, zone: string): Content {
  const rows = weeks
    .toReversed()
    .map((week) => [
      week.monday,
      String(week.days),
      String(week.planned),
      String(week.done),
      String(week.missed),
      percent(week.done, week.planned) === null ? '—' : `${percent(week.done, week.planned)} %`,
      String(week.extra),
      far(week.movedMetres),
      long(week.silentSeconds),
      long(week.workedMinutes * 60),
      String(week.lateDays),
    ])
  const [first, last] = [weeks[0]?.monday ?? '', weeks.at(-1)?.monday ?? '']
  return { title: '团队周报', subtitle: `${first} 至 ${last} 起的各周`, body: tableOf(HEAD, rows), wide: true, zone } // prettier-ignore
}
