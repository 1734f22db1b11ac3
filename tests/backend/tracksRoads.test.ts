import fc from 'fast-check'
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { Day } from '../../backend/contract/days.ts'
import { BadConfig, readConfig } from '../../backend/core/config.ts'
import { createBreaker } from '../../backend/tracks/roads/breaker.ts'
import { decodePolyline } from '../../backend/tracks/roads/polyline.ts'
import { createRoads } from '../../backend/tracks/roads/index.ts'
import { fits } from '../../backend/tracks/roads/fit.ts'
import { startRoadsSim, type RoadsMood } from '../../fixtures/roads-sim/index.ts'
import { encodePolyline } from '../../fixtures/roads-sim/polyline.ts'
import { DATE, openCompany, type Company } from './company.ts'
import { story, tracksOf } from './storyDay.ts'

type Sim = Awaited<ReturnType<typeof startRoadsSim>>
let roads: Sim
let company: Company
let day: Day

beforeAll(async () => {
  roads = await startRoadsSim()
  company = await openCompany((kit) => {
    const config = { ...kit.config, roadsUrl: roads.osrm }
    return [tracksOf({ ...kit, config })]
  })
  await company.report('rep1', story())
  day = await dayOf('')
})
beforeEach(() => {
  Object.assign(roads.sim, { mood: 'roads', asked: 0, mostAtOnce: 0 })
})
afterAll(async () => {
  await company.close()
  await roads.close()
})

async function dayOf(query: string) {
  const path = `/api/v1/people/rep1/days/${DATE}${query}`
  return Day.parse((await company.get(path, 'rep1')).body)
}
const withoutLines = ({ segments, ...rest }: Day) => ({
  ...rest,
  segments: segments.map(({ line: _line, matched: _matched, ...segment }) => segment),
})

/** What the log is told, and a matcher with a clock of its own. */
function matcher(url: string, at = 0) {
  const lines: string[] = []
  const sink = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) }) // prettier-ignore
  const clock = { at, now: () => clock.at }
  const config = { ...readConfig({}), roadsUrl: url }
  return { clock, lines, match: createRoads({ clock, log: pino(sink), config }) }
}
const matchedIn = ({ segments }: Day) => segments.filter(({ matched }) => matched === true).length

describe('GET …/days/:date?roads=1', () => {
  it('draws moves along roads and changes no number', async () => {
    const along = await dayOf('?roads=1')
    expect(matchedIn(along)).toBe(1)
    expect(withoutLines(along)).toEqual(withoutLines(day))
    const [before, after] = [day, along].map(({ segments }) => segments.find(({ kind }) => kind === 'move')?.line ?? []) // prettier-ignore
    expect(after).not.toEqual(before)
    expect([after?.[0], after?.at(-1)]).toEqual([before?.[0], before?.at(-1)]) // still joins the stays
    expect(matchedIn(await dayOf(''))).toBe(0)
    expect((await company.get(`/api/v1/people/rep1/days/${DATE}?roads=2`, 'rep1')).status).toBe(422)
  })

  it('asks once for the same move', async () => {
    await dayOf('?roads=1')
    expect(roads.sim.asked).toBe(0)
  })
})

describe.each(['osrm', 'valhalla'] as const)('a service like %s', (kind) => {
  it('lays the way on roads', async () => {
    expect(matchedIn(await matcher(roads[kind]).match(day))).toBe(1)
  })

  it.each<RoadsMood>(['far', 'long', 'none', 'parted'])('is not believed when %s', async (mood) => {
    roads.sim.mood = mood
    const { match } = matcher(roads[kind])
    expect(await match(day)).toEqual(day)
    const { asked } = roads.sim
    roads.sim.mood = 'roads'
    expect(await match(day)).toEqual(day) // it was asked and it answered
    expect(roads.sim.asked).toBe(asked)
  })

  it.each<RoadsMood>(['broken', 'garbage', 'mute'])('costs little when %s', async (mood) => {
    roads.sim.mood = mood
    const { match, clock, lines } = matcher(roads[kind])
    const many = { ...day, segments: Array.from({ length: 9 }, (_, i) => movedBy(day, i)).flat() }
    expect(await match(many)).toEqual(many)
    expect(await match(many)).toEqual(many)
    expect(roads.sim.asked).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines.join()).not.toMatch(/114\.|22\.5|127\.0/)
    clock.at = 61_000
    roads.sim.mood = 'roads'
    expect(matchedIn(await match(many))).toBe(9)
  })

  it('takes long ways in pieces, few at once', async () => {
    const line = Array.from({ length: 2500 }, (_, i): [number, number] => [114 + i * 1e-4, 22.5 + (i % 2) * 1e-4]) // prettier-ignore
    const long = { ...day, segments: [{ kind: 'move' as const, from: 0, to: 1, metres: 1, line }] }
    const { match } = matcher(roads[kind])
    const [segment] = (await match(long)).segments
    expect(segment?.matched).toBe(true)
    expect(roads.sim.asked).toBe(kind === 'osrm' ? 26 : 3)
    const many = { ...day, segments: Array.from({ length: 30 }, (_, i) => movedBy(day, i + 20)).flat() } // prettier-ignore
    expect(matchedIn(await match(many))).toBe(30)
    expect(roads.sim.mostAtOnce).toBeLessThanOrEqual(4)
  })
})

