import type { Segment } from '../../backend/contract/days.ts'

export type RibbonForm = 'customer' | 'stay' | 'move' | 'inferred' | 'silent'

/** The form in which a segment is drawn, everywhere the same. */
export function formOf(segment: Pick<Segment, 'kind' | 'customerId'>): RibbonForm {
  if (segment.kind === 'stay') return segment.customerId === undefined ? 'stay' : 'customer'
  return segment.kind === 'inferred_stay' ? 'inferred' : segment.kind
}

/** Where a segment lies between the ribbon's edges, as CSS in per cent; what sticks out is cut. */
export function spanOf(
  segment: { from: number; to: number },
  from: number,
  to: number,
): { left: string; width: string } {
  const left = percentOf(segment.from, from, to)
  const width = percentOf(segment.to, from, to) - left
  return { left: `${left.toFixed(3)}%`, width: `${width.toFixed(3)}%` }
}

/** Where a moment lies between the ribbon's edges, 0–100; outside of them at the edge. */
export function percentOf(at: number, from: number, to: number): number {
  return ((Math.min(Math.max(at, from), to) - from) / (to - from)) * 100
}

export interface Tick {
  readonly at: number
  readonly percent: number
  readonly named: boolean // carries its time; the others are strokes only
}

const MINUTE = 60_000
const STEPS = [10, 15, 30, 60, 120, 180, 240, 360, 720, 1440] // minutes, all dividing a day

/**
 * The ticks of the axis: on round times of day in the person's zone, also across a change of the
 * clocks and where the zone is half an hour off.
 * @param most so many times fit beside each other
 */
export function ticksOf(span: { from: number; to: number }, zone: string, most: number): Tick[] {
  const { from, to } = span
  if (!(to > from)) return []
  const room = (to - from) / MINUTE / (most + 1) // steps below would not fit, and cost to count
  const named =
    STEPS.find((step) => step >= room && roundTimes(from, to, step, zone).length <= most) ?? 1440
  const strokes = named > 60 ? 60 : named
  const carriers = new Set(roundTimes(from, to, named, zone))
  return roundTimes(from, to, strokes, zone).map((at) => ({
    at,
    percent: percentOf(at, from, to),
    named: carriers.has(at),
  }))
}

/** Whether a time on the axis would run into that of the hand. */
export function isCovered(percent: number, hand: number | null, width: number, time: number) {
  return hand !== null && (Math.abs(percent - hand) * width) / 100 < time
}

/** Moments at which the minute of the zone's day divides by `step`. */
function roundTimes(from: number, to: number, step: number, zone: string): number[] {
  const times: number[] = []
  let at = Math.ceil(from / MINUTE) * MINUTE
  while (at <= to) {
    const beyond = minuteOfDay(at, zone) % step
    if (beyond === 0) times.push(at)
    at += (step - beyond) * MINUTE
  }
  return times
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function minuteOfDay(at: number, zone: string): number {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  clocks.set(zone, clock)
  const [hour = 0, minute = 0] = clock.format(at).split(':').map(Number)
  return hour * 60 + minute
}

/**
 * The piece that a finger at a moment means: of those that reach so far the one whose middle is
 * nearest, measured by its own width. So a wide piece is hit in its middle, a narrow one beside it.
 * @param reach ms to each side of its middle in which the narrowest piece is hit
 * @returns its index, -1 where there is no piece
 */
export function pieceAt(
  segments: readonly { from: number; to: number }[],
  at: number,
  reach: number,
): number {
  let best = { index: -1, away: Infinity }
  segments.forEach(({ from, to }, index) => {
    const half = Math.max((to - from) / 2, reach)
    const away = Math.abs(at - (from + to) / 2) / half
    if (away <= 1 && away < best.away) best = { index, away }
  })
  return best.index
}

export interface Flag {
  readonly index: number // of the segment
  readonly percent: number // of its middle
  readonly number: number | null // of a visit whose block is too narrow for it
  readonly disputed: boolean
  readonly edited: boolean
}

type Flagged = Pick<Segment, 'from' | 'to' | 'edits' | 'disputed'>
const DIGIT = 8 // px that a digit takes, with its share of the margin
const SIGN = 14
const APART = 3

/** Whether a visit's number stands inside of its block. */
export function holdsNumber(segment: { from: number; to: number }, number: number, scale: number) {
  return (segment.to - segment.from) * scale >= String(number).length * DIGIT + 4
}

/**
 * What stands above the ribbon: numbers that their blocks can not hold, marks of disputed and edited
 * pieces. What would run into its left neighbour is left out, but never a dispute.
 * @param scale px per ms
 */
export function flagsOf(
  segments: readonly Flagged[],
  numbers: readonly (number | null)[],
  span: { from: number; to: number },
  scale: number,
): Flag[] {
  const whole = (span.to - span.from) * scale // px
  const outside = numbersOutside(segments, numbers, scale)
  const flags = segments.flatMap((segment, index): Flag[] => {
    const number = outside[index] ?? null
    const disputed = segment.disputed !== undefined
    const edited = !disputed && (segment.edits?.length ?? 0) > 0
    if (number === null && !disputed && !edited) return []
    const width = widthOf({ number, disputed, edited })
    const middle = (percentOf((segment.from + segment.to) / 2, span.from, span.to) / 100) * whole
    const at = Math.min(Math.max(middle, width / 2), whole - width / 2) // all of it inside
    return [{ index, percent: (at / whole) * 100, number, disputed, edited }]
  })
  let end = -Infinity
  return flags.filter((flag) => {
    const [at, half] = [(flag.percent / 100) * whole, widthOf(flag) / 2]
    if (at - half < end && !flag.disputed) return false
    end = at + half + APART
    return true
  })
}

/** Numbers that their blocks can not hold; a visit in pieces says its number once. */
function numbersOutside(
  segments: readonly Flagged[],
  numbers: readonly (number | null)[],
  scale: number,
): (number | null)[] {
  let told = 0
  return segments.map((segment, index) => {
    const number = numbers[index] ?? null
    if (number === null) return null
    const again = number === told
    told = number
    return again || holdsNumber(segment, number, scale) ? null : number
  })
}

function widthOf({ number, disputed, edited }: Omit<Flag, 'index' | 'percent'>): number {
  return (number === null ? 0 : String(number).length * DIGIT) + (disputed || edited ? SIGN : 0)
}
