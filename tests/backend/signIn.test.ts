import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../backend/core/config.ts'
import { Fault } from '../../backend/core/errors.ts'
import { createApp, SESSION_COOKIE } from '../../backend/core/http/serve.ts'
import { sql } from '../../backend/core/sql.ts'
import { signInRoutes } from '../../backend/people/signIn.ts'
import { openSession } from '../../backend/people/sessions.ts'
import { openCompany, ORG, type Company } from './company.ts'

const DAY_MS = 86_400_000

/** Codes that were used before, are too old, or meet a WeCom that is away. */
const FAULTS: Record<string, object> = {
  used: { api: 'x', errcode: 40029, verdict: 'refused' },
  old: { api: 'x', errcode: 42003, verdict: 'refused' },
  away: { api: 'x', reason: 'timeout' },
}
const wecom = {
  authorizeUrl: ({ state }: { state: string }) => `https://open.example/?state=${state}`,
  loginUrl: ({ state }: { state: string }) => `https://login.example/?state=${state}`,
  userIdOf: async (code: string) => {
    const details = FAULTS[code]
    if (details) throw new Fault('wecom_failed', 'refused', details)
    return code === 'outsider' ? null : code
  },
}

let company: Company
let server: Server
let url: string
beforeAll(async () => {
  company = await openCompany(() => [])
  const config = readConfig({ PUBLIC_URL: 'https://crm.example' })
  const { log, metrics } = company.kit
  const { identify } = company.identity
  const routes = signInRoutes({ ...company.kit, config }, wecom, ORG)
  const app = createApp({ log, metrics, identify, publicUrl: config.publicUrl }, routes)
  const answer = app.callback()
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  company.kit.facts.on('personChanged', (fact) => {
    company.identity.forgetPerson(fact.orgId, fact.personId)
  })
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await company.close()
})
beforeEach(() => company.db.run(sql`delete from sessions where org_id = ${ORG}`))

/** One browser: its cookies, and requests that do not follow redirects. */
function browser() {
  const cookies = new Map<string, string>()
  const go = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url + path, {
      ...{ ...init, redirect: 'manual', headers: { cookie, ...init.headers } },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }
  const stateAfter = (response: Response) =>
    new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
  return {
    go,
    token: () => cookies.get(SESSION_COOKIE) ?? '',
    /** Starts, and comes back with this code. */
    async come(code: string, start = '/auth/wecom/start?to=/live') {
      const state = stateAfter(await go(start))
      return go(`/auth/wecom/return?code=${code}&state=${state}`)
    },
    clear: () => cookies.clear(),
    stateAfter,
  }
}

const who = (token: string) =>
  company.identity.identify({ cookie: token }).then((viewer) => viewer?.id ?? null)

test('cookies are for the server only, by https only, and not sent along from other sites', async () => {
  const { go, come } = browser()
  const started = (await go('/auth/wecom/start')).headers.getSetCookie()
  const signedIn = (await come('rep1')).headers.getSetCookie()
  for (const line of [...started, ...signedIn])
    expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/)
})

test.each(['used', 'old'])(
  'a code that is %s begins anew once, to the same page, then is told',
  async (code) => {
    const { go, come, token } = browser()
    const first = await come(code)
    const again = first.headers.get('location') ?? ''
    expect(again).toBe('/auth/wecom/start?to=%2Flive&again=1')
    const second = await come(code, again)
    expect(second.status).toBe(403)
    expect(await second.text()).toContain('登录没有完成')
    expect((await come('rep1', again)).headers.get('location')).toBe('/live')
    expect(await who(token())).toBe('rep1')
    expect((await go('/auth/wecom/start')).status).toBe(302)
  },
)

test('a browser that keeps no cookie is told so, and not sent round for ever', async () => {
  const { go, clear, stateAfter } = browser()
  let path = '/auth/wecom/start?to=/live'
  const statuses: number[] = []
  for (let round = 0; round < 5 && path !== ''; round++) {
    const state = stateAfter(await go(path))
    clear()
    const back = await go(`/auth/wecom/return?code=rep1&state=${state}`)
    statuses.push(back.status)
    path = back.headers.get('location') ?? ''
  }
  expect(statuses).toEqual([302, 403])
})

