import { randomOf, type Random } from '../../fixtures/random.ts'
import type { DayFacts, Site, SilentPeriod, TrackFix } from '../../geo/index.ts'
import { dayOf, EIGHT, HOUR, placeAt } from '../geo/simulate.ts'

/** One fix of a hostile day, by its number of `count`. */
type Maker = (index: number, count: number, random: Random) => Partial<TrackFix>

const DAY_MS = 9 * HOUR
const even = (index: number, count: number) => EIGHT + Math.floor((index / count) * DAY_MS)
const step = (index: number, every: number) => EIGHT + index * every

const KINDS = {
  sameTime: (_i, _n, random) => ({
    at: EIGHT + 1000,
    ...placeAt(random.normal() * 500, random.normal() * 500),
  }),
  samePlace: (i, n) => ({ at: even(i, n), ...placeAt(0, 0) }),
  sameAll: () => ({ at: EIGHT + 1000, ...placeAt(0, 0) }),
  oneHertz: (i, _n, random) => ({
    at: step(i, 1000),
    ...placeAt(random.normal() * 8, random.normal() * 8),
  }),
  zigzag: (i, n, random) => ({ at: even(i, n), ...placeAt((i % 2) * random.between(30, 300), i) }),
  fastZigzag: (i) => ({ at: step(i, 1000), ...placeAt((i % 2) * 4000, 0), accuracy: 5 }),
  jumps: (i, n, random) => ({
    at: even(i, n),
    ...placeAt(random.between(-2e6, 2e6), random.between(-2e6, 2e6)),
  }),
  slowDrift: (i, n, random) => ({ at: even(i, n), ...placeAt(i * 0.4 + random.normal() * 5, 0) }),
  steps: (i, n, random) => ({
    at: even(i, n),
    ...placeAt(Math.floor(i / random.whole(20, 40)) * 45, random.normal() * 9),
  }),
  tinyAccuracy: (i, n, random) => ({
    at: even(i, n),
    ...placeAt(random.normal() * 40, random.normal() * 40),
    accuracy: 0.001,
  }),
  giantAccuracy: (i, n, random) => ({
    at: even(i, n),
    ...placeAt(random.normal() * 3000, random.normal() * 3000),
    accuracy: random.pick([99, 100, 101, 5000, 1e5]),
  }),
  oddAccuracy: (i, n, random) => ({
    at: even(i, n),
    ...placeAt(random.normal() * 60, random.normal() * 60),
    accuracy: random.pick([null, NaN, -1, 0, 1e300, Infinity]),
  }),
  poles: (i, n, random) => ({
    at: even(i, n),
    lng: random.between(-180, 180),
    lat: random.pick([90, -90, 89.9999]),
  }),
  dateLine: (i, n, random) => ({
    at: even(i, n),
    lng: random.pick([179.9999, -179.9999]),
    lat: random.normal(),
  }),
  twoPlaces: (i, n, random) => ({
    at: even(i, n),
    ...placeAt(random.chance(0.5) ? 0 : 120, random.normal() * 20),
    accuracy: random.between(5, 60),
  }),
  burstsAndSilence: (i, n, random) => ({
    at: EIGHT + Math.floor(i / 50) * ((DAY_MS * 50) / n) + (i % 50) * 20,
    ...placeAt(random.normal() * 30 + Math.floor(i / 50) * 40, random.normal() * 30),
  }),
  sameIds: (i, n, random) => ({
    id: String(i % 7),
    at: even(i, n),
    ...placeAt(random.normal() * 500, random.normal() * 500),
  }),
  outAndBack: (i, n, random) => ({
    at: even(i, n),
    ...placeAt(i % 60 < 57 ? random.normal() * 5 : 400, random.normal() * 5),
  }),
} satisfies Record<string, Maker>

export type Hostile = keyof typeof KINDS

const named: Record<string, Maker> = KINDS

/** The kinds, and `mixed`: pieces of all kinds in one day. */
export const HOSTILE: readonly string[] = [...Object.keys(KINDS), 'mixed']

/** A day that nobody wants: so many fixes of a kind, shuffled, with 400 sites and 200 silences around. */
export function hostileDay(kind: string, seed: string, count: number): DayFacts {
  const random = randomOf(seed, kind)
  const makers =
    kind === 'mixed' ? random.shuffled(Object.values(named)) : [named[kind] ?? KINDS.jumps]
  const fixes = Array.from({ length: count }, (_, index): TrackFix => {
    const maker = makers[Math.floor((index / count) * makers.length)] ?? KINDS.jumps
    const accuracy = random.between(3, 60)
    const usual = { id: String(index).padStart(6, '0'), at: EIGHT, ...placeAt(0, 0), accuracy }
    return { ...usual, ...maker(index, count, random) }
  })
  return {
    ...dayOf(random.shuffled(fixes), 9),
    sites: sitesOf(random),
    silences: silencesOf(random),
  }
}

const sitesOf = (random: Random): Site[] =>
  Array.from({ length: 400 }, (_, i) => ({
    customerId: `site${i}`,
    radius: random.between(20, 500),
    ...placeAt(random.normal() * 1500, random.normal() * 1500),
  }))

const silencesOf = (random: Random): SilentPeriod[] =>
  Array.from({ length: 200 }, () => {
    const from = EIGHT + random.whole(0, DAY_MS)
    return {
      from,
      to: from + random.whole(0, HOUR),
      reason: random.pick(['gps_off', 'unknown'] as const),
    }
  })
