import type { DayInput, Punch } from '../../contract/attendance.ts'
import type { Dues } from './due.ts'
import type { Planned } from './plan.ts'

const REPEATED_MIN = 1 // a punch so soon after the last one kept is the same one

/** The punches in order, and apart those that only repeat another. */
export function sifted(punches: readonly Punch[]): { kept: Punch[]; repeated: Punch[] } {
  const kept: Punch[] = []
  const repeated: Punch[] = []
  for (const punch of [...punches].sort(byTime)) {
    const last = kept.at(-1)
    if (last && punch.at - last.at <= REPEATED_MIN) repeated.push(punch)
    else kept.push(punch)
  }
  return { kept, repeated }
}

/** Of the same minute the order must not depend on who came first. */
const byTime = (a: Punch, b: Punch) => a.at - b.at || compare(a.source, b.source) || compare(a.id, b.id) // prettier-ignore

const compare = (a = '', b = '') => (a < b ? -1 : a > b ? 1 : 0)

/** Of free hours: the first punch, and those that come long enough after it to be an out. */
export const countsApart =
  (mine: readonly Punch[], apartMin: number) =>
  ({ at }: Punch): boolean => {
    const [first] = mine
    return !first || at === first.at || at - first.at >= apartMin
  }

/** What proves a section's begin and end. */
export interface Pair {
  readonly in: Punch | null
  readonly out: Punch | null
  readonly between: readonly Punch[] // they change nothing
}

/**
 * Which of the punches of a section's window are its in and its out. One alone is that of the nearer due; of
 * equally near ones the in.
 */
export function pairOf(kept: readonly Punch[], section: Planned, dues: Dues, noOut: boolean): Pair {
  const mine = kept.filter(({ at }) => at >= section.opens && at <= section.closes)
  const [first, ...rest] = mine
  if (!first) return { in: null, out: null, between: [] }
  if (noOut) return { in: first, out: null, between: rest }
  const last = rest.pop()
  if (last) return { in: first, out: last, between: rest }
  return nearer(first.at, dues) === 'in'
    ? { in: first, out: null, between: [] }
    : { in: null, out: first, between: [] }
}

const nearer = (at: number, dues: Dues) =>
  Math.abs(at - dues.in) <= Math.abs(at - dues.out) ? 'in' : 'out'

/** A pair in minutes, after approved corrections overwrote what they name. */
export interface Proof {
  readonly in: number | null
  readonly out: number | null
  readonly corrected: { readonly in: boolean; readonly out: boolean }
}

/** Of two corrections of one due the later in the list holds; no other punch moves. */
export function proofOf(
  pair: Pair,
  place: number, // of the section, from 1
  corrections: DayInput['corrections'],
): Proof {
  const inward = corrections.findLast(({ due }) => due === `in${place}`)
  const outward = corrections.findLast(({ due }) => due === `out${place}`)
  return {
    in: inward?.at ?? pair.in?.at ?? null,
    out: outward?.at ?? pair.out?.at ?? null,
    corrected: { in: inward !== undefined, out: outward !== undefined },
  }
}
