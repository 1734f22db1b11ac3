import { demoCompany } from '../../fixtures/company.ts'
import { simulateDay, type SimDay, type TrueStay } from '../../fixtures/day.ts'
import { livesOf } from '../../fixtures/live.ts'
import { placeAt } from '../../fixtures/signal.ts'
import { randomOf } from '../../fixtures/random.ts'
import { metresBetween, type DayFacts, type Site } from '../../geo/index.ts'
import type { Sojourn } from '../geo/score.ts'
import { edgeErrors, matched, quantile, sum, type Matched } from './truthScore.ts'
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
 * What a teller makes of lived days: stays by one-to-one matching (see `matched`), all that were and, apart,
 * as far as they could be seen (see `seenStays`); customers among the matched stays; the distance against the path truly taken, where what no phone could report (reported
 * silences, tunnels) counts as the crow flies for everybody.
 */
export function scoreDays(days: readonly Lived[], teller: Teller) {
  const results = days.map(({ day, facts }) => {
    const told = teller(facts)
    const match = matched(told.stays, day.truth.stays)
    const metres = seenMetres(day)
    return { ...match, ...seenMatch(told.stays, day), off: Math.abs(told.metres / metres - 1) }
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
    stayF1Seen: f1Of(results.map((result) => result.seen)),
    stayF1SeenOnly: f1Of(results.map((result) => result.bound)),
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

/**
 * The stays as far as they could be seen: an edge that lies in a reported silence is nobody's to know, so the
 * stay is what lies outside of the silence; one that lies in it altogether is none.
 */
export function seenStays({ truth: { stays }, silences, window }: SimDay): TrueStay[] {
  const over = (at: number) => silences.find(({ from, to }) => at > from && at < to)
  const trimmed = stays.map((stay) => ({
    ...stay,
    from: stay.from > window.from ? (over(stay.from)?.to ?? stay.from) : stay.from,
    to: stay.to < window.to ? (over(stay.to)?.from ?? stay.to) : stay.to,
  }))
  return trimmed.filter(({ from, to }) => to > from)
}

/**
 * Stays told against those that could be seen, where one that pairs with the whole of a true stay only is
 * neither right nor wrong; and, for comparison, what who tells exactly the seen ones scores against all that were.
 */
function seenMatch(told: readonly Sojourn[], day: SimDay) {
  const { stays } = day.truth
  const seen = matched(told, seenStays(day))
  const isSeen = new Set(seen.pairs.map((pair) => pair.told))
  const excused = matched(told, stays).pairs.filter((pair) => !isSeen.has(pair.told)).length
  return {
    seen: { ...seen, told: seen.told - excused },
    bound: matched(seenStays(day), stays),
  }
}

function f1Of(matches: readonly Matched[]): number {
  const stays = sum(matches.map(({ told, truth }) => told + truth))
  return (2 * sum(matches.map(({ pairs }) => pairs.length))) / stays
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
