import type { Evaluator } from './evaluator.ts'
import type { Place, Problem } from './route.ts'

const WARM = 40 // minutes worse that is taken at first …
const COLD = 1 // … and at the end
const MOST_OUT = 14 // places taken out at once
const LONGEST_STRING = 4 // of them beside each other
const BLINK = 0.02 // of the positions are overlooked, so that not always the same is found

/**
 * A good order by ruin and recreate (Schrimpf et al., 2000) with slack induction by string removals
 * (Christiaens and Vanden Berghe, 2020): again and again some stretches near one place are taken out and
 * each place is put back where it costs least. A worse order is gone on from, the rarer the later. Unlike
 * small moves this comes across the walls that appointments and closing times put between good orders.
 */
export function rebuilt(problem: Problem, evaluator: Evaluator, tries: number): number[] {
  const all = [...problem.places.keys()]
  const chance = chances(all.length)
  const ranks = ranksOf(problem)
  const least = new Float64Array(all.length + 1)
  const never = { evaluator, least, blinks: () => false }
  let order = recreated([], sortedBy(all, ranks.urgent), never)
  let cost = evaluator.keep(order)
  let [best, bestCost] = [order, cost]
  const cooling = Math.pow(COLD / WARM, 1 / tries)
  const blinks = () => chance() < BLINK
  let heat = WARM
  for (let i = 0; i < tries && all.length > 2; i++) {
    heat *= cooling
    const out = takenOut(order, evaluator, chance)
    const left = order.filter((place) => !out.has(place))
    const candidate = recreated(left, queueOf(out, ranks, chance), { evaluator, blinks, least })
    const found = evaluator.cost(candidate)
    if (found >= cost - heat * Math.log(chance() + 1e-12)) continue
    ;[order, cost] = [candidate, found]
    if (cost < bestCost) [best, bestCost] = [order, cost]
  }
  return best
}

type Chance = () => number
const pick = (chance: Chance, below: number) => Math.floor(chance() * below)

/** Some stretches of the order about one place and those near it. */
function takenOut(order: readonly number[], evaluator: Evaluator, chance: Chance): Set<number> {
  const seed = order[pick(chance, order.length)] ?? 0
  const most = 1 + pick(chance, Math.min(MOST_OUT, order.length))
  const longest = 1 + pick(chance, LONGEST_STRING)
  const out = new Set<number>()
  for (const place of [seed, ...evaluator.near(seed)]) {
    if (out.size >= most) break
    if (out.has(place)) continue
    const length = 1 + pick(chance, longest)
    const from = order.indexOf(place) - pick(chance, length)
    for (const each of order.slice(Math.max(0, from), from + length))
      if (out.size < most) out.add(each)
  }
  return out
}

interface Recreating {
  readonly evaluator: Evaluator
  readonly blinks: () => boolean
  readonly least: Float64Array // by position, of the place in hand
}

/** Puts each place where it costs least. */
function recreated(left: readonly number[], queue: readonly number[], means: Recreating): number[] {
  const order = [...left]
  for (const place of queue) {
    means.evaluator.keep(order)
    order.splice(cheapest(order, place, means), 0, place)
  }
  return order
}

/** The position that costs least for a place; a way is walked only where it may beat the best so far. */
function cheapest(order: readonly number[], place: number, means: Recreating): number {
  const { evaluator, least } = means
  const first = bounded(order, place, means)
  let best = first
  let cost = evaluator.costWith(order, place, first, Infinity)
  for (let position = 0; position <= order.length; position++) {
    if (position === first || (least[position] ?? 0) >= cost) continue
    const found = evaluator.costWith(order, place, position, cost)
    if (found < cost) [best, cost] = [position, found]
  }
  return best
}

/** What each position costs at least, into `least`. @returns the one that promises most */
function bounded(
  order: readonly number[],
  place: number,
  { evaluator, blinks, least }: Recreating,
): number {
  let best = 0
  for (let position = 0; position <= order.length; position++) {
    least[position] = blinks() ? Infinity : evaluator.leastWith(order, place, position)
    if ((least[position] ?? 0) < (least[best] ?? 0)) best = position
  }
  return best
}

interface Ranks {
  readonly urgent: readonly number[] // appointments first, then what closes early
  readonly far: readonly number[] // from the start
}

const ranksOf = ({ places, fromStart }: Problem): Ranks => ({
  urgent: places.map(urgencyOf),
  far: fromStart.map((minutes) => -minutes),
})

const urgencyOf = ({ fixed, open }: Place) =>
  fixed ?? (open ? 10_000 + (open.at(-1)?.to ?? 0) : 20_000)

const sortedBy = (places: Iterable<number>, ranks: readonly number[]) =>
  [...places].sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b)

/** In what order the places come back: by chance as often as by any reason. */
function queueOf(out: ReadonlySet<number>, { urgent, far }: Ranks, chance: Chance): number[] {
  const kind = chance()
  if (kind < 0.25) return sortedBy(out, urgent)
  if (kind < 0.4) return sortedBy(out, far)
  if (kind < 0.5) return sortedBy(out, far).reverse()
  const thrown = far.map(() => chance())
  return sortedBy(out, thrown)
}

/** Numbers of [0, 1) that look thrown and are always the same (mulberry32). */
function chances(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
