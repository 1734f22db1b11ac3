import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Departments, Me, People } from '../../backend/contract/people.ts'
import { createPeople } from '../../backend/people/index.ts'
import { consentOf, createPrivacy } from '../../backend/privacy/index.ts'
import { MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

/** A WeCom that knows codes: the sign-in's own rules are under test, not the client's. */
const members = new Map([
  ['code-rep1', 'REP1'],
  ['code-stranger', null],
  ['code-unknown', 'nobody-here'],
])
const wecom = {
  authorizeUrl: ({ redirectUri, state }: { redirectUri: string; state: string }) =>
    `https://open.example/authorize?redirect_uri=${encodeURIComponent(redirectUri)}&state=${state}`,
  loginUrl: ({ state }: { state: string }) => `https://login.example/sso?state=${state}`,
  userIdOf: async (code: string) => members.get(code) ?? null,
}

let company: Company
beforeAll(async () => {
  company = await openCompany((kit) => {
    const parts = {
      consent: consentOf(kit),
      map: { tiles: null, datum: 'wgs84', attribution: '' } as const,
      wecom: { corpId: 'ww1', agentId: '1' },
    }
    return [createPeople(kit, wecom, parts, ORG), createPrivacy(kit)]
  })
})
afterAll(() => company.close())

const peopleSeenBy = async (viewer: string, query = '') => {
  const { status, body } = await company.get(`/api/v1/people${query}`, viewer)
  expect(status).toBe(200)
  return People.parse(body).people
}

describe('GET /api/v1/people', () => {
  it('refuses the signed out and device tokens, and answers 422 to a department that is too long', async () => {
    expect((await company.get('/api/v1/people', null)).status).toBe(401)
    expect((await company.get('/api/v1/people', 'rep1', 'device')).status).toBe(403)
    const long = await company.get(`/api/v1/people?departmentId=${'x'.repeat(65)}`, 'boss')
    expect(long.status).toBe(422)
  })

  it('shows a supervisor his subtree, HR everybody without positions, a rep nobody', async () => {
    await company.report('rep1', [{ at: NOW - MINUTE, lng: 114.02, lat: 22.53 }])
    expect((await peopleSeenBy('leadN')).map((each) => each.id)).toEqual(['rep1', 'rep2'])
    expect((await peopleSeenBy('leadS')).map((each) => each.id)).toEqual(['rep3'])
    expect((await peopleSeenBy('boss')).length).toBe(3)
    expect((await peopleSeenBy('boss', '?departmentId=south')).map((each) => each.id)).toEqual([
      'rep3',
    ])
    expect(await peopleSeenBy('leadN', '?departmentId=south')).toEqual([])
    expect(await peopleSeenBy('rep1')).toEqual([])
    const hr = await peopleSeenBy('hr')
    expect(hr.length).toBe(3)
    expect(hr.every((each) => each.last === null)).toBe(true)
  })

  it('says moving, silent or off duty, and shows no position off duty', async () => {
    await company.report('rep1', [{ at: NOW - MINUTE, lng: 114.02, lat: 22.53 }])
    await company.report('rep2', [{ at: NOW - 20 * MINUTE, lng: 114.02, lat: 22.53 }])
    const [rep1, rep2] = await peopleSeenBy('leadN')
    expect(rep1?.state).toBe('moving')
    expect(rep1?.last?.at).toBe(NOW - MINUTE)
    expect(rep2).toMatchObject({ state: 'silent', reason: 'unknown', since: NOW - 20 * MINUTE })
    company.clock.at = NOW + 12 * 60 * MINUTE
    const later = await peopleSeenBy('leadN')
    company.clock.at = NOW
    expect(later.map(({ state, last }) => ({ state, last }))).toEqual([
      { state: 'off_duty', last: null },
      { state: 'off_duty', last: null },
    ])
  })
})

describe('GET /api/v1/people/:id', () => {
  it('refuses the signed out, hides those out of scope, shows oneself', async () => {
    expect((await company.get('/api/v1/people/rep1', null)).status).toBe(401)
    expect((await company.get('/api/v1/people/rep3', 'leadN')).status).toBe(404)
    expect((await company.get('/api/v1/people/bad%20id', 'leadN')).status).toBe(422)
    expect((await company.get('/api/v1/people/rep1', 'rep1')).status).toBe(200)
    expect((await company.get('/api/v1/people/rep2', 'rep1')).status).toBe(404)
  })
})

describe('GET /api/v1/departments', () => {
  it('gives the departments of my scope', async () => {
    expect((await company.get('/api/v1/departments', null)).status).toBe(401)
    const ids = async (viewer: string) =>
      Departments.parse((await company.get('/api/v1/departments', viewer)).body).departments.map(
        ({ id }) => id,
      )
    expect(await ids('leadN')).toEqual(['north'])
    expect((await ids('boss')).sort()).toEqual(['north', 'root', 'south'])
  })
})

describe('GET /api/v1/me', () => {
  it('refuses the signed out and device tokens, and says who I am and when I am on duty', async () => {
    expect((await company.get('/api/v1/me', null)).status).toBe(401)
    expect((await company.get('/api/v1/me', 'rep1', 'device')).status).toBe(403)
    const me = Me.parse((await company.get('/api/v1/me', 'rep1')).body)
    expect(me).toMatchObject({
      id: 'rep1',
      role: 'rep',
      consent: { givenAt: null, current: false },
    })
    expect(me.duty).toHaveLength(1)
  })
})

/** One browser: its cookies, and requests that do not follow redirects. */
function browser() {
  const cookies = new Map<string, string>()
  return async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie && { cookie }), ...init.headers }
    const response = await fetch(company.url + path, { ...init, redirect: 'manual', headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) cookies.set(name, value)
      else cookies.delete(name)
    }
    return response
  }
}

