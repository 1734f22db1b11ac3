import { minuteOf, type FixedShift, type FreeShift } from '../../contract/attendance.ts'
import { union, without, type Span } from './spans.ts'

/** A section in minutes. */
export interface Section {
  readonly in: number
  readonly out: number
  readonly rest: readonly Span[]
}

/** A section with the punches that may count for it, both ends included: as rostered, wherever it moves. */
export interface Planned extends Section {
  readonly opens: number
  readonly closes: number
}

export const restsOf = (rest: readonly (readonly [string, string])[]): Span[] =>
  union(rest.map(([from, to]) => ({ from: minuteOf(from), to: minuteOf(to) })))

const plans = new WeakMap<FixedShift, readonly Planned[]>()

/**
 * The sections of a shift with their windows, made once a shift. Towards a neighbour a window reaches to the
 * middle of the break, rounded down; that minute is the earlier section's.
 */
export function planOf(shift: FixedShift): readonly Planned[] {
  const known = plans.get(shift)
  if (known) return known
  const planned = sectionsOf(shift)
  plans.set(shift, planned)
  return planned
}

function sectionsOf(shift: FixedShift): Planned[] {
  const sections = shift.sections.map((section) => ({
    in: minuteOf(section.in),
    out: minuteOf(section.out),
    rest: restsOf(section.rest),
  }))
  return sections.map((section, index) => {
    const earlier = sections[index - 1]
    const later = sections[index + 1]
    return {
      ...section,
      opens: earlier ? middle(earlier, section) + 1 : section.in - shift.windowBeforeMin,
      closes: later ? middle(section, later) : section.out + shift.windowAfterMin,
    }
  })
}

const middle = (earlier: Section, later: Section) => Math.floor((earlier.out + later.in) / 2)

/** What a section requires: its minutes without its rests. */
export const requiredOf = (section: Section): Span[] =>
  without([{ from: section.in, to: section.out }], section.rest)

/** The 24 hours of a free work date. */
export const dateOf = (shift: FreeShift): Span => {
  const from = minuteOf(shift.dayBoundary)
  return { from, to: from + 1440 }
}
