import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_RULES } from '../../backend/contract/alerts.ts'
import { sql } from '../../backend/core/sql.ts'
import {
  alertsOf,
  atShop,
  clean,
  company,
  messagesTo,
  only,
  openAlerts,
  put,
  watch,
} from './alertsStage.ts'
import { DATE, DUTY, NOW, ORG } from './company.ts'

beforeAll(openAlerts)
afterAll(() => company.close())
beforeEach(clean)

describe('alerts told together', () => {
  const at = '/api/v1/alerts/digest/me'
  const clockTo = (hour: string) => Date.parse(`${DATE}T${hour}:00+08:00`)
  it('come as one card at the hours that the receiver chose, without those that are over', async () => {
    await only('silent')
    expect((await put(at, 'leadN', { hours: ['17:30', '15:45'], kinds: ['silent'] })).status).toBe(200) // prettier-ignore
    for (const rep of ['rep1', 'rep2']) await atShop(rep, DUTY.from, NOW)
    await watch(clockTo('15:30'))
    expect((await alertsOf('leadN')).alerts).toHaveLength(2)
    expect(await messagesTo('leadN')).toEqual([])
    await atShop('rep2', clockTo('15:31'), clockTo('15:40'))
    await watch(clockTo('15:44'))
    expect(await messagesTo('leadN')).toEqual([])
    for (const hour of ['15:46', '15:50']) await watch(clockTo(hour))
    const told = await company.db.many(sql`
      select m.title, m.text, m.urgent from wecom_messages m where m.org_id = ${ORG} and m.person_id = 'leadN'`)
    expect(told).toEqual([{ title: '预警汇总 1 条 Alerts', text: '失去联系 Silent 1：名 rep1', urgent: false }]) // prettier-ignore
  })

  it('are those of a rule, too, at the usual hours; what is urgent or escalated comes by itself', async () => {
    await only('silent', { digest: true, escalateMin: 30 })
    await atShop('rep1', DUTY.from, NOW)
    await watch(clockTo('16:00'))
    expect(await messagesTo('leadN')).toEqual([])
    await watch(clockTo('16:31'))
    const above = (await messagesTo('boss')).filter(({ key }) => key.includes(':rep1:'))
    expect(above).toMatchObject([{ title: '升级 名 rep1 失去联系 Silent' }])
    await watch(clockTo('17:31'))
    expect(await messagesTo('leadN')).toMatchObject([{ title: '预警汇总 2 条 Alerts' }])
    const bad = { rules: [{ ...DEFAULT_RULES[0], digest: true }] }
    const { status, body } = await put('/api/v1/alerts/rules', 'admin', bad)
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('must not be so of what is urgent')]) // prettier-ignore
  })

  it('are each leader’s own to set', async () => {
    expect((await company.get(at, null)).status).toBe(401)
    expect((await put(at, null, {})).status).toBe(401)
    for (const who of ['rep1', 'hr', 'admin']) {
      expect((await company.get(at, who)).status).toBe(403)
      expect((await put(at, who, { hours: ['09:00'], kinds: [] })).status).toBe(403)
    }
    expect((await company.get(at, 'leadN')).body).toEqual({ hours: ['12:00', '17:30'], kinds: [] })
    for (const [input, word] of [
      [{ hours: [], kinds: [] }, 'hours'],
      [{ hours: ['25:00'], kinds: [] }, 'must be a time as 17:30'],
      [{ hours: ['09:00'], kinds: ['sos'] }, 'kinds'],
    ] as const) {
      const { status, body } = await put(at, 'leadN', input)
      expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(word)])
    }
  })
})
