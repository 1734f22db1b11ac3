import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../backend/core/sql.ts'
import { onDuty, ORG } from './company.ts'
import {
  changed,
  DEPARTMENTS,
  member,
  MEMBERS,
  openContactsCompany,
  type ContactsCompany,
} from './contactsCompany.ts'

let company: ContactsCompany
beforeAll(async () => {
  company = await openContactsCompany()
})
afterAll(() => company.close())

beforeEach(() => company.restored())

const PATHS = ['sync', 'sync/approve', 'sync/refuse'].map((path) => `/api/v1/contacts/${path}`)

describe('the routes', () => {
  it('refuse the signed out, everybody but admins, and their devices', async () => {
    expect((await company.get('/api/v1/contacts/sync', null)).status).toBe(401)
    for (const who of ['rep1', 'boss', 'hr'])
      expect((await company.get('/api/v1/contacts/sync', who)).status).toBe(403)
    expect((await company.get('/api/v1/contacts/sync', 'admin', 'device')).status).toBe(403)
    for (const path of PATHS) {
      expect((await company.post(path, null)).status).toBe(401)
      for (const who of ['rep1', 'leadN', 'hr'])
        expect((await company.post(path, who)).status).toBe(403)
    }
  })

  it('refuse bad input, and decisions on what does not wait', async () => {
    expect((await company.post('/api/v1/contacts/sync', 'admin', { force: true })).status).toBe(422)
    for (const path of PATHS.slice(1)) {
      for (const body of [{}, { id: 'x' }, { id: 7 }, [], { id: `${'a'.repeat(1000)}` }])
        expect((await company.post(path, 'admin', body)).status).toBe(422)
      const nothing = { id: '01900000-0000-7000-8000-000000000000' }
      expect((await company.post(path, 'admin', nothing)).status).toBe(409)
    }
  })

  it('tell how the company stands, and when it is read next', async () => {
    const state = await company.state()
    expect(state).toMatchObject({ people: 8, departments: 3, running: null, pending: null })
    expect(state.last).toMatchObject({ state: 'applied', membersRead: 8, departmentsTotal: 3 })
    expect(new Date(state.nextAt).toISOString()).toMatch(/T19:00:00.000Z$/) // three at night in Shanghai
  })
})

