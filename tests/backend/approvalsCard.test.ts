import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RequestPage } from '../../backend/contract/approvals.ts'
import { seedCompany } from '../../backend/demo/seed.ts'
import { openSession } from '../../backend/people/index.ts'
import { cardPressed } from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'

const ORG = 'demo'
const NOW = Date.parse('2026-11-23T02:10:00Z') // a Monday, 10:10 in Shanghai: no quiet hours

let up: WholeServer
beforeAll(async () => {
  up = await openWholeServer(ORG, NOW)
  await seedCompany(up.db, ORG, NOW)
})
afterAll(() => up.close())

async function call(who: string, path: string, body?: object): Promise<RequestPage> {
  const token = await openSession(up.db, { orgId: ORG, personId: who, kind: 'token' }, NOW)
  const init = { method: body ? 'POST' : 'GET', headers: { authorization: `Bearer ${token}` } }
  const response = await fetch(`${up.url}/api/v1/${path}`, {
    ...init,
    ...(body && { body: JSON.stringify(body) }),
  })
  return RequestPage.parse(await response.json())
}

const cardsOf = (userid: string) =>
  up.simulator.messages.all.filter((message) => message.userid === userid)

test('a rep corrects a missing punch, and the leader agrees on the card in WeCom', async () => {
  const { id } = await call('rep29', 'corrections', {
    ...{ id: uuid(), date: '2026-11-20', due: 'out1', at: '2026-11-20T18:02', reason: '忘记打卡' },
  })
  await up.messaging.sendDue()
  const [card] = cardsOf('lead03')
  expect(JSON.stringify(card?.content)).toContain('11月20日 下班 18:02')
  const press = up.simulator.messages.press(card?.msgid ?? '', 'lead03', 'approve')
  if (!press) throw new Error('no button')
  const { userid: from, key, taskId, responseCode } = press
  const told = cardPressed({ from, at: up.clock.now(), key, taskId, responseCode })
  await up.simulator.callbacks.send(told)
  await up.callbacks.settled()
  expect((await call('rep29', `requests/${id}`)).state).toBe('approved')
  await up.messaging.sendDue()
  expect(cardsOf('lead03')[0]?.replacedBy).toBe('已同意 Approved')
  expect(JSON.stringify(cardsOf('rep29')[0]?.content)).toContain('已批准')
})
