import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { requestOf } from '../../fixtures/wecom-sim/callbacks/index.ts'
import * as say from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { createCallbacks } from '../../backend/wecom/index.ts'
import { click, openStage, position, rep1, type Stage } from './callbackStage.ts'
import { MINUTE, NOW, openCompany } from './company.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.company.close())
beforeEach(() => stage.reset())

describe('an address', () => {
  it.each(['app', 'contacts'] as const)('is verified: %s', async (door) => {
    expect(await stage.sim.save(door)).toBe(true)
  })

  it('answers the sealed number alone, also when nobody escaped its plus signs', async () => {
    const { query, encrypt } = stage.sealed('94966531020182955848408')
    const url = `${stage.company.url}/wecom/callback/app?${query}&echostr=${encrypt}`
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('94966531020182955848408')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
  })

  it('does not open for a stranger what it overheard of a message', async () => {
    const { query, encrypt } = stage.sealed(say.messageXml(position(), 'ww', '1'))
    const echostr = encodeURIComponent(encrypt)
    const answer = await fetch(
      `${stage.company.url}/wecom/callback/app?${query}&echostr=${echostr}`,
    )
    expect(answer.status).toBe(403)
    expect(await answer.text()).not.toMatch(/Latitude|22\.54/)
  })

  it('that is not configured does not exist', async () => {
    const keys = { app: null, contacts: null }
    const other = await openCompany((kit) => [createCallbacks(kit, { ...stage.settings, keys })])
    const { query, body } = requestOf(stage.options, position())
    const url = `${other.url}/wecom/callback/app?${query}`
    expect((await fetch(url, { method: 'POST', body })).status).toBe(404)
    expect((await fetch(url)).status).toBe(404)
    await other.close()
  })
})

