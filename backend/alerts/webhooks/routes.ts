import { v7 as uuid } from 'uuid'
import {
  type DeadLetter,
  DeadLetters,
  DeadLettersQuery,
  MOST_WEBHOOKS,
  SendAgain,
  WebhookInput,
  WebhookPath,
  Webhooks,
  WebhookSecret,
} from '../../contract/webhooks.ts'
import { Fault, found } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { serverSafe } from '../../core/seal.ts'
import { route, type Route } from '../../core/http/route.ts'
import { beforeOf, pageEnd } from '../../core/pages.ts'
import { keepsRules } from '../policy.ts'
import { mayBeCalled } from './address.ts'
import { nameOf, SAFE } from './deliver.ts'
import { enqueue } from './enqueue.ts'
import {
  insertWebhook,
  letterKey,
  listDead,
  listWebhooks,
  removeWebhook,
  renewSecret,
  sendAgain,
  updateWebhook,
} from './queries.ts'
import { newSecret } from './sign.ts'

interface Means {
  kit: Kit
  soon: () => void // something is due
}

const PAGE = 50
const DAY_MS = 86_400_000 // so long a secret that was renewed signs beside the new one

export const webhookRoutes = (means: Means): Route[] => [
  ...hookRoutes(means),
  ...secretRoutes(means),
  testRoute(means),
  ...deadRoutes(means),
]

const all = async ({ db }: Kit, orgId: string) => ({ webhooks: await listWebhooks(db, orgId) })

/** @throws Fault `bad_input` for an address that nothing is ever sent to */
function checked({ config }: Kit, { url }: { url: string }) {
  const rule = 'must be an https address outside of our own network'
  if (!mayBeCalled(new URL(url), config.webhookPrivateHosts))
    throw new Fault('bad_input', `body.url: ${rule}`, [{ field: 'url', rule }])
}

const sealed = async ({ config }: Kit, orgId: string, id: string, secret: string) =>
  (await serverSafe(config, SAFE)).seal(nameOf(orgId, id), secret)

const hookRoutes = ({ kit }: Means): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/alerts/webhooks',
    summary: 'Where our own systems hear of alerts, and what waits for them',
    reply: Webhooks,
    allow: keepsRules,
    run: ({ viewer }) => all(kit, viewer.orgId),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/alerts/webhooks/:id',
    summary: 'Change an address, rest it, or go on with it',
    params: WebhookPath,
    input: WebhookInput,
    reply: Webhooks,
    allow: keepsRules,
    run: async ({ viewer: { orgId }, params, input }) => {
      checked(kit, input)
      existing(await updateWebhook(kit.db, { orgId, ...params }, input))
      return all(kit, orgId)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/alerts/webhooks/:id',
    summary: 'Send nothing there any more; what waits is forgotten',
    params: WebhookPath,
    reply: Webhooks,
    allow: keepsRules,
    run: async ({ viewer: { orgId }, params }) => {
      existing(await kit.db.transact((tx) => removeWebhook(tx, { orgId, ...params })))
      return all(kit, orgId)
    },
  }),
]

const existing = (isThere: boolean) => found(isThere ? true : null, 'this webhook')

const secretRoutes = ({ kit }: Means): Route[] => [
  route({
    method: 'POST',
    path: '/api/v1/alerts/webhooks',
    summary: 'Send alerts to an address; the secret that signs them is told this once',
    input: WebhookInput,
    reply: WebhookSecret,
    allow: keepsRules,
    run: async ({ viewer: { orgId, id: by }, input }) => {
      checked(kit, input)
      const id = uuid()
      const secret = newSecret()
      const hook = { ...input, orgId, id, by, sealed: await sealed(kit, orgId, id, secret) }
      if (!(await insertWebhook(kit.db, { ...hook, at: kit.clock.now(), most: MOST_WEBHOOKS })))
        throw new Fault('conflict', `there are ${MOST_WEBHOOKS} already`)
      return { id, secret }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/alerts/webhooks/:id/secret',
    summary: 'A new secret, told this once; the old one signs, too, for a day',
    params: WebhookPath,
    reply: WebhookSecret,
    allow: keepsRules,
    run: async ({ viewer: { orgId }, params: { id } }) => {
      const secret = newSecret()
      const beforeUntil = kit.clock.now() + DAY_MS
      const row = { sealed: await sealed(kit, orgId, id, secret), beforeUntil }
      existing(await renewSecret(kit.db, { orgId, id }, row))
      return { id, secret }
    },
  }),
]

const testRoute = ({ kit, soon }: Means): Route =>
  route({
    method: 'POST',
    path: '/api/v1/alerts/webhooks/:id/test',
    summary: 'Send an event that is about nothing',
    params: WebhookPath,
    reply: Webhooks,
    allow: keepsRules,
    run: async ({ viewer: { orgId, id: personId }, params: { id } }) => {
      const { webhooks } = await all(kit, orgId)
      existing(webhooks.some((each) => each.id === id))
      const event = { id: uuid(), type: 'test' as const, at: kit.clock.now(), alert: null }
      await kit.db.transact((tx) => enqueue(tx, { orgId, personId, hookIds: [id] }, event))
      soon()
      return all(kit, orgId)
    },
  })

const deadRoutes = ({ kit, soon }: Means): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/alerts/webhooks/dead',
    summary: 'What could not be delivered, newest first',
    query: DeadLettersQuery,
    reply: DeadLetters,
    allow: keepsRules,
    run: async ({ viewer, query }) => {
      const before = beforeOf(query.before, kit.clock.now() + 1000)
      const letters = await listDead(kit.db, viewer.orgId, before, PAGE)
      const endOf = (row: DeadLetter) => ({ at: row.deadAt, key: letterKey(row) })
      return { letters, next: pageEnd(letters, PAGE, endOf) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/alerts/webhooks/:id/again',
    summary: 'Send again what was given up: one event, or all of this address',
    params: WebhookPath,
    input: SendAgain,
    reply: Webhooks,
    allow: keepsRules,
    run: async ({ viewer: { orgId }, params, input }) => {
      const n = await sendAgain(kit.db, { orgId, ...params }, input.eventId, kit.clock.now())
      if (input.eventId !== null && n === 0)
        throw new Fault('not_found', 'such a dead letter does not exist')
      soon()
      return all(kit, orgId)
    },
  }),
]
