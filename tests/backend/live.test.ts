import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Watch } from '../../backend/contract/live.ts'
import { sql } from '../../backend/core/sql.ts'
import { DUTY, MINUTE, NOW, ORG, type Company } from './company.ts'
import {
  fateOf,
  movesOf,
  PLACE,
  settle,
  snapshotAt,
  snapshotOf,
  watch,
  openLive,
} from './liveClients.ts'

let live: Awaited<ReturnType<typeof openLive>>
let company: Company

beforeAll(async () => {
  live = await openLive()
  company = live.company
})
beforeEach(() => live.reset())
afterAll(() => company.close())

describe('the handshake', () => {
  it('refuses the signed out, reps, HR, admins and device tokens', async () => {
    expect(await fateOf(live.open({}))).toBe('not_signed_in')
    expect(await fateOf(live.open({ token: 'nonsense' }))).toBe('not_signed_in')
    for (const who of ['rep1', 'hr', 'admin'])
      expect(await fateOf(live.open({ token: await company.tokenOf(who) })), who).toBe(
        'not_allowed',
      )
    expect(await fateOf(live.open({ token: await company.tokenOf('boss', 'device') }))).toBe(
      'not_allowed',
    )
  })

  it('takes the token, the Authorization header and the session cookie of our own pages', async () => {
    const token = await company.tokenOf('boss')
    const cookie = `a=b; zuji_session=${await company.tokenOf('boss', 'browser')}`
    expect(await fateOf(live.open({ token }))).toBe('')
    expect(await fateOf(live.open({}, { authorization: `Bearer ${token}` }))).toBe('')
    expect(await fateOf(live.open({}, { cookie }))).toBe('')
    expect(await fateOf(live.open({}, { cookie, origin: company.url }))).toBe('')
    expect(await fateOf(live.open({}, { cookie, origin: 'https://evil.example' }))).toBe(
      'not_signed_in',
    )
  })

  it('ends a socket whose session has ended', async () => {
    const { client } = await live.enter('leadS')
    const gone = new Promise<string>((resolve) => client.on('disconnect', resolve))
    await company.db.run(
      sql`update sessions set revoked_at = now() where org_id = ${ORG} and person_id = 'leadS'`,
    )
    company.identity.forgetPerson(ORG, 'leadS')
    await live.recheck()
    expect(await gone).toBe('io server disconnect')
    await company.db.run(
      sql`update sessions set revoked_at = null where org_id = ${ORG} and person_id = 'leadS'`,
    )
    company.identity.forgetPerson(ORG, 'leadS')
  })
})

