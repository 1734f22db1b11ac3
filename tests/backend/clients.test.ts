import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sql } from '../../backend/core/sql.ts'
import { parseOsmandJson, parseOsmandQuery } from '../../backend/fixes/clients/osmand.ts'
import { parseOverland } from '../../backend/fixes/clients/overland.ts'
import { parseOwntracks } from '../../backend/fixes/clients/owntracks.ts'
import type { ClientFix } from '../../backend/fixes/clients/reading.ts'
import { createFixes } from '../../backend/fixes/index.ts'
import { loadDuty } from '../../backend/people/index.ts'
import { giveConsent, loadConsent } from '../../backend/privacy/index.ts'
import { DUTY, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const Point = z.object({
  t: z.union([z.number(), z.literal('now')]),
  lat: z.number(),
  lon: z.number(),
  acc: z.number().optional(),
  speed: z.number().optional(),
  course: z.number().optional(),
  alt: z.number().optional(),
  batt: z.number().optional(),
  mock: z.boolean().optional(),
})
const Case = z.object({
  id: z.string(),
  request: z.object({
    method: z.string(),
    path: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
  }),
  expect: z.object({ ok: z.boolean(), points: z.array(Point) }),
})
type Point = z.infer<typeof Point>
type Case = z.infer<typeof Case>

const casesOf = (name: string): Case[] => {
  const file = path.resolve(import.meta.dirname, `../../fixtures/data/clients/${name}.json`)
  return z.object({ cases: z.array(Case) }).parse(JSON.parse(readFileSync(file, 'utf8'))).cases
}
const CLIENTS = {
  owntracks: casesOf('owntracks'),
  osmand: casesOf('osmand'),
  overland: casesOf('overland'),
}
const queryOf = (each: Case) => new URL(each.request.path ?? '/', 'http://phone').searchParams

const PARSED = {
  owntracks: (each: Case) => parseOwntracks(each.request.body),
  osmand: (each: Case) =>
    each.request.body === undefined
      ? parseOsmandQuery(queryOf(each), NOW)
      : parseOsmandJson(each.request.body, NOW),
  overland: (each: Case) => parseOverland(each.request.body),
}

/** What a point of the files and a fix of ours have in common. Speeds are rounded in the files. */
const asPoint = (fix: ClientFix): Point => ({
  t: fix.at,
  lat: fix.lat,
  lon: fix.lng,
  ...given('acc', fix.accuracy),
  ...given('speed', fix.speed === undefined ? undefined : rounded(fix.speed)),
  ...given('course', fix.heading),
  ...given('alt', fix.altitude),
  ...given('batt', fix.battery),
  ...given('mock', fix.mock),
})
const given = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value })
const rounded = (speed: number) => Math.round(speed * 1000) / 1000
const meant = (point: Point) => ({
  ...point,
  t: point.t === 'now' ? NOW : point.t,
  ...given('speed', point.speed === undefined ? undefined : rounded(point.speed)),
})

