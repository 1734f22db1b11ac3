import { expect, test } from 'vitest'
import { Messages } from '../../backend/contract/messages.ts'
import {
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { openWholeServer } from '../support/wholeServer.ts'
import { MINUTE } from './company.ts'

const ORG = 'demo'
const BOSS = 'lead01'
const NIGHT = Date.parse('2026-11-23T23:05:00+08:00')

test('the whole server: 500 alerts in a minute of the night are held, come as few cards in the morning, and all can be read', async () => {
  const server = await openWholeServer(ORG, NIGHT)
  const { db, clock, simulator, messaging, notify } = server
  const at = (now: number) => {
    clock.at = now
    simulator.clock.aheadMs = now - Date.now()
  }
  const shown = () => simulator.messages.all.filter(({ userid }) => userid === BOSS)
  await upsertOrg(db, { id: ORG, name: '测试公司', zone: 'Asia/Shanghai' })
  await upsertDepartments(db, ORG, [{ id: 'all', parentId: null, name: '全体' }])
  const lead = { departmentId: 'all', position: null, role: 'supervisor', leads: [] } as const
  await upsertPeople(db, ORG, [{ id: BOSS, name: '名', ...lead, leads: [] }])
  const about = { orgId: ORG, personId: BOSS, topic: 'alert', text: '离开了', path: '/' } as const

  for (let n = 0; n < 500; n++) {
    at(NIGHT + n * 120)
    const told = { ...about, key: `storm:${n}`, title: `预警 ${n}`, at: clock.at }
    await db.transact((tx) => notify.tell(tx, told))
    if (n % 20 === 19) await messaging.sendDue()
  }
  expect(shown()).toEqual([])
  const urgent = { ...about, key: 'storm:sos', title: '求助', urgent: true, at: clock.at }
  await db.transact((tx) => notify.tell(tx, urgent))
  await messaging.sendDue()
  expect(shown()).toHaveLength(1)

  const morning = Date.parse('2026-11-24T07:01:00+08:00')
  for (let round = 0; round < 30; round++) {
    at(morning + round * 2_000)
    await messaging.sendDue()
  }
  expect(shown().length).toBeGreaterThan(1)
  expect(shown().length).toBeLessThanOrEqual(30)
  expect(shown().every(({ fate }) => fate === 'shown')).toBe(true)
  const token = await openSession(db, { orgId: ORG, personId: BOSS, kind: 'token' }, clock.at)
  const titles = new Set<string>()
  for (let next: string | null = ''; next !== null;) {
    const response = await fetch(`${server.url}/api/v1/messages${next && `?before=${next}`}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const page: Messages = Messages.parse(await response.json())
    for (const { title, delivery } of page.messages) if (delivery === 'sent') titles.add(title)
    next = page.next
  }
  expect(titles.size).toBe(501)
  expect(clock.at - morning).toBeLessThan(MINUTE)
  await server.close()
})
