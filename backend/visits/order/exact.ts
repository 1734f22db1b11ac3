import { costOf, minutesTo, served, WEIGHTS, type Problem } from './route.ts'
import { goodOrder } from './search.ts'

export const MOST_EXACT = 12

/** A way through a set of places: when it is done, what it cost, and how it got there. */
interface Label {
  readonly time: number
  readonly cost: number // without the waiting that `time` tells
  readonly place: number
  readonly before: Label | null
}

/**
 * The best order of up to `MOST_EXACT` places, by dynamic programming over sets (Held and Karp,
 * 1962). As waiting and lateness depend on the time, each set and last place keeps every way that
 * none beats in both time and cost. Waiting is what time has more than travel and visits, so that
 * cost(travel + w·wait) = (1 − w)·travel + w·(end − begin) − constant, which keeps that dominance true.
 */
export function bestOrder(problem: Problem): number[] {
  const count = problem.places.length
  if (count > MOST_EXACT) throw new Error(`at most ${MOST_EXACT} places`)
  const start: Label = { time: problem.startMinute, cost: 0, place: -1, before: null }
  const isHopeless = hopeless(problem)
  let layer = new Map<number, Label[]>([[0, [start]]]) // by set × last place
  for (let size = 0; size < count; size++) layer = nextLayer(problem, layer, isHopeless)
  const ways = [...layer.values()].flat()
  const [best] = ways.sort((a, b) => totalOf(a) - totalOf(b) || a.place - b.place)
  const order: number[] = []
  for (let at = best ?? null; at && at.place >= 0; at = at.before) order.unshift(at.place)
  return order
}

const totalOf = (label: Label) => label.cost + WEIGHTS.wait * label.time

type IsHopeless = (label: Label, set: number) => boolean

const HINT_TRIES = 100

/**
 * Whether a way can not become better than an order that was searched for: each place that is left
 * still costs the shortest way to it, and the time one stays there.
 */
function hopeless(problem: Problem): IsHopeless {
  const { places } = problem
  const hint = goodOrder(problem, HINT_TRIES)
  const stays = places.reduce((sum, place) => sum + place.minutes, problem.startMinute)
  const most = costOf(problem, hint) + WEIGHTS.wait * stays + HAIR
  const least = places.map((place, to) => {
    const ways = [...places.keys()].filter((from) => from !== to)
    const nearest = Math.min(...[-1, ...ways].map((from) => minutesTo(problem, from, to)))
    return nearest + WEIGHTS.wait * place.minutes
  })
  return (label, set) => {
    let rest = totalOf(label)
    for (let place = 0; place < least.length; place++)
      if (!(set & (1 << place))) rest += least[place] ?? 0
    return rest > most
  }
}

function nextLayer(
  problem: Problem,
  layer: Map<number, Label[]>,
  isHopeless: IsHopeless,
): Map<number, Label[]> {
  const count = problem.places.length
  const next = new Map<number, Label[]>()
  for (const [key, labels] of layer) {
    const set = Math.floor(key / (count + 1))
    for (let place = 0; place < count; place++) {
      if (set & (1 << place)) continue
      const grown = set | (1 << place)
      const to = grown * (count + 1) + place
      const known = next.get(to) ?? []
      for (const before of labels) {
        const label = extended(problem, before, place)
        if (!isHopeless(label, grown)) offer(known, label)
      }
      if (known.length > 0) next.set(to, known)
    }
  }
  return next
}

function extended(problem: Problem, before: Label, place: number): Label {
  const travel = minutesTo(problem, before.place, place)
  const about = problem.places[place]
  const arrive = before.time + travel
  const { begin, late } = about ? served(about, arrive) : { begin: arrive, late: 0 }
  const cost = before.cost + (1 - WEIGHTS.wait) * travel + WEIGHTS.late * late
  return { time: begin + (about?.minutes ?? 0), cost, place, before }
}

const HAIR = 1e-7

/** Takes a way in unless one is as good in both, and lets go those that it beats. */
function offer(known: Label[], label: Label): void {
  if (known.some((each) => each.time <= label.time + HAIR && each.cost <= label.cost + HAIR)) return
  for (let i = known.length - 1; i >= 0; i--) {
    const each = known[i]
    if (each && each.time >= label.time && each.cost >= label.cost) known.splice(i, 1)
  }
  known.push(label)
}