describe('a full sync', () => {
  it('finds people who were here before by their userid, and keeps their roles', async () => {
    const rows = await company.rows()
    expect(rows.map((each) => [each.id, each.userId, each.departmentId, each.role])).toEqual([
      ['admin', 'admin', '1', 'admin'],
      ['boss', 'boss', '1', 'supervisor'],
      ['hr', 'hr', '1', 'hr'],
      ['leadN', 'leadN', '2', 'supervisor'],
      ['leadS', 'leadS', '3', 'supervisor'],
      ['rep1', 'rep1', '2', 'rep'],
      ['rep2', 'rep2', '2', 'rep'],
      ['rep3', 'rep3', '3', 'rep'],
    ])
  })

  it('changes nothing when nothing has changed', async () => {
    const before = await company.rows()
    const { last } = await company.synced()
    expect(last?.summary?.counts).toEqual({})
    expect(await company.rows()).toEqual(before)
  })

  it('lets leaders of departments and direct leaders see their people', async () => {
    company.sim.directory.replace(
      [
        ...changed('rep3', { directLeaders: ['leadN'], otherDepartments: [] }),
        member('rep4', '3', { otherDepartments: ['2'] }),
        member('rep5', '3', { directLeaders: ['rep2'] }),
      ],
      DEPARTMENTS,
    )
    await company.synced()
    company.identity.forgetPerson(ORG, 'leadN')
    const seenBy = async (viewer: string) => {
      const { body } = await company.get('/api/v1/people', viewer)
      const reply = Object.entries(Object(body)).find(([key]) => key === 'people')?.[1]
      return Array.isArray(reply) ? reply.map((each) => each.id) : []
    }
    expect(await seenBy('leadN')).toEqual(['rep1', 'rep3', 'rep4'])
    expect(await seenBy('leadS')).toEqual(['rep3', 'rep4', 'rep5'])
    expect((await company.person('rep2')).role).toBe('supervisor')
    expect(await seenBy('rep2')).toEqual(['rep5'])
  })

  it('reads through a block of WeCom, showing until when, and through a broken answer', async () => {
    company.waits.length = 0
    company.sim.faults.answer('/cgi-bin/user/list', 45009)
    const { last } = await company.synced()
    expect(last).toMatchObject({ state: 'applied', membersRead: 8 })
    expect(company.waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(60_000)
  })

  it('says why it failed, changes nothing then, and tries again in ten minutes', async () => {
    const before = await company.rows()
    company.sim.directory.replace([], DEPARTMENTS)
    company.sim.faults.answer('/cgi-bin/department/list', 60020)
    const { last, nextAt, now } = await company.synced()
    expect(last?.state).toBe('failed')
    expect(last?.error).toEqual({ reason: 'settings', errcode: 60020 })
    expect(nextAt - now).toBeLessThanOrEqual(600_000)
    expect(await company.rows()).toEqual(before)
    company.sim.directory.replace(MEMBERS, DEPARTMENTS)
    company.simClock.at += 600_000
    await company.contacts.sync.tick()
    await company.contacts.sync.idle()
    expect((await company.state()).last).toMatchObject({ state: 'applied', cause: 'schedule' })
  })

  it('asks for somebody by name before it takes him for gone', async () => {
    const shown = company.sim.directory.membersIn
    Object.assign(company.sim.directory, {
      membersIn: (id: string) => shown(id).filter((each) => each.id !== 'rep1'),
    })
    const { last } = await company.synced()
    Object.assign(company.sim.directory, { membersIn: shown })
    expect(last?.summary?.counts).toEqual({})
    expect((await company.person('rep1')).active).toBe(true)
  })
})

describe('who leaves', () => {
  it('loses sessions and duty, keeps all data, and comes back as the same', async () => {
    const now = company.simClock.at
    await company.db.run(sql`delete from duty_windows where org_id = ${ORG}`)
    await onDuty(company.db, ['rep2'], { from: now - 3_600_000, to: now + 3_600_000 })
    await onDuty(company.db, ['rep2'], { from: now + 86_400_000, to: now + 90_000_000 })
    const token = await company.tokenOf('rep2')
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${company.url}/api/v1/me`, { headers })).status).toBe(200)
    company.sim.directory.replace(without('rep2'), DEPARTMENTS)
    await company.synced()
    await company.decided('approve')
    expect((await fetch(`${company.url}/api/v1/me`, { headers })).status).toBe(401)
    expect(await company.person('rep2')).toMatchObject({
      active: false,
      name: '名 rep2',
      departmentId: '2',
    })
    const duty = await company.db.many(sql`
      select to_at as "to" from duty_windows where org_id = ${ORG} and person_id = 'rep2'`)
    expect(duty).toEqual([{ to: now }])
    company.sim.directory.replace(MEMBERS, DEPARTMENTS)
    const { last } = await company.synced()
    expect(last?.summary?.counts).toEqual({ person_back: 1, person_leaders: 1 })
    expect((await fetch(`${company.url}/api/v1/me`, { headers })).status).toBe(401)
  })
})

describe('a difference that an admin has to look at', () => {
  beforeEach(() => company.sim.directory.replace(without('rep1', 'rep2'), DEPARTMENTS))

  it('waits with its losses, and nothing has changed meanwhile', async () => {
    const { pending, people: count } = await company.synced()
    expect(pending?.summary).toMatchObject({
      counts: { person_left: 2 },
      holds: ['many_leave'],
      people: 8,
      more: 0,
    })
    expect(pending?.summary?.changes).toEqual([
      { kind: 'person_left', id: 'rep1', name: '名 rep1', from: ['北区'], to: [] },
      { kind: 'person_left', id: 'rep2', name: '名 rep2', from: ['北区'], to: [] },
    ])
    expect(count).toBe(8)
  })

  it('is applied when approved, with the name of who did', async () => {
    await company.synced()
    const state = await company.decided('approve')
    expect(state).toMatchObject({ people: 6, pending: null, running: null })
    expect(state.last).toMatchObject({
      cause: 'approval',
      requestedBy: '名 admin',
      state: 'applied',
    })
  })

  it('is looked at again when the directory says something else by now', async () => {
    const first = (await company.synced()).pending?.id
    company.sim.directory.replace(without('rep1', 'rep2', 'rep3'), DEPARTMENTS)
    const { pending, people: count } = await company.decided('approve')
    expect(pending?.id).not.toBe(first)
    expect(pending?.summary?.counts).toEqual({ person_left: 3 })
    expect(count).toBe(8)
    const old = await company.post('/api/v1/contacts/sync/approve', 'admin', { id: first })
    expect(old.status).toBe(409)
  })

  it('is left when refused, and waits again when the directory still says so', async () => {
    await company.synced()
    const refused = await company.decided('refuse')
    expect(refused).toMatchObject({ people: 8, pending: null })
    expect(refused.last).toMatchObject({ state: 'refused', decidedBy: '名 admin' })
    expect((await company.synced()).pending?.summary?.counts).toEqual({ person_left: 2 })
  })

  it('is gone when a later sync finds that nobody leaves', async () => {
    await company.synced()
    company.sim.directory.replace(MEMBERS, DEPARTMENTS)
    expect(await company.synced()).toMatchObject({ pending: null, people: 8 })
  })
})

const without = (...ids: string[]) => MEMBERS.filter((each) => !ids.includes(each.id))
