import { createRest, gapAt, paid, type Window } from './rest.ts'
import { minutesTo, type Place, type Problem } from './route.ts'

export interface Evaluator {
  /** As `costOf`; some number of `limit` or more as soon as it is known to reach it. Forgets the kept way. */
  cost(order: ArrayLike<number>, limit?: number): number
  /** As `cost`, and remembers the way. */
  keep(order: ArrayLike<number>): number
  /** As `cost` of the kept order with one more place put in before a position. */
  costWith(order: readonly number[], place: number, position: number, limit: number): number
  /** What `costWith` can not be below, at once. */
  leastWith(order: readonly number[], place: number, position: number): number
  /** Every other place, the nearest to a place first. */
  near(place: number): readonly number[]
}

const at = (table: ArrayLike<number>, index: number) => table[index] ?? 0

/**
 * The problem in flat tables, for whoever looks at orders by the hundred thousand. Of the kept way it knows
 * what the rest costs for who comes to it a bit earlier or later: as long as every place is found as it was (open,
 * waited for, or too late), that is a line over the time, so that a change costs no more than its own length.
 */
export function createEvaluator(problem: Problem): Evaluator {
  const size = problem.places.length
  const { travel, stay, windows, times, costs, arrivals, rowAt, keep } = createWay(problem)
  const rest = createRest(windows)
  return {
    cost: keep,
    keep(order) {
      const cost = keep(order)
      rest.settle(order, { arrivals, costs })
      return cost
    },
    costWith(order, place, position, limit) {
      let to = place
      let time = at(times, position)
      let cost = at(costs, position)
      let row = rowAt(order, position)
      for (let next = position; ; next++) {
        const way = at(travel, row + to)
        const gap = gapAt(windows[to] ?? null, time + way)
        cost += way + paid(gap)
        if (next >= order.length || cost >= limit) return cost
        time += way + Math.max(0, gap) + at(stay, to)
        row = (to + 1) * size
        to = at(order, next)
        const arrive = time + at(travel, row + to)
        if (rest.holds(next, arrive)) return cost + arrive - time + rest.costAt(next, arrive)
      }
    },
    leastWith(order, place, position) {
      const way = at(travel, rowAt(order, position) + place)
      const gap = gapAt(windows[place] ?? null, at(times, position) + way)
      const cost = at(costs, position) + way + paid(gap)
      if (position >= order.length) return cost
      const onward = at(travel, (place + 1) * size + at(order, position))
      const arrive = at(times, position) + way + Math.max(0, gap) + at(stay, place) + onward
      return cost + onward + rest.leastAt(position, arrive)
    },
    near: nearOf(problem),
  }
}

/** A way that is walked anew from the start each time, in flat tables. */
function createWay(problem: Problem) {
  const size = problem.places.length
  const travel = travelOf(problem)
  const stay = Float64Array.from(problem.places, (place) => place.minutes)
  const windows = problem.places.map(windowOf)
  const times = new Float64Array(size + 1) // of the kept way, when each position is left for
  const costs = new Float64Array(size + 1) // and what it had cost by then
  const arrivals = new Float64Array(size)
  times[0] = problem.startMinute
  const rowAt = (order: ArrayLike<number>, position: number) =>
    position === 0 ? 0 : (at(order, position - 1) + 1) * size
  const keep = (order: ArrayLike<number>, limit = Infinity) => {
    let done = 0
    for (; done < order.length && at(costs, done) < limit; done++) {
      const place = at(order, done)
      const way = at(travel, rowAt(order, done) + place)
      const arrive = at(times, done) + way
      const gap = gapAt(windows[place] ?? null, arrive)
      arrivals[done] = arrive
      costs[done + 1] = at(costs, done) + way + paid(gap)
      times[done + 1] = arrive + Math.max(0, gap) + at(stay, place)
    }
    return at(costs, done)
  }
  return { travel, stay, windows, times, costs, arrivals, rowAt, keep }
}

function travelOf(problem: Problem): Float64Array {
  const size = problem.places.length
  const travel = new Float64Array((size + 1) * size)
  for (let from = -1; from < size; from++)
    for (let to = 0; to < size; to++) travel[(from + 1) * size + to] = minutesTo(problem, from, to)
  return travel
}

function nearOf(problem: Problem): Evaluator['near'] {
  const near = problem.between.map((row, place) =>
    [...row.keys()]
      .filter((other) => other !== place)
      .sort((a, b) => (row[a] ?? 0) - (row[b] ?? 0) || a - b),
  )
  return (place) => near[place] ?? []
}

/** Opening and closing minutes after each other; null: always open. An appointment opens and closes at once. */
function windowOf({ fixed, open }: Place): Window {
  if (fixed !== null) return Float64Array.of(fixed, fixed)
  return open && Float64Array.from(open.flatMap(({ from, to }) => [from, to]))
}
