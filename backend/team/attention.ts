import {
  TEAM_REASONS,
  type TEAM_SORTS,
  type TeamReason,
  type TeamRow,
  type TeamSums,
} from '../contract/team.ts'

export type Facts = Omit<TeamRow, 'reasons'> & { readonly consents: boolean } // to be located
export type Sort = (typeof TEAM_SORTS)[number]

const HALF_HOUR = 1800 // seconds
const HOUR = 3600
const SILENT_SHARE = 0.25 // of the duty so far

/** Whether each reason holds of a day. */
const HOLDS: Record<TeamReason, (day: Facts) => boolean> = {
  unheard: (day) => day.consents && isMissing(day),
  no_consent: (day) => !day.consents && isMissing(day),
  alerts: ({ alerts }) => alerts > 0,
  absent: ({ absentMinutes }) => absentMinutes > 0,
  silent: ({ firstAt, silentSeconds, dutySeconds }) =>
    firstAt !== null && silentSeconds >= HOUR && silentSeconds >= SILENT_SHARE * dutySeconds,
  missed: ({ missed }) => missed > 0,
  late: ({ lateMinutes }) => lateMinutes > 0,
}

const isMissing = ({ firstAt, dutySeconds }: Facts) => firstAt === null && dutySeconds >= HALF_HOUR

export const reasonsOf = (day: Facts): TeamReason[] =>
  TEAM_REASONS.filter((reason) => HOLDS[reason](day))

/** What each reason weighs; within the same reasons more of it comes first. */
const WEIGHT: Record<TeamReason, (day: TeamRow) => number> = {
  unheard: () => 60,
  no_consent: () => 3, // the office’s to see to, not today’s
  alerts: ({ alerts }) => 40 + Math.min(alerts, 5) * 4,
  absent: ({ absentMinutes }) => 30 + Math.min(absentMinutes, 480) / 48,
  silent: ({ silentSeconds, dutySeconds }) => 20 + (20 * silentSeconds) / Math.max(1, dutySeconds),
  missed: ({ missed }) => 10 + Math.min(missed, 10) * 3,
  late: ({ lateMinutes }) => 5 + Math.min(lateMinutes, 100) / 10,
}

const weightOf = (row: TeamRow) => row.reasons.reduce((sum, each) => sum + WEIGHT[each](row), 0)

const BY: Record<Sort, (row: TeamRow) => number> = {
  attention: weightOf,
  name: () => 0,
  visits: ({ done, extra }) => done + extra,
  distance: ({ movedMetres }) => movedMetres,
  silent: ({ silentSeconds }) => silentSeconds,
}

/** Days in the order they are looked at, most first; equals by name, then id: the same rows are always in the same order. */
export function sorted(rows: readonly TeamRow[], sort: Sort): TeamRow[] {
  const names = new Intl.Collator('zh-CN')
  return rows
    .map((row) => ({ row, by: BY[sort](row) }))
    .sort(
      (a, b) =>
        b.by - a.by ||
        names.compare(a.row.name, b.row.name) ||
        (a.row.personId < b.row.personId ? -1 : 1),
    )
    .map(({ row }) => row)
}

const ADDED = ['movedMetres', 'silentSeconds', 'dutySeconds', 'planned', 'done', 'missed', 'extra'] as const // prettier-ignore

export function sumsOf(rows: readonly TeamRow[]): TeamSums {
  const sums: TeamSums = {
    ...{
      movedMetres: 0,
      silentSeconds: 0,
      dutySeconds: 0,
      planned: 0,
      done: 0,
      missed: 0,
      extra: 0,
    },
    people: rows.length,
    heard: rows.filter(({ firstAt }) => firstAt !== null).length,
    wanting: rows.filter(({ reasons }) => reasons.length > 0).length,
  }
  for (const row of rows) for (const key of ADDED) sums[key] += row[key]
  return sums
}