describe.each(['owntracks', 'osmand', 'overland'] as const)('%s', (client) => {
  it.each(CLIENTS[client].filter((each) => each.expect.ok))(
    '$id: the same positions and times come out',
    (each) => {
      expect(PARSED[client](each).fixes.map(asPoint)).toEqual(each.expect.points.map(meant))
    },
  )

  it('gives the same payload the same ids, and each position its own', () => {
    for (const each of CLIENTS[client]) {
      const ids = PARSED[client](each).fixes.map(({ id }) => id)
      expect(PARSED[client](each).fixes.map(({ id }) => id)).toEqual(ids)
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  it('makes nothing of nonsense', () => {
    for (const nonsense of [
      null,
      7,
      'text',
      [],
      [[]],
      {},
      { location: 7 },
      { locations: [null, {}] },
    ]) {
      const each = { ...CLIENTS.owntracks[0], request: { method: 'POST', body: nonsense } }
      expect(
        PARSED[client](Case.parse({ ...each, id: 'x', expect: { ok: true, points: [] } })).fixes,
      ).toEqual([])
    }
  })
})

describe('over HTTP', () => {
  let company: Company
  let token = ''
  beforeAll(async () => {
    company = await openCompany((kit, identify) => [
      createFixes(
        kit,
        { duty: loadDuty, consent: loadConsent, identify },
        { requestsPer10s: 10_000, fixesPerMinute: 100_000 },
      ),
    ])
    await giveConsent(company.db, ORG, 'rep1', DUTY.from)
    token = await company.tokenOf('rep1', 'device')
  })
  afterAll(() => company.close())
  beforeEach(async () => {
    await company.db.raw(`delete from fixes where org_id = '${ORG}'`)
  })

  const basic = () => ({
    authorization: `Basic ${Buffer.from(`rep1:${token}`).toString('base64')}`,
  })
  const bearer = () => ({ authorization: `Bearer ${token}` })
  const ask = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${company.url}/ingest/${path}`, {
      ...(body !== undefined && {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
      headers,
    })
    return { status: response.status, text: await response.text() }
  }
  const stored = () =>
    company.db.many<{
      at: number
      lng: number
      lat: number
      source: string
      device: string | null
    }>(sql`
      select f.at, st_x(f.point) as lng, st_y(f.point) as lat, f.source, f.device
      from fixes f
      where f.org_id = ${ORG} and f.person_id = 'rep1'
      order by f.at`)
  const at = NOW - 5 * MINUTE
  const location = { _type: 'location', tid: 'AB', lat: 22.53, lon: 114.02, tst: at / 1000 }
  const feature = {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [114.02, 22.53] },
    properties: { timestamp: new Date(at).toISOString(), device_id: 'phone' },
  }

  it('OwnTracks signs in by Basic password, is answered [] and sends again without harm', async () => {
    for (const _ of [1, 2])
      expect(await ask('owntracks', location, basic())).toEqual({ status: 200, text: '[]' })
    expect(await stored()).toEqual([
      { at, lng: 114.02, lat: 22.53, source: 'owntracks', device: 'AB' },
    ])
  })

  it('OsmAnd signs in by its id in the query, Traccar Client by its device id in JSON, and both get an empty 200', async () => {
    const empty = { status: 200, text: '' }
    const query = new URLSearchParams({
      id: token,
      lat: '22.53',
      lon: '114.02',
      timestamp: String(at / 1000),
      speed: '2',
    })
    expect(await ask(`osmand?${query}`)).toEqual(empty)
    expect(await ask(`osmand?${query}`, '')).toEqual(empty)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    query.set('timestamp', String(at / 1000 + 1))
    expect(await ask('osmand', query.toString(), form)).toEqual(empty)
    const coords = { latitude: 22.53, longitude: 114.02, accuracy: 5 }
    const json = {
      device_id: token,
      location: { timestamp: new Date(at + 2000).toISOString(), coords },
    }
    expect(await ask('osmand', json)).toEqual(empty)
    expect((await stored()).map((row) => row.at)).toEqual([at, at + 1000, at + 2000])
    expect(
      (await stored()).map((row) => row.device),
      'a token is no device name',
    ).toEqual([null, null, null])
  })

  it('Overland signs in by Bearer or token and is answered {"result":"ok"}', async () => {
    const ok = { status: 200, text: '{"result":"ok"}' }
    expect(await ask('overland', { locations: [feature] }, bearer())).toEqual(ok)
    expect(await ask(`overland?token=${token}`, { locations: [feature, feature] })).toEqual(ok)
    expect(await stored()).toMatchObject([{ at, source: 'overland', device: 'phone' }])
  })

  it('every payload of the real clients is answered as delivered, though too old to be kept', async () => {
    for (const { request } of CLIENTS.owntracks)
      expect(await ask('owntracks', request.body, basic())).toEqual({ status: 200, text: '[]' })
    for (const { request } of CLIENTS.overland)
      expect((await ask('overland', request.body, bearer())).text).toBe('{"result":"ok"}')
    for (const { request } of CLIENTS.osmand)
      expect(
        (await ask(`osmand${(request.path ?? '/').slice(1)}`, request.body, bearer())).status,
      ).toBe(200)
    expect((await stored()).filter((row) => row.at < DUTY.from)).toEqual([])
  })

  it('moved to now, every position of the real clients is stored', async () => {
    for (const { request } of CLIENTS.overland) {
      const text = JSON.stringify(request.body).replaceAll(
        /"timestamp":"[^"]+"/g,
        `"timestamp":"${new Date(at).toISOString()}"`,
      )
      expect((await ask('overland', text, bearer())).status).toBe(200)
    }
    const points = CLIENTS.overland.flatMap((each) => each.expect.points)
    expect((await stored()).map(({ lng, lat }) => [lng, lat]).sort()).toEqual(
      points.map(({ lon, lat }) => [lon, lat]).sort(),
    )
  })

  it('nobody’s token, a wrong one and none are refused', async () => {
    const query = 'lat=22.53&lon=114.02'
    expect((await ask(`osmand?${query}`)).status).toBe(400)
    expect((await ask(`osmand?id=123456&${query}`)).status).toBe(401)
    expect((await ask('owntracks', location)).status).toBe(401)
    expect(
      (await ask('overland', { locations: [feature] }, { authorization: 'Bearer no' })).status,
    ).toBe(401)
    expect((await ask('overland', '{"locations":', bearer())).status).toBe(422)
    expect(await stored()).toEqual([])
  })

  it('a cookie is no tracker’s credential', async () => {
    const cookie = `zuji_session=${await company.tokenOf('rep1', 'browser')}`
    expect(
      (await ask(`osmand?lat=22.53&lon=114.02&timestamp=${at}`, undefined, { cookie })).status,
    ).toBe(400)
    expect(await stored()).toEqual([])
  })
})
