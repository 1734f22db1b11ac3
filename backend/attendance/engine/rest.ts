import type { OvertimeRest } from '../../contract/attendance.ts'
import { restsOf } from './plan.ts'
import { common, lengthOf, type Span } from './spans.ts'

/** Minutes of overtime that are rest, and what says so. */
export interface RestWithin {
  readonly restMin: number
  readonly by: 'clock' | 'length'
  readonly fromMin: number // of the line that is reached; 0 by the clock
}

const NONE: RestWithin = { restMin: 0, by: 'clock', fromMin: 0 }

/**
 * What of overtime is rest: the minutes at the times of the clock, or those of the last line whose length it reaches.
 * @param overtime a union
 */
export function restWithin(rest: OvertimeRest | undefined, overtime: readonly Span[]): RestWithin {
  if (!rest) return NONE
  if (rest.by === 'clock') return { ...NONE, restMin: lengthOf(common(overtime, restsOf(rest.times))) } // prettier-ignore
  const length = lengthOf(overtime)
  const line = rest.lines.findLast(({ fromMin }) => fromMin <= length)
  return line ? { by: 'length', ...line } : NONE
}
