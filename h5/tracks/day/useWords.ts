import { useI18n } from 'vue-i18n'
import type { Day, RecordedEdit } from '../../../backend/contract/days.ts'
import { dayOfYear, distance, hoursMinutes, timeOfDay } from '../../core/format.ts'
import { indexAt } from '../edits/changes.ts'
import type { DayRow } from './dayList.ts'

/** How a day's pieces, lengths and edits are told, everywhere the same. */
export function useWords() {
  const { t } = useI18n()

  function metres(value: number): string {
    const { value: figure, unit } = distance(value)
    return `${figure} ${t(unit === 'm' ? 'core.metres' : 'core.kilometres')}`
  }

  function long(ms: number): string {
    const { hours, minutes } = hoursMinutes(ms)
    return hours === 0 ? t('tracks.short', { minutes }) : t('tracks.long', { hours, minutes })
  }

  function titleOf({ form, segment, name }: DayRow): string {
    const reason = t(`core.reason.${segment.reason ?? 'unknown'}`)
    if (form === 'customer') return name ?? t('tracks.aCustomer')
    if (form === 'move') return t('tracks.moved', { length: metres(segment.metres ?? 0) })
    if (form === 'silent') return t('tracks.silent', { reason })
    if (form === 'inferred') return t('tracks.inferred', { name: name ?? t('tracks.thatPlace') })
    return name ?? t('tracks.otherStay')
  }

  /** An edit in words; a stay is named by its times as they are told now. */
  function editWords(edit: RecordedEdit, { zone, segments }: Pick<Day, 'zone' | 'segments'>) {
    const time = (at: number) => timeOfDay(at, zone)
    const piece = (at: number) => {
      const found = segments[indexAt(segments, at) ?? -1]
      return found === undefined ? time(at) : `${time(found.from)}–${time(found.to)}`
    }
    switch (edit.kind) {
      case 'split':
        return t('trackEdits.record.split', { at: time(edit.at) })
      case 'merge':
        return t('trackEdits.record.merge', { from: time(edit.from), to: time(edit.to) })
      case 'name':
        return t('trackEdits.record.name', { at: piece(edit.at), name: edit.name })
      case 'dispute':
        return t('trackEdits.record.dispute', { at: piece(edit.at), note: edit.note })
      case 'withdraw':
        return t('trackEdits.record.withdraw')
    }
  }

  const when = (at: number, zone: string) => `${dayOfYear(at, zone)} ${timeOfDay(at, zone)}`

  return { t, metres, long, titleOf, editWords, when }
}
