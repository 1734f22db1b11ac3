import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAlerts } from '../../backend/alerts/index.ts'
import { isSigned } from '../../backend/alerts/webhooks/sign.ts'
import { MOST_TRIES } from '../../backend/alerts/webhooks/patience.ts'
import { DEFAULT_RULES } from '../../backend/contract/alerts.ts'
import {
  DeadLetters,
  WebhookEvent,
  Webhooks,
  WebhookSecret,
} from '../../backend/contract/webhooks.ts'
import type { Feature, Kit } from '../../backend/core/kit.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { sql } from '../../backend/core/sql.ts'
import { MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'
import { openReceiver } from '../support/receiver.ts'
import { forgetDays, tracksOf } from './storyDay.ts'

const AT = '/api/v1/alerts/webhooks'
const HOUR = 60 * MINUTE
let company: Company
let alerts: Feature
let means: Kit
let dataDir: string

let receiver: Awaited<ReturnType<typeof openReceiver>>

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-secret-'))
  receiver = await openReceiver()
  company = await openCompany((kit) => {
    means = { ...kit, config: { ...kit.config, dataDir, webhookPrivateHosts: ['127.0.0.1'] } }
    alerts = createAlerts(means)
    return [tracksOf(kit), alerts]
  })
})
afterAll(async () => {
  await company.close()
  await receiver.close()
  await rm(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  for (const table of ['alert_deliveries', 'alert_webhooks', 'alerts', 'sos_calls', 'wecom_messages'])
    await company.db.raw(`delete from ${table} where org_id = $1`, [ORG]) // prettier-ignore
  await forgetDays(company.db)
  receiver.heard.length = 0
  receiver.says.clear()
  company.clock.at = Math.max(company.clock.at + HOUR, NOW)
  await rule(null)
})

/** Calls for help alone, told to the level above after so many minutes. */
async function rule(escalateMin: number | null) {
  const rules = DEFAULT_RULES.map((each) => ({ ...each, on: each.kind === 'sos', escalateMin }))
  expect((await send('PUT', '/api/v1/alerts/rules', 'admin', { rules })).status).toBe(200)
}

async function send(method: string, place: string, who: string | null, input?: object) {
  const headers = who ? { authorization: `Bearer ${await company.tokenOf(who)}` } : {}
  const body = input ? { body: JSON.stringify(input) } : {}
  const reply = await fetch(company.url + place, { method, headers, ...body })
  return { status: reply.status, body: z.unknown().parse(await reply.json()) }
}

async function hook(place: string): Promise<WebhookSecret> {
  const { status, body } = await send('POST', AT, 'admin', { url: receiver.url + place })
  expect(status, JSON.stringify(body)).toBe(200)
  return WebhookSecret.parse(body)
}

async function callForHelp() {
  const id = uuid()
  const call = { id, at: company.clock.at, position: null, note: '车胎爆了' }
  expect((await company.post('/api/v1/sos', 'rep1', call)).status).toBe(200)
  return id
}

/** As the chores do, at a moment. */
async function round(feature = alerts) {
  for (const { run } of feature.chores ?? []) await run()
}

const hooks = async () => Webhooks.parse((await send('GET', AT, 'admin')).body).webhooks
const letters = async () =>
  DeadLetters.parse((await send('GET', `${AT}/dead`, 'admin')).body).letters
const events = (place = '/good') => receiver.eventsAt(place)
const types = (place = '/good') => events(place).map(({ type }) => type)
const say = (place: string, status: number, location?: string) =>
  receiver.says.set(place, { status, ...(location ? { location } : {}) })

/** Waits for what comes by itself, on a machine that is busy, too. */
const later = <T>(ask: () => T) => expect.poll(ask, { timeout: 90_000 })

/** Goes on until what waits at an address was tried so many times more. */
async function tries(place: string, n: number) {
  for (const wanted of Array.from(
    { length: n },
    (_, made) => receiver.at(place).length + made + 1,
  )) {
    company.clock.at += 8 * HOUR
    await later(async () => {
      await round()
      return receiver.at(place).length
    }).toBe(wanted)
    await settled()
  }
}
/** No try is under way: what was claimed, for a minute, is noted. */
const settled = () =>
  later(() =>
    company.db.many(sql`
      select d.event_id from alert_deliveries d
      where d.org_id = ${ORG} and d.next_at = to_timestamp(${company.clock.at + MINUTE}::float8 / 1000)`),
  ).toEqual([])

describe('an alert', () => {
  it('goes out as it is raised, taken on and resolved, signed with the secret that was told once', async () => {
    say('/good', 204)
    const { id, secret } = await hook('/good')
    const call = await callForHelp()
    await later(() => types()).toEqual(['alert.raised'])
    const [first] = events()
    expect(first?.alert).toMatchObject({ kind: 'sos', personId: 'rep1', until: null, detail: { note: '车胎爆了' } }) // prettier-ignore
    company.clock.at += MINUTE
    const path = `/api/v1/people/rep1/alerts/${first?.alert?.id ?? ''}/heard`
    expect((await company.post(path, 'leadN', { note: '马上到' })).status).toBe(200)
    await later(() => types()).toEqual(['alert.raised', 'alert.acknowledged'])
    expect((await company.post('/api/v1/sos/end', 'rep1', { id: call, at: company.clock.at })).status).toBe(200) // prettier-ignore
    await later(() => types()).toEqual(['alert.raised', 'alert.acknowledged', 'alert.resolved']) // prettier-ignore
    expect(events().at(-1)?.alert).toMatchObject({ outcome: 'over', heard: { by: 'leadN', note: '马上到' } }) // prettier-ignore
    for (const { headers, body } of receiver.heard) {
      expect(isSigned(headers, body, secret, company.clock.at)).toBe(true)
      expect(WebhookEvent.parse(JSON.parse(body)).id).toBe(headers['webhook-id'])
    }
    await later(async () => (await hooks())[0]).toMatchObject({ id, waiting: 0, dead: 0, deliveredAt: company.clock.at }) // prettier-ignore
    const kept = await company.db.many<{ sealed: string }>(sql`
      select w.sealed from alert_webhooks w where w.org_id = ${ORG}`)
    expect(JSON.stringify([kept, await hooks()])).not.toContain(secret)
  })

  it('that nobody takes on goes out as escalated, once', async () => {
    say('/good', 200)
    await hook('/good')
    await rule(5)
    await callForHelp()
    for (const minutes of [5, 1, 1]) {
      company.clock.at += minutes * MINUTE
      await round()
    }
    await later(() => types()).toEqual(['alert.raised', 'alert.escalated'])
  })

  it('is noted with its event or not at all', async () => {
    await hook('/good')
    await company.db.raw('alter table alert_deliveries add constraint never check (attempts < 0) not valid') // prettier-ignore
    const call = { id: uuid(), at: company.clock.at, position: null, note: '' }
    expect((await company.post('/api/v1/sos', 'rep1', call)).status).toBe(500)
    await company.db.raw('alter table alert_deliveries drop constraint never')
    const raised = await company.db.many(sql`select 1 from alerts a where a.org_id = ${ORG}`)
    expect(raised).toEqual([])
  })
})

describe('a receiver', () => {
  it('that fails gets it again, under the same id, until it is well', async () => {
    say('/ill', 503)
    await hook('/ill')
    await callForHelp()
    await later(() => receiver.heard.length).toBe(1)
    await settled()
    expect((await hooks())[0]).toMatchObject({ waiting: 1, last: { reason: 'status', status: 503 } }) // prettier-ignore
    await round()
    expect(receiver.heard).toHaveLength(1)
    await tries('/ill', 2)
    say('/ill', 200)
    await tries('/ill', 1)
    expect(new Set(events('/ill').map(({ id }) => id)).size).toBe(1)
    await later(async () => (await hooks())[0]).toMatchObject({ waiting: 0, dead: 0 })
  })

  it('that never gets well is given up, and gets it again when the admin says so', async () => {
    say('/ill', 500)
    const { id } = await hook('/ill')
    await callForHelp()
    await later(() => receiver.heard.length).toBe(1)
    await settled()
    await tries('/ill', MOST_TRIES - 1)
    expect(await letters()).toMatchObject([
      { webhookId: id, kind: 'sos', attempts: MOST_TRIES, reason: 'status', status: 500, person: '名 rep1' },
    ]) // prettier-ignore
    company.clock.at += 8 * HOUR
    await round()
    say('/ill', 200)
    const [{ eventId } = { eventId: '' }] = await letters()
    expect((await send('POST', `${AT}/${id}/again`, 'admin', { eventId })).status).toBe(200)
    await later(() => receiver.heard.length).toBe(MOST_TRIES + 1)
    expect(await letters()).toEqual([])
    expect(new Set(events('/ill').map((each) => each.id)).size).toBe(1)
    expect((await send('POST', `${AT}/${id}/again`, 'admin', { eventId })).status).toBe(404)
  })

  it('that hangs holds up nobody else, and a restart in between loses nothing', async () => {
    say('/good', 200)
    await hook('/hangs')
    await hook('/good')
    await callForHelp()
    await expect
      .poll(() => [receiver.at('/hangs').length, receiver.at('/good').length])
      .toEqual([1, 1])
    await alerts.close?.()
    say('/hangs', 200)
    alerts = createAlerts({ ...means, metrics: createMetrics() })
    await round()
    await later(() => receiver.at('/hangs').length).toBe(2)
    expect(new Set(events('/hangs').map(({ id }) => id)).size).toBe(1)
    expect(receiver.at('/good')).toHaveLength(1)
    await settled()
  })

  it('may be somewhere else, but nowhere inside', async () => {
    say('/moved', 308, '/good')
    say('/good', 200)
    say('/inside', 307, 'http://169.254.169.254/latest/meta-data')
    await hook('/moved')
    await hook('/inside')
    await callForHelp()
    await later(() => receiver.at('/good').length).toBe(1)
    await later(async () => (await hooks()).map(({ last }) => last?.reason ?? null)).toEqual([null, 'refused']) // prettier-ignore
  })

  it('that is two processes’ to serve gets each event once', async () => {
    say('/good', 200)
    const { id } = await hook('/good')
    for (let n = 0; n < 8; n++) {
      expect((await send('POST', `${AT}/${id}/test`, 'admin')).status).toBe(200)
    }
    const other = createAlerts({ ...means, metrics: createMetrics() })
    await Promise.all([round(), round(other)])
    await later(async () => (await hooks())[0]?.waiting).toBe(0)
    expect(new Set(events().map((each) => each.id)).size).toBe(8)
    expect(events()).toHaveLength(8)
    await other.close?.()
  })
})

describe('an admin', () => {
  it('renews a secret: both sign for a day', async () => {
    say('/good', 200)
    const { id, secret } = await hook('/good')
    const { body } = await send('POST', `${AT}/${id}/secret`, 'admin')
    const renewed = WebhookSecret.parse(body).secret
    const signedBy = async (which: string) => {
      const before = receiver.heard.length
      await send('POST', `${AT}/${id}/test`, 'admin')
      await round() // of the process that was restarted above
      await later(() => receiver.heard.length).toBe(before + 1)
      const { headers, body: text } = receiver.heard.at(-1) ?? { headers: {}, body: '' }
      return isSigned(headers, text, which, company.clock.at)
    }
    expect([await signedBy(secret), await signedBy(renewed)]).toEqual([true, true])
    company.clock.at += 25 * HOUR
    expect([await signedBy(secret), await signedBy(renewed)]).toEqual([false, true])
  })

  it('rests an address, goes on with it, and takes it away', async () => {
    say('/good', 200)
    const { id } = await hook('/good')
    const url = `${receiver.url}/good`
    expect((await send('PUT', `${AT}/${id}`, 'admin', { url, active: false })).status).toBe(200)
    await callForHelp()
    await send('POST', `${AT}/${id}/test`, 'admin')
    await round()
    expect((await hooks())[0]).toMatchObject({ active: false, waiting: 1 })
    await send('PUT', `${AT}/${id}`, 'admin', { url, active: true })
    await round()
    await later(() => types()).toEqual(['test'])
    expect(Webhooks.parse((await send('DELETE', `${AT}/${id}`, 'admin')).body).webhooks).toEqual([])
  })
})
