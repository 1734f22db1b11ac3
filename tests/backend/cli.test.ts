import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Day } from '../../backend/contract/days.ts'
import { deriveDay, metresBetween, toDatum } from '../../geo/index.ts'
import { zuji } from '../support/command.ts'
import { dayOf, EIGHT, HOUR, placeAt, walked } from '../geo/simulate.ts'

const root = path.resolve(import.meta.dirname, '../..')

const Answer = Day.and(z.object({ id: z.string() }))
const answersOf = (lines: string[]) => lines.map((line) => Answer.parse(JSON.parse(line)))

const FIXES = walked(
  [
    { x: 0, y: 0, minutes: 60 },
    { x: 4000, y: 0, minutes: 12 },
    { x: 4000, y: 0, minutes: 48 },
  ],
  { seed: 7, sigma: 6, every: 20 },
)
const SITE = { customerId: 'shop', radius: 60, ...placeAt(4000, 0) }
const SILENCE = { from: EIGHT + HOUR / 2, to: EIGHT + HOUR / 2 + 1000, reason: 'gps_off' as const }
const CASE = {
  id: 'one',
  zone: 'Asia/Shanghai',
  duty: { from: EIGHT, to: EIGHT + 2 * HOUR },
  fixes: FIXES,
  silences: [SILENCE],
  sites: [SITE],
}

describe('zuji derive', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zuji-cli-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('a case a line is its day a line, without configuration', async () => {
    const file = path.join(folder, 'cases.ndjson')
    const late = { ...CASE, id: 'two', zone: 'America/Los_Angeles', silences: undefined }
    await writeFile(file, `\uFEFF${JSON.stringify(CASE)}\r\n\n${JSON.stringify(late)}\n`)
    const { lines, said, code } = await zuji(['derive', file])
    expect({ said, code }).toEqual({ said: '', code: 0 })
    const [one, two] = answersOf(lines)
    const facts = { ...dayOf(FIXES, 2), sites: [SITE], silences: [SILENCE] }
    expect(one).toEqual({ id: 'one', ...deriveDay(facts) })
    expect(one?.visits.map(({ customerId }) => customerId)).toEqual(['shop'])
    expect(two).toMatchObject({ id: 'two', date: '2026-11-22', zone: 'America/Los_Angeles' })
    expect(two?.totals).toEqual(one?.totals)
  })

  test('any datum, any order and numbers as text are the same day', async () => {
    const shifted = FIXES.toReversed().map(({ id, at, lng, lat, accuracy }) => {
      const [east, north] = toDatum([lng, lat], 'bd09')
      return {
        id,
        at: `${at}`,
        lng: `${east}`,
        lat: `${north}`,
        datum: 'bd09',
        accuracy: `${accuracy}`,
      }
    })
    const again = { ...CASE, id: 'again', fixes: [...shifted, ...shifted] }
    const { lines, code } = await zuji(
      ['derive', '-'],
      [CASE, again].map((each) => JSON.stringify(each)).join('\n'),
    )
    expect(code).toBe(0)
    const [plain, told] = answersOf(lines)
    const shapeOf = (day: Day | undefined) =>
      day?.segments.map(({ kind, from, to }) => [kind, from, to])
    expect(shapeOf(told)).toEqual(shapeOf(plain))
    expect(told?.totals.movedMetres).toBeCloseTo(plain?.totals.movedMetres ?? 0, -1)
  })

  test('a bad line is named with field and rule and costs only itself', async () => {
    const [first] = FIXES
    const bad = [
      'not json',
      JSON.stringify({ ...CASE, zone: 'Mars/Phobos' }),
      JSON.stringify({ ...CASE, duty: { from: 5, to: 3 } }),
      JSON.stringify({ ...CASE, fixes: [first, { ...first, lng: 'east' }] }),
      JSON.stringify({ ...CASE, fixes: [{ ...first, lat: 91 }] }),
      JSON.stringify({ ...CASE, sites: [{ ...SITE, radius: 0 }] }),
      '[]',
    ]
    const input = [...bad, JSON.stringify(CASE)].join('\n')
    const { lines, said, code } = await zuji(['derive', '-'], input)
    expect(code).toBe(1)
    expect(answersOf(lines).map(({ id }) => id)).toEqual(['one'])
    const words = said.trim().split('\n')
    expect(words).toHaveLength(bad.length)
    expect(words[0]).toBe('line 1: is not JSON')
    expect(words[1]).toMatch(/^line 2: zone: must be an IANA time zone/)
    expect(words[2]).toBe('line 3: duty.to: must be after from')
    expect(words[3]).toBe('line 4: fixes[1].lng: must be a number')
    expect(words[4]).toMatch(/^line 5: fixes\[0\]\.lat: .*<=90/)
    expect(words[5]).toMatch(/^line 6: sites\[0\]\.radius: .*>0/)
  })

  test('no file, and a file that is not there, are said', async () => {
    expect(await zuji(['derive'])).toMatchObject({ lines: [], code: 1 })
    const { said, code } = await zuji(['derive', path.join(folder, 'none')])
    expect(said).toMatch(/none can not be read/)
    expect(code).toBe(1)
    expect((await zuji(['derive', folder])).said).toMatch(/can not be read/)
  })
})

