/** One place to be visited. Times are minutes after midnight. */
export interface Place {
  readonly fixed: number | null // an appointment
  readonly open: readonly { readonly from: number; readonly to: number }[] | null // null: always
  readonly minutes: number // one stays
}

/** Places and the minutes between them. */
export interface Problem {
  readonly places: readonly Place[]
  readonly fromStart: readonly number[] // minutes to each place from where the day begins
  readonly between: readonly (readonly number[])[] // minutes from one place to another
  readonly startMinute: number
}

export const WEIGHTS = {
  wait: 0.5, // a minute of waiting costs half a minute of travel: one can do something else
  late: 10, // a minute after the appointment, or after closing time
} as const

export const CLOSED_LATE = 240 // minutes: a place that is closed all day is as bad whenever one comes

/** When somebody who arrives at `at` is served, and how much too late that is. Never earlier for who comes later. */
export function served(place: Place, at: number): { begin: number; late: number } {
  if (place.fixed !== null)
    return { begin: Math.max(at, place.fixed), late: Math.max(0, at - place.fixed) }
  if (place.open === null) return { begin: at, late: 0 }
  const next = place.open.find((span) => at < span.to)
  if (next) return { begin: Math.max(at, next.from), late: 0 }
  const last = place.open.at(-1)
  return { begin: at, late: last ? at - last.to : CLOSED_LATE }
}

export interface Step {
  readonly place: number
  readonly travel: number
  readonly arrive: number
  readonly begin: number
  readonly late: number
  readonly leave: number
}

/** What happens on the way in this order. Minutes. */
export function walk(problem: Problem, order: readonly number[]): Step[] {
  let time = problem.startMinute
  let last = -1
  return order.map((place) => {
    const travel = minutesTo(problem, last, place)
    const arrive = time + travel
    const about = problem.places[place]
    const { begin, late } = about ? served(about, arrive) : { begin: arrive, late: 0 }
    time = begin + (about?.minutes ?? 0)
    last = place
    return { place, travel, arrive, begin, late, leave: time }
  })
}

/** @param from -1: where the day begins */
export const minutesTo = (problem: Problem, from: number, to: number): number =>
  (from < 0 ? problem.fromStart[to] : problem.between[from]?.[to]) ?? 0

/** Minutes of travel, with waiting and lateness by their weights: what a better order has less of. */
export function costOf(problem: Problem, order: readonly number[]): number {
  let cost = 0
  for (const { travel, arrive, begin, late } of walk(problem, order))
    cost += travel + WEIGHTS.wait * (begin - arrive) + WEIGHTS.late * late
  return cost
}
