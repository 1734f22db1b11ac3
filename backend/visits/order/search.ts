import { createEvaluator, type Evaluator } from './evaluator.ts'
import type { Place, Problem } from './route.ts'

/** How much is tried: orders looked at, so that the answer never depends on the machine's speed. */
const TRIES = 200_000
const LONGEST_MOVED = 3 // places that are moved together
const WARM = 6 // minutes worse that is taken at first …
const COLD = 0.05 // … and at the end
const NEAR = 8 // places that a place is brought together with
const FAR_SHARE = 0.15 // of the moves go anywhere

/**
 * A good order of any number of places: cheapest insertion, then simulated annealing over moves of
 * a few places (Or-opt), turned stretches (2-opt) and exchanges, then every single move until none
 * helps. Deterministic: its chances come from a fixed seed.
 */
export function goodOrder(problem: Problem, tries = TRIES): number[] {
  const evaluator = createEvaluator(problem, NEAR)
  const first = inserted(problem, evaluator)
  if (first.length < 3) return settled(first, evaluator)
  return settled(annealed(first, evaluator, tries), evaluator)
}

/** Every place where it costs least: those with appointments first, then those that close early. */
function inserted({ places }: Problem, evaluator: Evaluator): number[] {
  const urgent = [...places.keys()].sort(
    (a, b) => urgencyOf(places[a]) - urgencyOf(places[b]) || a - b,
  )
  let order: number[] = []
  for (const place of urgent) {
    let best: number[] = []
    let cost = Infinity
    for (let at = 0; at <= order.length; at++) {
      const candidate = order.toSpliced(at, 0, place)
      const other = evaluator.cost(candidate)
      if (other < cost) [best, cost] = [candidate, other]
    }
    order = best
  }
  return order
}

const urgencyOf = (place: Place | undefined) =>
  place?.fixed ?? (place?.open ? 10_000 + (place.open.at(-1)?.to ?? 0) : 20_000)

function annealed(first: readonly number[], evaluator: Evaluator, tries: number): number[] {
  const chance = chances(first.length)
  let order = Int32Array.from(first)
  let other = Int32Array.from(first)
  let cost = evaluator.keep(order)
  let best = Int32Array.from(first)
  let bestCost = cost
  const cooling = Math.pow(COLD / WARM, 1 / tries)
  let heat = WARM
  for (let i = 0; i < tries; i++) {
    heat *= cooling
    other.set(order)
    const from = change(other, evaluator, chance)
    const limit = cost - heat * Math.log(chance() + 1e-12)
    const found = evaluator.costFrom(other, from, limit)
    if (found >= limit) continue
    ;[order, other] = [other, order]
    cost = evaluator.keep(order)
    if (cost >= bestCost - HAIR) continue
    bestCost = cost
    best = Int32Array.from(order)
  }
  return [...best]
}

const HAIR = 1e-9

/**
 * Changes an order by one chance move that brings two near places together, or any two now and then.
 * @returns the first position that may have changed
 */
function change(order: Int32Array, evaluator: Evaluator, chance: () => number): number {
  const size = order.length
  const pick = (below: number) => Math.floor(chance() * below)
  const a = pick(size)
  const near = evaluator.near(order[a] ?? 0, pick(NEAR))
  const b = chance() < FAR_SHARE ? pick(size) : order.indexOf(near)
  const kind = chance()
  if (kind < 0.35) {
    turn(order, Math.min(a, b) + (chance() < 0.5 ? 1 : 0), Math.max(a, b))
    return Math.min(a, b)
  }
  if (kind < 0.5) {
    const kept = order[a] ?? 0
    order[a] = order[b] ?? 0
    order[b] = kept
    return Math.min(a, b)
  }
  return move(order, a, { length: 1 + pick(LONGEST_MOVED), to: b, turned: chance() < 0.5 })
}

/** Turns the stretch between two positions, both included. */
function turn(order: Int32Array, from: number, to: number): void {
  for (let i = from, j = to; i < j; i++, j--) {
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
}

const held = new Int32Array(LONGEST_MOVED)

/**
 * Puts some places from one position to another; what is between moves up.
 * @returns the first position that may have changed
 */
function move(
  order: Int32Array,
  from: number,
  { length, to, turned }: { length: number; to: number; turned: boolean },
): number {
  const size = Math.min(length, order.length - from)
  const target = Math.min(to, order.length - size)
  for (let i = 0; i < size; i++) held[turned ? size - 1 - i : i] = order[from + i] ?? 0
  if (target < from) order.copyWithin(target + size, target, from)
  else order.copyWithin(from, from + size, target + size)
  for (let i = 0; i < size; i++) order[target + i] = held[i] ?? 0
  return Math.min(from, target)
}

/** The order that no single move makes better. */
function settled(order: readonly number[], evaluator: Evaluator): number[] {
  let best = Int32Array.from(order)
  let cost = evaluator.cost(best)
  for (let found = true; found;) {
    found = false
    for (const candidate of neighbours(best)) {
      const other = evaluator.cost(candidate, cost - HAIR)
      if (other >= cost - HAIR) continue
      best = Int32Array.from(candidate)
      cost = other
      found = true
      break
    }
  }
  return [...best]
}

/** Every order one move away, always in the same array. */
function* neighbours(order: Int32Array): Generator<Int32Array> {
  const other = Int32Array.from(order)
  for (let from = 0; from < order.length; from++)
    for (let to = 0; to < order.length; to++) {
      if (from < to) {
        other.set(order)
        turn(other, from, to)
        yield other
      }
      for (let length = 1; length <= LONGEST_MOVED; length++)
        for (const turned of [false, true]) {
          other.set(order)
          move(other, from, { length, to, turned })
          yield other
        }
    }
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
