import { getJsApiSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { createServer } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../backend/core/config.ts'
import { Fault } from '../../backend/core/errors.ts'
import type { Viewer } from '../../backend/core/http/route.ts'
import { wecomRoutes } from '../../backend/wecom/index.ts'
import { signatureOf } from '../../backend/wecom/signature.ts'
import vectors from '../../fixtures/data/wecom-vectors.json' with { type: 'json' }
import { RETURN_TO, startWecomSim, type SimServer } from '../support/wecomSim.ts'

let up: SimServer
beforeEach(async () => {
  up = await startWecomSim()
})
afterEach(() => up.close())

const calls = (api: string) => up.sim.calls.get(`/cgi-bin/${api}`) ?? 0

/** Goes through a sign-in page and comes back with the code. */
async function codeFor(address: string, userid: string): Promise<string> {
  const url = new URL(address)
  url.searchParams.set('sim_user', userid)
  const answer = await fetch(url, { redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Fault)) throw new Error(`no fault but ${String(error)}`)
  return error
}

test('the file holds the three vectors of pages', () => {
  expect(vectors.vectors.map(({ id }) => id)).toEqual([
    'jsapi-official',
    'jsapi-hash-stripped',
    'jsapi-no-query',
  ])
})

test.each(vectors.vectors)('signature $id', (vector) => {
  const { jsapi_ticket: ticket, noncestr: nonceStr, timestamp, url, signature } = vector
  expect(signatureOf({ ticket, nonceStr, timestamp, url })).toBe(signature)
  const [page = ''] = url.split('#')
  expect(getJsApiSignature({ ticket, nonceStr, timestamp, url: page }).signature).toBe(signature)
})

test('the signature of a page is that of the published library, whatever the parts', () => {
  const part = fc.string({ unit: 'grapheme-ascii', maxLength: 60 })
  const nonce = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }) // without one the library makes its own
  const page = fc.webUrl({ withQueryParameters: true })
  fc.assert(
    fc.property(
      part,
      nonce,
      fc.integer({ min: 1, max: 4e9 }),
      page,
      (ticket, nonceStr, timestamp, url) => {
        const peer = getJsApiSignature({ ticket, nonceStr, timestamp, url })
        expect(signatureOf({ ticket, nonceStr, timestamp, url })).toBe(peer.signature)
      },
    ),
  )
})

