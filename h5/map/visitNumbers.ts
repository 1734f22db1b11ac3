import type { Segment } from '../../backend/contract/days.ts'

/**
 * The number that a stay at a customer carries on map, ribbon and list, in the order of the day.
 * A stay that goes on after an inferred piece at the same customer keeps its number.
 */
export function visitNumbers(segments: readonly Segment[]): (number | null)[] {
  let count = 0
  let open: string | null = null // the customer that may still go on
  return segments.map(({ kind, customerId }) => {
    if (kind === 'inferred_stay') return null
    if (kind !== 'stay' || customerId === undefined) {
      open = null
      return null
    }
    if (customerId !== open) count += 1
    open = customerId
    return count
  })
}
