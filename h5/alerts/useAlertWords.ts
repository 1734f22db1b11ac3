import { useI18n } from 'vue-i18n'
import type { Alert } from '../../backend/contract/alerts.ts'
import { dayOfYear, hoursMinutes, isoDate, timeOfDay } from '../core/format.ts'

/** What is said of an alert, in the reader's language. `now` is the server's clock, epoch ms. */
export function useAlertWords(zone: string) {
  const { t, te } = useI18n()

  function length(ms: number): string {
    const { hours, minutes } = hoursMinutes(ms)
    return hours === 0 ? t('alerts.minutes', { minutes }) : t('alerts.hours', { hours, minutes })
  }

  const clock = (at: number, now: number) =>
    isoDate(at, zone) === isoDate(now, zone)
      ? timeOfDay(at, zone)
      : `${dayOfYear(at, zone)} ${timeOfDay(at, zone)}`

  /** What happened, as in 失去联系 45 分钟 · 没有网络. */
  function what(alert: Alert, now: number): string {
    const { kind, since, until, detail } = alert
    const lasts = length((until ?? now) - since)
    const due = typeof detail.due === 'string' ? dueName(detail.due) : ''
    const score = String(detail.score ?? '')
    const first = t(`alerts.what.${kind}`, { lasts, due, score })
    const reason = `core.reason.${String(detail.reason)}`
    return detail.reason !== undefined && te(reason) ? `${first} · ${t(reason)}` : first
  }

  const dueName = (due: string) =>
    t(`alerts.due.${due.startsWith('in') ? 'in' : 'out'}${due.endsWith('1') ? '' : 'N'}`, { n: due.replace(/\D/g, '') }) // prettier-ignore

  /** When, as in 10:05 起, 10:05–11:00. */
  function when({ since, until, kind, date }: Alert, now: number): string {
    if (kind === 'missing_punch') return dayOfYear(Date.parse(`${date}T12:00:00Z`), 'UTC')
    if (until === null) return t('alerts.since', { from: clock(since, now) })
    if (kind === 'low_evidence' || until === since) return clock(since, now)
    return `${clock(since, now)}–${timeOfDay(until, zone)}`
  }

  return { what, when, clock }
}
