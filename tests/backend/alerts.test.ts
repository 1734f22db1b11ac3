import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAlerts } from '../../backend/alerts/index.ts'
import { Alert, AlertRules, DEFAULT_RULES, MySos } from '../../backend/contract/alerts.ts'
import { Territories } from '../../backend/contract/territories.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { sql } from '../../backend/core/sql.ts'
import {
  alerts,
  alertsOf,
  atShop,
  clean,
  company,
  messagesTo,
  only,
  openAlerts,
  put,
  setRules,
  watch,
} from './alertsStage.ts'
import { DATE, DUTY, MINUTE, NOW, ORG } from './company.ts'
import { SHOP } from './storyDay.ts'

const NOON = DUTY.from + 180 * MINUTE

beforeAll(openAlerts)
afterAll(() => company.close())
beforeEach(clean)

describe('an event', () => {
  it('is raised once, tells those who lead the person, and is over by itself', async () => {
    await only('silent')
    await atShop('rep1', DUTY.from, NOW)
    await watch(NOW + 59 * MINUTE)
    expect((await alertsOf('leadN')).alerts.filter(({ personId }) => personId === 'rep1')).toEqual([]) // prettier-ignore
    for (const minutes of [61, 65, 90]) await watch(NOW + minutes * MINUTE)
    const { alerts: raised } = await alertsOf('leadN')
    const mine = raised.filter(({ personId }) => personId === 'rep1')
    expect(mine).toMatchObject([{ kind: 'silent', since: NOW, until: null, person: '名 rep1', date: DATE }]) // prettier-ignore
    const cards = async () =>
      (await messagesTo('leadN')).filter(({ key }) => key.includes(':rep1:'))
    const told = await cards()
    expect(told).toHaveLength(1)
    expect(told[0]?.title).toBe('名 rep1 失去联系 Silent')
    expect(await messagesTo('boss')).toEqual([])

    await atShop('rep1', NOW + 100 * MINUTE, NOW + 110 * MINUTE)
    await watch(NOW + 111 * MINUTE)
    const over = (await alertsOf('leadN', '?view=past')).alerts.find(
      ({ personId }) => personId === 'rep1',
    )
    expect(over).toMatchObject({ outcome: 'over', until: NOW + 100 * MINUTE })
    expect((await cards())[0]?.closed).toContain('已结束')
  })

  it('that later records do not bear out is taken back', async () => {
    await only('silent')
    const from = company.clock.at
    await atShop('rep1', DUTY.from, NOW)
    await watch(from + 1 * MINUTE)
    await watch(from + 22 * MINUTE)
    const before = (await alertsOf('leadN')).alerts.find(({ personId }) => personId === 'rep1')
    expect(before?.outcome).toBeNull()
    await atShop('rep1', NOW + MINUTE, company.clock.at)
    await watch(company.clock.at + MINUTE)
    const { alerts: past } = await alertsOf('leadN', '?view=past')
    expect(past.find(({ personId }) => personId === 'rep1')).toMatchObject({ outcome: 'withdrawn' })
  })
})

it('two processes that look at once tell once', async () => {
  await only('silent')
  await atShop('rep1', DUTY.from, company.clock.at)
  await watch(company.clock.at + MINUTE)
  company.clock.at += 61 * MINUTE
  const other = createAlerts({ ...company.kit, metrics: createMetrics() })
  await Promise.all([alerts, other].flatMap(({ chores = [] }) => chores.map(({ run }) => run())))
  await other.close?.()
  const raised = (await alertsOf('leadN')).alerts.filter(({ personId }) => personId === 'rep1')
  expect(raised).toMatchObject([{ kind: 'silent', until: null }])
  const told = (await messagesTo('leadN')).filter(({ key }) => key.includes(':rep1:'))
  expect(told).toHaveLength(1)
})

