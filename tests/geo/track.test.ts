import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { Day } from '../../backend/contract/days.ts'
import {
  clean,
  deriveDay,
  parseGpx,
  toCsv,
  toGeoJson,
  toGpx,
  toKml,
  type RawFix,
  type TrackDay,
} from '../../geo/index.ts'
import { cell } from '../../geo/files/csv.ts'
import { cutAtAntimeridian } from '../../geo/files/geojson.ts'
import { decimal, isoOf } from '../../geo/files/track.ts'
import { xmlEvents } from '../../geo/files/xml.ts'
import { dayOf, EIGHT, MINUTE, placeAt, walked } from './simulate.ts'

const HOSTILE = `=1+1 <&>"'\u0000\u{1f600}李 ]]>`
const options = { person: HOSTILE }

const legs = [
  { x: 900, y: 0, minutes: 12 },
  { x: 900, y: 0, minutes: 20 },
  { x: 900, y: 700, minutes: 10 },
]
const fixes = walked(legs, { seed: 4, sigma: 5, every: 20, rogue: 0.02 })
const quiet = fixes.filter(({ at }) => at < EIGHT + 34 * MINUTE || at > EIGHT + 40 * MINUTE)
const site = { customerId: 'c-1', ...placeAt(900, 0), radius: 80, name: HOSTILE }
const day = deriveDay({ ...dayOf(quiet, 1), sites: [site] })
const raw = {
  date: day.date,
  zone: day.zone,
  fixes: clean(quiet).map(({ fix, flags }) => ({ ...fix, flags, altitude: 12.5, speed: 1 })),
}

/** Whether a document is well formed, told by the reader that imports use. */
const faultOf = (text: string) => [...xmlEvents(text)].find(({ kind }) => kind === 'error')

test('a day of the contract and a derived one are both exported', () => {
  const contractDay = (each: z.infer<typeof Day>): TrackDay => each
  expect(toGpx(contractDay({ ...day, visits: [] }), options)).toContain('<trkpt')
  expect(day.segments.map(({ kind }) => kind)).toContain('silent')
})

test.each([
  ['GPX', toGpx],
  ['KML', toKml],
])('%s is well formed, whatever the names', (_name, write) => {
  for (const source of [day, raw, { ...day, segments: [] }, { ...raw, fixes: [] }]) {
    expect(faultOf(write(source, options))).toBeUndefined()
    expect(write(source, options)).not.toMatch(/NaN|Infinity|undefined|null|\u0000/)
  }
  const anyName = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(anyName, (person) => {
      expect(faultOf(write(day, { person }))).toBeUndefined()
    }),
  )
})

test('raw fixes that are written as GPX and read again are the same', () => {
  const read = parseGpx(toGpx(raw, options), { maxPoints: 1e5 })
  expect(read).toEqual({
    skipped: 0,
    points: raw.fixes.map(({ at, lng, lat, accuracy }) => ({
      at,
      lng: expect.closeTo(lng, 7),
      lat: expect.closeTo(lat, 7),
      accuracy: expect.closeTo(Number(accuracy), 2),
      altitude: 12.5,
      speed: 1,
    })),
  })
})

test('whatever fixes: those with a place and a time come back, in order of time', () => {
  const number = fc.oneof(fc.double(), fc.double({ min: -180, max: 180 }))
  const fix = fc.record({
    at: fc.oneof(fc.double(), fc.integer({ min: 0, max: 4e12 })),
    lng: number,
    lat: number,
    accuracy: fc.option(number),
    altitude: fc.option(number),
    flags: fc.constantFrom(undefined, ['jump'], []),
  })
  fc.assert(
    fc.property(fc.array(fix), (any: RawFix[]) => {
      const source = { date: '2026-11-23', zone: 'Asia/Shanghai', fixes: any }
      const read = parseGpx(toGpx(source, options), { maxPoints: 1e5 })
      const good = any.filter(
        ({ at, lng, lat }) =>
          at >= Date.UTC(1000) &&
          at < Date.UTC(3000) &&
          Math.abs(lng) <= 180 &&
          Math.abs(lat) <= 90,
      )
      expect('points' in read && read.points.length).toBe(good.length)
      for (const write of [toGpx, toKml, toGeoJson, toCsv])
        expect(write(source, options)).not.toMatch(/NaN|Infinity/)
    }),
  )
})