describe('zuji convert', () => {
  const Vectors = z.object({
    vectors: z.array(
      z.object({
        from: z.enum(['wgs84', 'gcj02', 'bd09']),
        to: z.enum(['wgs84', 'gcj02', 'bd09']),
        in: z.tuple([z.number(), z.number()]),
        out: z.tuple([z.number(), z.number()]),
        tolerance: z.number(), // metres
      }),
    ),
  })
  const { vectors } = Vectors.parse(
    JSON.parse(readFileSync(path.join(root, 'fixtures/data/coords.json'), 'utf8')),
  )

  test.each([
    ['wgs84', 'gcj02'],
    ['gcj02', 'wgs84'],
    ['gcj02', 'bd09'],
    ['bd09', 'gcj02'],
  ])('from %s to %s as published', async (from, to) => {
    const cases = vectors.filter((each) => each.from === from && each.to === to)
    const input = cases.map((each) => JSON.stringify(each.in)).join('\n')
    const { lines, said, code } = await zuji(['convert', '--from', from, '--to', to], input)
    expect({ said, code }).toEqual({ said: '', code: 0 })
    expect(lines).toHaveLength(cases.length)
    cases.forEach(({ out, tolerance }, i) => {
      const [lng, lat] = z.tuple([z.number(), z.number()]).parse(JSON.parse(lines[i] ?? ''))
      const metres = metresBetween({ lng, lat }, { lng: out[0], lat: out[1] })
      expect(metres).toBeLessThanOrEqual(tolerance + 0.02)
    })
  })

  test('full precision; what is no position is an error of its line', async () => {
    const exact = '[114.05912345678912,22.541234567891234]'
    const input = [exact, '[1e999,3]', '[1,2,3]', 'NaN', '[null,1]', '{}', exact].join('\n')
    const { lines, said, code } = await zuji(['convert', '--from', 'bd09', '--to', 'bd09'], input)
    expect(lines).toEqual([exact, exact])
    expect(code).toBe(1)
    const words = said.trim().split('\n')
    expect(words.map((line) => line.slice(0, 7))).toEqual([2, 3, 4, 5, 6].map((n) => `line ${n}:`))
    expect(words[0]).toBe('line 2: lng: must be a finite number')
    expect(words[1]).toBe('line 3: must be [lng,lat]')
  })

  test('an unknown datum is said', async () => {
    const { said, code } = await zuji(['convert', '--from', 'utm', '--to', 'gcj02'])
    expect(said).toBe('--from: one of wgs84, gcj02, bd09\n')
    expect(code).toBe(1)
  })
})
