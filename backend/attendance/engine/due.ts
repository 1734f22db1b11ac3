import { requiredOf, type Section } from './plan.ts'
import { without, type Span } from './spans.ts'

/** When a section's punches are due, and what is left of it to be proven. */
export interface Dues {
  readonly in: number
  readonly out: number
  readonly required: readonly Span[]
  readonly open: readonly Span[] // required and not covered
  readonly excused: boolean // wholly covered
}

/**
 * The dues of a section: cover from its first required minute on moves the due in to the first uncovered
 * one, past a rest too; likewise the due out to the end of the last one.
 * @param covered minutes of leave and outing
 */
export function duesOf(section: Section, covered: readonly Span[]): Dues {
  const required = requiredOf(section)
  const open = without(required, covered)
  const [first, last] = [open[0], open.at(-1)]
  if (!first || !last) return { in: section.in, out: section.out, required, open, excused: true }
  return {
    in: first.from === required[0]?.from ? section.in : first.from,
    out: last.to === required.at(-1)?.to ? section.out : last.to,
    required,
    open,
    excused: false,
  }
}
