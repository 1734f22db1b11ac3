import { useI18n } from 'vue-i18n'
import { clockOf } from './day.ts'

/** How minutes, dues and reasons are said, in the reader's language. */
export function useWords() {
  const { t } = useI18n()

  /** A minute of the work date as a clock time, with the day where it is another. */
  function clock(minute: number): string {
    const { time, days } = clockOf(minute)
    if (days === 0) return time
    if (days === -1) return t('attendance.day.before', { time })
    return days === 1
      ? t('attendance.day.next', { time })
      : t('attendance.day.later', { n: days, time })
  }

  /** A due such as `in2`; the section is said when there are several. */
  function due(name: string, sections = 1): string {
    const way = t(`attendance.${name.startsWith('in') ? 'in' : 'out'}`)
    return sections > 1 ? t('attendance.nth', { n: name.replace(/\D+/, ''), way }) : way
  }

  return { clock, due }
}
