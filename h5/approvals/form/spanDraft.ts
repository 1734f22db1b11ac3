import type { Half, Span } from '../../../backend/contract/approvals.ts'
import { dateAfter, isClock } from './useToday.ts'

/** Both ways to say from when to when, so that changing one's mind loses nothing. */
export interface SpanDraft {
  by: 'days' | 'clock'
  from: string
  to: string
  fromHalf: Half
  toHalf: Half
  fromTime: string
  toTime: string
}

export const draftOn = (date: string, more: Partial<SpanDraft> = {}): SpanDraft => ({
  ...{ by: 'days', from: date, to: date, fromHalf: 'am', toHalf: 'pm' },
  ...{ fromTime: '09:00', toTime: '18:00' },
  ...more,
})

/** What kinds of span a form takes. */
interface Allowed {
  clock: boolean
  days: boolean
  halves: boolean
}

/** The span that is meant; null while it is none. */
export function spanOf(draft: SpanDraft, { clock, days, halves }: Allowed): Span | null {
  if (draft.from === '' || draft.to === '') return null
  if (clock && (draft.by === 'clock' || !days)) return clockSpan(draft)
  return daySpan(halves ? draft : { ...draft, fromHalf: 'am', toHalf: 'pm' })
}

function clockSpan({ from, to, fromTime, toTime }: SpanDraft): Span | null {
  const span = { by: 'clock' as const, from: `${from}T${fromTime}`, to: `${to}T${toTime}` }
  return isClock(fromTime) && isClock(toTime) && span.from < span.to ? span : null
}

function daySpan({ from, to, fromHalf, toHalf }: SpanDraft): Span | null {
  if (to < from || (to === from && fromHalf === 'pm' && toHalf === 'am')) return null
  return { by: 'days', from, fromHalf, to, toHalf }
}

/** What lies between two minutes, said in days where both are midnights. */
export function spanBetween(from: string, to: string): Span {
  if (!from.endsWith('T00:00') || !to.endsWith('T00:00')) return { by: 'clock', from, to }
  const last = dateAfter(to.slice(0, 10), -1)
  return { by: 'days', from: from.slice(0, 10), fromHalf: 'am', to: last, toHalf: 'pm' }
}
