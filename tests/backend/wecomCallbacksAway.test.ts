import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../backend/core/db.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { sql } from '../../backend/core/sql.ts'
import { createCallbacks, type Callbacks } from '../../backend/wecom/index.ts'
import { requestOf } from '../../fixtures/wecom-sim/callbacks/index.ts'
import * as say from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { click, openStage, type Stage } from './callbackStage.ts'
import { NOW, ORG } from './company.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.company.close())
beforeEach(() => stage.reset())

const WITHIN = { timeout: 90_000 }

/** The handler of POST itself, without the network whose timers are needed. */
async function rawPost({ routes }: Callbacks, query: string, body: string) {
  const post = routes.find((each) => each.method === 'POST')
  if (!post || !('raw' in post)) throw new Error('no route')
  return post.raw({
    request: new IncomingMessage(new Socket()),
    viewer: null,
    query: new URLSearchParams(query),
    headers: {},
    ip: '',
    cookie: () => undefined,
    text: () => Promise.resolve(body),
  })
}

describe('when something is away', () => {
  it('WeCom is told, comes again, and nothing is lost', async () => {
    stage.state.away = true
    const { query, body } = requestOf(stage.options, click('again'))
    expect((await stage.post(`app?${query}`, body)).status).toBe(503)
    stage.state.away = false
    expect((await stage.post(`app?${query}`, body)).status).toBe(200) // with the same nonce
    await stage.callbacks.settled()
    expect(stage.heard).toMatchObject([{ heard: { key: 'again' } }])
  })

  it('a database that takes too long is away: WeCom is told before it loses patience', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      let run: Database['run'] = () => Promise.reject(new Error('not yet'))
      const reached = new Promise<void>((resolve) => {
        run = () => new Promise(() => resolve())
      })
      const kit = { ...stage.kit, metrics: createMetrics(), db: { ...stage.kit.db, run } }
      const { query, body } = requestOf(stage.options, click('slow'))
      const answer = expect(rawPost(createCallbacks(kit, stage.settings), query, body)).rejects
      await reached
      vi.advanceTimersByTime(4_000)
      await answer.toMatchObject({ code: 'not_ready', status: 503 })
    } finally {
      vi.useRealTimers()
    }
  })

  it('what was kept waits until it can be handed over', async () => {
    stage.state.lost = true
    expect(await stage.once(click('kept'))).toBe(200)
    await expect(stage.callbacks.settled()).rejects.toThrow('ECONNREFUSED')
    expect(stage.logged.join()).toContain('could not be taken up')
    stage.state.lost = false
    const chore = stage.callbacks.chores?.find(({ name }) => name === 'wecom.events')
    await chore?.run()
    expect(stage.heard).toMatchObject([{ heard: { key: 'kept' } }])
  })

  it('the simulator tries four times, 5 s apart', async () => {
    stage.state.away = true
    const delivery = await stage.sim.send(click('in vain'))
    expect(delivery).toEqual({ delivered: false, statuses: [503, 503, 503, 503] })
    expect(stage.waits).toEqual([5_000, 5_000, 5_000])
    stage.sim.aim('http://127.0.0.1:1')
    expect((await stage.sim.send(click('nobody'))).statuses).toEqual([null, null, null, null])
    expect(await stage.sim.save('app')).toBe(false)
    stage.sim.aim(stage.company.url)
    stage.state.away = false
    expect(await stage.sim.send(click('now'))).toEqual({ delivered: true, statuses: [200] })
  })

  it('who listens and fails is asked again, later each time, and then no more', async () => {
    stage.state.trouble = () => {
      throw new Error('not now')
    }
    await stage.deliver(click('hard'))
    expect(await stage.rows()).toMatchObject([{ attempts: 1, dueAt: NOW + 5_000, outcome: null }])
    await stage.callbacks.settled() // too early
    expect(await stage.rows()).toMatchObject([{ attempts: 1 }])
    stage.company.clock.at += 5_000
    await stage.callbacks.settled()
    expect(await stage.rows()).toMatchObject([{ attempts: 2, dueAt: NOW + 15_000 }])
    await stage.company.db.run(sql`update wecom_events set attempts = 29 where org_id = ${ORG}`)
    stage.company.clock.at += 10_000
    await stage.callbacks.settled()
    expect(await stage.rows()).toMatchObject([{ attempts: 30, dueAt: null, outcome: 'failed' }])
    expect(stage.heard).toEqual([])
  })

  it('one sender’s trouble does not hold up another, nor his own next event', async () => {
    stage.state.trouble = () => {
      stage.state.trouble = null
      throw new Error('once')
    }
    await stage.deliver(click('first'), click('second', NOW))
    await stage.deliver(say.clicked({ from: 'rep2', at: NOW, key: 'other' }))
    expect(stage.heard.map(({ heard: event }) => event)).toMatchObject([
      { key: 'second' },
      { key: 'other' },
    ])
    stage.company.clock.at += 5_000
    await stage.callbacks.settled()
    expect(stage.heard).toHaveLength(3)
  })

  it('a change of contacts that takes long holds up nobody else', async () => {
    let finish = () => {}
    stage.state.slow = new Promise<void>((resolve) => {
      finish = resolve
    })
    const gone = (id: string) => say.contactChanged(NOW, 'delete_user', { UserID: id })
    await stage.once(gone('a'))
    await stage.once(click('meanwhile'))
    await vi
      .waitFor(async () => {
        const outcomes = (await stage.rows()).map(({ name, outcome }) => [name, outcome])
        expect(outcomes).toEqual([
          ['event/click', 'handled'],
          ['event/change_contact/delete_user', null],
        ])
      }, WITHIN)
      .finally(finish)
    await stage.deliver(gone('b'))
    expect((await stage.rows()).map(({ outcome }) => outcome)).toEqual(Array(3).fill('handled'))
  })

  it('a process that died leaves its events to the next', async () => {
    const dying = createCallbacks({ ...stage.kit, metrics: createMetrics() }, stage.settings)
    const taken = new Promise<void>((resolve) => {
      dying.on('click', () => new Promise(() => resolve())) // takes it, and is never heard of again
    })
    await stage.company.db.run(sql`
      insert into wecom_events (org_id, id, door, name, told_at, received_at, body, due_at)
      values (${ORG}, gen_random_uuid(), 'app', 'event/click', now(), now(),
        ${say.messageXml(click('left'), 'ww', '1')}, to_timestamp(${NOW}::float8 / 1000))`)
    void dying.settled()
    await taken
    await stage.callbacks.settled()
    expect(stage.heard).toEqual([]) // it may still be at work
    stage.company.clock.at += 60_000
    await stage.callbacks.settled()
    expect(stage.heard).toMatchObject([{ heard: { key: 'left' } }])
  })
})
