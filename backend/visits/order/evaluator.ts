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

const at = (table: ArrayLike<number>, index: number) => table[index] ?? 0

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
    let time = at(times, from)
    let cost = at(costs, from)
    let row = from === 0 ? 0 : (at(order, from - 1) + 1) * size
    for (let i = from; i < order.length && cost < limit; i++) {
      const place = at(order, i)
      const way = at(travel, row + place)
      const window = windows[place]
      const gap = window ? gapAt(window, time + way) : 0
      cost += way + (gap > 0 ? WEIGHTS.wait * gap : -WEIGHTS.late * gap)
      time += way + Math.max(0, gap) + at(stay, place)
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
    if (time < at(window, i)) return Math.max(0, at(window, i - 1) - time)
  return at(window, last) - time
}
