import type { Segment } from '../../backend/contract/days.ts'

export const TRAIL_MS = 30 * 60_000

/**
 * The end of a day, from a moment on; gaps stay gaps, and pieces keep their places in the list that they come from.
 * A line that began before is cut where its even pace was then: it carries no times.
 * @param from epoch ms
 * @returns pieces with their index in `segments`, in time order
 */
export function trailOf(
  segments: readonly Segment[],
  from: number,
): { index: number; segment: Segment }[] {
  return segments.flatMap((segment, index) => {
    if (segment.to <= from) return []
    if (segment.from >= from) return [{ index, segment }]
    const share = (from - segment.from) / (segment.to - segment.from)
    const rest = { ...segment, from }
    return [{ index, segment: segment.line ? { ...rest, line: cut(segment.line, share) } : rest }]
  })
}

type Line = NonNullable<Segment['line']>

const between = (a: Line[number], b: Line[number]) =>
  Math.hypot((b[0] - a[0]) * Math.cos((a[1] * Math.PI) / 180), b[1] - a[1])

/** What is left of a line after a share of its length. */
function cut(line: Line, share: number): Line {
  const steps = line.slice(1).map((end, index) => {
    const begin = line[index] ?? end
    return { begin, end, length: between(begin, end) }
  })
  let left = share * steps.reduce((sum, { length }) => sum + length, 0)
  const first = steps.findIndex(({ length }) => {
    if (left < length) return true
    left -= length
    return false
  })
  const step = steps[first]
  if (!step) return line.slice(-1)
  const part = left / step.length
  const at = (axis: 0 | 1) => step.begin[axis] + (step.end[axis] - step.begin[axis]) * part
  return [[at(0), at(1)], ...line.slice(first + 1)]
}
