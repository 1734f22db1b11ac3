import { useI18n } from 'vue-i18n'
import type { TeamReason, TeamRow } from '../../backend/contract/team.ts'
import { distance, hoursMinutes, timeOfDay } from '../core/format.ts'

/** Numbers of a team's day as they are read. */
export function useTeamWords() {
  const { t } = useI18n()
  const length = (seconds: number) => {
    const { hours, minutes } = hoursMinutes(seconds * 1000)
    return hours > 0 ? t('team.hours', { h: hours, m: minutes }) : t('team.minutes', { m: minutes })
  }
  const reason = (row: TeamRow, why: TeamReason) =>
    t(`team.reasons.${why}`, { n: why === 'missed' ? row.missed : row.lateMinutes })
  return {
    length,
    reason,
    time: (at: number | null, zone: string) => (at === null ? t('team.none') : timeOfDay(at, zone)),
    metres(metres: number) {
      const { value, unit } = distance(metres)
      return `${value} ${t(unit === 'm' ? 'core.metres' : 'core.kilometres')}`
    },
    worked: ({ workedMinutes }: TeamRow) =>
      workedMinutes === null ? t('team.none') : length(workedMinutes * 60),
  }
}
