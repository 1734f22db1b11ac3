import type { PlanDay } from '../../backend/contract/plans.ts'

/** What a cell of the calendar tells. */
export interface Tally {
  words: string // done / planned; · for nothing
  missed: number
  open: number // stays without a check-in and check-ins without a stay, planned or not
  extra: number // visits nobody planned
}

/** A person-day in numbers. */
export function tallyOf(day: PlanDay | null): Tally {
  const stops = day?.stops ?? []
  const extra = day?.extra ?? []
  const open = [...stops, ...extra].filter(
    ({ status }) => status === 'unlogged' || status === 'unproven',
  )
  const done = stops.filter(({ status }) => status === 'done').length
  return {
    words: stops.length === 0 ? '·' : `${done} / ${stops.length}`,
    missed: stops.filter(({ status }) => status === 'missed').length,
    open: open.length,
    extra: extra.filter(({ status }) => status === 'unplanned').length,
  }
}
