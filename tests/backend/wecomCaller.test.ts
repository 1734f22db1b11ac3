import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { sql } from '../../backend/core/sql.ts'
import { createCaller, type CallerOptions } from '../../backend/wecom/api/caller.ts'
import { lentIn } from '../../backend/wecom/index.ts'
import { told } from '../../backend/wecom/api/verdict.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'

let borrowed: Borrowed
let up: SimServer
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())
beforeEach(async () => {
  up = await startWecomSim()
  await borrowed.db.run(sql`delete from wecom_lent where org_id = 'o1'`)
})
afterEach(() => up.close())

const calls = (api: string) => up.sim.calls.get(`/cgi-bin/${api}`) ?? 0
const shared = () => ({ store: lentIn(borrowed.db, 'o1') })
const toldBy = async (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => told(error),
  )
const rows = () =>
  borrowed.db.many<{ name: string; sealed: string | null; holder: string | null }>(sql`
    select name, sealed, holder from wecom_lent where org_id = 'o1' order by name`)

test('a hundred calls with an expired token, of two processes, fetch one token', async () => {
  const one = up.client(shared())
  const two = up.client(shared())
  await Promise.all([one.listDepartments(), two.listDepartments()])
  expect(calls('gettoken')).toBe(1)
  up.clock.at += 7_200_000
  const ask = (index: number) => (index % 2 ? one : two).listDepartments()
  await Promise.all(Array.from({ length: 100 }, (_, index) => ask(index)))
  expect(calls('gettoken')).toBe(2)
})

test('a hundred calls with a token that WeCom voided fetch one token, in one process and in two', async () => {
  const one = up.client(shared())
  const two = up.client(shared())
  await Promise.all([one.listDepartments(), two.listDepartments()])
  up.sim.credentials.voidToken()
  await Promise.all(Array.from({ length: 100 }, () => one.listDepartments()))
  expect(calls('gettoken')).toBe(2)
  await Promise.all(Array.from({ length: 100 }, () => two.listDepartments()))
  expect(calls('gettoken')).toBe(2) // it complained, too, and found the new one
  up.sim.credentials.voidToken()
  const ask = (index: number) => (index % 2 ? one : two).listDepartments()
  await Promise.all(Array.from({ length: 100 }, (_, index) => ask(index)))
  expect(calls('gettoken')).toBe(3)
})

test('two processes sign pages with the same two tickets', async () => {
  const clients = [up.client(shared()), up.client(shared())]
  const url = 'https://crm.example:8443/'
  for (const kind of ['config', 'agentConfig'] as const)
    await Promise.all(clients.map((client) => client.jssdkSignature({ url, kind })))
  expect([calls('get_jsapi_ticket'), calls('ticket/get')]).toEqual([1, 1])
})

test('what is lent lies sealed, and another secret neither reads nor disturbs it', async () => {
  const wecom = up.client(shared())
  await wecom.listDepartments()
  const token = String(
    (
      await up.api('/cgi-bin/gettoken', {
        corpid: 'ww0000000000000001',
        corpsecret: 'a-secret-of-tests',
      })
    )['access_token'],
  )
  const [row] = await rows()
  expect(row?.sealed).not.toBeNull()
  const opened = Buffer.from(row?.sealed ?? '', 'base64').toString('latin1')
  expect(opened + JSON.stringify(row)).not.toContain(token)
  expect(JSON.stringify(row)).not.toContain('a-secret-of-tests')
  await toldBy(up.client({ ...shared(), secret: 'other' }).listDepartments())
  expect(await rows()).toHaveLength(2)
  expect((await rows()).find((each) => each.name === row?.name)).toEqual(row)
})

test('a row that nobody can open is fetched anew', async () => {
  await up.client(shared()).listDepartments()
  await borrowed.db.run(sql`update wecom_lent set sealed = 'AAAA' where org_id = 'o1'`)
  expect(await up.client(shared()).listDepartments()).toHaveLength(2)
})

test('one who fails lets the next one try, and one who dies does so after a while', async () => {
  up.sim.faults.answer('/cgi-bin/gettoken', 50003)
  expect(await toldBy(up.client(shared()).listDepartments())).toMatchObject({ errcode: 50003 })
  expect((await rows())[0]).toMatchObject({ sealed: null, holder: null })
  await borrowed.db.run(sql`
    update wecom_lent set holder = 'dead', held_until = now() + interval '30 ms' where org_id = 'o1'`)
  expect(await up.client(shared()).listDepartments()).toHaveLength(2)
  expect((await rows())[0]).toMatchObject({ holder: null })
})

const Any = z.looseObject({})

