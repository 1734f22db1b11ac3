import { expect, test } from 'vitest'
import { episodesOf, type Episode, type Scene } from '../../backend/alerts/episodes.ts'
import { reconcile, type KnownAlert } from '../../backend/alerts/reconcile.ts'
import { demoCompany } from '../../fixtures/company.ts'
import { simulateDay } from '../../fixtures/day.ts'
import { livesOf } from '../../fixtures/live.ts'
import { randomOf } from '../../fixtures/random.ts'
import { deriveDay, type DayFacts } from '../../geo/index.ts'
import { afterChanges } from './kept.ts'
import { rule } from './scene.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const RULES = [rule('silent', { minutes: 20 }), rule('long_stop', { minutes: 20 }), rule('no_movement', { minutes: 45 })] // prettier-ignore

/** A day's scene as it is known at `now`, of the fixes that have arrived by then. */
function sceneOf(facts: DayFacts, now: number): Scene {
  const { duty, segments } = deriveDay({ ...facts, now })
  const lastAt = Math.max(-Infinity, ...facts.fixes.map((fix) => fix.at))
  return {
    ...{ now, duty, segments, workplaces: [], outside: [], dues: [], checkins: [], calls: [] },
    lastAt: Number.isFinite(lastAt) ? lastAt : null,
  }
}

const follow = (known: readonly KnownAlert[], episodes: readonly Episode[], now: number) =>
  afterChanges(known, reconcile(known, episodes, now), { now, name: `${now} ` })

const eight = (date: string) => Date.parse(`${date}T08:00:00+08:00`)

/** Fixes arrive within a minute, but for stretches that a tunnel or a closed page holds back for up to two hours. */
function arrivals(fixes: DayFacts['fixes'], seed: string) {
  const random = randomOf(seed, 'arrivals')
  let heldUntil = -Infinity
  return fixes.map((fix) => {
    if (random.next() < 0.004) heldUntil = fix.at + random.next() * 2 * HOUR
    return { fix, arrives: Math.max(fix.at + MINUTE * random.next(), heldUntil) }
  })
}

test('in weeks of simulated days each event is raised once, in whatever order positions come in', () => {
  const reps = demoCompany().people.filter((person) => person.moves)
  const dates = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27']
  const told: string[] = []
  const happened: string[] = []
  for (const [n, person] of reps.slice(0, 4).entries())
    for (const date of dates) {
      const window = { from: eight(date), to: eight(date) + 9 * HOUR }
      const seed = `week ${n} ${date}`
      const { customers, ...life } = livesOf(person)
      const day = simulateDay({ ...life, customers, movingMs: 20_000, stillMs: 60_000, seed, date, window }) // prettier-ignore
      const sites = customers.map(({ id, ...site }) => ({ ...site, customerId: id }))
      const facts = { date, zone: 'Asia/Shanghai', duty: [window], sites, silences: day.silences, fixes: day.fixes } // prettier-ignore
      const coming = arrivals(day.fixes, seed)
      const end = window.to + 2 * HOUR + MINUTE
      let known: KnownAlert[] = []
      for (let now = window.from; now <= end; now += 15 * MINUTE) {
        const fixes = coming.filter(({ arrives }) => arrives <= now).map(({ fix }) => fix)
        known = follow(known, episodesOf(RULES, sceneOf({ ...facts, fixes }, now)), now)
      }
      const truth = episodesOf(RULES, sceneOf(facts, end))
      known = follow(known, truth, end)
      const name = (each: Pick<Episode, 'kind' | 'since' | 'until'>) => `${seed} ${each.kind} ${each.since} ${each.until}` // prettier-ignore
      told.push(...known.filter(({ outcome }) => outcome === 'over').map(name))
      happened.push(...truth.map(name))
      expect(known.filter(({ outcome }) => outcome === null)).toEqual([])
    }
  expect(happened.length).toBeGreaterThan(20)
  expect(told.toSorted()).toEqual(happened.toSorted())
})

test('eight hours at a desk at a customer raise nothing but that nobody moved', () => {
  const from = eight('2026-11-23')
  const window = { from, to: from + 8 * HOUR }
  const place = { lng: 114.05, lat: 22.54 }
  const random = randomOf('desk', 'noise')
  const jitter = () => (random.next() + random.next() + random.next() - 1.5) * 0.0003
  const fixes = Array.from({ length: 480 }, (_, n) => ({
    id: String(n),
    at: from + n * MINUTE,
    lng: place.lng + jitter(),
    lat: place.lat + jitter(),
    accuracy: 30,
  }))
  const sites = [{ ...place, customerId: 'c1', name: '客户', radius: 100 }]
  const facts = { date: '2026-11-23', zone: 'Asia/Shanghai', duty: [window], sites, silences: [], fixes } // prettier-ignore
  let known: KnownAlert[] = []
  for (let now = from; now <= window.to; now += 10 * MINUTE) {
    const heard = fixes.filter(({ at }) => at <= now)
    known = follow(known, episodesOf(RULES, sceneOf({ ...facts, fixes: heard }, now)), now)
  }
  expect(known).toMatchObject([{ kind: 'no_movement', since: from, outcome: 'over' }])
})
