import { useI18n } from 'vue-i18n'
import type { RequestDetails, RequestRow, Span } from '../../backend/contract/approvals.ts'
import type { LeaveKind } from '../../backend/contract/approvalSettings.ts'
import { dayOfYear } from '../core/format.ts'
import { languageNow } from '../core/i18n.ts'

/** A date of the person's calendar in words: 11月24日 周二. */
export const dayWords = (date: string) => dayOfYear(Date.parse(`${date}T12:00:00Z`), 'UTC')

/** A kind of leave in the reader's language. */
export const kindName = (kind: Pick<LeaveKind, 'name' | 'nameEn'>) =>
  languageNow() === 'en' ? kind.nameEn : kind.name

/** Requests in the reader's language. */
export function useWording() {
  const { t } = useI18n()

  function span(of: Span): string {
    if (of.by === 'clock') {
      const sameDay = of.from.slice(0, 10) === of.to.slice(0, 10)
      const end = sameDay ? '' : `${dayWords(of.to.slice(0, 10))} `
      return `${dayWords(of.from.slice(0, 10))} ${of.from.slice(11)}–${end}${of.to.slice(11)}`
    }
    const from = `${dayWords(of.from)}${of.fromHalf === 'pm' ? ` ${t('approvals.half.pm')}` : ''}`
    const to = `${dayWords(of.to)}${of.toHalf === 'am' ? ` ${t('approvals.half.am')}` : ''}`
    if (of.from !== of.to) return t('approvals.to', { from, to })
    return of.toHalf === 'am' ? to : from
  }

  function due(key: string): string {
    const what = t(`approvals.due.${key.startsWith('in') ? 'in' : 'out'}`)
    const n = Number(key.replace(/\D+/, ''))
    return n > 1 ? t('approvals.nth', { n, what }) : what
  }

  const when = (details: RequestDetails) =>
    details.kind === 'correction'
      ? `${dayWords(details.date)} ${due(details.due)} ${details.at.slice(11)}`
      : span(details.span)

  const what = (row: Pick<RequestRow, 'details' | 'leaveName'>) =>
    row.leaveName ?? t(`approvals.kind.${row.details.kind}`)

  /** Minutes as days, or as hours where days would be a fraction that nobody speaks of. */
  function amount(minutes: number, minutesPerDay: number): string {
    const days = Math.round((minutes / minutesPerDay) * 100) / 100
    return Number.isInteger(days * 2)
      ? t('approvals.days', { n: days })
      : t('approvals.hours', { n: Math.round(minutes / 6) / 10 })
  }

  /** How much a request takes; hours of overtime. Nothing of a correction. */
  function size(row: Pick<RequestRow, 'details' | 'minutes' | 'days'>): string {
    if (row.details.kind === 'correction') return ''
    if (row.details.kind === 'overtime' || !Number.isInteger(row.days * 2))
      return t('approvals.hours', { n: Math.round(row.minutes / 6) / 10 })
    return t('approvals.days', { n: row.days })
  }

  return { span, due, when, what, amount, size }
}

/** Minutes of a work date as a clock shows them: 18:05; past midnight as 26:10 is said. */
export function clockOf(minute: number): string {
  const whole = Math.floor(minute)
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(((whole % 60) + 60) % 60).padStart(2, '0')}`
}