test('a member signs in through the page in the app and through the page for a PC', async () => {
  const wecom = up.client()
  const ask = { redirectUri: RETURN_TO, state: 'f00d' }
  expect(wecom.authorizeUrl(ask)).toMatch(/#wechat_redirect$/)
  expect(await wecom.userIdOf(await codeFor(wecom.authorizeUrl(ask), 'rep01'))).toBe('rep01')
  expect(await wecom.userIdOf(await codeFor(wecom.loginUrl(ask), 'lead01'))).toBe('lead01')
})

test('somebody outside of the corp is nobody', async () => {
  const wecom = up.client()
  const code = await codeFor(wecom.loginUrl({ redirectUri: RETURN_TO, state: '1' }), '*outsider')
  expect(await wecom.userIdOf(code)).toBeNull()
})

test('a code used twice is a fault that names 40029', async () => {
  const wecom = up.client()
  const code = await codeFor(wecom.loginUrl({ redirectUri: RETURN_TO, state: '1' }), 'rep01')
  await wecom.userIdOf(code)
  const fault = await faultOf(wecom.userIdOf(code))
  expect(fault.code).toBe('wecom_failed')
  expect(fault.details).toMatchObject({ errcode: 40029, verdict: 'refused' })
})

test('a hundred who ask at once fetch one token and one ticket', async () => {
  const wecom = up.client()
  const ask = { url: 'https://crm.example:8443/', kind: 'config' } as const
  await Promise.all(Array.from({ length: 100 }, () => wecom.jssdkSignature(ask)))
  await Promise.all(Array.from({ length: 100 }, () => wecom.listDepartments()))
  expect(calls('gettoken')).toBe(1)
  expect(calls('get_jsapi_ticket')).toBe(1)
})

test('token and ticket are renewed 300 s before their end', async () => {
  const wecom = up.client()
  const sign = () => wecom.jssdkSignature({ url: 'https://crm.example:8443/', kind: 'config' })
  await sign()
  up.clock.at += 6_899_000
  await sign()
  expect([calls('gettoken'), calls('get_jsapi_ticket')]).toEqual([1, 1])
  up.clock.at += 1_000
  await sign()
  expect([calls('gettoken'), calls('get_jsapi_ticket')]).toEqual([2, 2])
})

test.each([40014, 42001, 40001])(
  'a token refused with %i is fetched anew once',
  async (errcode) => {
    const wecom = up.client()
    await wecom.listDepartments()
    up.sim.faults.answer('/cgi-bin/department/list', errcode)
    expect(await wecom.listDepartments()).toHaveLength(2)
    expect(calls('gettoken')).toBe(2)
    up.sim.faults.answer('/cgi-bin/department/list', errcode, 2)
    expect((await faultOf(wecom.listDepartments())).details).toMatchObject({ errcode })
  },
)

test('a busy WeCom is asked four times in all', async () => {
  const waits: number[] = []
  const wecom = up.client({ wait: async (ms) => void waits.push(ms) })
  up.sim.faults.answer('/cgi-bin/department/list', -1, 3)
  expect(await wecom.listDepartments()).toHaveLength(2)
  expect(waits).toEqual([200, 600, 1_800])
  up.sim.faults.answer('/cgi-bin/department/list', -1, 4)
  expect((await faultOf(wecom.listDepartments())).details).toMatchObject({ errcode: -1 })
})

test('after too many calls the same API is left alone for a minute', async () => {
  const wecom = up.client()
  up.sim.faults.answer('/cgi-bin/department/list', 45009)
  expect((await faultOf(wecom.listDepartments())).details).toMatchObject({ verdict: 'throttled' })
  await faultOf(wecom.listDepartments())
  expect(calls('department/list')).toBe(1)
  up.clock.at += 60_000
  expect(await wecom.listDepartments()).toHaveLength(2)
})

test('a wrong setting is not tried again', async () => {
  const wecom = up.client()
  up.sim.faults.answer('/cgi-bin/department/list', 60020)
  expect((await faultOf(wecom.listDepartments())).details).toMatchObject({
    verdict: 'configuration',
  })
  expect(calls('department/list')).toBe(1)
  expect(up.logged.join()).toContain('"level":50')
})

test('a wrong secret is told without the secret, in the fault and in the log', async () => {
  const wecom = up.client({ secret: 'wrong-and-private' })
  const fault = await faultOf(wecom.listDepartments())
  expect(fault.details).toMatchObject({ api: '/cgi-bin/gettoken', errcode: 40001 })
  const told =
    up.logged.join() + fault.message + JSON.stringify(fault.details) + String(fault.stack)
  expect(told).not.toContain('wrong-and-private')
})

test('the signature for a page is what the phone checks, each kind with its own ticket', async () => {
  const wecom = up.client()
  const url = 'https://crm.example:8443/day?x=1#/map'
  for (const kind of ['config', 'agentConfig'] as const) {
    const { corpId, agentId, timestamp, ...signed } = await wecom.jssdkSignature({ url, kind })
    expect([corpId, agentId]).toEqual(['ww0000000000000001', '1000002'])
    const query = { kind, url, timestamp: String(timestamp), ...signed }
    expect(await up.api('/verify-signature', query)).toMatchObject({ errcode: 0 })
    const swapped = kind === 'config' ? 'agentConfig' : 'config'
    const wrong = await up.api('/verify-signature', { ...query, kind: swapped })
    expect(wrong).toMatchObject({ errcode: 40093 })
  }
})

test('members come by department with those they lead, and one by one', async () => {
  const wecom = up.client()
  const members = await wecom.membersOf(2)
  expect(members.map((each) => each.userId)).toEqual(['rep01', 'Rep02', 'lead01'])
  expect(members[0]).toEqual(await wecom.memberAt('REP01'))
  expect(await wecom.memberAt('nobody')).toBeNull()
  expect(await wecom.membersOf(9)).toEqual([])
  expect(members.find((each) => each.userId === 'lead01')).toEqual({
    userId: 'lead01',
    name: '周建国',
    position: '销售主管',
    departments: [2],
    mainDepartment: 2,
    leads: [2],
    directLeaders: [],
    active: true,
  })
})

test('a server that is not there, or speaks no JSON, is a fault', async () => {
  const server = createServer((_request, response) => response.end('<html>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const wecom = up.client({ apiBase: `http://127.0.0.1:${port}` })
  expect((await faultOf(wecom.listDepartments())).details).toMatchObject({ reason: 'not JSON' })
  await new Promise((resolve) => server.close(resolve))
  const gone = await faultOf(wecom.listDepartments())
  expect([gone.code, gone.details]).toMatchObject(['wecom_failed', { reason: 'connection' }])
})

test('a refused secret is not tried again for half a minute, then it may be right', async () => {
  const wecom = up.client()
  up.sim.faults.answer('/cgi-bin/gettoken', 40001)
  await faultOf(wecom.listDepartments())
  expect((await faultOf(wecom.listDepartments())).details).toMatchObject({ errcode: 40001 })
  expect(calls('gettoken')).toBe(1)
  up.clock.at += 30_000
  expect(await wecom.listDepartments()).toHaveLength(2)
})

const REP: Viewer = {
  orgId: 'demo',
  id: 'rep01',
  name: '王伟',
  role: 'rep',
  departments: [],
  session: 'browser',
  sessionHash: '',
}

/** Asks the endpoint as the edge does. */
function signature(viewer: Viewer | null, body: unknown): Promise<unknown> {
  const config = readConfig({ PUBLIC_URL: 'https://crm.example:8443' })
  const endpoint = wecomRoutes({ config }, up.client()).find((each) => 'answer' in each)
  if (!endpoint || !('answer' in endpoint)) throw new Error('no endpoint')
  return endpoint.answer({ viewer, params: {}, query: {}, body: async () => body })
}

const OWN = { url: 'https://crm.example:8443/today', kind: 'config' }

test('only who is signed in gets a page signed', async () => {
  expect((await faultOf(signature(null, OWN))).code).toBe('not_signed_in')
  expect(await signature(REP, OWN)).toMatchObject({
    corpId: 'ww0000000000000001',
    agentId: '1000002',
  })
})

test.each([
  'https://evil.example/today',
  'http://crm.example:8443/today',
  'https://crm.example/today',
  'https://crm.example:8443@evil.example/today',
])('a page of another origin is not signed: %s', async (url) => {
  expect((await faultOf(signature(REP, { ...OWN, url }))).code).toBe('not_allowed')
  expect(calls('get_jsapi_ticket')).toBe(0)
})

test('what is no address, or no kind of signature, is bad input', async () => {
  expect((await faultOf(signature(REP, { ...OWN, url: 'today' }))).code).toBe('bad_input')
  expect((await faultOf(signature(REP, { ...OWN, kind: 'suite' }))).code).toBe('bad_input')
})