test.each([
  ['outsider', 403, '你不是本企业的成员'],
  ['wwpartner/zhangsan', 403, '足迹还没有为你开通'],
  ['beyond-the-visible-range', 403, '足迹还没有为你开通'],
  ['away', 502, '企业微信暂时没有应答'],
])('%s is shown a page that says what to do', async (code, status, words) => {
  const { come, token } = browser()
  const back = await come(encodeURIComponent(code))
  expect(back.status).toBe(status)
  const html = await back.text()
  expect(html).toContain(words)
  expect(html).toMatch(/<div lang="en">.*Sign in again/s)
  expect(token()).toBe('')
})

test('who has left can not sign in, and his sessions are over', async () => {
  const { come, token } = browser()
  await come('rep2')
  expect(await who(token())).toBe('rep2')
  await company.db.run(sql`update people set active = false where org_id = ${ORG} and id = 'rep2'`)
  company.clock.at += 6_000
  expect(await who(token())).toBeNull()
  expect(await (await browser().come('rep2')).text()).toContain('足迹还没有为你开通')
  await company.db.run(sql`update people set active = true where org_id = ${ORG} and id = 'rep2'`)
})

test('a member is known by any spelling of his userid', async () => {
  const { come, token } = browser()
  await come('REP1')
  expect(await who(token())).toBe('rep1')
})

test('signing in as another ends the session that the browser had', async () => {
  const { come, token } = browser()
  await come('rep1')
  const before = token()
  await come('rep3')
  company.clock.at += 6_000
  expect(await who(token())).toBe('rep3')
  expect(await who(before)).toBeNull()
})

test('a session ends after seven days, unless it is renewed', async () => {
  const { come, token } = browser()
  await come('rep1')
  company.clock.at += 7 * DAY_MS - 1_000
  expect(await who(token())).toBe('rep1')
  company.clock.at += 7_000
  expect(await who(token())).toBeNull()
})

test('a session of more than a day gets a new token; the old one ends after a minute', async () => {
  const { go, come, token } = browser()
  const renew = () => go('/auth/renew', { method: 'POST' })
  await come('rep1')
  const first = token()
  expect(await (await renew()).json()).toEqual({ renewed: false })
  company.clock.at += 1.5 * DAY_MS
  const answers = await Promise.all([renew(), renew(), renew()])
  const renewed = await Promise.all(answers.map((answer) => answer.json()))
  expect(renewed.filter((each) => JSON.stringify(each).includes('true'))).toHaveLength(1)
  expect(token()).not.toBe(first)
  expect([await who(first), await who(token())]).toEqual(['rep1', 'rep1'])
  company.clock.at += 66_000
  expect([await who(first), await who(token())]).toEqual([null, 'rep1'])
  company.clock.at += 6.5 * DAY_MS
  expect(await who(token())).toBe('rep1')
})

test('renewing needs a browser’s session, and no page of another origin does it', async () => {
  const { go, come } = browser()
  expect((await go('/auth/renew', { method: 'POST' })).status).toBe(401)
  await come('rep1')
  const foreign = { method: 'POST', headers: { origin: 'https://evil.example' } }
  expect((await go('/auth/renew', foreign)).status).toBe(403)
  const token = await openSession(
    company.db,
    { orgId: ORG, personId: 'rep1', kind: 'token' },
    company.clock.at,
  )
  const bearer = { method: 'POST', headers: { authorization: `Bearer ${token}` } }
  expect((await browser().go('/auth/renew', bearer)).status).toBe(401)
})

test('signing out ends this browser, or every browser of the person and no device', async () => {
  const [one, two, three] = [browser(), browser(), browser()]
  for (const each of [one, two, three]) await each.come('rep1')
  const device = await openSession(
    company.db,
    { orgId: ORG, personId: 'rep1', kind: 'device' },
    company.clock.at,
  )
  await one.go('/auth/signout', { method: 'POST' })
  expect(one.token()).toBe('')
  expect(await who(two.token())).toBe('rep1')
  const tokens = [two.token(), three.token()]
  await two.go('/auth/signout?everywhere=1', { method: 'POST' })
  expect(await Promise.all(tokens.map(who))).toEqual([null, null])
  expect(await who(device)).toBe('rep1')
})