test('a cleaned day keeps its gaps: one segment for each continuous run, stays with names', () => {
  const text = toGpx(day, options)
  expect(text.match(/<trkseg>/g)).toHaveLength(2)
  expect(text.match(/<wpt /g)?.length).toBe(day.segments.filter(({ place }) => place).length)
  const read = parseGpx(text, { maxPoints: 1e5 })
  const points = 'points' in read ? read.points : []
  expect(points.map(({ at }) => at)).toEqual(points.map(({ at }) => at).sort((a, b) => a - b))
  const move = day.segments.find(({ kind }) => kind === 'move')
  expect(points.find(({ at }) => at === move?.from)).toMatchObject({
    lng: expect.closeTo(Number(move?.line?.[0]?.[0]), 7),
  })
  expect(points.some(({ at }) => at === move?.to)).toBe(true)
  expect(toKml(day, options).match(/<gx:Track>/g)).toHaveLength(2)
  expect(toKml(day, options).match(/#gap<\/styleUrl>/g)).toHaveLength(1)
})

test('GeoJSON has one feature for each piece, and one for each raw fix', () => {
  const { features } = JSON.parse(toGeoJson(day, options))
  expect(features).toHaveLength(day.segments.length)
  const stay = features.find(
    (each: { properties: { kind: string } }) => each.properties.kind === 'stay',
  )
  expect(stay).toMatchObject({
    type: 'Feature',
    geometry: { type: 'Point' },
    properties: { customerId: 'c-1', name: HOSTILE, from: expect.stringMatching(/Z$/) },
  })
  expect(JSON.parse(toGeoJson(raw, options)).features).toHaveLength(raw.fixes.length)
})

test('a piece without a possible place has no geometry, and one vertex is no line', () => {
  const piece = { kind: 'silent', from: EIGHT, to: EIGHT + MINUTE, reason: 'gps_off' } as const
  const segments = [
    piece,
    { ...piece, place: { lng: 200, lat: 0 } },
    { ...piece, line: [[1, 2]] as const },
    {
      ...piece,
      line: [
        [179, 10],
        [-179, 12],
      ] as const,
    },
    { ...piece, place: { lng: 1, lat: 0, name: null } },
  ]
  const odd = { date: '2026-11-23', zone: 'UTC', segments }
  const { features } = JSON.parse(toGeoJson(odd, options))
  expect(features.map((each: { geometry: unknown }) => each.geometry)).toEqual([
    null,
    null,
    null,
    {
      type: 'MultiLineString',
      coordinates: [
        [
          [179, 10],
          [180, 11],
        ],
        [
          [-180, 11],
          [-179, 12],
        ],
      ],
    },
    { type: 'Point', coordinates: [1, 0] },
  ])
  for (const write of [toGpx, toKml, toCsv])
    expect(write(odd, options)).not.toMatch(/NaN|undefined|null/)
  expect(toCsv(odd, { person: 'A' }).split('\r\n')[1]).toBe(
    '2026-11-23T00:00:00.000Z,1795392000000,,,silent,,,gps_off,A,2026-11-23',
  )
})

test('a line over the antimeridian is cut where it crosses, in both directions', () => {
  expect(cutAtAntimeridian([])).toEqual([[]])
  expect(
    cutAtAntimeridian([
      [-179, 0],
      [179, 2],
      [178, 2],
    ]),
  ).toEqual([
    [
      [-179, 0],
      [-180, 1],
    ],
    [
      [180, 1],
      [179, 2],
      [178, 2],
    ],
  ])
  expect(
    cutAtAntimeridian([
      [180, 0],
      [-180, 2],
    ]),
  ).toEqual([
    [
      [180, 0],
      [180, 0],
    ],
    [
      [-180, 0],
      [-180, 2],
    ],
  ])
})

test('CSV has a row for each point, and no cell is a formula', () => {
  const rows = toCsv(raw, options).split('\r\n')
  expect(rows[0]).toBe(
    '\ufefftime,epoch_ms,lng,lat,accuracy_m,altitude_m,speed_mps,flags,person,date',
  )
  expect(rows).toHaveLength(raw.fixes.length + 2)
  expect(rows[1]).toMatch(
    /^2026-11-23T00:00:00\.000Z,1795392000000,114\.\d+,22\.\d+,7\.55,12\.5,1,,"'=1/,
  )
  expect(cell('@x')).toBe("'@x")
  expect(cell(' =x')).toBe(`"' =x"`.replace(`"' =x"`, "' =x"))
  expect(cell('-1')).toBe("'-1")
  expect(cell('a,b')).toBe('"a,b"')
  expect(cell('a"b')).toBe('"a""b"')
  expect(cell(' a')).toBe('" a"')
  expect(cell('\tx')).toBe("'\tx")
  expect(cell('王小明')).toBe('王小明')
  expect(toCsv(day, { person: 'A' }).split('\r\n').length).toBeGreaterThan(day.segments.length)
})

test('what is no moment has no time, and a broken document ends with its fault', () => {
  expect(isoOf(9e15)).toBe('')
  expect(isoOf(NaN)).toBe('')
  expect(isoOf(0)).toBe('1970-01-01T00:00:00.000Z')
  expect([...xmlEvents('<a><b/></c>')].map(({ kind }) => kind)).toEqual([
    'open',
    'open',
    'close',
    'error',
  ])
})

test('numbers have no exponent and no needless zeros', () => {
  expect([1e-7, -1e-9, 100, 0.5, -12.34].map((value) => decimal(value, 7))).toEqual([
    '0.0000001',
    '0',
    '100',
    '0.5',
    '-12.34',
  ])
})
