import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { MessageToSend } from '../../backend/core/notify.ts'
import { Messages } from '../../backend/contract/messages.ts'
import { sql } from '../../backend/core/sql.ts'
import { inboxRoute } from '../../backend/wecom/messages/inbox.ts'
import { createMessaging, deliveriesOf, enqueueMessage } from '../../backend/wecom/index.ts'
import type { SimMember } from '../../fixtures/wecom-sim/index.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'
import { MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const memberOf = (id: string): SimMember => ({
  ...{ id, name: id, role: 'rep', departmentId: 'root', position: '' },
})

/** A company whose outbox sends to a simulator, new for each test, at 14:05 in Shanghai. */
export function outboxStage() {
  let company: Company
  let up: SimServer
  let messaging: ReturnType<typeof createMessaging>
  const at = (now: number) => {
    company.clock.at = now
    up.clock.at = now
  }
  beforeAll(async () => {
    company = await openCompany((kit) => [{ routes: [inboxRoute(kit)] }])
  })
  afterAll(() => company.close())
  beforeEach(async () => {
    up = await startWecomSim()
    up.sim.directory.replace(['rep1', 'rep2', 'boss'].map(memberOf))
    at(NOW + 5 * MINUTE)
    await company.db.run(sql`delete from wecom_messages where org_id = ${ORG}`)
    await company.db.run(sql`delete from wecom_cards where org_id = ${ORG}`)
    messaging = createMessaging(company.kit, up.client(), ORG)
  })
  afterEach(() => up.close())
  const stage = {
    company: () => company,
    db: () => company.db,
    up: () => up,
    now: () => company.clock.at,
    at,
    /** Another process at the same outbox, on a line of its own. */
    process: (fetch?: typeof globalThis.fetch) =>
      createMessaging(company.kit, up.client(fetch && { fetch }), ORG),
    sendDue: () => messaging.sendDue(),
    enqueue: (more: Partial<MessageToSend> = {}) =>
      company.db.transact((tx) =>
        enqueueMessage(tx, { ...MESSAGE, at: company.clock.at, ...more }),
      ),
    shown: () => up.sim.messages.all.filter((each) => each.fate === 'shown'),
    delivery: async (key = 'alert 1') => (await deliveriesOf(company.db, ORG, [key]))[0],
    /** Rounds of the outbox as the chore does them, every two seconds. */
    async rounds(seconds: number, other?: ReturnType<typeof createMessaging>) {
      for (let second = 0; second < seconds; second += 2) {
        at(company.clock.at + 2_000)
        await (other ?? messaging).sendDue()
      }
    },
    async inbox(query: string, personId = 'boss') {
      const { body } = await company.get(`/api/v1/messages${query}`, personId)
      return Messages.parse(body)
    },
  }
  return stage
}

export const MESSAGE = {
  orgId: ORG,
  personId: 'boss',
  key: 'alert 1',
  topic: 'alert',
  title: '离开客户区域',
  text: '在签到后离开了 400 米',
  path: '/alerts/1',
} as const
