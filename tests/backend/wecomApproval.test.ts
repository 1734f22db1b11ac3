import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RequestPage } from '../../backend/contract/approvals.ts'
import { sql } from '../../backend/core/sql.ts'
import {
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { cardPressed } from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'

const ORG = 'demo'
const now = Date.now() // the simulator's clock
let trips = 0

let server: WholeServer
beforeAll(async () => {
  server = await openWholeServer(ORG, now)
  const { db } = server
  await upsertOrg(db, { id: ORG, name: '测试公司', zone: 'Asia/Shanghai' })
  const never = JSON.stringify({ quietHours: { from: '00:00', to: '00:00' } })
  await db.run(sql`update orgs set settings = ${never}::jsonb where id = ${ORG}`)
  await upsertDepartments(db, ORG, [{ id: '2', parentId: null, name: '车公庙组' }])
  const person = { departmentId: '2', position: null }
  await upsertPeople(db, ORG, [
    { ...person, id: 'lead01', name: '周建国', role: 'supervisor', leads: ['2'] },
    { ...person, id: 'rep01', name: '王伟', role: 'rep', leads: [] },
  ])
})
afterAll(() => server.close())

async function file(): Promise<RequestPage> {
  const who = { orgId: ORG, personId: 'rep01', kind: 'token' } as const
  const token = await openSession(server.db, who, server.clock.at)
  const day = new Date(now + (7 + trips++) * 86_400_000).toISOString().slice(0, 10)
  const span = { by: 'days', from: day, to: day }
  const body = JSON.stringify({ id: uuid(), span, reason: '拜访宝安客户' })
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${server.url}/api/v1/trips`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  server.clock.at += 90_000
  const isBusy = Math.floor(server.clock.at / 60_000) % 30 === 0 // WeCom, at each full and half hour
  if (isBusy) server.clock.at += 60_000
  return RequestPage.parse(await answer.json())
}

const cards = (userid: string) =>
  server.simulator.messages.all.filter((each) => each.userid === userid && each.fate === 'shown')

/** A thumb on a button in the chat, as often as WeCom tells of it. */
async function press(userid: string, key: string, times = 1) {
  const [card] = cards(userid)
  const { messages, callbacks } = server.simulator
  const pressed = messages.press(card?.msgid ?? '', userid, key)
  if (!pressed) throw new Error('no such button')
  const { taskId, responseCode } = pressed
  for (let time = 0; time < times; time++)
    await callbacks.send(cardPressed({ from: userid, at: now, key, taskId, responseCode }))
  await server.callbacks.settled()
}

const stateOf = async ({ id }: RequestPage) =>
  (
    await server.db.first<{ state: string }>(sql`
      select state from request_states where org_id = ${ORG} and request_id = ${id}::uuid`)
  )?.state

test.each([
  ['approve', 'approved', '已同意 Approved'],
  ['reject', 'rejected', '已驳回 Rejected'],
])(
  'a supervisor who presses %s in the chat has decided, once, and the card says so',
  async (key, state, words) => {
    const filed = await file()
    await server.messaging.sendDue()
    const [card] = cards('lead01')
    expect(card).toMatchObject({ msgtype: 'template_card', replacedBy: null })
    expect(JSON.stringify(card?.content)).toContain(`/requests/${filed.id}`)
    await press('lead01', key, 3)
    expect(await stateOf(filed)).toBe(state)
    await server.messaging.sendDue()
    expect(cards('lead01')[0]).toMatchObject({ replacedBy: words })
    expect(cards('rep01')[0]?.msgtype).toBe('textcard') // the rep hears how it ended
    const events = await server.db.many(sql`
    select kind from request_events where org_id = ${ORG} and request_id = ${filed.id}::uuid and kind = ${key}`)
    expect(events).toHaveLength(1)
  },
)

test('an approver whose id changed in WeCom is reached under the new one, and his press is his', async () => {
  const { db } = server
  await db.run(sql`update people set user_id = 'lead02' where org_id = ${ORG} and id = 'lead01'`)
  const filed = await file()
  await server.messaging.sendDue()
  await press('lead02', 'approve')
  expect(await stateOf(filed)).toBe('approved')
  await server.messaging.sendDue()
  expect(cards('lead02')[0]).toMatchObject({ replacedBy: '已同意 Approved' })
})
