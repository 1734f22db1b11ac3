import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { createContacts, userIdsOf } from '../../backend/people/index.ts'
import type { ContactsSource } from '../../backend/people/directory/read.ts'
import { ORG } from './company.ts'
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

describe('single changes', () => {
  const heard = async (...changes: Parameters<typeof company.contacts.follower.heard>[0][]) => {
    for (const change of changes) company.contacts.follower.heard(change)
    await company.contacts.follower.idle()
  }

  it('are followed as they are told: made, changed, gone, and departments', async () => {
    company.sim.directory.replace(
      [...changed('rep1', { name: '王伟', departmentId: '4' }), member('new1', '4')],
      [...DEPARTMENTS, { id: '4', parentId: '2', name: '新组', leaderId: 'rep2' }],
    )
    await heard(
      { type: 'create_party', departmentId: 4 },
      { type: 'create_user', userId: 'NEW1' },
      { type: 'update_user', userId: 'rep1' },
    )
    expect(await company.person('rep1')).toMatchObject({ name: '王伟', departmentId: '4' })
    expect(await company.person('new1')).toMatchObject({ departmentId: '4', active: true })
    expect(await company.person('rep2')).toMatchObject({ leads: ['4'], role: 'supervisor' })
    company.sim.directory.replace([...MEMBERS], DEPARTMENTS)
    await heard(
      { type: 'delete_user', userId: 'new1' },
      { type: 'update_user', userId: 'rep1' },
      { type: 'delete_party', departmentId: 4 },
    )
    expect((await company.person('new1')).active).toBe(false)
    expect(await company.person('rep2')).toMatchObject({ leads: [], role: 'rep' })
    expect((await company.synced()).last?.summary?.counts).toEqual({})
  })

  it('a changed userid leaves the person who he is, for signing in and for messages', async () => {
    company.sim.directory.replace(
      MEMBERS.map((each) => (each.id === 'rep3' ? { ...each, id: 'zhao.liu' } : each)),
      DEPARTMENTS,
    )
    await heard({ type: 'update_user', userId: 'rep3', newUserId: 'zhao.liu' })
    expect(await company.person('rep3')).toMatchObject({ userId: 'zhao.liu', active: true })
    expect(await userIdsOf(company.db, ORG, ['rep3'])).toEqual(new Map([['rep3', 'zhao.liu']]))
    expect((await company.synced()).last?.summary?.counts).toEqual({})
    company.sim.directory.replace(MEMBERS, DEPARTMENTS)
    await heard({ type: 'update_user', userId: 'zhao.liu', newUserId: 'rep3' })
  })

  it.each([
    ['WeCom refuses', 1, 60020],
    ['there are too many at once', 201, 0],
  ])('are left to a full sync soon when %s', async (_, count, errcode) => {
    company.sim.directory.replace(changed('rep1', { name: '后来' }), DEPARTMENTS)
    if (errcode) company.sim.faults.answer('/cgi-bin/department/list', errcode)
    const users = Array.from({ length: count }, (_each, index) => `rep${index + 1}`)
    // told while the first is being followed, so that the others come together
    for (const userId of ['nobody', ...users])
      company.contacts.follower.heard({ type: 'update_user', userId })
    await company.contacts.follower.idle()
    const { nextAt, now } = await company.state()
    expect(nextAt - now).toBeLessThanOrEqual(600_000)
    company.simClock.at = nextAt
    await company.contacts.sync.tick()
    await company.contacts.sync.idle()
    expect((await company.person('rep1')).name).toBe('后来')
    expect((await company.state()).last).toMatchObject({ cause: 'events', state: 'applied' })
  })
})

describe('one at a time, across processes', () => {
  /** Another process beside the first: it reads as far as it is let. */
  const other = (source: ContactsSource) => {
    const { sync } = createContacts(
      { ...company.kit, clock: company.simClock },
      source,
      ORG,
      async () => undefined,
    )
    return sync
  }

  test('a second start is refused while one runs, and what was read before a stop is not read again', async () => {
    const asked: number[] = []
    const letGo = signal()
    const reached = signal()
    const tree = [1, 2, 3, ...Array.from({ length: 30 }, (_, index) => index + 10)].map((id) => ({
      id,
      parentId: id === 1 ? 0 : 1,
      name: `部门${id}`,
      sort: 1,
      leaders: [],
    }))
    const source = {
      listDepartments: async () => tree,
      memberAt: async (userId: string) => memberAs(userId),
      membersOf: async (id: number) => {
        asked.push(id)
        if (asked.length === 22) reached.give()
        if (asked.length > 20) await letGo.given
        return []
      },
    }
    const first = other(source)
    await first.start({ cause: 'admin' })
    await reached.given
    expect((await company.state()).running).toMatchObject({
      departmentsRead: 20,
      departmentsTotal: 33,
    })
    expect((await company.post('/api/v1/contacts/sync', 'admin')).status).toBe(409)
    const stopped = first.stop()
    letGo.give()
    await stopped
    const before = asked.splice(0, asked.length)
    const second = other(source)
    await second.tick()
    await second.idle()
    const state = await company.state()
    expect(state).toMatchObject({ running: null, last: { state: 'applied', departmentsRead: 33 } })
    expect(asked).not.toEqual(expect.arrayContaining(before.slice(0, 20)))
    await second.stop()
  })

  test('who was slow and lost his sync to another writes nothing', async () => {
    const letGo = signal()
    const nobody: ContactsSource = {
      listDepartments: async () => {
        await letGo.given
        return [{ id: 1, parentId: 0, name: '假', sort: 1, leaders: [] }]
      },
      membersOf: async () => [],
      memberAt: async () => null,
    }
    const slow = other(nobody)
    await slow.start({ cause: 'admin' })
    company.simClock.at += 61_000
    await company.contacts.sync.tick()
    await company.contacts.sync.idle()
    letGo.give()
    await slow.idle()
    const state = await company.state()
    expect(state).toMatchObject({ pending: null, running: null, people: 8 })
    expect(state.last?.state).toBe('applied')
    await slow.stop()
  })
})

const memberAs = (userId: string) => {
  const found = MEMBERS.find((each) => each.id === userId)
  if (!found) return null
  const { name, position, departmentId } = found
  return {
    ...{ userId, name, position, directLeaders: [], leads: [], active: true },
    ...{ departments: [Number(departmentId)], mainDepartment: Number(departmentId) },
  }
}

/** Something that one part of a test waits for and another gives. */
function signal() {
  let give: () => void = () => undefined
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}
