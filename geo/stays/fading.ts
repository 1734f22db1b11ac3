import { valueAt } from './points.ts'

const RULES = {
  shortestMs: 1000, // fixes of one instant are judged as if a second apart
  stepMs: 100, // times are told apart by so much …
  tableMs: 60_000, // … up to here; what is left after longer ones is computed
} as const

const { shortestMs, stepMs, tableMs } = RULES

/** How errors resemble their neighbours: by a memory, with tables for the times asked most. */
export interface Fading {
  readonly memoryMs: number // 0: not at all
  readonly kept: Float64Array
  readonly lost: Float64Array
}

/** @param memoryMs after which 1/e of an error is left; 0: errors are independent. */
export function fadingOf(memoryMs: number): Fading {
  const kept = new Float64Array(tableMs / stepMs + 1)
  kept.forEach((_, i) => (kept[i] = leftAfter(i * stepMs, memoryMs)))
  return { memoryMs, kept, lost: kept.map(freshOf) }
}

/** The share of an error that is still there after a time. */
export function keptAfter({ kept, memoryMs }: Fading, ms: number): number {
  if (ms <= tableMs) return valueAt(kept, slotOf(ms))
  return leftAfter(ms, memoryMs)
}

/** The logarithm of the share of the variance that is new after a time. */
export function lostAfter({ lost, memoryMs }: Fading, ms: number): number {
  if (ms <= tableMs) return valueAt(lost, slotOf(ms))
  return freshOf(leftAfter(ms, memoryMs))
}

const slotOf = (ms: number) => (Math.max(shortestMs, ms) / stepMs + 0.5) | 0

const leftAfter = (ms: number, memoryMs: number) => Math.exp(-Math.max(shortestMs, ms) / memoryMs)

const freshOf = (kept: number) => Math.log(1 - kept * kept)
