import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { Day, TrackImport } from '../../backend/contract/days.ts'
import { sql } from '../../backend/core/sql.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { parseGpx, toGpx } from '../../geo/index.ts'
import { DATE, DUTY, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'
import { forgetDays, SHOP, story, tracksOf } from './storyDay.ts'

let company: Company

beforeAll(async () => {
  company = await openCompany((kit) => [tracksOf(kit)])
  for (const personId of ['rep1', 'rep2'])
    await giveConsent(company.db, ORG, personId, DUTY.from - 60 * MINUTE)
})
afterAll(() => company.close())

const path = (person: string, format = 'gpx', date = DATE) =>
  `/api/v1/people/${person}/days/${date}/track.${format}`

async function fetchFile(where: string, personId: string) {
  const headers = { authorization: `Bearer ${await company.tokenOf(personId)}` }
  const response = await fetch(company.url + where, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const noise = { lng: 115, lat: 23, accuracy: 900 } // far off and inaccurate: raw only

describe('GET /api/v1/people/:id/days/:date/track.:format', () => {
  beforeAll(() => company.report('rep1', [...story(), { ...noise, at: DUTY.from + 31_000 }]))

  it('refuses the signed out, the not allowed and bad input', async () => {
    expect((await company.get(path('rep1'), null)).status).toBe(401)
    for (const who of ['rep2', 'hr', 'admin', 'leadS'])
      expect((await company.get(path('rep1'), who)).status, who).toBe(403)
    expect((await company.get(path('rep1'), 'rep1', 'device')).status).toBe(403)
    for (const wrong of [
      path('rep1', 'pdf'),
      path('rep1', 'gpx', '2026-02-30'),
      `${path('rep1')}?raw=2`,
    ])
      // prettier-ignore
      expect((await company.get(wrong, 'rep1')).status, wrong).toBe(422)
  })

  it('hands out each format, named in the person’s words, and keeps the look', async () => {
    const beginnings = { gpx: '<?xml', kml: '<?xml', geojson: '{"type":"FeatureCollection"', csv: '\ufefftime,' } // prettier-ignore
    for (const [format, beginning] of Object.entries(beginnings)) {
      const { status, headers, text } = await fetchFile(path('rep1', format), 'leadN')
      expect(status).toBe(200)
      expect(text.startsWith(beginning) || `\ufeff${text}`.startsWith(beginning), format).toBe(true)
      const name = encodeURIComponent(`足迹-名 rep1-${DATE}.${format}`)
      expect(headers.get('content-disposition')).toContain(`filename*=UTF-8''${name}`)
      expect(headers.get('content-disposition')).toContain(`attachment; filename="rep1-${DATE}.`)
      expect(headers.get('content-type')).toContain('charset=utf-8')
      expect(headers.get('cache-control')).toBe('no-store')
    }
    const looks = await company.db.many(sql`
      select viewer_id as viewer, what from access_log where org_id = ${ORG} and person_id = 'rep1'`)
    expect(looks).toEqual([{ viewer: 'leadN', what: 'export' }])
  })

  it('is the cleaned track, or the raw one with what cleaning thinks of it', async () => {
    const cleaned = (await fetchFile(path('rep1', 'csv'), 'rep1')).text
    const { headers, text: raw } = await fetchFile(`${path('rep1', 'csv')}?raw=1`, 'rep1')
    expect(cleaned).not.toContain(',115,23')
    expect(raw).toMatch(/,115,23,900,.*(inaccurate|jump)/)
    expect(headers.get('content-disposition')).toContain('-raw.csv')
    expect(raw.split('\r\n').length).toBeGreaterThan(180)
  })

  it('is empty, not an error, on a date without duty', async () => {
    for (const query of ['', '?raw=1']) {
      const { status, text } = await fetchFile(path('rep1', 'gpx', '2020-01-01') + query, 'rep1')
      expect(status).toBe(200)
      expect(parseGpx(text, { maxPoints: 10 })).toEqual({ points: [], skipped: 0 })
    }
  })
})

/** A minute's step by step way along a street, as a watch records it. */
const recorded = (from = DUTY.from, count = 120) =>
  Array.from({ length: count }, (_, i) => ({
    at: from + i * 30_000,
    lng: SHOP.lng + i * 0.0001,
    lat: SHOP.lat,
    accuracy: 8,
  }))
const gpxOf = (fixes: ReturnType<typeof recorded>) =>
  toGpx({ date: DATE, zone: 'Asia/Shanghai', fixes }, { person: 'x' })

async function importing(text: string, query = '', viewer = 'rep2', person = viewer) {
  const where = `/api/v1/people/${person}/days/import${query}`
  const { status, body } = await company.post(where, viewer, text)
  return { status, body, result: status === 200 ? TrackImport.parse(body) : null }
}
const Refused = z.object({ error: z.object({ code: z.string(), details: z.unknown() }) })

describe('POST /api/v1/people/:id/days/import', () => {
  beforeEach(() => forgetDays(company.db, 'rep2'))
  const stored = async () =>
    (
      await company.db.many<{ source: string }>(
        sql`select source from fixes where org_id = ${ORG} and person_id = 'rep2'`,
      )
    ).map(({ source }) => source)

  it('refuses the signed out, everybody but the person, devices and bad input', async () => {
    const text = gpxOf(recorded())
    expect((await company.post('/api/v1/people/rep2/days/import', null, text)).status).toBe(401)
    for (const who of ['rep1', 'leadN', 'boss', 'hr', 'admin'])
      expect((await importing(text, '', who, 'rep2')).status, who).toBe(403)
    const device = await company.post('/api/v1/people/rep2/days/import', 'rep2', text, 'device')
    expect(device.status).toBe(403)
    const billion = '<!DOCTYPE x [<!ENTITY a "aaaa">]><gpx>&a;</gpx>'
    for (const bad of ['', '{}', '<kml/>', text.slice(0, 999), billion]) {
      const { status, body } = await importing(bad)
      expect([status, Refused.parse(body).error.code], bad).toEqual([422, 'bad_input'])
    }
    expect((await importing(text, '?dryRun=yes')).status).toBe(422)
    expect((await importing(`<gpx>${' '.repeat(10_000_001)}</gpx>`)).status).toBe(413)
    expect(await stored()).toEqual([])
  })

  it('ends a compressed bomb at its limit', async () => {
    const response = await fetch(`${company.url}/api/v1/people/rep2/days/import`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await company.tokenOf('rep2')}`,
        'content-encoding': 'gzip',
      },
      body: gzipSync(Buffer.alloc(50_000_000, ' ')),
    })
    expect(response.status).toBe(413)
  })

  it('says what it would do, does it, and does it once', async () => {
    const late = [{ at: DUTY.from - 60_000, lng: 114, lat: 22, accuracy: 5 }]
    const text = gpxOf([...late, ...recorded()])
    const expected = {
      points: 121,
      skipped: 0,
      accepted: 120,
      duplicate: 0,
      rejected: { off_duty: 1 },
      days: [{ date: DATE, points: 120, from: DUTY.from, to: DUTY.from + 119 * 30_000 }],
    }
    const dry = await importing(text, '?dryRun=1')
    expect(dry.result).toMatchObject({ ...expected, dryRun: true })
    expect(dry.result?.days[0]?.metres).toBeGreaterThan(1200)
    expect(await stored()).toEqual([])
    const done = await importing(text)
    expect(done.result).toMatchObject({ ...expected, dryRun: false, days: dry.result?.days })
    expect(await stored()).toEqual(Array<string>(120).fill('gpx'))
    const again = { ...expected, accepted: 0, duplicate: 120 }
    expect((await importing(text, '?dryRun=1')).result).toMatchObject(again)
    expect((await importing(text)).result).toMatchObject(again)
    expect(await stored()).toHaveLength(120)
    const day = Day.parse((await company.get(`/api/v1/people/rep2/days/${DATE}`, 'rep2')).body)
    expect(day.totals.movedMetres).toBeGreaterThan(1000)
  })

  it('takes a file of more points than one batch, and counts what is twice in it', async () => {
    const fixes = recorded(DUTY.from, 2500).map((fix, i) => ({ ...fix, at: DUTY.from + i * 1000 }))
    const { result } = await importing(gpxOf([...fixes, ...fixes.slice(0, 10)]))
    expect(result).toMatchObject({ points: 2510, accepted: 2500, duplicate: 10, rejected: {} })
  })

  it('obeys the rules of all reports: consent, age, the future', async () => {
    const nobody = await importing(gpxOf(recorded()), '', 'rep3')
    expect(nobody.result).toMatchObject({ accepted: 0, rejected: { no_consent: 120 }, days: [] })
    const times = [recorded(NOW - 8 * 86_400_000, 3), recorded(NOW + 5 * MINUTE, 2)].flat()
    const { result } = await importing(gpxOf(times))
    expect(result).toMatchObject({ accepted: 0, rejected: { too_old: 3, in_future: 2 } })
  })
})

test('a day goes out as GPX and comes in again as it was', async () => {
  const { text } = await fetchFile(`${path('rep1')}?raw=1`, 'rep1')
  const { result } = await importing(text)
  expect(result).toMatchObject({ accepted: 181, duplicate: 0, rejected: {} })
})