describe('taking on', () => {
  beforeEach(() => only('sos'))
  const raise = async () => {
    const id = uuid()
    const call = { id, at: company.clock.at, position: { ...SHOP, accuracy: 20 }, note: '车胎爆了' }
    const { status, body } = await company.post('/api/v1/sos', 'rep1', call)
    expect(status, JSON.stringify(body)).toBe(200)
    const alert = (await alertsOf('leadN')).alerts.find(({ kind }) => kind === 'sos')
    if (!alert) throw new Error('no alert')
    return { id, alert, mine: MySos.parse(body) }
  }

  it('of a call for help is seen by who called, and closes the cards of all', async () => {
    const { alert, mine, id } = await raise()
    expect(mine).toMatchObject({ call: { id }, heard: null, told: ['名 leadN'] })
    expect(alert).toMatchObject({ urgent: true, at: { ...SHOP, accuracy: 20 }, until: null, detail: { note: '车胎爆了' } }) // prettier-ignore
    const path = `/api/v1/people/rep1/alerts/${alert.id}/heard`
    const first = Alert.parse((await company.post(path, 'leadN', { note: '马上到' })).body)
    expect(first.heard).toMatchObject({ by: 'leadN', note: '马上到' })
    const second = Alert.parse((await company.post(path, 'boss', {})).body)
    expect(second.heard).toMatchObject({ by: 'leadN' })
    const { body } = await company.get('/api/v1/sos/me', 'rep1')
    expect(MySos.parse(body).heard).toMatchObject({ name: '名 leadN' })
    expect((await messagesTo('leadN'))[0]?.closed).toContain('处理中')
    expect((await alertsOf('leadN')).open).toBe(0)
    expect((await alertsOf('leadN', '?view=heard')).alerts).toHaveLength(1)
  })

  it('works by the button of the card, and a call repeated is one call', async () => {
    const { alert, id } = await raise()
    await company.post('/api/v1/sos', 'rep1', { id, at: alert.since, position: null })
    expect(await messagesTo('leadN')).toHaveLength(1)
    const key = (await messagesTo('leadN'))[0]?.key ?? ''
    const words = await company.kit.notify.listenerOf(key)?.({ orgId: ORG, personId: 'leadN', key, button: 'heard', at: company.clock.at }) // prettier-ignore
    expect(words).toBe('名 leadN 处理中 took it on')
  })

  it('that nobody does brings the alert to the level above, once', async () => {
    const { alert } = await raise()
    await watch(alert.raisedAt + 4 * MINUTE)
    expect(await messagesTo('boss')).toEqual([])
    await watch(alert.raisedAt + 5 * MINUTE)
    await watch(alert.raisedAt + 6 * MINUTE)
    expect(await messagesTo('boss')).toMatchObject([{ title: '升级 名 rep1 求助 SOS' }])
  })

  it('is not needed when the person says that it is over', async () => {
    const { id } = await raise()
    company.clock.at += MINUTE
    const { body } = await company.post('/api/v1/sos/end', 'rep1', { id, at: company.clock.at })
    expect(MySos.parse(body).call).toBeNull()
    expect((await alertsOf('leadN', '?view=past')).alerts).toMatchObject([{ kind: 'sos', outcome: 'over' }]) // prettier-ignore
  })

  it('can not be done by who does not lead the person, nor seen', async () => {
    const { alert } = await raise()
    expect((await alertsOf('leadS')).alerts).toEqual([])
    const path = `/api/v1/people/rep1/alerts/${alert.id}/heard`
    expect((await company.post(path, 'leadS', {})).status).toBe(404)
  })
})

describe('a territory', () => {
  const square = (lng: number) => ({
    type: 'MultiPolygon',
    coordinates: [[[[lng, 22.5], [lng + 0.1, 22.5], [lng + 0.1, 22.6], [lng, 22.6]]]],
  }) // prettier-ignore

  it('that is left for long is told, and one that is set anew is looked at with the day again', async () => {
    await only('left_territory')
    expect((await put('/api/v1/territories/root', 'admin', { area: square(114.02) })).status).toBe(200) // prettier-ignore
    await atShop('rep2', NOON, company.clock.at)
    await watch(company.clock.at + MINUTE)
    expect((await alertsOf('leadN')).alerts).toEqual([])
    const { body } = await put('/api/v1/territories/north', 'admin', { area: square(114.3) })
    expect(Territories.parse(body).territories.map(({ departmentId }) => departmentId)).toEqual(['north', 'root']) // prettier-ignore
    await watch(company.clock.at + MINUTE)
    expect((await alertsOf('leadN')).alerts).toMatchObject([{ kind: 'left_territory', personId: 'rep2', until: null }]) // prettier-ignore
  })
})

