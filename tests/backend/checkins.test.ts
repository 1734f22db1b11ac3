import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCheckins, listCheckins } from '../../backend/checkins/index.ts'
import { CheckinReply, type CheckinInput } from '../../backend/contract/checkins.ts'
import { sql } from '../../backend/core/sql.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { wgs84ToGcj02 } from '../../geo/index.ts'
import { addCustomer, DATE, DUTY, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
const DEGREE = 111_320 // metres of a degree of latitude
const HOUR = 60 * MINUTE
let company: Company
let shop = ''

beforeAll(async () => {
  company = await openCompany((kit) => [createCheckins(kit)])
  shop = await addCustomer(company.db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  for (const person of ['rep1', 'rep2', 'rep3', 'leadN'])
    await giveConsent(company.db, ORG, person, NOW - 30 * 24 * HOUR)
})
afterAll(() => company.close())

/** A check-in at the shop, or so many metres north of it, so many minutes after `NOW`. */
const given = (change: Partial<CheckinInput> = {}, north = 0, accuracy = 10): CheckinInput => ({
  id: uuid(),
  at: company.clock.at,
  kind: 'in',
  customerId: shop,
  position: { lng: SHOP.lng, lat: SHOP.lat + north / DEGREE, accuracy },
  ...change,
})

const post = async (input: object, who = 'rep1') => {
  const { status, body } = await company.post('/api/v1/checkins', who, input)
  expect(status, JSON.stringify(body)).toBe(200)
  return CheckinReply.parse(body)
}
const refusal = async (input: object, who = 'rep1') => {
  const { status, body } = await company.post('/api/v1/checkins', who, input)
  return `${status} ${JSON.stringify(body)}`
}
const later = (ms: number) => (company.clock.at += ms)
const count = async () => {
  const rows = await company.db.many<{ n: number }>(
    sql`select count(*)::int as n from checkins c where c.org_id = ${ORG}`,
  )
  return rows[0]?.n ?? 0
}

describe('POST /api/v1/checkins', () => {
  it('refuses the signed out, device tokens and bad input, naming field and rule', async () => {
    expect((await company.post('/api/v1/checkins', null, given())).status).toBe(401)
    expect((await company.post('/api/v1/checkins', 'rep1', given(), 'device')).status).toBe(403)
    for (const [change, field] of [
      [{ id: 'x' }, 'id'],
      [{ kind: 'lunch' }, 'kind'],
      [{ position: { lng: 200, lat: 0 } }, 'position.lng'],
      [{ position: undefined }, 'position'],
      [{ customerId: uuid() }, 'customerId'],
      [{ workplaceId: uuid() }, 'workplaceId'],
      [{ photoIds: [uuid()] }, 'photoIds'],
      [{ form: { id: uuid(), answers: {} } }, 'form.id'],
    ] as const)
      expect(await refusal({ ...given(), ...change }), field).toMatch(
        new RegExp(`^422 .*"field":"${field.replace('.', '\\.')}`),
      )
    expect(await refusal(given({ at: NOW + 3 * MINUTE }))).toContain('"in_future"')
    expect(await refusal(given({ at: NOW - 8 * 24 * HOUR }))).toContain('"too_old"')
    expect(await count()).toBe(0)
  })

  it('keeps nothing of somebody who has not agreed to be located', async () => {
    expect(await refusal(given(), 'boss')).toContain('"no_consent"')
    expect(await refusal(given({ at: NOW - 6 * 24 * HOUR, sentAt: NOW }), 'hr')).toContain('422')
    expect(await count()).toBe(0)
  })

  it('accepts one inside with its distance and a score whose signals add up', async () => {
    const reply = await post(given({}, 20))
    expect(reply).toMatchObject({ where: 'inside', decision: 'accepted', ask: null, at: NOW })
    expect(reply.metres).toBeGreaterThan(19)
    expect(reply.metres).toBeLessThan(21)
    const { score, signals } = reply.evidence
    expect(score).toBe(signals.reduce((sum, { points }) => sum + points, 0))
    expect(score).toBeGreaterThanOrEqual(60)
    for (const { text, textEn } of signals) {
      expect(text).toMatch(/^[^{}]+$/)
      expect(textEn).toMatch(/^[^{}]+$/)
    }
  })

  it('takes a GCJ-02 position for the place it means', async () => {
    later(5 * MINUTE)
    const [lng, lat] = wgs84ToGcj02([SHOP.lng, SHOP.lat])
    const reply = await post(given({ position: { lng, lat, datum: 'gcj02', accuracy: 10 } }))
    expect(reply.where).toBe('inside')
    expect(reply.metres).toBeLessThan(1)
  })

  it('answers a repeated id with the very same reply, and stores one row', async () => {
    later(5 * MINUTE)
    const input = given()
    const first = await post(input)
    const before = await count()
    expect(await post({ ...input, note: 'again' })).toEqual(first)
    expect(await post(input)).toEqual(first)
    expect(await count()).toBe(before)
  })

  it('takes a double tap, even of two requests at once, for the first one', async () => {
    later(5 * MINUTE)
    const before = await count()
    const at = company.clock.at
    const replies = await Promise.all([0, 300, 900, 2000].map((ms) => post(given({ at: at - ms }))))
    expect(new Set(replies.map(({ id }) => id)).size).toBe(1)
    expect(await count()).toBe(before + 1)
    expect((await post(given({ kind: 'out' }))).id).not.toBe(replies[0]?.id)
    expect((await post(given(), 'rep2')).id).not.toBe(replies[0]?.id)
  })

  it('demands a note outside, and then flags; what can not be told it takes and asks for more', async () => {
    later(5 * MINUTE)
    expect(await refusal(given({}, 600))).toMatch(/^422 .*"field":"note"/)
    const flagged = await post(given({ note: '客户约在对面咖啡店' }, 600))
    expect(flagged).toMatchObject({ where: 'outside', decision: 'flagged', ask: null })
    later(5 * MINUTE)
    const unsure = await post(given({}, 60, 120))
    expect(unsure).toMatchObject({ where: 'cannot_tell', decision: 'flagged', ask: 'fix' })
    later(5 * MINUTE)
    const blind = await post(given({ position: null }))
    expect(blind).toMatchObject({ where: 'cannot_tell', metres: null, decision: 'flagged' })
    expect(blind.evidence.score).toBeLessThan(60)
  })

  it('takes what was captured without a network as it is, at its honest time', async () => {
    later(30 * MINUTE)
    const at = company.clock.at - 20 * MINUTE
    const reply = await post(given({ at, sentAt: company.clock.at, ageMs: 20 * MINUTE }, 600))
    expect(reply).toMatchObject({ at, where: 'outside', decision: 'flagged' })
    expect(reply.evidence.signals.map(({ code }) => code)).toContain('late')
  })

  it('corrects a clock that is off, and says so', async () => {
    later(30 * MINUTE)
    const now = company.clock.at
    const reply = await post(given({ at: now - 74_000 - 2000, sentAt: now - 74_000 }))
    expect(reply.at).toBe(now - 2000)
    const signal = reply.evidence.signals.find(({ code }) => code === 'clock_off')
    expect(signal).toMatchObject({ points: -3, text: '手机时钟差 74 秒，已校正' })
  })

  it('finds a clock that was set back for the press and forward again for the sending', async () => {
    later(2 * HOUR)
    const now = company.clock.at
    const reply = await post(
      given({ at: now - 61 * MINUTE, sentAt: now, ageMs: MINUTE, notBefore: now - 2 * MINUTE }),
    )
    expect(reply.at).toBe(now - 2 * MINUTE)
    expect(reply.evidence.signals.map(({ code }) => code)).toContain('clock_moved')
    expect(reply.evidence.score).toBeLessThan(60)
  })

  it('lets a punch before duty in: it is the person’s own act, and its date is that of the shift', async () => {
    company.clock.at = DUTY.from - 20 * MINUTE
    const reply = await post(given({ kind: 'punch', customerId: undefined }), 'rep3')
    expect(reply).toMatchObject({ where: null, metres: null, decision: 'accepted' })
    const [row] = await listCheckins(company.db, {
      ...{ orgId: ORG, personIds: ['rep3'] },
      ...{ from: DUTY.from - HOUR, to: DUTY.to },
    })
    expect(row).toMatchObject({ kind: 'punch', date: DATE, standing: 'counts' })
    expect(reply.evidence.signals.map(({ code }) => code)).toContain('off_duty')
    company.clock.at = NOW
  })

  it('tells who listens of each new one, after commit and once', async () => {
    company.clock.at = NOW + 3 * HOUR
    const heard: string[] = []
    const stop = company.kit.facts.on('checkinStored', ({ id, date }) =>
      heard.push(`${id} ${date}`),
    )
    const input = given()
    await post(input)
    await post(input)
    stop()
    expect(heard).toEqual([`${input.id} ${DATE}`])
  })
})
