import { randomOf } from '../../fixtures/random.ts'
import type { Site } from '../../geo/index.ts'
import { dayOf, placeAt, walked, type Leg } from '../geo/simulate.ts'
import { matched, share } from './truthScore.ts'
import type { Teller } from './truthTell.ts'

const INTERVALS = [5, 15, 30, 60, 120, 300] // seconds
const MEMORIES = [0, 30, 60, 120] // seconds: of noise; 0 = independent

const numberOf = (...words: (string | number)[]) => randomOf(...words).bits()

/** Eight hours still with 10 m jitter per axis: the most metres any interval and memory of the noise yields. */
export function phantomMetres(seed: string, runs: number, teller: Teller): number {
  const still: Leg[] = [{ x: 0, y: 0, minutes: 480 }]
  const metres = INTERVALS.flatMap((every) =>
    MEMORIES.flatMap((correlation) =>
      Array.from({ length: runs }, (_, run) => {
        const noise = { seed: numberOf(seed, 'phantom', every, correlation, run), sigma: 10 }
        return teller(dayOf(walked(still, { ...noise, every, correlation }), 8)).metres
      }),
    ),
  )
  return Math.max(...metres)
}

/**
 * An hour at one place, 1 % of the fixes 200 m to 1200 m off and saying they are good, a fix each 10 to
 * 60 s: the share of runs told as exactly one stay of at least half of the hour and no second one.
 */
export function oneStay(seed: string, sigma: number, options: { runs: number; teller: Teller }) {
  const { runs, teller } = options
  const hits = Array.from({ length: runs }, (_, run) => {
    const every = [10, 20, 30, 60][run % 4] ?? 20
    const noise = { seed: numberOf(seed, 'hour', sigma, run), sigma, every, rogue: 0.01 }
    const facts = dayOf(walked([{ x: 0, y: 0, minutes: 60 }], noise), 1)
    const window = { from: facts.duty[0]?.from ?? 0, to: facts.duty[0]?.to ?? 0 }
    const { told, pairs } = matched(teller(facts).stays, [{ ...window, customerId: null }])
    return told === 1 && pairs.length === 1
  })
  return share(hits)
}

const SHOPS = [0, 1, 2, 3, 4, 5]
const WALK = 0.6 // minutes from door to door

/** Six shops 40 m apart in one street, 12 min in each, 15 m noise, a fix each 10 to 30 s. */
export function shopStreet(seed: string, run: number, correlation: number) {
  const legs: Leg[] = SHOPS.flatMap((shop) => [
    { x: 40 * shop, y: 0, minutes: shop === 0 ? 0.01 : WALK },
    { x: 40 * shop, y: 0, minutes: 12 },
  ])
  const every = [10, 20, 30][run % 3] ?? 20
  const noise = { seed: numberOf(seed, 'shops', correlation, run), sigma: 15, every, correlation }
  const sites: Site[] = SHOPS.map((shop) => ({
    customerId: `shop${shop}`,
    radius: 30,
    ...placeAt(40 * shop, 0),
  }))
  const facts = { ...dayOf(walked(legs, noise), (12 * 6 + WALK * 5 + 0.01) / 60), sites }
  const start = facts.duty[0]?.from ?? 0
  const truth = SHOPS.map((shop) => {
    const from = start + (shop * (12 + WALK) + 0.01) * 60_000
    return { from, to: from + 12 * 60_000, customerId: `shop${shop}` }
  })
  return { facts, truth }
}

/** Share of the shop visits that are told as a stay of their own (see `matched`) at the right shop. */
export function shopAccuracy(
  seed: string,
  correlation: number,
  { runs, teller }: { runs: number; teller: Teller },
): number {
  const hits = Array.from({ length: runs }, (_, run) => {
    const { facts, truth } = shopStreet(seed, run, correlation)
    const { pairs } = matched(teller(facts).stays, truth)
    return truth.map((stay) =>
      pairs.some((pair) => pair.truth === stay && pair.told.customerId === stay.customerId),
    )
  })
  return share(hits.flat())
}