describe('the routes', () => {
  const area = { type: 'MultiPolygon', coordinates: [] }
  const id = uuid()
  it('refuse the signed out', async () => {
    for (const path of [
      '/api/v1/alerts',
      '/api/v1/alerts/rules',
      '/api/v1/sos/me',
      '/api/v1/territories',
    ])
      // prettier-ignore
      expect((await company.get(path, null)).status, path).toBe(401)
    for (const path of ['/api/v1/sos', '/api/v1/sos/end', `/api/v1/people/rep1/alerts/${id}/heard`])
      expect((await company.post(path, null, {})).status, path).toBe(401)
    for (const path of ['/api/v1/alerts/rules', '/api/v1/territories/north'])
      expect((await put(path, null, {})).status, path).toBe(401)
  })

  it('refuse those who are not allowed', async () => {
    for (const who of ['rep1', 'hr']) {
      expect((await company.get('/api/v1/alerts', who)).status).toBe(403)
      expect((await company.get('/api/v1/alerts/rules', who)).status).toBe(403)
      expect((await company.get('/api/v1/territories', who)).status).toBe(403)
      expect((await put('/api/v1/alerts/rules', who, { rules: [] })).status).toBe(403)
      expect((await put('/api/v1/territories/north', who, { area: null })).status).toBe(403)
      expect((await company.post(`/api/v1/people/rep1/alerts/${id}/heard`, who, {})).status).toBe(403) // prettier-ignore
    }
  })

  it('refuse bad input by field and rule', async () => {
    const refusalOf = async (answer: Promise<{ status: number; body: unknown }>) => {
      const { status, body } = await answer
      return [status, JSON.stringify(body)] as const
    }
    const bad = [
      [company.get('/api/v1/alerts?view=all', 'leadN'), 'view'],
      [put('/api/v1/alerts/rules', 'admin', { rules: [{ ...DEFAULT_RULES[1], minutes: 1 }] }), 'must be 6 or more'], // prettier-ignore
      [put('/api/v1/alerts/rules', 'admin', { rules: [{ ...DEFAULT_RULES[1], departmentId: 'x' }] }), 'there is no such department'], // prettier-ignore
      [put('/api/v1/territories/north', 'admin', { area }), 'coordinates'],
      [put('/api/v1/territories/x', 'admin', { area: null }), 'there is no such department'],
      [company.post('/api/v1/sos', 'rep1', { id, at: company.clock.at - 90_000_000, position: null }), 'last 24 hours'], // prettier-ignore
      [company.post('/api/v1/sos', 'rep1', { id, at: company.clock.at, position: { lng: 500, lat: 0 } }), 'lng'], // prettier-ignore
      [company.post(`/api/v1/people/rep1/alerts/nothing/heard`, 'leadN', {}), 'id'],
    ] as const
    for (const [answer, word] of bad) {
      const [status, text] = await refusalOf(answer)
      expect(status, text).toBe(422)
      expect(text).toContain(word)
    }
  })

  it('keep the rules as they were set', async () => {
    const rules = DEFAULT_RULES.map((rule) => ({ ...rule, on: false }))
    await setRules(rules)
    const { body } = await company.get('/api/v1/alerts/rules', 'admin')
    expect(AlertRules.parse(body).rules).toEqual(rules)
  })
})

it('of an older day stands as long as it is so, and nothing new is told of such a day', async () => {
  await only('missing_punch')
  const due = (name: string) => ({ due: name, at: 540, result: 'missing', punch: null, corrected: false, lateMin: 0, closesAt: 780 }) // prettier-ignore
  const keep = (dues: object[]) =>
    company.db.run(sql`
      insert into attendance_days (org_id, person_id, date, zone, version, rule_set_id, rule_version, engine_version,
        marks, cell, due_days, minutes, overtime, day, digest, closed, computed_at)
      values (${ORG}, 'rep1', ${DATE}::date, 'Asia/Shanghai', 1, 'standard', 1, '1', '', '', 1, '{}', 0,
        ${JSON.stringify({ ledger: { due: dues } })}::jsonb, '', true, to_timestamp(${company.clock.at}::float8 / 1000))
      on conflict (org_id, person_id, date) do update set day = excluded.day, computed_at = excluded.computed_at`)
  await keep([due('in1')])
  await watch(company.clock.at + MINUTE)
  const standing = async () => (await alertsOf('leadN')).alerts.map(({ kind, detail }) => [kind, detail.due]) // prettier-ignore
  expect(await standing()).toEqual([['missing_punch', 'in1']])
  company.clock.at += 4 * 24 * 60 * MINUTE
  await keep([due('in1'), due('in2')])
  await watch(company.clock.at + MINUTE)
  expect(await standing()).toEqual([['missing_punch', 'in1']])
  await company.db.run(sql`delete from attendance_days where org_id = ${ORG}`)
})
