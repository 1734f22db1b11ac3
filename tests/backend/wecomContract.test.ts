import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createCheckin, type Wecom } from '../../backend/wecom/index.ts'
import { told } from '../../backend/wecom/api/verdict.ts'
import { writeCorrection, writeRecords } from '../../backend/wecom/checkin/writing.ts'
import { closeCard, recallCard, sendCard } from '../../backend/wecom/messages/sendings.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'

let up: SimServer
beforeEach(async () => {
  up = await startWecomSim()
})
afterEach(() => up.close())

const AGENT = '1000002'
const PAGE = 'https://crm.example:8443/'
const Any = z.looseObject({})
const CARD = {
  msgtype: 'textcard' as const,
  textcard: { title: '预警', description: '离开客户区域', url: PAGE },
}
const asked = { userIds: ['rep01'], from: '2026-11-09', to: '2026-11-10' }
const checkin = ({ call }: Wecom) =>
  createCheckin(call, { clock: up.clock, wait: async () => undefined })
const record = (): Parameters<typeof writeRecords>[1][number] => ({
  ...{ userid: 'rep01', checkin_time: Math.floor(up.clock.at / 1000) - 60, device_type: 3 },
  ...{
    location_title: '店',
    location_detail: '店',
    device_detail: 'Zuji',
    mediaids: [],
    notes: '',
  },
})

/** How the product asks each API of WeCom's that it uses. */
const CONTRACT: Record<string, (wecom: Wecom) => Promise<unknown>> = {
  '/cgi-bin/gettoken': (wecom) => wecom.listDepartments(),
  '/cgi-bin/get_jsapi_ticket': (wecom) => wecom.jssdkSignature({ url: PAGE, kind: 'config' }),
  '/cgi-bin/ticket/get': (wecom) => wecom.jssdkSignature({ url: PAGE, kind: 'agentConfig' }),
  '/cgi-bin/agent/get': ({ call }) => call('/cgi-bin/agent/get', { agentid: AGENT }, Any),
  '/cgi-bin/department/list': (wecom) => wecom.listDepartments(),
  '/cgi-bin/department/simplelist': ({ call }) => call('/cgi-bin/department/simplelist', {}, Any),
  '/cgi-bin/department/get': ({ call }) => call('/cgi-bin/department/get', { id: '1' }, Any),
  '/cgi-bin/user/list': (wecom) => wecom.membersOf(1),
  '/cgi-bin/user/simplelist': ({ call }) =>
    call('/cgi-bin/user/simplelist', { department_id: '1' }, Any),
  '/cgi-bin/user/get': (wecom) => wecom.memberAt('rep01'),
  '/cgi-bin/message/send': ({ call }) => sendCard(call, AGENT, { userId: 'rep01', body: CARD }),
  '/cgi-bin/message/recall': async ({ call }) => {
    const { msgid } = await sendCard(call, AGENT, { userId: 'rep01', body: CARD })
    return recallCard(call, msgid)
  },
  '/cgi-bin/media/get': ({ call }) => {
    const content = Buffer.from('picture')
    const media_id = up.sim.media.add({ name: 'a.jpg', type: 'image/jpeg', content })
    return call.download('/cgi-bin/media/get', { media_id })
  },
  '/cgi-bin/checkin/getcorpcheckinoption': (wecom) => checkin(wecom).rules(),
  '/cgi-bin/checkin/getcheckinoption': (wecom) =>
    checkin(wecom).rulesOn({ userIds: ['rep01'], date: '2026-11-09' }),
  '/cgi-bin/checkin/getcheckindata': (wecom) => checkin(wecom).records({ ...asked, kind: 3 }),
  '/cgi-bin/checkin/getcheckin_daydata': (wecom) => checkin(wecom).days(asked),
  '/cgi-bin/checkin/getcheckin_monthdata': (wecom) => checkin(wecom).months(asked),
  '/cgi-bin/checkin/getcheckinschedulist': (wecom) => checkin(wecom).rosters(asked),
  '/cgi-bin/checkin/add_checkin_record': ({ call }) => writeRecords(call, [record()]),
  '/cgi-bin/checkin/punch_correction': ({ call }) =>
    writeCorrection(call, 'rep01', {
      ...{ kind: 'correction', date: '2026-11-13', dueSeconds: 32_400, remark: '补卡' },
      at: Date.parse('2026-11-13T09:00:00+08:00'),
    }),
}

/** Asked by tests of their own, because they need more around them than a call. */
const ELSEWHERE: Record<string, string> = {
  '/cgi-bin/auth/getuserinfo': 'wecom.test.ts',
  '/cgi-bin/user/list_id': 'wecomDoctor.test.ts',
  '/cgi-bin/message/update_template_card': 'wecomButtons.test.ts',
  '/cgi-bin/checkin/setcheckinschedulist': 'wecomCheckin.test.ts',
}

