import { CLOSED_LATE, minutesTo, WEIGHTS, type Place, type Problem } from './route.ts'

export interface Evaluator {
  /** As `costOf`; Infinity as soon as it is known to reach `limit`. */
  cost(order: ArrayLike<number>, limit?: number): number
  /** As `cost`, and remembers the way. */
  keep(order: ArrayLike<number>): number
  /** As `cost` of an order that is as the kept one before position `from`. */
  costFrom(order: ArrayLike<number>, from: number, limit: number): number
  /** One of the places nearest to a place: 0 the nearest. */
  near(place: number, rank: number): number
}

/** The problem in flat tables, for whoever looks at orders by the hundred thousand. */
export function createEvaluator(problem: Problem, nearest: number): Evaluator {
  const size = problem.places.length
  const travel = travelOf(problem)
  const near = nearOf(problem, nearest)
  const stay = Float64Array.from(problem.places, (place) => place.minutes)
  const windows = problem.places.map(windowsOf)
  const times = new Float64Array(size + 1) // of the kept way, when each position is left for
  const costs = new Float64Array(size + 1)
  times[0] = problem.startMinute
  const run = (order: ArrayLike<number>, from: number, limit: number, keeps: boolean) => {
    let time = times[from] ?? 0
    let cost = costs[from] ?? 0
    let row = from === 0 ? 0 : ((order[from - 1] ?? 0) + 1) * size
    for (let i = from; i < order.length && cost < limit; i++) {
      const place = order[i] ?? 0
      const way = travel[row + place] ?? 0
      time += way
      cost += way
      const window = windows[place]
      if (window) {
        const gap = gapAt(window, time)
        cost += gap > 0 ? WEIGHTS.wait * gap : -WEIGHTS.late * gap
        if (gap > 0) time += gap
      }
      time += stay[place] ?? 0
      row = (place + 1) * size
      if (keeps) {
        times[i + 1] = time
        costs[i + 1] = cost
      }
    }
    return cost < limit ? cost : Infinity
  }
  return {
    cost: (order, limit = Infinity) => run(order, 0, limit, false),
    keep: (order) => run(order, 0, Infinity, true),
    costFrom: (order, from, limit) => run(order, from, limit, false),
    near: (place, rank) => near[place]?.[rank % (size - 1)] ?? place,
  }
}

function travelOf(problem: Problem): Float64Array {
  const size = problem.places.length
  const travel = new Float64Array((size + 1) * size)
  for (let from = -1; from < size; from++)
    for (let to = 0; to < size; to++) travel[(from + 1) * size + to] = minutesTo(problem, from, to)
  return travel
}

/** The places nearest to each, the nearest first. */
const nearOf = (problem: Problem, count: number): number[][] =>
  problem.between.map((row, place) =>
    [...row.keys()]
      .filter((other) => other !== place)
      .sort((a, b) => (row[a] ?? 0) - (row[b] ?? 0) || a - b)
      .slice(0, count),
  )

/** Opening and closing minutes after each other; null: always open. An appointment opens and closes at once. */
function windowsOf({ fixed, open }: Place): Float64Array | null {
  if (fixed !== null) return Float64Array.of(fixed, fixed)
  return open && Float64Array.from(open.flatMap(({ from, to }) => [from, to]))
}

/** Minutes to wait; below zero: minutes too late. As `served`, without an object. */
function gapAt(window: Float64Array, time: number): number {
  const last = window.length - 1
  if (last < 0) return -CLOSED_LATE
  for (let i = 1; i <= last; i += 2)
    if (time < (window[i] ?? 0)) return Math.max(0, (window[i - 1] ?? 0) - time)
  return (window[last] ?? 0) - time
}
