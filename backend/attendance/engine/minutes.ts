import type { DueResult, LedgerMinutes, MinuteClass, Piece } from '../../contract/attendance.ts'
import type { Dues } from './due.ts'
import { before, common, since, type Span } from './spans.ts'

/** Minutes of leave, and of outing that is not under leave. */
export interface Cover {
  readonly leave: readonly Span[]
  readonly outing: readonly Span[]
}

const piecesOf = (kind: MinuteClass, spans: readonly Span[]): Piece[] =>
  spans.map(({ from, to }) => ({ from, to, kind }))

const inOrder = (pieces: Piece[]) => pieces.sort((a, b) => a.from - b.from)

/** The class of each required minute of a section, in order. */
export function classesOf(
  dues: Dues,
  results: { in: DueResult; out: DueResult | null },
  cover: Cover,
): Piece[] {
  return inOrder([
    ...piecesOf('leave', common(dues.required, cover.leave)),
    ...piecesOf('outing', common(dues.required, cover.outing)),
    ...openClasses(dues.open, results),
  ])
}

/** Of minutes that nothing covers: asked in this order, so an in after the out leaves nothing to the out. */
function openClasses(
  open: readonly Span[],
  { in: inward, out: outward }: { in: DueResult; out: DueResult | null },
): Piece[] {
  if (inward.result === 'absent') return piecesOf('absent', open)
  const proven = inward.punch !== null && outward?.punch !== null
  const from = inward.punch ?? -Infinity
  const to = outward?.punch ?? Infinity
  const later = since(open, from)
  return [
    ...piecesOf(lostAs(inward, 'late'), before(open, from)),
    ...piecesOf(proven ? 'worked' : 'unproven', before(later, to)),
    ...piecesOf(lostAs(outward, 'early'), since(later, to)),
  ]
}

const lostAs = (due: DueResult | null, kind: 'late' | 'early') =>
  due?.result === 'normal' ? 'forgiven' : kind

/** Free hours: leave, then outing, then what lies between the first and the last punch, until N are full. */
export function freeClasses(
  required: number,
  cover: Cover,
  worked: readonly Span[],
): { pieces: Piece[]; left: number } {
  let left = required
  const pieces: Piece[] = []
  const take = (kind: MinuteClass, spans: readonly Span[]) => {
    for (const { from, to } of spans) {
      const taken = Math.min(left, to - from)
      if (taken > 0) pieces.push({ from, to: from + taken, kind })
      left -= Math.max(0, taken)
    }
  }
  take('leave', cover.leave)
  take('outing', cover.outing)
  take('worked', worked)
  return { pieces: inOrder(pieces), left }
}

/** The sums of the classes. @param rest required minutes that have no place in the day, of free hours. */
export function sumsOf(
  pieces: readonly Piece[],
  overtime: number,
  rest: { kind: MinuteClass; minutes: number } | null = null,
): LedgerMinutes {
  const sums: LedgerMinutes = { ...NOTHING, overtime }
  const add = (kind: MinuteClass, minutes: number) => {
    sums[kind] += minutes
    sums.required += minutes
  }
  for (const { from, to, kind } of pieces) add(kind, to - from)
  if (rest) add(rest.kind, rest.minutes)
  return sums
}

const NOTHING: LedgerMinutes = {
  required: 0,
  worked: 0,
  forgiven: 0,
  late: 0,
  early: 0,
  unproven: 0,
  absent: 0,
  leave: 0,
  outing: 0,
  short: 0,
  overtime: 0,
}
