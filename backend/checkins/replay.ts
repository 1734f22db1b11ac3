import { metresBetween, type TrackFix } from '../../geo/index.ts'

const MINUTE = 60_000

export const REPLAY_RULES = {
  beforeMs: 60 * MINUTE, // of the track before a check-in that is compared
  leastMetres: 600, // of way: standing still is alike on every day
  probes: 3,
  nearMetres: 40, // of a probe, for another day to be looked at
  sameMetres: 12, // median distance at the same moments: two honest days of one road differ in their timing by far more
  covered: 0.8, // share of the fixes that the other day must have at the same moments
  gapMs: 5 * MINUTE, // over a longer silence nothing is interpolated
} as const

/** The moving part of the track before a check-in, in order; empty when he hardly moved. */
export function wayBefore(track: readonly TrackFix[], at: number): TrackFix[] {
  const way = track
    .filter((fix) => fix.at <= at && fix.at > at - REPLAY_RULES.beforeMs)
    .toSorted((a, b) => a.at - b.at)
  const metres = way.reduce((sum, fix, i) => sum + stepMetres(way[i - 1], fix), 0)
  return metres >= REPLAY_RULES.leastMetres ? way : []
}

const stepMetres = (from: TrackFix | undefined, to: TrackFix) =>
  from ? metresBetween(from, to) : 0

/** The fixes of a way at which he moved fastest: where the timing tells most. */
export function probesOf(way: readonly TrackFix[]): TrackFix[] {
  return way
    .map((fix, i) => ({ fix, metres: stepMetres(way[i - 1], fix) }))
    .toSorted((a, b) => b.metres - a.metres || a.fix.at - b.fix.at)
    .slice(0, REPLAY_RULES.probes)
    .map(({ fix }) => fix)
}

/**
 * Whether a way is that of another day over again: the same places at the same distances in time.
 * Nobody meets every red light twice.
 * @param other the fixes of one earlier day, in order of time
 */
export function isReplay(way: readonly TrackFix[], other: readonly TrackFix[]): boolean {
  return probesOf(way).some((probe) =>
    shiftsAt(probe, other).some((shift) => isSame(way, other, shift)),
  )
}

/** How much earlier the other day was at the probe; of passages within a minute the nearest. */
function shiftsAt(probe: TrackFix, other: readonly TrackFix[]): number[] {
  const shifts: { ms: number; metres: number }[] = []
  for (const fix of other) {
    const metres = metresBetween(probe, fix)
    if (metres > REPLAY_RULES.nearMetres) continue
    const last = shifts.at(-1)
    const ms = probe.at - fix.at
    if (!last || Math.abs(last.ms - ms) > MINUTE) shifts.push({ ms, metres })
    else if (metres < last.metres) Object.assign(last, { ms, metres })
  }
  return shifts.map(({ ms }) => ms)
}

function isSame(way: readonly TrackFix[], other: readonly TrackFix[], shift: number): boolean {
  const distances = way.flatMap((fix) => {
    const there = placeAt(other, fix.at - shift)
    return there ? [metresBetween(fix, there)] : []
  })
  if (distances.length < way.length * REPLAY_RULES.covered) return false
  const sorted = distances.toSorted((a, b) => a - b)
  return (sorted[Math.floor(sorted.length / 2)] ?? Infinity) <= REPLAY_RULES.sameMetres
}

/** Between the fixes around a moment; null outside of them and over silences. */
function placeAt(fixes: readonly TrackFix[], at: number) {
  let low = 0
  let high = fixes.length
  while (low < high) {
    const mid = (low + high) >> 1
    if ((fixes[mid]?.at ?? Infinity) <= at) low = mid + 1
    else high = mid
  }
  const [from, to] = [fixes[low - 1], fixes[low]]
  if (!from || !to) return from?.at === at ? from : null
  if (to.at - from.at > REPLAY_RULES.gapMs) return null
  const share = (at - from.at) / Math.max(1, to.at - from.at)
  return {
    lng: from.lng + (to.lng - from.lng) * share,
    lat: from.lat + (to.lat - from.lat) * share,
  }
}
