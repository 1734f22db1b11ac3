import { loadTraces, type Trace } from '../../fixtures/traces.ts'
import type { DayFacts } from '../../geo/index.ts'
import { quantile } from './truthScore.ts'
import type { Teller } from './truthTell.ts'

/** A trace as the facts of one long duty; without any usable time its window is empty. */
export function factsOf({ fixes }: Trace): DayFacts {
  const timed = fixes.filter(({ at }) => Number.isFinite(at))
  const times = timed.map(({ at }) => at).sort((a, b) => a - b)
  const duty = [{ from: times[0] ?? 0, to: (times.at(-1) ?? 0) + 1 }]
  return { date: '2026-11-23', zone: 'UTC', duty, fixes: timed, silences: [], sites: [] }
}

/**
 * Real traces with real dirt: how many a teller answers with a finite distance, and how far its
 * distance is from the device's own where the device counted.
 */
export function scoreTraces(teller: Teller) {
  const results = loadTraces().map((trace) => ({ trace, metres: metresOf(teller, trace) }))
  const off = results.flatMap(({ trace: { deviceMetres }, metres }) =>
    deviceMetres === null ? [] : [Math.abs(metres / deviceMetres - 1)],
  )
  return {
    traces: results.length,
    tracesAnswered: results.filter(({ metres }) => Number.isFinite(metres)).length,
    traceErrorWorst: quantile(off, 1),
  }
}

function metresOf(teller: Teller, trace: Trace): number {
  try {
    return teller(factsOf(trace)).metres
  } catch {
    return NaN
  }
}
