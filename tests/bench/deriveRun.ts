import { randomInt } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { deriveDay, type DayFacts } from '../../geo/index.ts'
import { dayOf, walked, type Leg } from '../geo/simulate.ts'
import { HOSTILE, hostileDay } from './deriveHostile.ts'

const USUAL = 3000 // fixes of a day
const SIZES = [1000, 3000, 10_000, 30_000, 100_000]
const [WARM_MS, MEASURED_MS] = [1000, 2000]
const BAR_MS = 20 // for a day of 3,000 fixes

/**
 * Cleaning and ribbon of a day on one thread: fixes a second for a warm day of 3,000, how the time grows
 * up to 100,000 fixes, and the worst day that we can think of. Warm is what a server is a minute after its start:
 * each size is derived for a second before, and then for two. The best time counts, as others may hold the machine;
 * the median, which they worsen, is told beside it.
 * @param args `--seed N` repeats the fuzz (drawn fresh without it), `--runs N` hostile days of each kind (40).
 */
function measured(args: readonly string[]): Record<string, unknown> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, runs: { type: 'string' } },
  })
  const seed = values.seed ?? String(randomInt(1_000_000_000))
  const runs = Math.max(1, Number(values.runs ?? 40))
  console.log(`seed ${seed}, ${runs} days a kind: repeat with --seed ${seed} --runs ${runs}`)
  const bySize = SIZES.map((size) => ({ size, ...timesOf(usualDay(size)) }))
  console.table(
    bySize.map(({ size, ms, medianMs, runs }) => ({
      fixes: size,
      runs,
      ms: round(ms),
      medianMs: round(medianMs),
      usPerFix: round((ms / size) * 1000),
    })),
  )
  const byKind = HOSTILE.map((kind) => ({ kind, ...worstOf(kind, seed, runs) }))
  console.table(byKind)
  return resultOf({ seed, bySize, byKind })
}

interface Measured {
  readonly seed: string
  readonly bySize: readonly { size: number; ms: number; medianMs: number }[]
  readonly byKind: readonly { kind: string; worstMs: number }[]
}

function resultOf({ seed, bySize, byKind }: Measured) {
  const msOf = (size: number) => bySize.find((each) => each.size === size)?.ms ?? NaN
  const medianMs = bySize.find((each) => each.size === USUAL)?.medianMs ?? NaN
  const worst = Math.max(...byKind.map(({ worstMs }) => worstMs))
  return {
    seed,
    fixesPerSecond: Math.round((USUAL / msOf(USUAL)) * 1000),
    fixesPerSecondMedian: Math.round((USUAL / medianMs) * 1000),
    worstMsPer3000: worst,
    worstKind: byKind.find(({ worstMs }) => worstMs === worst)?.kind ?? '',
    bar: worst <= BAR_MS ? 'ok' : `SHORT of ${BAR_MS} ms`,
    msPer100000: round(msOf(100_000)),
    growth: round(msOf(100_000) / msOf(10_000) / 10), // 1: ten times the fixes take ten times as long
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  }
}

/** A visit each hour and a half, told by so many fixes in nine hours, or at 1 Hz in a longer day. */
function usualDay(fixes: number): DayFacts {
  const every = Math.max(1, (9 * 3600) / fixes)
  const hours = (fixes * every) / 3600
  const legs: Leg[] = Array.from({ length: Math.ceil(hours / 1.5) }, (_, i) => {
    const there = { x: 900 * (i % 6), y: 300 * (i % 3) }
    return [
      { ...there, minutes: 12 },
      { ...there, minutes: 78 },
    ]
  }).flat()
  const noise = { seed: fixes, sigma: 12, every, correlation: 60, rogue: 0.002 }
  const told = walked(legs, noise).slice(0, fixes)
  return dayOf(
    told.map((fix, i) => ({ ...fix, id: String(i).padStart(6, '0') })),
    hours,
  )
}

/** The best and the median time of a day, derived again and again. */
function timesOf(day: DayFacts) {
  repeated(day, WARM_MS, 1)
  const times = repeated(day, MEASURED_MS, 5)
  return { ms: times[0] ?? NaN, medianMs: times[times.length >> 1] ?? NaN, runs: times.length }
}

/** Times of so many milliseconds of derivations, at least `least`, in order. */
function repeated(day: DayFacts, ms: number, least: number): number[] {
  const until = performance.now() + ms
  const times: number[] = []
  while (times.length < least || performance.now() < until) times.push(timed(day))
  return times.sort((a, b) => a - b)
}

/** Milliseconds of one derivation: of the clock or of the processor, whichever is less, as others may hold the machine. */
function timed(day: DayFacts): number {
  const [begin, used] = [performance.now(), process.cpuUsage()]
  deriveDay(day)
  const clock = performance.now() - begin
  const { user, system } = process.cpuUsage(used)
  return Math.min(clock, (user + system) / 1000)
}

/**
 * The worst day of a kind, of a server that has met the kind before; a day is timed thrice and its best time counts,
 * so that no pause of the machine does.
 */
function worstOf(kind: (typeof HOSTILE)[number], seed: string, runs: number) {
  repeated(hostileDay(kind, `${seed}/met`, USUAL), 0, 10)
  const times = Array.from({ length: runs }, (_, run) => {
    const day = hostileDay(kind, `${seed}/${run}`, USUAL)
    return Math.min(timed(day), timed(day), timed(day))
  }).sort((a, b) => a - b)
  return { medianMs: round(times[times.length >> 1] ?? NaN), worstMs: round(times.at(-1) ?? NaN) }
}

const round = (value: number) => Math.round(value * 100) / 100

process.send?.(measured(process.argv.slice(2)))
