import { demoCity, type Mode } from '../../fixtures/city.ts'
import { travel, type Moment } from '../../fixtures/journey.ts'
import { metresBetween, shifted } from '../../fixtures/plane.ts'
import { randomOf, type Random } from '../../fixtures/random.ts'
import { placeAt } from '../../fixtures/signal.ts'
import { lengthOf, type DayFacts, type TrackFix } from '../../geo/index.ts'
import { dayOf, EIGHT, walked, type Leg } from '../geo/simulate.ts'
import { quantile } from './truthScore.ts'
import type { Teller } from './truthTell.ts'

const EVERY = [5, 10, 15, 30, 60] // seconds
const DWELL_MS = 10 * 60_000
const PER_RADIUS = 1.51 // standard deviations of an axis in a 68 % radius

export interface Route {
  readonly every: number // seconds between fixes
  readonly metres: number // truly gone
  readonly path: readonly Moment[]
  readonly facts: DayFacts
}

/**
 * Known ways through real streets, on foot and by car, at least 800 m, ten minutes still at both ends:
 * independent noise of 3 to 15 m per axis, a fix each 5 to 60 s.
 */
export function knownRoutes(seed: string, count: number): Route[] {
  return Array.from({ length: count }, (_, index) => {
    const random = randomOf(seed, 'route', index)
    const every = EVERY[index % EVERY.length] ?? 10
    const path = pathOf(random, index % 2 === 0 ? 'walk' : 'drive')
    const metres = lengthOf(path.map(({ lng, lat }) => [lng, lat]))
    return { every, metres, path, facts: seen(path, every, random) }
  })
}

function pathOf(random: Random, mode: Mode): Moment[] {
  const city = demoCity()
  const somewhere = () =>
    city.place(
      city.nearest([random.between(114.003, 114.037), random.between(22.52, 22.548)], mode),
    )
  let [from, to] = [somewhere(), somewhere()]
  while (metresBetween(from, to) < 800) [from, to] = [somewhere(), somewhere()]
  const { path } = travel({ city, from, to, mode, at: EIGHT + DWELL_MS }, random)
  const [first, last] = [path[0], path.at(-1)]
  if (!first || !last) return []
  return [{ ...first, at: EIGHT }, ...path, { ...last, at: last.at + DWELL_MS }]
}

function seen(path: readonly Moment[], every: number, random: Random): DayFacts {
  const sigma = random.between(3, 15)
  const to = path.at(-1)?.at ?? EIGHT
  const fixes: TrackFix[] = []
  let index = 0
  for (let at = EIGHT; at < to; at += every * 1000) {
    const now = placeAt(path, at, index)
    index = now.index
    const [lng, lat] = shifted(now.place, random.normal() * sigma, random.normal() * sigma)
    fixes.push({ id: String(at), at, lng, lat, accuracy: sigma * PER_RADIUS })
  }
  return { ...dayOf(fixes, 0), duty: [{ from: EIGHT, to }] }
}

/** Errors of the distance over known routes: the median, the worst decile, and the median by interval. */
export function scoreRoutes(routes: readonly Route[], teller: Teller): Record<string, number> {
  const errors = routes.map(({ every, metres, facts }) => ({
    every,
    off: Math.abs(teller(facts).metres / metres - 1),
  }))
  const all = errors.map(({ off }) => off)
  const byInterval = EVERY.map((every) => [
    `routeErrorMedianEach${every}s`,
    quantile(
      errors.filter((each) => each.every === every).map(({ off }) => off),
      0.5,
    ),
  ])
  return {
    routeErrorMedian: quantile(all, 0.5),
    routeErrorP90: quantile(all, 0.9),
    ...Object.fromEntries(byInterval),
  }
}

const STROLLS = 24

/**
 * Half an hour's slow walk, 0.7 to 1.4 m/s with a turn every other minute, 3 m noise with a memory of 30 s, a
 * fix each 1 to 10 s without any accuracy, as recorded tracks have it: no stay is true, all metres are.
 */
export function scoreStrolls(seed: string, teller: Teller) {
  const results = Array.from({ length: STROLLS }, (_, run) => {
    const random = randomOf(seed, 'stroll', run)
    const legs = strollOf(random)
    const every = [1, 5, 10][run % 3] ?? 1
    const noise = { seed: random.bits(), sigma: 3, every, correlation: 30, accuracy: null }
    const told = teller(dayOf(walked(legs, noise), 0.5))
    const metres = legs.reduce(
      (sum, { x, y }, i) => sum + Math.hypot(x - (legs[i - 1]?.x ?? 0), y - (legs[i - 1]?.y ?? 0)),
      0,
    )
    const stays = told.stays.filter(({ from, to }) => to - from >= 300_000).length
    return { stays, off: Math.abs(told.metres / metres - 1) }
  })
  const off = results.map((each) => each.off)
  return {
    strollErrorMedian: quantile(off, 0.5),
    strollErrorP90: quantile(off, 0.9),
    strollFalseStays: results.reduce((sum, { stays }) => sum + stays, 0),
  }
}

function strollOf(random: Random): Leg[] {
  const speed = random.between(0.7, 1.4)
  let [x, y, course] = [0, 0, random.between(0, 2 * Math.PI)]
  return Array.from({ length: 15 }, () => {
    course += random.normal() * 0.5
    x += 120 * speed * Math.cos(course)
    y += 120 * speed * Math.sin(course)
    return { x, y, minutes: 2 }
  })
}

/**
 * 20 km out and back, a fix each 10 s; the middle third comes 2 h late, after everything else. Is the day
 * then the same in every digit, and how much of its distance is lost?
 */
export function scoreLateBlock(seed: string, teller: Teller) {
  const legs = [
    { x: 0, y: 0, minutes: 30 },
    { x: 10_000, y: 0, minutes: 20 },
    { x: 0, y: 0, minutes: 20 },
    { x: 0, y: 0, minutes: 30 },
  ]
  const noise = { seed: randomOf(seed, 'late').bits(), sigma: 5, every: 10, correlation: 30 }
  const fixes = walked(legs, noise)
  const [first, second] = [EIGHT + 43 * 60_000, EIGHT + 57 * 60_000]
  const isLate = ({ at }: TrackFix) => at >= first && at < second
  const arrived = [...fixes.filter((fix) => !isLate(fix)), ...fixes.filter(isLate)]
  const [intime, late] = [teller(dayOf(fixes, 5 / 3)), teller(dayOf(arrived, 5 / 3))]
  return {
    lateBlockSame: JSON.stringify(intime) === JSON.stringify(late),
    lateBlockLost: 1 - late.metres / intime.metres,
  }
}
