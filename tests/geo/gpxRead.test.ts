import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseGpx, type ParsedGpx } from '../../geo/index.ts'

const LIMITS = { maxPoints: 1000 }
const read = (text: string) => parseGpx(text, LIMITS)
const NINE = Date.UTC(2026, 10, 23, 9)
const time = '<time>2026-11-23T09:00:00Z</time>'
const gpx = (inner: string) => `<gpx><trk><trkseg>${inner}</trkseg></trk></gpx>`
const point = (inner: string, where = 'lat="22.5" lon="114"') =>
  gpx(`<trkpt ${where}>${inner}</trkpt>`)
const codeOf = (parsed: ParsedGpx) => ('error' in parsed ? parsed.error.code : 'none')

test('a file of another program is read: prefixes, CDATA, entities, comments, any order of attributes', () => {
  const text = `\ufeff<?xml version='1.0'?>
    <!-- a > comment -->
    <g:gpx xmlns:g="http://www.topografix.com/GPX/1/0" version='1.0'>
      <g:metadata><g:time>1999-01-01T00:00:00Z</g:time></g:metadata>
      <g:wpt lat="1" lon="1">${time}</g:wpt>
      <g:rte><g:rtept lat="1" lon="1">${time}</g:rtept></g:rte>
      <g:trk><g:name>A &amp; B &copy; &#x110000;</g:name>
        <g:trkseg>
          <g:trkpt
             lon = '114.0' lat="&#50;2.5" ><g:ele> 12.5 </g:ele><g:time><![CDATA[2026-11-23T09:00:00Z]]></g:time>
             <g:speed>1.5</g:speed></g:trkpt>
          <g:trkpt lat="22.5" lon="114.0"/>
        </g:trkseg>
        <g:trkseg><g:trkpt lat="22.6" lon="114.1"><g:time>2026-11-23T17:00:01.250+08:00</g:time></g:trkpt></g:trkseg>
      </g:trk>
      <g:trk><g:trkseg><g:trkpt lat="91" lon="114.1">${time.replaceAll('time', 'g:time')}</g:trkpt></g:trkseg></g:trk>
    </g:gpx>
    <?end?>`
  expect(read(text)).toEqual({
    points: [
      { at: NINE, lng: 114, lat: 22.5, altitude: 12.5, speed: 1.5 },
      { at: NINE + 1250, lng: 114.1, lat: 22.6 },
    ],
    skipped: 2,
  })
})

test.each([
  ['2026-11-23T09:00:00Z', 0],
  ['2026-11-23T09:00:00', 0],
  ['2026-11-23T09:00:00.5z', 500],
  ['2026-11-23T17:00:00+0800', 0],
  ['2026-11-23T03:30:00-05:30', 0],
  ['2026-11-22T24:00:00Z', -9 * 3_600_000],
])('the time %s is understood', (text, off) => {
  const parsed = read(point(`<time>${text}</time>`))
  expect('points' in parsed && parsed.points[0]?.at).toBe(NINE + off)
})

test.each([
  '',
  'soon',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-11-23',
  '0026-01-01T00:00:00Z',
])('a point with the time "%s" is skipped', (text) => {
  expect(read(point(`<time>${text}</time>`))).toEqual({ points: [], skipped: 1 })
})

test.each([
  'lat="22"',
  'lat="" lon=""',
  'lat="22" lon="181"',
  'lat="0x10" lon="1"',
  'lat="NaN" lon="1"',
  'lat="1e999" lon="1"',
])('a point with %s is skipped', (where) => {
  expect(read(point(time, where))).toEqual({ points: [], skipped: 1 })
})

test('speed and accuracy are read where they are told, and left out when they make no sense', () => {
  const told = (inner: string) => read(point(`${time}<extensions>${inner}</extensions>`))
  const base = { at: NINE, lng: 114, lat: 22.5 }
  const garmin = '<a:TrackPointExtension><a:speed>2</a:speed></a:TrackPointExtension>'
  expect(told(garmin)).toEqual({ points: [{ ...base, speed: 2 }], skipped: 0 })
  const ours = '<z:accuracy>8</z:accuracy><z:speed>-1</z:speed><z:other>3</z:other>'
  expect(told(ours)).toEqual({ points: [{ ...base, accuracy: 8 }], skipped: 0 })
})