describe('what WeCom tells', () => {
  it('is one fact, though it comes four times, out of order, sealed anew', async () => {
    const messages = [0, 1, 2, 3, 4].flatMap((minutes) => [
      position({ at: NOW - minutes * MINUTE - 1000 }),
      click(`key ${minutes}`, NOW - minutes * MINUTE),
    ])
    const deliveries = await stage.sim.sendShuffled(messages, 4, 'four times')
    expect(deliveries.map(({ delivered }) => delivered)).toEqual(Array(40).fill(true))
    await stage.callbacks.settled()
    expect(await stage.rows()).toHaveLength(10)
    expect(await stage.fixes()).toHaveLength(5)
    expect(stage.heard).toHaveLength(5)
    expect(new Set(stage.heard.map(({ id }) => id)).size).toBe(5)
  })

  it('is one fact, though it comes four times at once', async () => {
    const statuses = await Promise.all([1, 2, 3, 4].map(() => stage.once(click('at once'))))
    await stage.callbacks.settled()
    expect(statuses).toEqual([200, 200, 200, 200])
    expect(stage.heard).toMatchObject([
      { kind: 'click', heard: { userId: 'rep1', key: 'at once' } },
    ])
  })

  it('is handed over at once', async () => {
    const reached = new Promise<void>((resolve) => {
      stage.state.trouble = resolve
    })
    expect(await stage.once(click('woken'))).toBe(200)
    await reached
  })

  it('is answered with nothing', async () => {
    const { query, body } = requestOf(stage.options, click('nothing'))
    const answer = await stage.post(`app?${query}`, body)
    expect([answer.status, await answer.text()]).toEqual([200, ''])
  })

  it('may come with its elements in another order, or without the app', async () => {
    expect(await stage.once(click('swapped'), { swapped: true })).toBe(200)
    expect(await stage.once(click('no agent'), { withoutAgent: true })).toBe(200)
    await stage.callbacks.settled()
    expect(stage.heard).toHaveLength(2)
  })

  it('reaches those who listen, by kind', async () => {
    await stage.deliver(
      say.entered(rep1),
      say.visibility({ ...rep1, from: 'rep3' }, true),
      say.cardPressed({
        ...rep1,
        key: 'yes',
        taskId: 't1',
        responseCode: 'R',
        options: ['a', 'b'],
      }),
      say.approvalStep({ ...rep1, number: '2019', applicant: 'rep1', status: 2, step: 2 }),
    )
    const by = new Map(stage.heard.map(({ kind, heard: told }) => [kind, told]))
    expect(by.get('enter_agent')).toEqual({ userId: 'rep1', at: rep1.at })
    expect(by.get('subscribe')).toMatchObject({ userId: 'rep3' })
    expect(by.get('template_card_event')).toMatchObject({
      key: 'yes',
      taskId: 't1',
      responseCode: 'R',
      choices: [{ question: 'yes', options: ['a', 'b'] }],
    })
    expect(by.get('sys_approval_change')).toMatchObject({
      userId: 'sys',
      approval: { number: '2019', applicant: 'rep1', status: 'approved', step: 'approved' },
    })
  })

  it('of contacts comes by an address with keys of its own', async () => {
    const gone = say.contactChanged(rep1.at, 'delete_user', { UserID: 'rep3' })
    expect(await stage.once({ ...gone, door: 'app' })).toBe(200)
    expect(await stage.once(gone)).toBe(200)
    const { query, body } = requestOf(stage.options, gone)
    expect((await stage.post(`app?${query}`, body)).status).toBe(403)
    await stage.callbacks.settled()
    expect(stage.heard.map(({ heard: told }) => told)).toEqual([
      { userId: 'sys', at: rep1.at, change: { type: 'delete_user', userId: 'rep3' } },
      { userId: 'sys', at: rep1.at, change: { type: 'delete_user', userId: 'rep3' } },
    ])
  })

  it('follows the directory of the simulator', async () => {
    const rep = { id: 'rep9', name: '新人', role: 'rep', departmentId: '2', position: '' } as const
    const departments = [
      { id: '1', parentId: null, name: '总部' },
      { id: '2', parentId: '1', name: '北区' },
    ]
    await stage.sim.changeDirectory([rep], departments)
    await stage.sim.changeDirectory([{ ...rep, departmentId: '1' }], departments.slice(0, 1))
    await stage.sim.changeDirectory([])
    await stage.callbacks.settled()
    const changes = stage.heard.map(({ heard: told }) => told)
    expect(changes).toHaveLength(6)
    expect(changes).toEqual(
      expect.arrayContaining([
        told({ type: 'create_party', departmentId: 2, name: '北区', parentId: 1 }),
        told({ type: 'create_user', userId: 'rep9', departments: [2] }),
        told({ type: 'update_user', userId: 'rep9', departments: [1] }),
        told({ type: 'delete_party', departmentId: 2 }),
        told({ type: 'delete_user', userId: 'rep9' }),
      ]),
    )
  })

  it('and nobody knows is kept whole and counted', async () => {
    const before = await counted('unknown', 'unknown')
    const text = say.textMessage({ ...rep1, text: '你好', messageId: '9' })
    const later = { ...say.entered({ ...rep1, at: NOW }), fields: { Event: 'invented_tomorrow' } }
    await stage.deliver(text, later)
    expect(await stage.rows()).toMatchObject([
      { name: 'message/text', outcome: 'unknown', body: expect.stringContaining('你好') },
      { name: 'event/invented_tomorrow', outcome: 'unknown', door: 'app' },
    ])
    expect(await counted('unknown', 'unknown')).toBe(before + 2)
  })

  it('and nobody listens to is kept too', async () => {
    await stage.deliver(say.visibility(rep1, false))
    expect(await stage.rows()).toMatchObject([{ outcome: 'unheard', name: 'event/unsubscribe' }])
    expect(await counted('unsubscribe', 'unheard')).toBe(1)
  })

  it('is forgotten after 30 days, unless it is still to be handed over', async () => {
    await stage.deliver(click('old'))
    stage.state.trouble = () => {
      throw new Error('not today')
    }
    await stage.deliver(click('stuck'))
    const forget = stage.callbacks.chores?.find(({ name }) => name === 'wecom.forget-events')
    stage.company.clock.at += 30 * 24 * 60 * MINUTE - 1
    await forget?.run()
    expect(await stage.rows()).toHaveLength(2)
    stage.company.clock.at += 2
    await forget?.run()
    expect(await stage.rows()).toMatchObject([{ outcome: null, attempts: 1 }])
  })
})

const told = (change: object) => ({
  userId: 'sys',
  at: NOW,
  change: expect.objectContaining(change),
})
const counted = (kind: string, outcome: string) =>
  stage.count('zuji_wecom_events_total', { kind, outcome })
