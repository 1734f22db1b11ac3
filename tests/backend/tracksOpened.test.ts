import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import {
  clean,
  deriveDay,
  parseGpx,
  toCsv,
  toGeoJson,
  toGpx,
  toKml,
  type TrackSource,
} from '../../geo/index.ts'
import { dayOf, placeAt, walked } from '../geo/simulate.ts'

const legs = [
  { x: 900, y: 0, minutes: 12 },
  { x: 900, y: 0, minutes: 20 },
  { x: 900, y: 700, minutes: 10 },
]
const fixes = walked(legs, { seed: 4, sigma: 5, every: 20 })
const site = { customerId: 'c-1', ...placeAt(900, 0), radius: 80, name: '好客 & <店>' }
const day = deriveDay({ ...dayOf(fixes, 1), sites: [site] })
const raw = {
  date: day.date,
  zone: day.zone,
  fixes: clean(fixes).map(({ fix, flags }) => ({ ...fix, flags, altitude: 12.5, speed: 1 })),
}
const person = { person: '李雷' }
const textOf = (made: unknown) => (typeof made === 'string' ? made : JSON.stringify(made))

/** What GPSBabel, a program that has nothing of ours, makes of a file: GPX 1.1. */
function asOthersSee(format: string, text: string): string {
  const words = ['-t', '-w', '-i', format, '-f', '-', '-o', 'gpx,gpxver=1.1', '-F', '-']
  const { status, stdout, stderr } = spawnSync('gpsbabel', words, { input: text, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

const vertices = day.segments.flatMap(({ kind, line }) => (kind === 'move' ? [line ?? []] : []))
const placesIn = (gpx: string, tag: 'trkpt' | 'wpt') =>
  [...gpx.matchAll(new RegExp(`<${tag} lat="([-.\\d]+)" lon="([-.\\d]+)"`, 'g'))].map(
    ([, lat, lng]) => [Number(lng), Number(lat)],
  )
const near = (told: readonly (readonly number[])[], true_: readonly (readonly number[])[]) => {
  expect(told).toHaveLength(true_.length)
  told.forEach(([lng, lat], i) => {
    expect(lng).toBeCloseTo(true_[i]?.[0] ?? NaN, 6)
    expect(lat).toBeCloseTo(true_[i]?.[1] ?? NaN, 6)
  })
}

test.each([
  ['gpx', toGpx],
  ['kml', toKml],
])('another program reads a day’s %s: its line, its stay by name', (format, write) => {
  const seen = asOthersSee(format, textOf(write(day, person)))
  near(placesIn(seen, 'trkpt'), vertices.flat())
  expect(placesIn(seen, 'wpt')).toHaveLength(1)
  expect(seen).toContain('好客 &amp; &lt;店&gt;')
})

const kinds: [string, (source: TrackSource, options: typeof person) => unknown, 'trkpt' | 'wpt'][] =
  [
    ['gpx', toGpx, 'trkpt'],
    ['kml', toKml, 'trkpt'],
    ['geojson', toGeoJson, 'wpt'],
    ['unicsv', toCsv, 'wpt'],
  ]
test.each(kinds)('another program reads each raw fix of a %s', (format, write, tag) => {
  const seen = asOthersSee(format, textOf(write(raw, person)))
  near(
    placesIn(seen, tag),
    raw.fixes.map(({ lng, lat }) => [lng, lat]),
  )
})

test('what another program wrote comes in as it went out', () => {
  const read = parseGpx(asOthersSee('gpx', textOf(toGpx(raw, person))), { maxPoints: 1000 })
  expect(JSON.stringify(read)).toContain(String(raw.fixes[0]?.at))
})