const stateOf = (response: Response) =>
  new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''

const json = { 'content-type': 'application/json' }

describe('sign-in through WeCom', () => {
  it('leads a PC to the login page, the app to the silent one, and comes back to where one wanted to go', async () => {
    const go = browser()
    const start = await go('/auth/wecom/start?to=/people/rep1/days/2026-11-23')
    expect(start.headers.get('location')).toContain('https://login.example/sso')
    const inApp = await go('/auth/wecom/start', {
      headers: { 'user-agent': 'x wxwork/4.1.0 MicroMessenger/7' },
    })
    expect(inApp.headers.get('location')).toContain('https://open.example/authorize')
    const again = await go('/auth/wecom/start?to=/people/rep1/days/2026-11-23')
    const back = await go(`/auth/wecom/return?code=code-rep1&state=${stateOf(again)}`)
    expect(back.headers.get('location')).toBe('/people/rep1/days/2026-11-23')
    expect(back.headers.getSetCookie().join()).toMatch(
      /zuji_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax/,
    )
    expect((await go('/api/v1/me')).status).toBe(200)
  })

  it('takes a state once, and only from the browser that it was given to', async () => {
    const go = browser()
    const state = stateOf(await go('/auth/wecom/start'))
    const thief = browser()
    await thief('/auth/wecom/start')
    const stolen = await thief(`/auth/wecom/return?code=code-rep1&state=${state}`)
    expect(stolen.headers.get('location')).toBe('/auth/wecom/start?to=%2F&again=1')
    expect((await go(`/auth/wecom/return?code=code-rep1&state=${state}`)).status).toBe(302)
    const replayed = await go(`/auth/wecom/return?code=code-rep1&state=${state}`)
    expect(replayed.headers.get('location')).toBe('/auth/wecom/start?to=%2F&again=1')
  })

  it('refuses outsiders and members that are not people here, and never leads to another site', async () => {
    for (const code of ['code-stranger', 'code-unknown']) {
      const go = browser()
      const state = stateOf(await go('/auth/wecom/start'))
      expect((await go(`/auth/wecom/return?code=${code}&state=${state}`)).status).toBe(403)
    }
    for (const to of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      const go = browser()
      const state = stateOf(await go(`/auth/wecom/start?to=${encodeURIComponent(to)}`))
      const back = await go(`/auth/wecom/return?code=code-rep1&state=${state}`)
      expect(back.headers.get('location')).toBe('/')
    }
  })

  it('ends the session at sign-out, and lets no page of another origin write with the cookie', async () => {
    const go = browser()
    const state = stateOf(await go('/auth/wecom/start'))
    await go(`/auth/wecom/return?code=code-rep1&state=${state}`)
    const foreign = await go('/api/v1/consent', {
      method: 'POST',
      headers: { ...json, origin: 'https://evil.example' },
      body: JSON.stringify({ version: 'x', given: true }),
    })
    expect(foreign.status).toBe(403)
    expect((await go('/auth/signout', { method: 'POST' })).status).toBe(200)
    expect((await go('/api/v1/me')).status).toBe(401)
  })
})
