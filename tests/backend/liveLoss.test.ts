import { createPinia, setActivePinia } from 'pinia'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Move } from '../../backend/contract/live.ts'
import { sql } from '../../backend/core/sql.ts'
import { createHub } from '../../backend/live/hub.ts'
import { topicOf } from '../../backend/live/topic.ts'
import { randomOf } from '../../fixtures/random.ts'
import { useLive } from '../../h5/live/store.ts'
import { MINUTE, NOW, ORG, type Company } from './company.ts'
import {
  fateOf,
  movesOf,
  PLACE,
  settle,
  snapshotAt,
  snapshotOf,
  watch,
  openLive,
  type Client,
} from './liveClients.ts'

const REPS = ['rep1', 'rep2', 'rep3']
let live: Awaited<ReturnType<typeof openLive>>
let company: Company

beforeAll(async () => {
  live = await openLive()
  company = live.company
})
beforeEach(() => live.reset())
afterAll(() => company.close())

describe('a lost connection', () => {
  it('gets what it missed, newest by person, before the answer', async () => {
    const first = await live.enter('leadN')
    const { seq } = await snapshotAt(first.client)
    first.client.close()
    for (let i = 1; i <= 3; i++) {
      await company.report('rep1', [{ ...PLACE, at: NOW + i }])
      await company.report('rep3', [{ ...PLACE, at: NOW + i }])
      await live.tick()
    }
    const { client, heard } = await live.enter('leadN')
    const reply = await watch(client, { since: seq })
    expect(reply).toMatchObject({ replayed: 1 })
    expect(movesOf(heard).map((move) => [move.personId, move.at])).toEqual([['rep1', NOW + 3]])
    expect('seq' in reply && reply.seq).toBe(heard[0]?.seq)
    await company.report('rep1', [{ ...PLACE, at: NOW + 4 }])
    await live.tick()
    await settle(client)
    expect(movesOf(heard).at(-1)?.at).toBe(NOW + 4)
  })

  it('gets a snapshot for a number of another process, from the future, or older than two minutes', async () => {
    const { client } = await live.enter('boss')
    const { seq } = await snapshotAt(client)
    for (const since of [0, NOW - 86_400_000, seq + 1_000_000])
      snapshotOf(await watch(client, { since }))
    await company.report('rep1', [{ ...PLACE, at: NOW }])
    await live.tick()
    company.clock.at = NOW + 3 * MINUTE
    await company.report('rep1', [{ ...PLACE, at: NOW + MINUTE }])
    await live.tick()
    snapshotOf(await watch(client, { since: seq }))
  })

  it('gets a snapshot after somebody’s duty, consent or department changed', async () => {
    const { client } = await live.enter('boss')
    const { seq } = await snapshotAt(client)
    company.kit.facts.publish('personChanged', { orgId: ORG, personId: 'rep1' })
    snapshotOf(await watch(client, { since: seq }))
  })

  it('ends equal to the database though its socket is killed 100 times at random moments', async () => {
    setActivePinia(createPinia())
    const page = useLive() // the page's own memory
    const random = randomOf('killed sockets')
    const token = await company.tokenOf('boss')
    /** As the page asks, also after each connection. */
    const ask = async (client: Client) =>
      page.watched(await watch(client, page.seq === null ? {} : { since: page.seq }))
    const open = () => {
      const client = live.open({ token })
      client.on('moved', page.moved)
      client.on('connect', () => void ask(client))
      return client
    }
    let n = 0
    const report = () => {
      const place = { lng: 114 + random.between(0, 0.1), lat: 22.5 + random.between(0, 0.1) }
      return company.report(random.pick(REPS), [{ ...place, at: NOW + ++n }])
    }
    const change = () => {
      company.kit.facts.publish('personChanged', { orgId: ORG, personId: random.pick(REPS) })
      return Promise.resolve()
    }
    for (let round = 0; round < 100; round++) {
      const client = open()
      const connected = async () => void (await Promise.race([fateOf(client), gone]))
      const answered = async () => void (await Promise.race([ask(client), gone]))
      let kill = () => {}
      const gone = new Promise<void>((resolve) => (kill = resolve))
      const steps = random.shuffled([report, report, report, live.tick, live.tick, ...(random.chance(0.1) ? [change] : [])]) // prettier-ignore
      if (random.chance(0.8)) steps.unshift(connected)
      if (random.chance(0.5)) steps.splice(random.whole(1, steps.length), 0, answered)
      const killedAt = random.whole(0, steps.length)
      for (const [index, step] of steps.entries()) {
        const work = step() // what is under way when the socket dies goes on
        if (index === killedAt) {
          client.io.engine.close()
          kill()
        }
        await work
      }
      client.close()
    }
    const last = open()
    await fateOf(last)
    await ask(last)
    await live.tick()
    await ask(last)
    const rows = await company.db.many<{ id: string; at: number; lng: number; lat: number }>(sql`
      select person_id as id, at, st_x(point) as lng, st_y(point) as lat from last_positions
      where org_id = ${ORG} order by person_id`)
    expect(rows).toHaveLength(REPS.length)
    const shown = [...page.people.values()].flatMap(({ id, last: seen }) =>
      seen ? [{ id, at: seen.at, lng: seen.lng, lat: seen.lat }] : [],
    )
    expect(shown.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(rows)
  })
})

describe('a slow client', () => {
  const topic = topicOf(ORG, 'all', undefined)
  /** A hub whose broadcasts and single messages are written down. */
  async function followed() {
    const told: { to: string; seq: number; moves: [string, number][] }[] = []
    const write = (to: string, seq: number, moves: readonly Move[]) =>
      told.push({ to, seq, moves: moves.map((move) => [move.personId, move.at]) })
    const hub = createHub(company.kit, (_topic, { seq, moves }, except) =>
      write(`all but ${except.join()}`, seq, moves),
    )
    const busy = new Set<string>()
    for (const id of ['quick', 'slow'])
      hub.join(topic, {
        id,
        isBusy: () => busy.has(id),
        send: (seq, moves) => write(id, seq, moves),
      })
    const move = async (personId: string, at: number) => {
      await company.report(personId, [{ ...PLACE, at }])
      hub.mark(ORG, [personId])
      await hub.tick()
    }
    return { hub, told, busy, move }
  }

  it('gets the newest of all it missed as one message, and the others do not wait', async () => {
    const { told, busy, move, hub } = await followed()
    busy.add('slow')
    for (let i = 1; i <= 3; i++) await move('rep1', NOW + i)
    await move('rep2', NOW + 4)
    expect(told.map(({ to }) => to)).toEqual(Array(4).fill('all but slow'))
    busy.clear()
    await hub.tick()
    expect(told.slice(4)).toEqual([
      {
        to: 'slow',
        seq: told[3]?.seq,
        moves: [
          ['rep1', NOW + 3],
          ['rep2', NOW + 4],
        ],
      },
    ])
    await move('rep3', NOW + 5)
    expect(told.at(-1)).toMatchObject({ to: 'all but ', moves: [['rep3', NOW + 5]] })
  })

  it('gets everybody anew when it was away longer than is remembered', async () => {
    const { told, busy, move } = await followed()
    await move('rep1', NOW + 1)
    busy.add('slow')
    await move('rep2', NOW + 2)
    company.clock.at = NOW + 5 * MINUTE
    busy.clear()
    await move('rep3', NOW + 3)
    expect(told.at(-1)).toMatchObject({
      to: 'slow',
      moves: [
        ['rep1', NOW + 1],
        ['rep2', NOW + 2],
        ['rep3', NOW + 3],
      ],
    })
  })

  it('loses nothing when the database fails for a tick', async () => {
    const { told, hub } = await followed()
    const broken = createHub(
      { ...company.kit, db: { ...company.db, many: () => Promise.reject(new Error('down')) } },
      () => {},
    )
    broken.join(topic, { id: 'one', isBusy: () => false, send: () => {} })
    broken.mark(ORG, ['rep1'])
    await expect(broken.tick()).rejects.toThrow('down')
    await expect(broken.tick()).rejects.toThrow('down') // still marked
    await hub.tick()
    expect(told).toEqual([])
  })
})
