import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { WecomChecks, type SetupStep } from '../../backend/contract/wecomChecks.ts'
import { readConfig } from '../../backend/core/config.ts'
import { keepEvent } from '../../backend/wecom/callback/queries.ts'
import {
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import type { SimServer } from '../support/wecomSim.ts'
import { ORG, type Company } from './company.ts'
import { answering, APP, KEYS, openChecksStage, SITE, trusting } from './wecomChecksStage.ts'
import type { ChecksStage, Fetch } from './wecomChecksStage.ts'

const PATH = '/api/v1/wecom/checks'

let stage: ChecksStage
let company: Company // the running server
let up: SimServer
let dataDir: string

beforeAll(async () => {
  stage = await openChecksStage()
  ;({ company, dataDir } = stage)
})
afterAll(() => stage.close())
beforeEach(async () => {
  await stage.renew()
  up = stage.up
})

const run: ChecksStage['run'] = (...given) => stage.run(...given)

async function checks(): Promise<WecomChecks> {
  const { status, body } = await company.get(PATH, 'admin')
  expect(status).toBe(200)
  return WecomChecks.parse(body)
}

async function at(step: SetupStep) {
  const found = (await checks()).checks.find((each) => each.step === step)
  if (!found) throw new Error(`${step} was not judged`)
  return { ...found, codes: found.findings.map(({ code }) => code) }
}

const statesOf = ({ checks: all }: WecomChecks) =>
  Object.fromEntries(all.map(({ step, state }) => [step, state]))

describe('the route', () => {
  it('is for admins who are signed in, not for their devices', async () => {
    expect((await company.get(PATH, null)).status).toBe(401)
    for (const who of ['rep1', 'leadN', 'boss', 'hr'])
      expect((await company.get(PATH, who)).status).toBe(403)
    expect((await company.get(PATH, 'admin', 'device')).status).toBe(403)
    expect(up.sim.calls.size).toBe(0)
  })

  it('is not for an admin of the demo that ran here before', async () => {
    const { db, clock } = company
    await upsertOrg(db, { id: 'demo', name: '演示', zone: 'Asia/Shanghai' })
    await upsertDepartments(db, 'demo', [{ id: 'root', parentId: null, name: '总部' }])
    const old = { id: 'admin01', name: '旧', departmentId: 'root', position: null, leads: [] }
    await upsertPeople(db, 'demo', [{ ...old, role: 'admin' }])
    const session = { orgId: 'demo', personId: 'admin01', kind: 'token' } as const
    const authorization = `Bearer ${await openSession(db, session, clock.at)}`
    const { status } = await fetch(company.url + PATH, { headers: { authorization } })
    expect(status).toBe(403)
  })

  it('refuses bad input without asking WeCom', async () => {
    for (const query of ['?again=1', '?url=http://169.254.169.254/', '?step[]=x'])
      expect((await company.get(PATH + query, 'admin')).status).toBe(422)
    expect(up.sim.calls.size).toBe(0)
  })

  it('lets no secret leave', async () => {
    const text = JSON.stringify((await company.get(PATH, 'admin')).body)
    for (const secret of ['a-secret-of-tests', 'contacts-of-tests', KEYS.token, KEYS.aesKey])
      expect(text).not.toContain(secret)
  })

  it('asks WeCom once for many who ask at once, and again only after a while', async () => {
    const tokens = () => up.sim.calls.get('/cgi-bin/gettoken')
    await Promise.all(Array.from({ length: 20 }, checks))
    expect(tokens()).toBe(2) // the app's and the contacts'
    const { nextAt } = await checks()
    company.clock.at = nextAt - 1
    await checks()
    expect(tokens()).toBe(2)
    company.clock.at = nextAt
    expect((await checks()).checkedAt).toBe(nextAt)
    expect(tokens()).toBe(4)
  })

  it('waits longer where WeCom would ban an address for asking', async () => {
    const { checkedAt, nextAt } = await checks()
    run({ WECOM_SECRET: 'no' })
    const refused = await checks()
    expect(refused.nextAt - refused.checkedAt).toBeGreaterThan(3 * (nextAt - checkedAt))
  })

  it('ends in time when WeCom is silent, and says that it does not know', async () => {
    const silent = (own: Fetch): Fetch => {
      const never: Fetch = (input, init) =>
        String(input).includes('/cgi-bin/')
          ? new Promise((_resolve, reject) => {
              init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
            })
          : own(input, init)
      return never
    }
    run({}, silent, 300)
    expect(await at('server')).toMatchObject({ state: 'unknown', codes: ['cut_off'] })
    expect(await at('app')).toMatchObject({ state: 'waiting', after: 'server' })
    expect((await at('contacts')).state).not.toBe('ok')
  })
})

test('an app that may not use 打卡: to be done by who wants it, and nothing is wrong', async () => {
  up.sim.attendance.granted = false
  expect(await at('attendance')).toMatchObject({ state: 'todo', codes: ['attendance_rights'] })
  expect((await at('app')).state).toBe('ok')
})

describe('a setup that is right', () => {
  const homeUrl = (home_url: string) => answering('/agent/get', (body) => ({ ...body, home_url }))

  it('is well in every step as soon as WeCom has called', async () => {
    await writeFile(path.join(dataDir, 'WW_verify_abc123.txt'), 'abc123')
    run({}, homeUrl(`https://${SITE}/`))
    const before = statesOf(await checks())
    expect(before).toMatchObject({ callback: 'unknown', contacts: 'unknown' })
    const id = (n: number) => `01900000-0000-7000-8000-00000000000${n}`
    const event = { orgId: ORG, name: 'event/LOCATION', toldAt: company.clock.at, body: '<xml/>' }
    await keepEvent(company.db, { ...event, id: id(1), door: 'app' }, company.clock.at)
    await keepEvent(company.db, { ...event, id: id(2), door: 'contacts' }, company.clock.at)
    run({}, homeUrl(`https://${SITE}/`))
    const all = await checks()
    expect(new Set(Object.values(statesOf(all)))).toEqual(new Set(['ok']))
    expect(all).toMatchObject({ simulator: false, publicUrl: `https://${SITE}` })
    expect(Object.values(all.given)).toEqual(Array.from({ length: 8 }, () => true))
    expect((await at('callback')).findings[0]?.values).toEqual({ at: company.clock.at })
    expect((await at('range')).findings[0]?.values).toEqual({ count: 2 })
    await rm(path.join(dataDir, 'WW_verify_abc123.txt'))
  })

  it.each([
    [undefined, 'unknown', 'home_untold'],
    ['', 'todo', 'home_missing'],
    ['https://elsewhere.example/', 'wrong', 'home_other'],
    ['javascript:alert(1)', 'wrong', 'home_other'],
    [
      `https://open.weixin.qq.com/connect/oauth2/authorize?redirect_uri=https%3A%2F%2F${encodeURIComponent(SITE)}%2F`,
      'ok',
      'home_set',
    ],
  ])('home page %s', async (url, state, code) => {
    run({}, url === undefined ? undefined : homeUrl(url))
    expect(await at('home')).toMatchObject({ state, codes: [code] })
  })

  it('without a trusted domain in WeCom’s answer does not claim one', async () => {
    run(
      {},
      answering('/agent/get', ({ redirect_domain: _gone, ...rest }) => rest),
    )
    expect((await at('domain')).codes).toContain('domain_untold')
  })
})

describe('each mistake is told at the step that mends it', () => {
  it.each<[string, Record<string, string>, SetupStep, string]>([
    ['a wrong corp id', { WECOM_CORP_ID: 'wwother' }, 'company', 'corp_id'],
    ['a wrong secret', { WECOM_SECRET: 'no' }, 'app', 'secret'],
    ['a wrong agent id', { WECOM_AGENT_ID: '1000003' }, 'app', 'agent_id'],
    ['another domain', { PUBLIC_URL: 'https://other.example' }, 'domain', 'untrusted_domain'],
    ['another contacts secret', { WECOM_CONTACTS_SECRET: 'no' }, 'contacts', 'contacts_secret'],
    [
      "the app's secret for the contacts",
      { WECOM_CONTACTS_SECRET: 'a-secret-of-tests' },
      'contacts',
      'contacts_rights',
    ],
    ['no https', { PUBLIC_URL: `http://${SITE}` }, 'address', 'not_https'],
    ['a dead address', { PUBLIC_URL: 'https://dead.invalid' }, 'address', 'not_reachable'],
    ['no way to WeCom', { WECOM_API_BASE: 'http://127.0.0.1:9' }, 'server', 'wecom_unreachable'],
    ['another token', { WECOM_CALLBACK_TOKEN: 'other' }, 'callback', 'callback_refused'],
    ['another key', { WECOM_CONTACTS_AES_KEY: 'b'.repeat(43) }, 'contacts', 'callback_refused'],
  ])('%s', async (_what, more, step, code) => {
    run(more)
    const found = await at(step)
    expect(found.state).toBe('wrong')
    expect(found.codes).toContain(code)
  })

  it.each<[string, number, SetupStep, string]>([
    ['/cgi-bin/gettoken', 60020, 'ip', 'ip'],
    ['/cgi-bin/gettoken', 50003, 'app', 'app_disabled'],
    ['/cgi-bin/gettoken', 45009, 'server', 'throttled'],
    ['/cgi-bin/gettoken', 99999, 'server', 'refused'],
    ['/cgi-bin/agent/get', 60020, 'ip', 'ip'],
    ['/cgi-bin/get_jsapi_ticket', 60020, 'ip', 'ip'],
    ['/cgi-bin/department/simplelist', 60011, 'range', 'visible_range'],
    ['/cgi-bin/user/list_id', 48002, 'contacts', 'contacts_rights'],
    ['/cgi-bin/user/list_id', 60020, 'contacts', 'ip'],
  ])('%s that answers %i', async (api, errcode, step, code) => {
    up.sim.faults.answer(api, errcode)
    const all = await checks()
    const wrong = all.checks.filter(({ state }) => state === 'wrong').map((each) => each.step)
    expect(wrong).toEqual([step])
    expect((await at(step)).codes).toContain(code)
  })

  it('an outage of WeCom, behind which nothing else is called wrong', async () => {
    up.sim.faults.outage = true
    const all = await checks()
    expect(statesOf(all)).toMatchObject({ server: 'wrong', address: 'ok', app: 'waiting' })
    const told = (await at('server')).findings.find(({ code }) => code === 'wecom_unreachable')
    expect(told?.values).toEqual({ reason: 'http', status: 502 })
    expect((await at('range')).after).toBe('server')
  })

  it('a domain with a port, which phones do not take', async () => {
    run({ PUBLIC_URL: `https://${SITE}:8443` }, trusting(`${SITE}:8443`))
    expect(await at('domain')).toMatchObject({ state: 'wrong' })
    expect((await at('domain')).codes).toContain('domain_port')
  })

  it('a clock that is off', async () => {
    up.clock.at = company.clock.at + 300_000
    expect((await at('server')).findings[0]).toMatchObject({ code: 'clock', state: 'wrong' })
  })

  it('our address as WeCom sees it, when it is not allowed', async () => {
    const errmsg = 'not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info'
    run(
      {},
      answering('/department/simplelist', () => ({ errcode: 60020, errmsg })),
    )
    expect((await at('ip')).findings[0]?.values).toEqual({ ip: '203.0.113.7' })
  })

  it('a file for the domain that another program answers for', async () => {
    await writeFile(path.join(dataDir, 'WW_verify_abc123.txt'), 'abc123')
    const page =
      (own: Fetch): Fetch =>
      (input, init) =>
        String(input).includes('WW_verify_')
          ? Promise.resolve(new Response('<html>', { headers: { 'content-type': 'text/html' } }))
          : own(input, init)
    run({ PUBLIC_URL: 'https://other.example' }, page)
    expect((await at('domain')).codes).toEqual(['untrusted_domain', 'verify_elsewhere'])
    await rm(path.join(dataDir, 'WW_verify_abc123.txt'))
  })
})

test('what is not filled in is to be done, and the rest of the setup is still looked at', async () => {
  stage.begin(
    readConfig({
      ...{ ...APP, WECOM_API_BASE: up.base },
      ...{ PUBLIC_URL: `https://${SITE}`, DATA_DIR: dataDir },
    }),
  )
  expect(statesOf(await checks())).toMatchObject({ app: 'ok', callback: 'todo', contacts: 'todo' })
  expect((await at('contacts')).findings.map(({ values }) => values.setting)).toEqual([
    'WECOM_CONTACTS_SECRET',
    'WECOM_CONTACTS_TOKEN',
    'WECOM_CONTACTS_AES_KEY',
  ])
})

test('on the simulator everything is still to be done, and nothing is wrong', async () => {
  stage.begin(readConfig({ DATA_DIR: dataDir }))
  const all = await checks()
  expect(all.simulator).toBe(true)
  expect(new Set(Object.values(statesOf(all)))).toEqual(new Set(['todo', 'waiting']))
  expect(up.sim.calls.size).toBe(0)
})
