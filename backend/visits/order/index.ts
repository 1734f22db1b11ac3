import { metresBetween, type Place as Point } from '../../../geo/distance.ts'
import type { Optimised, PlanStop, SpeedBand } from '../../contract/plans.ts'
import { bestOrder, MOST_EXACT } from './exact.ts'
import { walk, type Problem } from './route.ts'
import { goodOrder } from './search.ts'
import { minutesFor, streetMetres } from './speeds.ts'

/** A stop with what its order depends on. */
export interface StopToOrder {
  readonly id: string
  readonly point: Point | null // WGS-84; null: nobody knows where it is
  readonly fixed: PlanStop['fixedMinute']
  readonly open: Problem['places'][number]['open']
  readonly minutes: number
}

export interface DayToOrder {
  readonly stops: readonly StopToOrder[]
  readonly start: Point | null // null: at the first stop
  readonly startMinute: number
  readonly speeds: readonly SpeedBand[]
}

/**
 * The best order of a day's stops: exact up to `MOST_EXACT`, beyond that searched for. Stops of unknown
 * position come last, as they stand. Pure; the same day gives the same order.
 */
export function orderDay(day: DayToOrder): Optimised {
  const placed = day.stops.filter((stop) => stop.point !== null)
  const lost = day.stops.filter((stop) => stop.point === null)
  const problem = problemOf(day, placed)
  const exact = placed.length <= MOST_EXACT
  const order = exact ? bestOrder(problem) : goodOrder(problem)
  const sorted = order.flatMap((index) => placed[index] ?? [])
  const after = [...sorted, ...lost]
  return {
    order: after.map((stop) => stop.id),
    exact,
    before: routeOf(day, [...placed, ...lost]),
    after: routeOf(day, after),
    speeds: [...day.speeds],
  }
}

function problemOf(day: DayToOrder, stops: readonly StopToOrder[]): Problem {
  const minutes = (from: Point | null, to: Point | null) =>
    from && to ? minutesFor(day.speeds, metresBetween(from, to)) : 0
  return {
    places: stops.map(({ fixed, open, minutes: stay }) => ({ fixed, open, minutes: stay })),
    fromStart: stops.map((stop) => minutes(day.start, stop.point)),
    between: stops.map((from) => stops.map((to) => minutes(from.point, to.point))),
    startMinute: day.startMinute,
  }
}

/** What happens on the way in the order given. */
export function routeOf(day: DayToOrder, stops: readonly StopToOrder[]): Optimised['before'] {
  const steps = walk(problemOf(day, stops), [...stops.keys()])
  let last = day.start
  const legs = steps.map(({ place, travel, arrive, begin, late, leave }) => {
    const stop = stops[place]
    const point = stop?.point ?? null
    const metres = last && point ? streetMetres(metresBetween(last, point)) : 0
    last = point ?? last
    return {
      stopId: stop?.id ?? '',
      metres,
      travelMinutes: travel,
      waitMinutes: begin - arrive,
      arriveMinute: arrive,
      leaveMinute: leave,
      lateMinutes: late,
    }
  })
  const sum = (of: (leg: (typeof legs)[number]) => number) =>
    legs.reduce((total, leg) => total + of(leg), 0)
  return {
    legs,
    metres: sum((leg) => leg.metres),
    travelMinutes: sum((leg) => leg.travelMinutes),
    waitMinutes: sum((leg) => leg.waitMinutes),
    lateMinutes: sum((leg) => leg.lateMinutes),
    endMinute: legs.at(-1)?.leaveMinute ?? day.startMinute,
  }
}
