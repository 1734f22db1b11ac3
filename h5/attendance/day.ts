import { MinuteClass, type DayLedger, type Reason } from '../../backend/contract/attendance.ts'

/** A minute of a work date as its clock shows it: 1800 is 06:00 of the next day. */
export function clockOf(minute: number): { time: string; days: number } {
  const days = Math.floor(minute / 1440)
  const rest = minute - days * 1440
  const two = (n: number) => String(n).padStart(2, '0')
  return { time: `${two(Math.floor(rest / 60))}:${two(rest % 60)}`, days }
}

/** The sum whose terms are what is required, empty classes left out. */
export const termsOf = (minutes: DayLedger['minutes']) =>
  MinuteClass.options.map((kind) => ({ kind, n: minutes[kind] })).filter(({ n }) => n > 0)

export interface Bar {
  kind: MinuteClass
  left: number // fractions of the strip's width
  width: number
}
export interface Strip {
  bars: Bar[]
  punches: number[] // fractions
  gaps: { at: number; missing: boolean }[] // dues without a punch
  ticks: { at: number; minute: number }[]
}

/** The day drawn from its first to its last minute that matters; null when nothing was required or punched. */
export function stripOf(ledger: DayLedger): Strip | null {
  const punches = ledger.punches.map((punch) => punch.at)
  const edges = [
    ...ledger.pieces.flatMap(({ from, to }) => [from, to]),
    ...ledger.due.map((due) => due.at),
    ...ledger.due.flatMap(({ punch }) => (punch === null ? [] : [punch])),
  ]
  if (edges.length === 0) return null
  const from = Math.min(...edges)
  const to = Math.max(...edges, from + 1)
  const at = (minute: number) => (minute - from) / (to - from)
  return {
    bars: ledger.pieces.map((piece) => ({
      kind: piece.kind,
      left: at(piece.from),
      width: (piece.to - piece.from) / (to - from),
    })),
    punches: punches.filter((minute) => minute >= from && minute <= to).map(at),
    gaps: ledger.due
      .filter((due) => due.punch === null && due.result !== 'excused')
      .map((due) => ({ at: at(due.at), missing: due.result !== 'pending' })),
    ticks: spread([...new Set([from, ...ledger.pieces.flatMap((piece) => [piece.from, piece.to]), to])], from, to), // prettier-ignore
  }
}

const APART = 0.13 // of the width: closer ticks would write over each other

/** The first and the last tick, and of those between as many as have room. */
function spread(minutes: readonly number[], from: number, to: number): Strip['ticks'] {
  const at = (minute: number) => (minute - from) / (to - from)
  const kept = [from]
  for (const minute of [...minutes].sort((a, b) => a - b))
    if (at(minute) - at(kept.at(-1) ?? from) >= APART && 1 - at(minute) >= APART) kept.push(minute)
  return [...kept, to].map((minute) => ({ at: at(minute), minute }))
}

/** The values of a reason as they are said: `…At` as clock times, `due` by its way, the others as they are. */
export function saidValues(
  { values }: Reason,
  words: { clock: (minute: number) => string; due: (name: string) => string },
): Record<string, string> {
  const said = Object.entries(values).map(([name, value]) => {
    if (name === 'due') return [name, words.due(String(value))]
    if (name.endsWith('At')) return [name, words.clock(Number(value))]
    return [name, String(value)]
  })
  return Object.fromEntries(said)
}