/** A caller on a line of the test's making. */
function onLine(answer: (url: URL, init: RequestInit | undefined) => Response | Promise<Response>) {
  const asked: string[] = []
  const fetch: CallerOptions['fetch'] = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    asked.push(url.pathname)
    if (url.pathname === '/cgi-bin/gettoken')
      return Response.json({ access_token: 't', expires_in: 7200 })
    return answer(url, init)
  }
  const waits: number[] = []
  const options = { ...up.sim.settings, apiBase: 'https://wecom.example', clock: up.clock }
  const call = createCaller({
    ...options,
    log: up.log,
    random: () => 0.5,
    wait: async (ms) => void waits.push(ms),
    fetch,
  })
  const count = (api: string) => asked.filter((path) => path === api).length
  return { call, count, waits }
}

const broken = () => Promise.reject(new TypeError('fetch failed'))

test('a line that breaks is tried twice more for what only reads, and once for what writes', async () => {
  const { call, count, waits } = onLine(broken)
  expect(await toldBy(call('/cgi-bin/user/get', {}, Any))).toMatchObject({ reason: 'connection' })
  expect(count('/cgi-bin/user/get')).toBe(3)
  expect(waits).toEqual([150, 500])
  up.clock.at += 600_000
  expect(await toldBy(call.post('/cgi-bin/message/send', {}, Any))).toMatchObject({
    reason: 'connection',
  })
  expect(count('/cgi-bin/message/send')).toBe(1)
})

test('after five broken lines nobody asks for a while, then one asks first', async () => {
  let whole = false
  const { call, count } = onLine(() => (whole ? Response.json({ errcode: 0 }) : broken()))
  const get = () => toldBy(call('/cgi-bin/user/get', {}, Any))
  await get()
  await get()
  expect(count('/cgi-bin/user/get')).toBe(5)
  expect(await get()).toMatchObject({ reason: 'left alone after failures' })
  expect(count('/cgi-bin/user/get')).toBe(5)
  whole = true
  up.clock.at += 5_000
  expect(await get()).toBeNull()
  expect(await get()).toBeNull()
})

test.each([500, 502, 429])('HTTP %i is a broken line', async (status) => {
  const { call, count } = onLine(() => new Response('', { status }))
  expect(await toldBy(call('/cgi-bin/user/get', {}, Any))).toMatchObject({
    reason: `HTTP ${status}`,
  })
  expect(count('/cgi-bin/user/get')).toBe(3)
})

test('a body goes as JSON with the token in the address only', async () => {
  let seen: { url: URL; init: RequestInit | undefined } | null = null
  const { call } = onLine((url, init) => {
    seen = { url, init }
    return Response.json({ errcode: 0, msgid: 'm1' })
  })
  const reply = await call.post(
    '/cgi-bin/message/send',
    { touser: 'a' },
    z.object({ msgid: z.string() }),
  )
  expect(reply).toEqual({ msgid: 'm1' })
  expect(seen).toMatchObject({
    init: {
      method: 'POST',
      body: '{"touser":"a"}',
      headers: { 'content-type': 'application/json' },
    },
  })
  expect(String(seen && Reflect.get(seen, 'url'))).toMatch(/access_token=t$/)
})

test('who is throttled is told when to come back, each time later, up to an hour', async () => {
  let errcode = 45009
  const { call, count } = onLine(() => Response.json({ errcode }))
  const get = () => toldBy(call('/cgi-bin/user/get', {}, Any))
  const blocks: number[] = []
  for (let i = 0; i < 8; i++) {
    await get()
    const { retryAt = 0 } = (await get()) ?? {}
    blocks.push((retryAt - up.clock.at) / 60_000)
    up.clock.at = retryAt
  }
  expect(blocks).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  expect(count('/cgi-bin/user/get')).toBe(8)
  errcode = 0
  expect(await get()).toBeNull()
})

test('a quota is kept before it is hit: who asks oftener is told when to come back', async () => {
  const { call, count } = onLine(() => Response.json({ errcode: 0 }))
  const api = '/cgi-bin/checkin/getcheckin_monthdata'
  for (let i = 0; i < 54; i++) await call.post(api, {}, Any)
  expect(await toldBy(call.post(api, {}, Any))).toMatchObject({
    verdict: 'throttled',
    errcode: 45009,
  })
  expect(count(api)).toBe(54)
  up.clock.at += 61_000
  await call.post(api, {}, Any)
})

const SETTINGS = [40013, 40056, 41001, 48001, 48002, 50001, 50002, 50003, 60020, 301002]

test.each([...SETTINGS, 40029, 40058, 60111, 81013])(
  'errcode %i is told once, without a repetition and without the secret',
  async (errcode) => {
    const wecom = up.client()
    up.sim.faults.answer('/cgi-bin/department/list', errcode)
    expect(await toldBy(wecom.listDepartments())).toMatchObject({
      errcode,
      verdict: SETTINGS.includes(errcode) ? 'configuration' : 'refused',
    })
    expect(calls('department/list')).toBe(1)
    const line = up.logged.find((each) => each.includes('WeCom refused')) ?? '{}'
    expect(JSON.parse(line)).toMatchObject({ errcode, api: '/cgi-bin/department/list' })
    expect(up.logged.join()).not.toMatch(/access_token|corpsecret|a-secret-of-tests/)
  },
)
