import { createEvaluator, type Evaluator } from './evaluator.ts'
import type { Problem } from './route.ts'
import { rebuilt } from './ruin.ts'

/** How much is tried: orders taken apart, so that the answer never depends on the machine's speed. */
const TRIES = 2500
const LONGEST_MOVED = 3 // places that are moved together

/**
 * A good order of any number of places: cheapest insertion, taken apart and put together many times
 * (`ruin.ts`), then every move of a few places (Or-opt) and turned stretch (2-opt) until none helps.
 * Deterministic: its chances come from a fixed seed.
 */
export function goodOrder(problem: Problem, tries = TRIES): number[] {
  const evaluator = createEvaluator(problem)
  return settled(rebuilt(problem, evaluator, tries), evaluator)
}

const HAIR = 1e-9

/** Turns the stretch between two positions, both included. */
function turn(order: Int32Array, from: number, to: number): void {
  for (let i = from, j = to; i < j; i++, j--) {
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
}

const held = new Int32Array(LONGEST_MOVED)

/** Puts some places from one position to another; what is between moves up. */
function move(
  order: Int32Array,
  from: number,
  { length, to, turned }: { length: number; to: number; turned: boolean },
): void {
  const size = Math.min(length, order.length - from)
  const target = Math.min(to, order.length - size)
  for (let i = 0; i < size; i++) held[turned ? size - 1 - i : i] = order[from + i] ?? 0
  if (target < from) order.copyWithin(target + size, target, from)
  else order.copyWithin(from, from + size, target + size)
  for (let i = 0; i < size; i++) order[target + i] = held[i] ?? 0
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