test.each([
  ['not_gpx', '<kml></kml>'],
  ['not_well_formed', ''],
  ['not_well_formed', 'lat,lon\n1,2'],
  ['not_well_formed', '<gpx>'],
  ['not_well_formed', '<gpx></gpx><gpx></gpx>'],
  ['not_well_formed', '<gpx></gpx> and more'],
  ['not_well_formed', '<gpx><trk></gpx></trk>'],
  ['not_well_formed', '<gpx></gpx'],
  ['not_well_formed', '<gpx a=1></gpx>'],
  ['not_well_formed', '< gpx></gpx>'],
  ['not_well_formed', '<gpx><!-- </gpx>'],
  ['doctype', '<!DOCTYPE lolz [<!ENTITY lol "lol">]><gpx>&lol;</gpx>'],
  ['doctype', '<gpx><!ELEMENT x></gpx>'],
  ['too_deep', `<gpx>${'<a>'.repeat(70)}`],
  ['too_many_points', gpx('<trkpt/>'.repeat(1001))],
] as const)('what is wrong is named: %s of %j', (code, text) => {
  expect(codeOf(read(text))).toBe(code)
})

test('a file that is too large is not looked at, and an error names the line', () => {
  expect(codeOf(parseGpx(gpx(''), { maxPoints: 1, maxLength: 10 }))).toBe('too_large')
  expect(read('<gpx>\n<trk>\n</gpx>')).toEqual({
    error: { code: 'not_well_formed', message: expect.stringContaining('line 3') },
  })
})

test('an empty track is a track', () => {
  expect(read('<gpx/>')).toEqual({ points: [], skipped: 0 })
  expect(read(gpx(''))).toEqual({ points: [], skipped: 0 })
})

/** Pieces from which broken and whole documents are put together. */
const shard = fc.constantFrom(
  '<',
  '>',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '<!DOCTYPE',
  '&',
  '&#x;',
  '&#xd800;',
  '&amp;',
  '"',
  "'",
  '=',
  ' ',
  '\n',
  ':',
  '<gpx>',
  '</gpx>',
  '<trk>',
  '<trkseg>',
  '<trkpt lat="1" lon="2">',
  '</trkpt>',
  time,
  'lat',
  '\u0000',
  '\ud800',
)

test('whatever is read: points or an error, never an exception', () => {
  const soup = fc.oneof(
    fc.array(shard, { maxLength: 60 }).map((all) => all.join('')),
    fc.array(shard, { maxLength: 30 }).map((all) => gpx(all.join(''))),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(soup, (text) => {
      const parsed = read(text)
      if ('error' in parsed) expect(parsed.error.message.length).toBeGreaterThan(5)
      else
        for (const { at, lng, lat } of parsed.points)
          expect([at, lng, lat].every(Number.isFinite)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('a damaged file is an error or fewer points', () => {
  const whole = gpx(`<trkpt lat="1" lon="2"><ele>3</ele>${time}</trkpt>`.repeat(3))
  const cut = fc.tuple(fc.nat(whole.length), fc.nat(20), fc.string())
  fc.assert(
    fc.property(cut, ([at, length, instead]) => {
      const parsed = read(whole.slice(0, at) + instead + whole.slice(at + length))
      if ('points' in parsed) expect(parsed.points.length).toBeLessThan(5)
    }),
    { numRuns: 1000 },
  )
})

test.each([
  '<',
  '<a',
  '<a ',
  ' a="',
  ' a=""',
  '&',
  '&#',
  ' ',
  '<!--',
  '<?',
  '<![CDATA[',
  '<a>',
  '= ',
  '</',
])('a million characters of %j are answered in time', (piece) => {
  for (const start of ['', '<gpx>', '<gpx ', '<gpx a="', '</gpx'])
    expect(parseGpx(start + piece.repeat(1e6 / piece.length), LIMITS)).toBeDefined()
})
