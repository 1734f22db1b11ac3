import { expect, test } from 'vitest'
import { demoCompany } from '../../fixtures/company.ts'
import { simulateDay } from '../../fixtures/day.ts'
import { livesOf } from '../../fixtures/live.ts'
import { deriveDay } from '../../geo/index.ts'
import { scoreOf, sojournsOf, summed } from './score.ts'
import { dayOf, EIGHT, HOUR, walked } from './simulate.ts'

const REPS = demoCompany().people.filter((person) => person.moves)
const LIVE = { movingMs: 10_000, stillMs: 30_000 }
const COARSE = { movingMs: 30_000, stillMs: 150_000 }

/** The days of some reps, told and true. */
function lived(pace: typeof LIVE, people: number) {
  return REPS.slice(0, people).map((person, index) => {
    const window = { from: EIGHT, to: EIGHT + 9 * HOUR }
    const lives = livesOf(person)
    const seed = `seed${index % 3}`
    const day = simulateDay({ ...lives, ...pace, seed, date: '2026-11-23', window })
    const sites = lives.customers.map(({ id, ...site }) => ({ ...site, customerId: id }))
    const { fixes, silences } = day
    const told = deriveDay({ ...dayOf(fixes, 9), silences, sites })
    return scoreOf(sojournsOf(told), day.truth.stays)
  })
}

test.each([
  ['live', 10, LIVE],
  ['past', 24, COARSE],
])('indoors noise wanders, and yet %s days (of %i) show the stays that were', (_, people, pace) => {
  const { told, truth, precision, recall, f1, customers } = summed(lived(pace, people))
  expect(precision).toBeGreaterThan(0.95)
  expect(recall).toBeGreaterThan(0.92)
  expect(f1).toBeGreaterThan(0.94)
  expect(customers).toBeGreaterThan(0.95)
  expect(Math.abs(told / truth - 1)).toBeLessThan(0.1)
})

test('a walk of exact fixes between vague stays keeps them apart', () => {
  const legs = [0, 80, 160].flatMap((x) => [
    { x, y: 0, minutes: x === 0 ? 0.01 : 1 },
    { x, y: 0, minutes: 14 },
  ])
  const isWalk = (at: number) => ((at - EIGHT) / 60_000 + 1) % 15 < 1
  const vague = walked(legs, { seed: 3, sigma: 28, every: 10, correlation: 180 })
  const exact = walked(legs, { seed: 3, sigma: 4, every: 10 })
  const fixes = vague.map((fix, index) => (isWalk(fix.at) ? (exact[index] ?? fix) : fix))
  const { segments } = deriveDay(dayOf(fixes, 44 / 60))
  expect(segments.filter(({ kind }) => kind === 'stay')).toHaveLength(3)
})
