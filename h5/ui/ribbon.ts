import type { Segment } from '../../backend/contract/days.ts'

export type RibbonForm = 'customer' | 'stay' | 'move' | 'inferred' | 'silent'

/** The form in which a segment is drawn, everywhere the same. */
export function formOf(segment: Segment): RibbonForm {
  if (segment.kind === 'stay') return segment.customerId === undefined ? 'stay' : 'customer'
  return segment.kind === 'inferred_stay' ? 'inferred' : segment.kind
}

/** Where a segment lies between the ribbon's edges, as CSS in per cent; what sticks out is cut. */
export function spanOf(
  segment: { from: number; to: number },
  from: number,
  to: number,
): { left: string; width: string } {
  const percent = (at: number) => ((Math.min(Math.max(at, from), to) - from) / (to - from)) * 100
  const left = percent(segment.from)
  return { left: `${left.toFixed(3)}%`, width: `${(percent(segment.to) - left).toFixed(3)}%` }
}

export interface Mark {
  at: number
  percent: number
  edge: 'first' | 'inner' | 'last'
}

/** Four times for the axis: both edges and two between, on whole half hours. */
export function hourMarks(from: number, to: number): Mark[] {
  const half = 30 * 60_000
  const third = (to - from) / 3
  const inner = [from + third, from + 2 * third].map((at) => Math.round(at / half) * half)
  const times = [from, ...inner.filter((at) => at - from > half && to - at > half), to]
  return times.map((at, index) => ({
    at,
    percent: ((at - from) / (to - from)) * 100,
    edge: index === 0 ? 'first' : index === times.length - 1 ? 'last' : 'inner',
  }))
}
