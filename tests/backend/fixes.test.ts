import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../backend/core/sql.ts'
import { gcj02ToBd09, metresBetween, wgs84ToGcj02 } from '../../geo/index.ts'
import { DUTY, MINUTE, NOW, ORG, type Company } from './company.ts'
import { fix, HERE, HOUR, openReporting, type Reporting } from './reporting.ts'

let reporting: Reporting
let company: Company
const post: Reporting['post'] = (...asked) => reporting.post(...asked)
const send: Reporting['send'] = (...asked) => reporting.send(...asked)
const rows: Reporting['rows'] = (...asked) => reporting.rows(...asked)
const version: Reporting['version'] = (...asked) => reporting.version(...asked)

beforeAll(async () => {
  reporting = await openReporting()
  company = reporting.company
})
afterAll(() => company.close())
beforeEach(() => reporting.reset())

describe('POST /api/v1/fixes', () => {
  it('refuses the signed out, revoked tokens and bad envelopes', async () => {
    expect((await post({ fixes: [] }, null)).status).toBe(401)
    expect((await post({ fixes: [] }, null, { authorization: 'Bearer nonsense' })).status).toBe(401)
    for (const body of [{}, { fixes: 'none' }, [], 'null', '7', { fixes: [], sentAt: 'x' }])
      expect((await post(body)).status, JSON.stringify(body)).toBe(422)
    expect(await rows()).toEqual([])
  })

  it('refuses a revoked token', async () => {
    const token = await company.tokenOf('rep2', 'device')
    const ask = () => post({ fixes: [] }, null, { authorization: `Bearer ${token}` })
    expect((await ask()).status).toBe(200)
    const hash = createHash('sha256').update(token).digest('hex')
    await company.db.run(sql`update sessions set revoked_at = now() where token_hash = ${hash}`)
    company.identity.forgetPerson(ORG, 'rep2')
    expect((await ask()).status).toBe(401)
  })

  it('answers malformed JSON, too many fixes, huge bodies and gzip bombs with a clear error', async () => {
    const codeOf = async (body: string | Uint8Array, headers = {}) => {
      const answer = await post(body, 'rep1', headers)
      return `${answer.status} ${answer.body.error.code}`
    }
    expect(await codeOf('{"fixes": [')).toBe('422 bad_json')
    expect(await codeOf('{"fixes": [{"lng": NaN}]}')).toBe('422 bad_json')
    const many = JSON.stringify({ fixes: Array.from({ length: 1001 }, () => 0) })
    expect(await codeOf(many)).toBe('422 bad_input')
    expect(await codeOf('x'.repeat(2_000_000))).toBe('413 too_large')
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '))
    expect(await codeOf(bomb, { 'content-encoding': 'gzip' })).toBe('413 too_large')
    expect(await codeOf('nonsense', { 'content-encoding': 'gzip' })).toBe('422 bad_input')
    expect((await send([fix()])).accepted).toBe(1)
  })

  it('takes a gzipped batch', async () => {
    const body = gzipSync(JSON.stringify({ fixes: [fix()] }))
    const answer = await post(body, 'rep1', { 'content-encoding': 'gzip' })
    expect(answer.body).toEqual({ accepted: 1, duplicate: 0, rejected: [] })
  })

  it('rejects bad items one by one, in order, and keeps the good ones', async () => {
    const bad = [
      [fix({ lng: 'east' }), 'bad_position'],
      [fix({ lat: null }), 'bad_position'],
      [fix({ lng: 180.1 }), 'bad_position'],
      [fix({ lat: -91 }), 'bad_position'],
      [fix({ datum: 'nad27' }), 'bad_position'],
      [fix({ id: 'no-uuid' }), 'bad_item'],
      [fix({ at: 'yesterday' }), 'bad_item'],
      [fix({ at: NOW + 3 * MINUTE }), 'in_future'],
      [fix({ at: NOW + 40 * 365 * 24 * HOUR }), 'in_future'],
      [fix({ at: NOW - 8 * 24 * HOUR }), 'too_old'],
      [fix({ at: 0 }), 'too_old'],
      [fix({ at: DUTY.from - 1 }), 'no_consent'],
      [null, 'bad_item'],
      [[], 'bad_item'],
      ['text', 'bad_item'],
    ] as const
    const good = [fix(), fix({ at: NOW - 2 * MINUTE })]
    const answer = await send([good[0], ...bad.map(([item]) => item), good[1]])
    expect(answer.accepted).toBe(2)
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual(
      bad.map(([, code], index) => [index + 1, code]),
    )
    expect(answer.rejected[0]?.message).toMatch(/^lng: /)
    expect((await rows()).map(({ id }) => id).sort()).toEqual(good.map(({ id }) => id).sort())
  })

  it('takes Infinity for what it is', async () => {
    const body = JSON.stringify({ fixes: [fix(), fix()] }).replace('"lng":114.02', '"lng":1e999')
    expect((await post(body)).body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, code: 'bad_position' }],
    })
  })

  it('warns of longitude and latitude swapped outside of the org’s countries', async () => {
    const answer = await send([
      fix(),
      fix({ lng: HERE.lat, lat: 85 }),
      fix({ lng: HERE.lat, lat: HERE.lng }),
      fix({ lng: 40, lat: 20 }),
    ])
    expect(answer.accepted).toBe(3)
    expect(answer.rejected).toMatchObject([{ index: 2, code: 'bad_position' }])
    expect(answer.warnings).toEqual([
      { index: 1, code: 'swapped_lng_lat' },
      { index: 2, code: 'swapped_lng_lat' },
    ])
  })

  it('takes numbers sent as text, drops measurements that are nonsense, and words no database takes', async () => {
    const answer = await send([
      fix({
        lng: '114.02',
        lat: '22.53',
        accuracy: 'NaN',
        speed: -1,
        battery: 800,
        network: 'a\u0000b',
      }),
      fix({ network: '\ud800', source: 'wecom' }),
      fix({ network: '4g' }),
    ])
    expect(answer).toEqual({ accepted: 3, duplicate: 0, rejected: [] })
    expect((await rows()).map(({ network }) => network).sort()).toEqual(['4g', null, null])
  })

  it('stores a batch sent twice once', async () => {
    const batch = [fix(), fix({ at: NOW - 2 * MINUTE })]
    expect(await send(batch)).toMatchObject({ accepted: 2, duplicate: 0 })
    expect(await version()).toBe(1)
    expect(await send(batch)).toMatchObject({ accepted: 0, duplicate: 2 })
    expect(await rows()).toHaveLength(2)
    expect(await version()).toBe(1)
    expect(reporting.told).toHaveLength(2)
  })

  it('counts an id repeated inside a batch as duplicate', async () => {
    const one = fix()
    expect(await send([one, fix(), one, { ...one, lng: 114.03 }])).toMatchObject({
      accepted: 2,
      duplicate: 2,
    })
    expect(await rows()).toHaveLength(2)
  })

  it('knows an id again whatever its case, content or time', async () => {
    const one = fix()
    await send([one])
    const again = [
      { ...one, id: one.id.toUpperCase() },
      { ...one, at: one.at - HOUR },
      { ...one, lat: 22.6 },
    ]
    for (const item of again)
      expect(await send([item])).toMatchObject({ accepted: 0, duplicate: 1 })
    expect(await rows()).toMatchObject([{ id: one.id, at: one.at }])
  })

  it('keeps the same id of two people apart', async () => {
    const one = fix()
    expect((await send([one], {}, 'rep1')).accepted).toBe(1)
    expect((await send([one], {}, 'rep2')).accepted).toBe(1)
  })

  it('corrects a phone’s clock that is off by more than a minute and keeps both times', async () => {
    const off = 3 * HOUR
    const wrong = fix({ at: NOW - MINUTE - off })
    expect(await send([wrong], { sentAt: NOW - off })).toMatchObject({ accepted: 1 })
    expect(await rows()).toMatchObject([{ at: NOW - MINUTE, phoneAt: NOW - MINUTE - off }])
    company.clock.at = NOW + 1234 // measured anew, the offset differs by more than a second
    expect(await send([wrong], { sentAt: NOW - off + 7 })).toMatchObject({
      accepted: 0,
      duplicate: 1,
    })
    expect(await rows()).toHaveLength(1)
  })

  it('leaves a clock alone that is off by less', async () => {
    const one = fix()
    await send([one], { sentAt: NOW - 59_000 })
    expect(await rows()).toMatchObject([{ at: one.at, phoneAt: one.at }])
  })

  it('stores WGS-84 beside what was reported', async () => {
    const at = { gcj02: NOW - 3 * MINUTE, bd09: NOW - 2 * MINUTE }
    const [gLng, gLat] = wgs84ToGcj02([HERE.lng, HERE.lat])
    const [bLng, bLat] = gcj02ToBd09(wgs84ToGcj02([HERE.lng, HERE.lat]))
    await send([
      fix({ lng: gLng, lat: gLat, datum: 'gcj02', at: at.gcj02 }),
      fix({ lng: bLng, lat: bLat, datum: 'bd09', at: at.bd09 }),
      fix(),
    ])
    const stored = await rows()
    for (const row of stored) expect(metresBetween(row, HERE), row.datum).toBeLessThan(0.01)
    expect(stored.map(({ datum, rawLng }) => [datum, rawLng])).toEqual([
      ['gcj02', gLng],
      ['bd09', bLng],
      ['wgs84', HERE.lng],
    ])
  })
})
