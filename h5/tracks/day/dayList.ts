import type { Day, Segment } from '../../../backend/contract/days.ts'
import { visitNumbers } from '../../map/visitNumbers.ts'
import { formOf, type RibbonForm } from '../../ui/ribbon.ts'

/** One row of the day's list; `index` is its place in the day's segments, on the map and on the ribbon. */
export interface DayRow {
  readonly index: number
  readonly form: RibbonForm
  readonly number: number | null // of a visit
  readonly segment: Segment
  readonly name: string | null // of the place or customer
  readonly edited: boolean // by its person, and not only disputed
  readonly ms: number
}

const MINUTE = 60_000

/** The time between two moments as the clock shows them, to the minute, so that what is shown adds up. */
export function clockMs(from: number, to: number): number {
  return (Math.floor(to / MINUTE) - Math.floor(from / MINUTE)) * MINUTE
}

/** The list beside ribbon and map. */
export function dayRows(day: Pick<Day, 'segments' | 'visits' | 'edits'>): DayRow[] {
  const numbers = visitNumbers(day.segments)
  const customers = new Map(day.visits.map((visit) => [visit.customerId, visit.name]))
  const disputes = new Set((day.edits ?? []).filter(isDispute).map(({ id }) => id))
  return day.segments.map((segment, index) => ({
    index,
    form: formOf(segment),
    number: numbers[index] ?? null,
    segment,
    name: segment.place?.name ?? customers.get(segment.customerId ?? '') ?? null,
    edited: segment.edits?.some((id) => !disputes.has(id)) ?? false,
    ms: clockMs(segment.from, segment.to),
  }))
}

const isDispute = ({ kind }: { kind: string }) => kind === 'dispute'

/** The ribbon's edges: the duty, and what lies beyond it. Null for a day with neither. */
export function daySpan(day: Pick<Day, 'segments' | 'duty'>): { from: number; to: number } | null {
  const edges = [...day.duty, ...day.segments]
  if (edges.length === 0) return null
  return {
    from: Math.min(...edges.map(({ from }) => from)),
    to: Math.max(...edges.map(({ to }) => to)),
  }
}

/** Time in stays at customers, inferred ones included, ms. */
export function customerTime(
  segments: readonly Pick<Segment, 'kind' | 'from' | 'to' | 'customerId'>[],
): number {
  return segments
    .filter(({ kind, customerId }) => customerId !== undefined && kind !== 'move')
    .filter(({ kind }) => kind !== 'silent')
    .reduce((sum, { from, to }) => sum + to - from, 0)
}

/** The calendar day before or after; `date` is YYYY-MM-DD. */
export function shiftedDate(date: string, days: number): string {
  const at = Date.parse(`${date}T00:00:00Z`)
  return new Date(at + days * 86_400_000).toISOString().slice(0, 10)
}