/** The day's segments some degrees further east: moves that were not asked for. */
const movedBy = ({ segments }: Day, degrees: number) =>
  segments.map((segment) =>
    segment.line
      ? { ...segment, line: segment.line.map(([lng, lat]): [number, number] => [lng - degrees, lat]) } // prettier-ignore
      : segment,
  )

test('without a service everything stays as measured', async () => {
  const config = readConfig({})
  expect(await createRoads({ ...company.kit, config })(day)).toBe(day)
})

test('the setting names a kind and an address', () => {
  const urlOf = (ROADS_URL: string) => readConfig({ ROADS_URL }).roadsUrl
  expect(urlOf('osrm+http://localhost:5000')).toBe('osrm+http://localhost:5000')
  expect(urlOf('valhalla+https://roads.example/v3/')).toBe('valhalla+https://roads.example/v3/')
  expect(urlOf('')).toBeUndefined()
  for (const wrong of [
    'http://localhost:5000',
    'osrm+ftp://x',
    'osrm+http://',
    'osrm+http://:x',
    'osrm+http://x?y',
  ])
    // prettier-ignore
    expect(() => urlOf(wrong), wrong).toThrow(BadConfig)
})

test('a polyline is decoded as it was encoded, and hostile text is none', () => {
  const Degrees = (most: number) => fc.integer({ min: -most * 1e6, max: most * 1e6 }).map((n) => n / 1e6) // prettier-ignore
  fc.assert(
    fc.property(fc.array(fc.tuple(Degrees(180), Degrees(90))), (line) => {
      expect(decodePolyline(encodePolyline(line, 6), 6)).toEqual(
        line.map(([x, y]) => [x + 0, y + 0]),
      )
    }),
  )
  expect(decodePolyline('_p~iF~ps|U_ulLnnqC_mqNvxq`@', 5)).toEqual([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]]) // prettier-ignore
  fc.assert(fc.property(fc.string(), (text) => void decodePolyline(text, 6)))
  for (const bad of ['_p~iF', '_', ' ', '\u{1f600}?'])
    expect(decodePolyline(bad, 6), bad).toBeNull()
})

test('what fits is near and about as long, and nothing else', () => {
  const line = Array.from({ length: 50 }, (_, i): [number, number] => [114 + i * 1e-3, 22.5])
  const by = (metres: number) => line.map(([lng, lat]): [number, number] => [lng, lat + metres / 111_195]) // prettier-ignore
  expect(fits(line, by(0))).toBe(true)
  expect(fits(line, by(30))).toBe(true)
  expect(fits(line, by(60))).toBe(false)
  expect(fits(line, by(0).slice(0, 30))).toBe(false) // too short
  expect(fits(line, [...by(0), ...by(10)])).toBe(false) // there and back: too long
  expect(fits(line, [])).toBe(false)
  expect(fits([], line)).toBe(false)
  expect(fits(line, line.map(() => [NaN, 0] as const))).toBe(false) // prettier-ignore
  expect(fits(line.slice(0, 2), line.slice(0, 2))).toBe(true)
  fc.assert(fc.property(fc.array(fc.tuple(fc.double(), fc.double())), (any) => {
    expect(typeof fits(line, any)).toBe('boolean')
    expect(typeof fits(any, line)).toBe('boolean')
  })) // prettier-ignore
})

test('a breaker sends one ahead, rests after a failure, and lets all go when it works', async () => {
  const failures: unknown[] = []
  let now = 0
  const breaker = createBreaker(() => now, 100, (error) => failures.push(error)) // prettier-ignore
  const fail = async () => {
    throw new Error('dead')
  }
  expect(await Promise.all([breaker.ask(fail), breaker.ask(fail), breaker.ask(async () => 1)])).toEqual([null, null, null]) // prettier-ignore
  expect(failures).toHaveLength(1)
  now = 100
  expect(await Promise.all([breaker.ask(async () => 1), breaker.ask(async () => 2)])).toEqual([1, 2]) // prettier-ignore
  expect(await Promise.all([breaker.ask(fail), breaker.ask(async () => 2)])).toEqual([null, 2])
  expect(await breaker.ask(async () => 3)).toBeNull()
})