const root = path.resolve(import.meta.dirname, '../../backend')
const used = () =>
  new Set(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(path.join(root, file), 'utf8').matchAll(/'(\/cgi-bin\/[\w/]+\w)'/g),
      ])
      .map(([, api = '']) => api),
  )

test('each API that the product asks has its contract tested', () => {
  const known = [...Object.keys(CONTRACT), ...Object.keys(ELSEWHERE)]
  expect([...used()].filter((api) => !known.includes(api))).toEqual([])
  for (const file of Object.values(ELSEWHERE))
    expect(readdirSync(import.meta.dirname)).toContain(file)
})

const APIS = Object.entries(CONTRACT)
const count = (api: string) => up.sim.calls.get(api) ?? 0
const refusalBy = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => told(error),
  )

test.each(APIS)('%s answers what the product reads', async (api, ask) => {
  await ask(up.client())
  expect(count(api)).toBeGreaterThan(0)
})

test.each(APIS)('%s that is refused for our address is told by its code', async (api, ask) => {
  up.sim.faults.answer(api, 60020)
  const refused = await refusalBy(ask(up.client()))
  expect(refused).toMatchObject({ api, errcode: 60020, verdict: 'configuration' })
})

test.each(APIS)('%s that is throttled is left alone until the block ends', async (api, ask) => {
  up.sim.faults.answer(api, 45009, 9)
  const client = up.client()
  const block = createBlock(ask, client)
  expect(await block()).toMatchObject({ errcode: 45009, verdict: 'throttled' })
  const before = count(api)
  expect(await block()).toMatchObject({ verdict: 'throttled' })
  expect(count(api)).toBe(before)
})
const createBlock = (ask: (wecom: Wecom) => Promise<unknown>, client: Wecom) => () =>
  refusalBy(ask(client))

/** Each switch of the simulator against the product's client; a new one without a test fails the types. */
const SWITCHES: Record<keyof SimServer['sim']['faults'], () => Promise<void>> = {
  async answer() {
    up.sim.faults.answer('/cgi-bin/user/get', -1, 2)
    expect(await up.client().memberAt('rep01')).toMatchObject({ userId: 'rep01' })
    expect(count('/cgi-bin/user/get')).toBe(3)
  },
  async take() {
    up.sim.faults.answer('/cgi-bin/user/get', 60111)
    expect(await up.client().memberAt('rep01')).toBeNull()
    expect(up.sim.faults.take('/cgi-bin/user/get')).toBeUndefined()
  },
  async waiting() {
    up.sim.faults.answer('/cgi-bin/user/get', 60111, 2)
    await up.client().memberAt('rep01')
    expect(up.sim.faults.waiting.get('/cgi-bin/user/get')).toEqual([60111])
  },
  async lose() {
    up.sim.faults.lose('/cgi-bin/checkin/add_checkin_record')
    const { call } = up.client()
    expect(await refusalBy(writeRecords(call, [record()]))).toHaveProperty('reason')
    expect(up.sim.attendance.records).toHaveLength(1) // done, and not sent again
  },
  async takeLost() {
    up.sim.faults.lose('/cgi-bin/user/get')
    expect(await up.client().memberAt('rep01')).not.toBeNull() // what only reads asks again
    expect(up.sim.faults.takeLost('/cgi-bin/user/get')).toBe(false)
  },
  async losing() {
    up.sim.faults.lose('/cgi-bin/user/get', 2)
    await up.client().memberAt('rep01')
    expect(up.sim.faults.losing.size).toBe(0)
  },
  async outage() {
    up.sim.faults.outage = true
    const refused = await refusalBy(up.client().listDepartments())
    expect(refused).toMatchObject({ reason: 'HTTP 502' })
  },
  async clear() {
    up.sim.faults.outage = true
    up.sim.faults.answer('/cgi-bin/gettoken', 60020)
    up.sim.faults.clear()
    expect(await up.client().listDepartments()).toHaveLength(2)
  },
}

test('no switch of the simulator is without a test', () => {
  expect(Object.keys(up.sim.faults).sort()).toEqual(Object.keys(SWITCHES).sort())
})

test.each(Object.entries(SWITCHES))('the switch %s', (_name, run) => run())

test('a card is closed by its code once, and the second time is refused', async () => {
  const { call } = up.client()
  const refused = await refusalBy(
    closeCard(call, AGENT, { userId: 'rep01', responseCode: 'none', text: '已处理' }),
  )
  expect(refused).toMatchObject({ api: '/cgi-bin/message/update_template_card' })
})
