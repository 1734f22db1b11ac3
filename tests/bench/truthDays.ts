import { demoCompany } from '../../fixtures/company.ts'
import { simulateDay, type SimDay } from '../../fixtures/day.ts'
import { livesOf } from '../../fixtures/live.ts'
import { placeAt } from '../../fixtures/signal.ts'
import { randomOf } from '../../fixtures/random.ts'
import { metresBetween, type DayFacts, type Site } from '../../geo/index.ts'
import { edgeErrors, matched, quantile, sum } from './truthScore.ts'
import type { Teller } from './truthTell.ts'

const EIGHT = Date.UTC(2026, 10, 23, 0)
const HOUR = 3_600_000
const WINDOW = { from: EIGHT, to: EIGHT + 9 * HOUR }

export interface Lived {
  readonly day: SimDay
  readonly facts: DayFacts // fixes in order of time
}

/** Paces between two fixes: as the page reports, and as a thrifty phone does. */
export const PACES = {
  live: { movingMs: 10_000, stillMs: 30_000 },
  sparse: { movingMs: 30_000, stillMs: 150_000 },
} as const

/** Days of random reps of the demo company, always the same for the same seed. */
export function livedDays(seed: string, count: number, pace: keyof typeof PACES): Lived[] {
  const reps = demoCompany().people.filter((person) => person.moves)
  return Array.from({ length: count }, (_, index) => {
    const person = randomOf(seed, 'person', index).pick(reps)
    const { customers, ...life } = livesOf(person)
    const words = { seed: `${seed}/${index}`, date: '2026-11-23', window: WINDOW }
    const day = simulateDay({ ...life, customers, ...PACES[pace], ...words })
    const sites: Site[] = customers.map(({ id, ...site }) => ({ ...site, customerId: id }))
    const facts = { date: day.date, zone: 'Asia/Shanghai', duty: [WINDOW], sites }
    return { day, facts: { ...facts, fixes: day.fixes, silences: day.silences } }
  })
}

/**
 * What a teller makes of lived days: stays by one-to-one matching (see `matched`); customers among the
 * matched stays; the distance against the path truly taken, where what no phone could report (reported
 * silences, tunnels) counts as the crow flies for everybody.
 */
export function scoreDays(days: readonly Lived[], teller: Teller) {
  const results = days.map(({ day, facts }) => {
    const told = teller(facts)
    const match = matched(told.stays, day.truth.stays)
    const metres = seenMetres(day)
    return { ...match, off: Math.abs(told.metres / metres - 1) }
  })
  const [told, truth] = [sum(results.map((r) => r.told)), sum(results.map((r) => r.truth))]
  const pairs = results.flatMap((result) => result.pairs)
  const edges = edgeErrors(pairs, WINDOW)
  const atCustomers = pairs.filter((pair) => pair.truth.customerId !== null)
  const isRight = (pair: (typeof pairs)[number]) => pair.truth.customerId === pair.told.customerId
  return {
    stayPrecision: pairs.length / told,
    stayRecall: pairs.length / truth,
    stayF1: (2 * pairs.length) / (told + truth),
    edgeErrorMedianSeconds: quantile(edges, 0.5),
    edgeErrorP90Seconds: quantile(edges, 0.9),
    customerAccuracy: atCustomers.filter(isRight).length / atCustomers.length,
    placeAccuracy: pairs.filter(isRight).length / pairs.length, // also that it was no customer
    distanceErrorMedian: quantile(
      results.map((r) => r.off),
      0.5,
    ),
    distanceErrorP90: quantile(
      results.map((r) => r.off),
      0.9,
    ),
  }
}

/** Metres of the true path, straight over the spans in which the phone could not report. */
export function seenMetres({ truth: { path, tunnels }, silences }: SimDay): number {
  const dark = [...silences, ...tunnels]
  const isDark = (at: number) => dark.some(({ from, to }) => at > from && at < to)
  const edges = dark.flatMap(({ from, to }) => [from, to])
  const times = [...path.map(({ at }) => at), ...edges].filter((at) => !isDark(at))
  const places = times.sort((a, b) => a - b).map((at) => placeAt(path, at).place)
  return sum(
    places.map(([lng, lat], i) => {
      const before = places[i - 1]
      return before ? metresBetween({ lng: before[0], lat: before[1] }, { lng, lat }) : 0
    }),
  )
}
