import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AccessLog } from '../../backend/contract/privacy.ts'
import { consentOf, createPrivacy, loadConsent, recordLook } from '../../backend/privacy/index.ts'
import type { Viewer } from '../../backend/core/http/route.ts'
import { DATE, NOW, openCompany, ORG, type Company } from './company.ts'

let company: Company
const changed: string[] = []
beforeAll(async () => {
  company = await openCompany((kit) => [createPrivacy(kit)])
  company.kit.facts.on('personChanged', ({ personId }) => changed.push(personId))
})
afterAll(() => company.close())

async function post(personId: string | null, body: unknown) {
  const authorization = personId ? `Bearer ${await company.tokenOf(personId)}` : ''
  return fetch(`${company.url}/api/v1/consent`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

const rep1: Viewer = {
  orgId: ORG,
  id: 'rep1',
  name: '',
  role: 'rep',
  departments: [],
  session: 'browser',
  sessionHash: '',
}

describe('POST /api/v1/consent', () => {
  it('refuses the signed out, device tokens and bad input', async () => {
    expect((await post(null, {})).status).toBe(401)
    const device = await fetch(`${company.url}/api/v1/consent`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await company.tokenOf('rep1', 'device')}` },
      body: '{}',
    })
    expect(device.status).toBe(403)
    expect((await post('rep1', { given: 'yes' })).status).toBe(422)
  })

  it('is given to the present text only, holds, and ends at once when it is withdrawn', async () => {
    const { version } = await consentOf(company.kit)(rep1)
    expect((await post('rep1', { version: '2020-01', given: true })).status).toBe(409)
    expect((await post('rep1', { version, given: true })).status).toBe(200)
    expect((await loadConsent(company.db, ORG, ['rep1', 'rep2'])).get('rep1')).toBe(NOW)
    company.clock.at = NOW + 1
    expect((await post('rep1', { version, given: false })).status).toBe(200)
    company.clock.at = NOW
    expect((await loadConsent(company.db, ORG, ['rep1'])).size).toBe(0)
    expect((await consentOf(company.kit)(rep1)).current).toBe(false)
    expect(changed).toEqual(['rep1', 'rep1'])
  })
})

describe('GET /api/v1/access-log/me', () => {
  it('refuses the signed out, and tells me who looked at which day of mine, one look a minute', async () => {
    expect((await company.get('/api/v1/access-log/me', null)).status).toBe(401)
    const look = {
      orgId: ORG,
      personId: 'rep2',
      viewerId: 'leadN',
      what: 'day',
      date: DATE,
    } as const
    await recordLook(company.db, { ...look, at: NOW })
    await recordLook(company.db, { ...look, at: NOW + 30_000 })
    await recordLook(company.db, { ...look, at: NOW + 61_000 })
    const { looks } = AccessLog.parse((await company.get('/api/v1/access-log/me', 'rep2')).body)
    expect(looks).toEqual([
      { at: NOW + 61_000, viewerId: 'leadN', viewer: '名 leadN', what: 'day', date: DATE },
      { at: NOW, viewerId: 'leadN', viewer: '名 leadN', what: 'day', date: DATE },
    ])
    const mine = AccessLog.parse((await company.get('/api/v1/access-log/me', 'rep1')).body)
    expect(mine.looks).toEqual([])
  })
})
