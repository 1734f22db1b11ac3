import type { Sojourn } from '../geo/score.ts'

const LEAST_MS = 5 * 60_000 // told or true: shorter stops count nowhere
const SHARED = 0.5 // of the common span

export interface Pair {
  readonly told: Sojourn
  readonly truth: Sojourn
}

export interface Matched {
  readonly pairs: readonly Pair[]
  readonly told: number
  readonly truth: number
}

/**
 * One-to-one matching of stays of 5 minutes and more: a pair shares at least half of the span from its
 * earlier start to its later end; the best pairs are taken first and nothing is used twice. A stay told
 * in two halves is one hit at most and one false alarm.
 */
export function matched(told: readonly Sojourn[], truth: readonly Sojourn[]): Matched {
  const [says, was] = [told.filter(isLong), truth.filter(isLong)]
  const possible = was
    .flatMap((stay) =>
      says.map((each) => ({ told: each, truth: stay, shared: shared(each, stay) })),
    )
    .filter((pair) => pair.shared >= SHARED)
    .sort((a, b) => b.shared - a.shared)
  const used = new Set<Sojourn>()
  const pairs = possible.filter((pair) => {
    if (used.has(pair.told) || used.has(pair.truth)) return false
    used.add(pair.told).add(pair.truth)
    return true
  })
  return { pairs, told: says.length, truth: was.length }
}

const isLong = ({ from, to }: Sojourn) => to - from >= LEAST_MS

function shared(a: Sojourn, b: Sojourn): number {
  const both = Math.min(a.to, b.to) - Math.max(a.from, b.from)
  return both / (Math.max(a.to, b.to) - Math.min(a.from, b.from))
}

/**
 * Seconds between told and true edges of the pairs. The window's own start and end are given to
 * everybody and left out.
 */
export function edgeErrors(pairs: readonly Pair[], window: { from: number; to: number }): number[] {
  return pairs.flatMap(({ told, truth }) => [
    ...(truth.from > window.from ? [Math.abs(told.from - truth.from) / 1000] : []),
    ...(truth.to < window.to ? [Math.abs(told.to - truth.to) / 1000] : []),
  ])
}

/** The value below which `share` of the numbers lie (nearest rank); NaN of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

export const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)

/** Share of true ones. */
export const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length