describe('watch', () => {
  it('refuses bad input and departments of others', async () => {
    const { client } = await live.enter('leadN')
    expect(await watch(client, { since: 1.5 })).toEqual({ error: 'bad_input' })
    expect(await watch(client, { departmentId: 'south' })).toEqual({ error: 'not_allowed' })
  })

  it('answers a snapshot of those I may see', async () => {
    await company.report('rep1', [{ ...PLACE, at: NOW - 1000 }])
    const { client } = await live.enter('leadN')
    const { people, now } = snapshotOf(await watch(client))
    expect(now).toBe(NOW)
    expect(people.map((person) => person.id)).toEqual(['rep1', 'rep2'])
    expect(people[0]?.last).toMatchObject({ ...PLACE, at: NOW - 1000 })
    const boss = await live.enter('boss')
    expect(snapshotOf(await watch(boss.client)).people).toHaveLength(3)
    expect(
      snapshotOf(await watch(boss.client, { departmentId: 'south' })).people.map((one) => one.id),
    ).toEqual(['rep3'])
  })

  it('tells a move after a fact, once a tick, of each person only the newest', async () => {
    const { client, heard } = await live.enter('leadN')
    await watch(client)
    await company.report('rep1', [{ ...PLACE, at: NOW - 2000 }])
    await company.report('rep1', [{ lng: 114.06, lat: 22.55, at: NOW - 1000, accuracy: 12 }])
    await company.report('rep3', [{ ...PLACE, at: NOW }])
    await live.tick()
    await settle(client)
    expect(heard).toHaveLength(1)
    expect(movesOf(heard)).toEqual([
      {
        personId: 'rep1',
        lng: 114.06,
        lat: 22.55,
        at: NOW - 1000,
        accuracy: 12,
        heading: null,
        state: 'moving',
        since: null,
        customerId: null,
        customer: null,
      },
    ])
  })

  it('lets a late packet lose', async () => {
    const { client, heard } = await live.enter('leadN')
    await watch(client)
    await company.report('rep1', [{ ...PLACE, at: NOW - 1000 }])
    await live.tick()
    await company.report('rep1', [{ lng: 1, lat: 1, at: NOW - 60_000 }])
    await live.tick()
    await settle(client)
    expect(movesOf(heard).map((move) => move.at)).toEqual([NOW - 1000])
  })

  it('counts its messages strictly upwards', async () => {
    const { client, heard } = await live.enter('boss')
    const { seq } = await snapshotAt(client)
    for (let i = 1; i <= 5; i++) {
      await company.report('rep1', [{ ...PLACE, at: NOW + i }])
      await live.tick()
    }
    await settle(client)
    const seqs = [seq, ...heard.map((facts) => facts.seq)]
    expect(seqs).toHaveLength(6)
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
  })

  it('tells only of the box, and once more of who leaves it', async () => {
    const { client, heard } = await live.enter('boss')
    await company.report('rep1', [{ ...PLACE, at: NOW }])
    const box: Watch = { bbox: [114, 22.5, 114.1, 22.6] }
    expect(snapshotOf(await watch(client, box)).people.map((person) => person.id)).toEqual(['rep1'])
    await company.report('rep2', [{ lng: 121, lat: 31, at: NOW }])
    await company.report('rep1', [{ ...PLACE, at: NOW + 1 }])
    await live.tick()
    for (let i = 2; i < 5; i++) {
      await company.report('rep1', [{ lng: 120, lat: 30, at: NOW + i }])
      await live.tick()
    }
    await settle(client)
    expect(movesOf(heard).map((move) => [move.personId, move.lng])).toEqual([
      ['rep1', 114.05],
      ['rep1', 120],
    ])
  })

  it('never moves anybody who is off duty', async () => {
    const { client, heard } = await live.enter('boss')
    await watch(client)
    company.clock.at = DUTY.to + MINUTE
    await company.report('rep1', [{ ...PLACE, at: DUTY.to - MINUTE }])
    await live.tick()
    await settle(client)
    expect(heard).toEqual([])
    expect((await snapshotAt(client)).people.map((person) => [person.state, person.last])).toEqual([
      ['off_duty', null],
      ['off_duty', null],
      ['off_duty', null],
    ])
  })

  it('does not replay anybody who went off duty meanwhile', async () => {
    const { client } = await live.enter('boss')
    company.clock.at = DUTY.to - 10_000
    const { seq } = await snapshotAt(client)
    await company.report('rep1', [{ ...PLACE, at: DUTY.to - 11_000 }])
    await live.tick()
    company.clock.at = DUTY.to + 1000
    const again = await live.enter('boss')
    expect(await watch(again.client, { since: seq })).toMatchObject({ replayed: 0 })
    expect(again.heard).toEqual([])
  })
})

describe('an alert', () => {
  it('comes to those who may see the person, as it is now, and to nobody else', async () => {
    const id = '01a21901-e6c0-7560-b12e-8a6ec932a9b5'
    await company.db.run(sql`
      insert into alerts (org_id, person_id, id, kind, date, since, raised_at, urgent, detail, told)
      values (${ORG}, 'rep3', ${id}::uuid, 'silent', '2026-11-23', to_timestamp(${NOW}::float8 / 1000),
        to_timestamp(${NOW}::float8 / 1000), false, '{"minutes": 60}', '{}')`)
    const heard: string[] = []
    const north = await live.enter('leadN')
    const boss = await live.enter('boss')
    north.client.on('raised', () => heard.push('leadN'))
    boss.client.on('raised', ({ alert }) => heard.push(`boss ${alert.personId} ${alert.kind}`))
    const told = new Promise((resolve) => boss.client.once('raised', resolve))
    company.kit.facts.publish('alertChanged', { orgId: ORG, personId: 'rep3', id })
    await told
    await watch(north.client) // an answer: what was sent before is here
    expect(heard).toEqual(['boss rep3 silent'])
  })
})
