import { loadTraces, type Trace } from '../../fixtures/traces.ts'
import { lengthOf, type DayFacts } from '../../geo/index.ts'
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
 * Real traces with real dirt: how many a teller answers with a finite distance; how far its distance is from
 * the device's own where the device counted, and, of those with a fix every few seconds, from the plain sum
 * from fix to fix, which is within 3 % of a device's on clean data.
 */
export function scoreTraces(teller: Teller) {
  const results = loadTraces().map((trace) => ({ trace, metres: metresOf(teller, trace) }))
  const off = results.flatMap(({ trace: { deviceMetres }, metres }) =>
    deviceMetres === null ? [] : [Math.abs(metres / deviceMetres - 1)],
  )
  const plainly = results.filter(({ trace }) => isDense(trace))
  const offPlain = plainly.map(({ trace, metres }) => Math.abs(metres / plainMetres(trace) - 1))
  return {
    tracePlainErrorMedian: quantile(offPlain, 0.5),
    tracePlainErrorWorst: quantile(offPlain, 1),
    traces: results.length,
    tracesAnswered: results.filter(({ metres }) => Number.isFinite(metres)).length,
    traceErrorWorst: quantile(off, 1),
  }
}

const THIN_MS = 60_000

/**
 * Recorded rides of which a fix a minute is left: how far is the distance told from what the device counted on
 * all of them? Of these roads the pipeline knows nothing.
 */
export function scoreThinned(teller: Teller) {
  const off = loadTraces().flatMap((trace) => {
    const { deviceMetres } = trace
    if (deviceMetres === null) return []
    return [Math.abs(metresOf(teller, { ...trace, fixes: thinned(trace) }) / deviceMetres - 1)]
  })
  return { rideEachMinuteErrorWorst: quantile(off, 1) }
}

function thinned(trace: Trace): Trace['fixes'] {
  let next = -Infinity
  return factsOf(trace).fixes.filter(({ at }) => {
    if (at < next) return false
    next = at + THIN_MS
    return true
  })
}

const plainMetres = (trace: Trace) =>
  lengthOf(factsOf(trace).fixes.map(({ lng, lat }) => [lng, lat]))

/** A fix each 5 s or oftener. */
function isDense(trace: Trace): boolean {
  const { duty, fixes } = factsOf(trace)
  const ms = (duty[0]?.to ?? 0) - (duty[0]?.from ?? 0)
  return fixes.length > 100 && ms > 60_000 && ms / fixes.length <= 5000
}

/** Each trace: what a teller says, what the device counted, and the plain sum from fix to fix. */
export function traceRows(teller: Teller) {
  const rows = loadTraces().map((trace) => {
    const { id, fixes, deviceMetres } = trace
    const plain = Math.round(plainMetres(trace))
    const told = Math.round(metresOf(teller, trace))
    return [id, { fixes: fixes.length, told, device: deviceMetres ?? '–', plain }]
  })
  return Object.fromEntries(rows)
}

function metresOf(teller: Teller, trace: Trace): number {
  try {
    return teller(factsOf(trace)).metres
  } catch {
    return NaN
  }
}
