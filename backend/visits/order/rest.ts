import { CLOSED_LATE, WEIGHTS } from './route.ts'

/** Opening and closing minutes after each other; null: always open. */
export type Window = Float64Array | null

/** What is left of a kept way from each position on, for who arrives there at another time. */
export interface Rest {
  /** Remembers a way by when each position is arrived at and what it cost before each. */
  settle(order: ArrayLike<number>, way: Way): void
  /** Whether what `costAt` says is true for an arrival at this time. */
  holds(position: number, time: number): boolean
  /** What is paid from the arrival at a position on. */
  costAt(position: number, time: number): number
  /**
   * What can not be gone below from the arrival at a position on. Who comes later is nowhere earlier, so he is late by
   * no less, and waits less by no more than he is later, and than there was to wait.
   */
  leastAt(position: number, time: number): number
}

interface Way {
  readonly arrivals: Float64Array
  readonly costs: Float64Array
}

const at = (table: ArrayLike<number>, index: number) => table[index] ?? 0

/** What waiting or being late costs. @param gap as of `gapAt` */
export const paid = (gap: number) => (gap > 0 ? WEIGHTS.wait * gap : -WEIGHTS.late * gap)

/**
 * Arriving some minutes earlier or later costs by a slope, until a place is found otherwise: `earliest` and
 * `latest` (not reached) are the arrivals between which that is so. A wait swallows the difference, and nothing after it changes.
 */
export function createRest(windows: readonly Window[]): Rest {
  const size = windows.length
  const slopes = new Float64Array(size + 1)
  const earliest = new Float64Array(size + 1)
  const latest = new Float64Array(size + 1)
  const arrivals = new Float64Array(size + 1)
  const rests = new Float64Array(size + 1) // paid from the arrival on
  const waits = new Float64Array(size + 1) // minutes waited from the arrival on
  const settleAt = (i: number, window: Window, after: number) => {
    const time = at(arrivals, i)
    const gap = gapAt(window, time)
    const span = spanAt(window, time, gap)
    const isWaiting = gap > 0
    const shift = time - at(arrivals, i + 1)
    slopes[i] = isWaiting ? -WEIGHTS.wait : at(slopes, i + 1) + (gap < 0 ? span.slope : 0)
    earliest[i] = isWaiting ? span.from : Math.max(span.from, at(earliest, i + 1) + shift)
    latest[i] = isWaiting ? span.to : Math.min(span.to, at(latest, i + 1) + shift)
    rests[i] = paid(gap) + after
    waits[i] = Math.max(0, gap) + at(waits, i + 1)
  }
  return {
    settle(order, way) {
      arrivals.set(way.arrivals)
      const last = order.length - 1
      ;[slopes[last + 1], earliest[last + 1], latest[last + 1]] = [0, -Infinity, Infinity]
      waits[last + 1] = 0
      for (let i = last; i >= 0; i--) {
        const after = at(way.costs, last + 1) - at(way.costs, i + 1)
        settleAt(i, windows[at(order, i)] ?? null, after)
      }
    },
    holds: (position, time) => time >= at(earliest, position) && time < at(latest, position),
    costAt: (position, time) =>
      at(rests, position) + at(slopes, position) * (time - at(arrivals, position)),
    leastAt: (position, time) =>
      at(rests, position) - mostSaved(time - at(arrivals, position), at(waits, position)),
  }
}

const mostSaved = (later: number, waited: number) =>
  later < 0 ? Infinity : WEIGHTS.wait * Math.min(later, waited)

/** Between which arrivals the place is found as at this one, and what each minute late costs. */
function spanAt(window: Window, time: number, gap: number) {
  const always = { from: -Infinity, to: Infinity, slope: 0 }
  if (window === null || window.length === 0) return always
  if (gap < 0) return { ...always, from: at(window, window.length - 1), slope: WEIGHTS.late }
  const next = nextIn(window, time)
  const opened = next === 1 ? -Infinity : at(window, next - 2)
  if (gap > 0) return { ...always, from: opened, to: at(window, next - 1) }
  return { ...always, from: at(window, next - 1), to: at(window, next) }
}

/** Where the closing time is that is not over yet; beyond the end: all are. */
function nextIn(window: Float64Array, time: number): number {
  let i = 1
  while (i < window.length && time >= at(window, i)) i += 2
  return i
}

/** Minutes to wait; below zero: minutes too late. As `served`, without an object. */
export function gapAt(window: Window, time: number): number {
  if (window === null) return 0
  if (window.length === 0) return -CLOSED_LATE
  const next = nextIn(window, time)
  if (next > window.length) return at(window, window.length - 1) - time
  return Math.max(0, at(window, next - 1) - time)
}
